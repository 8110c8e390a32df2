"""Emptying the inbox: lines that were acknowledged over HTTP become articles, in the order of their coming.

One batch is one commit, which says how far the inbox is emptied: killed at any instant, the follower goes on
exactly where the newest generation ends.  What became of each line is noted before the commit and holds
from then on.  A line that cannot be indexed costs only itself, and goes to the quarantine as well.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from index import tasks
from index.errors import BadSource, InboxUnavailable, IndexLocked, PressmarkError, Unwritable
from index.jobs import CONFLICT, DONE, MISSING, REFUSED, Line, Outcome
from index.lock import WriteLock
from index.quarantine import Quarantine, path_of
from index.sources import Notes, jsonl
from index.sources.reading import File, lossless
from index.tasks import Days, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.article import Article, Source
    from index.bounded import Outcome as Recovered
    from index.bounded import Workers
    from index.inbox import Inbox
    from index.settings import Settings
    from index.writer import Position, Writer

_LOOK = 0.1
"""Seconds between two looks at an empty inbox: what somebody who waits for a write hardly notices."""

_PAUSE = 5.0
"""Seconds after which what failed for the disk's or another writer's sake is tried again."""

_CHOKED = 3
"""Articles of one batch that a writer may raise on before lines are taken out one by one."""

_Entry = tuple[int, str, Line]
"""A line, behind number and id of its job."""


@dataclass(slots=True)
class Follower:
    """Empties one inbox into one index, batch by batch."""

    inbox: Inbox
    open_writer: Callable[[], Writer]
    settings: Settings
    _crew: tuple[Days, Workers[Task, Article]] | None = None

    def run(
        self, say: Callable[[str], object], alive: Callable[[], bool] = lambda: True, *, once: bool = False
    ) -> Counter[str]:
        """Empty the inbox as it fills while ``alive``, or ``once``; return how many lines had which result.

        A commit begins at least ``settings.commit_every`` seconds after the one before.  Only one follower of
        an inbox works at a time, another one waits for its end.  What hinders it is said, and tried again.
        """
        totals: Counter[str] = Counter()
        with contextlib.ExitStack() as stack:
            stack.callback(self.close)
            stack.callback(self._alone(alive).release)
            while alive():
                begun = time.monotonic()
                hindered = ""
                try:
                    done = self.batch()
                except (IndexLocked, InboxUnavailable, OSError, MemoryError) as error:
                    if once:
                        raise
                    done, hindered = Counter(), str(error) or type(error).__name__
                    say(f"the inbox waits: {hindered}")
                totals += done
                if done:
                    say(f"emptied: {', '.join(f'{count:,} {result}' for result, count in done.items())}")
                elif once:
                    break
                least = _PAUSE if hindered else self.settings.commit_every if done else _LOOK
                while not once and alive() and time.monotonic() - begun < least:
                    time.sleep(min(_LOOK, least))
        return totals

    def batch(self) -> Counter[str]:
        """Empty some lines with one commit and return how many had which result; nothing where none wait."""
        if not self.inbox.waits():
            self.inbox.forget()
            return Counter()
        choked: dict[str, str] = {}
        while True:
            attempt = _Attempt(self.inbox, self.open_writer(), self.settings, choked)
            try:
                return attempt.run(self._workers())
            except _ChokedError as error:
                choked[error.id] = error.reason
            except BaseException:
                self.close()
                raise
            self.close()  # some of them work on what nobody asks for any more

    def close(self) -> None:
        """End the processes that recover articles."""
        crew, self._crew = self._crew, None
        if crew:
            crew[1].__exit__(None, None, None)

    def _workers(self) -> tuple[Days, Workers[Task, Article]]:
        """Return the processes that recover articles, kept from batch to batch, and the day they go by."""
        today = datetime.now().astimezone().date()
        if self._crew is None or self._crew[0].today != today:
            self.close()
            days = Days(today)
            self._crew = days, tasks.workers(self.settings, days)
        return self._crew

    def _alone(self, alive: Callable[[], bool]) -> WriteLock:
        """Return the lock of followers, once another one has let go of it."""
        self.inbox.waits()  # makes the folder
        path = self.inbox.path.with_name("follow.lock")
        while True:
            try:
                return WriteLock(path, 1.0)
            except IndexLocked:
                if not alive():
                    raise


class _ChokedError(Exception):
    """The writer raised on an article: the batch is cancelled and redone without it."""

    def __init__(self, id: str, reason: str) -> None:  # noqa: A002 - the contract's own name
        super().__init__(reason)
        self.id = id
        self.reason = reason


@dataclass(slots=True)
class _Attempt:
    """One attempt at a batch; ``choked``, id → reason, are articles that the writer raised on before."""

    inbox: Inbox
    writer: Writer
    settings: Settings
    choked: dict[str, str]
    outcomes: list[tuple[int, Outcome]] = field(default_factory=list)
    bad: list[tuple[BadSource, str]] = field(default_factory=list)
    changed: bool = False

    def run(self, crew: tuple[Days, Workers[Task, Article]]) -> Counter[str]:
        """Put and delete what the head of the inbox says, and commit it."""
        quarantine = None
        try:
            before = self.writer.emptied()
            if before:
                self.inbox.settle(before, None)
            entries = self.inbox.head(1) if len(self.choked) > _CHOKED else self.inbox.head()
            if not entries:
                self.writer.cancel()
                return Counter()
            self._apply(entries, *crew)
            quarantine = self._quarantine()
            self.inbox.note(self.outcomes)
            emptied = self.inbox.position(entries[-1][0], entries[-1][2].number)
            generation = self._commit(emptied)
        except BaseException:
            with contextlib.suppress(Exception):  # what went wrong first is what is told
                self.writer.cancel()
            if quarantine:
                quarantine.cancel()
            raise
        if quarantine:
            quarantine.publish()
        self.inbox.settle(emptied, generation)
        return Counter(outcome.result for _, outcome in self.outcomes)

    def _commit(self, emptied: Position) -> int | None:
        """Return the new generation, None where nothing changed."""
        if not self.changed:
            self.writer.cancel()
            return None
        try:
            return self.writer.commit(emptied)
        except Unwritable as error:
            raise _ChokedError(error.id, error.reason) from error

    def _apply(self, entries: Sequence[_Entry], days: Days, workers: Workers[Task, Article]) -> None:
        """Work the lines into the writer; what becomes of them is in ``outcomes``."""
        found: Iterator[tuple[tuple[_Entry, str, str | None], Recovered[Article]]]
        found = workers.map(self._wanted(entries, days))
        for (entry, digest, before), outcome in found:
            problem = self.choked.get(entry[2].id) or tasks.problem(outcome)
            if problem or outcome.value is None:
                self._refuse(entry, problem)
                continue
            self._put(replace(outcome.value, digest=digest))
            self._done(entry, "replaced" if before else "created", digest)

    def _wanted(
        self, entries: Sequence[_Entry], days: Days
    ) -> Iterator[tuple[tuple[_Entry, str, str | None], Task]]:
        """Yield the articles to recover, with digests and those before; the other lines are done here."""
        for entry in entries:
            line = entry[2]
            before = self.writer.digest(line.id)
            if not line.holds(before):
                self._fail(entry, CONFLICT, _conflict(line, before), before)
            elif line.action == "delete":
                self._delete(entry, there=before is not None)
            else:
                try:
                    task = Task(source(line, f"job {entry[1]}", self.settings.article_limit), {})
                except BadSource as error:
                    self._refuse(entry, error.reason)
                    continue
                digest = tasks.digest(task, days, self.settings.language)
                if digest == before:
                    self._done(entry, "unchanged", digest)
                else:
                    yield (entry, digest, before), task

    def _delete(self, entry: _Entry, *, there: bool) -> None:
        if not there:
            self._fail(entry, MISSING, "There is no article with this id.", None)
            return
        self.writer.delete([entry[2].id])
        self._done(entry, "deleted", None)

    def _put(self, article: Article) -> None:
        try:
            self.writer.put(article, "add")
        except Unwritable as error:
            raise _ChokedError(error.id, error.reason) from error
        except (OSError, MemoryError, PressmarkError):
            raise
        except Exception as error:
            raise _ChokedError(
                article.id, f"could not be written: {type(error).__name__}: {error}"
            ) from error

    def _done(self, entry: _Entry, result: str, version: str | None) -> None:
        assert result in DONE
        self.changed = self.changed or result != "unchanged"
        self.outcomes.append((entry[0], Outcome(entry[2].number, entry[2].id, result, "", version)))

    def _fail(self, entry: _Entry, code: str, detail: str, version: str | None) -> None:
        self.outcomes.append((entry[0], Outcome(entry[2].number, entry[2].id, code, detail, version)))

    def _refuse(self, entry: _Entry, reason: str) -> None:
        _, job, line = entry
        place = f"job {job}, line {line.number}"
        self.bad.append((BadSource(place, reason, lossless(line.raw)), line.id))
        self._fail(entry, REFUSED, reason, self.writer.digest(line.id))

    def _quarantine(self) -> Quarantine | None:
        """Return what is to be published behind the commit, on disk already."""
        if not self.bad:
            return None
        quarantine = Quarantine(path_of(self.settings.index), "add")
        try:
            for error, id_ in self.bad:
                quarantine.put(error, id_)
            quarantine.flush()
        except BaseException:
            quarantine.cancel()
            raise
        return quarantine


def source(line: Line, place: str, limit: int, notes: Notes | None = None) -> Source:
    """Return the article that a line supplies, under the line's id; raise BadSource where it is none."""
    file = File(Path(place), line.id, limit)
    try:
        record: Any = orjson.loads(line.raw)
    except orjson.JSONDecodeError as error:
        raise BadSource(place, f"is not JSON: {error.msg}, at character {error.pos}") from None
    if not isinstance(record, dict):
        raise BadSource(place, "is not a JSON object")
    given = jsonl.source(record, file.place(str(line.number)), file, notes or Notes())
    return replace(given, id=line.id) if line.id else given


def _conflict(line: Line, version: str | None) -> str:
    if version is None:
        return "There is no article with this id, and the request asks for one."
    if line.condition == "-":
        return f"There is an article with this id already, of version {version}."
    return f"The article is of version {version} by now."
