"""One batch of the inbox: what becomes of each of its lines, and one commit for all of them.

A line finds the article as the lines before it left it; the index gets what the last of an id's lines left,
so that any number of them costs one commit.  What became of each line is noted before the commit and holds
from then on.  A line that cannot be indexed costs only itself, and goes to the quarantine as well.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from index import tasks
from index.errors import BadSource, PressmarkError, Unwritable
from index.jobs import CONFLICT, DONE, MISSING, REFUSED, Line, Outcome
from index.quarantine import Quarantine, path_of
from index.sources import Notes, jsonl
from index.sources.reading import File, lossless
from index.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.article import Article, Source
    from index.bounded import Outcome as Recovered
    from index.bounded import Workers
    from index.inbox import Inbox
    from index.settings import Settings
    from index.tasks import Days
    from index.writer import Position, Writer

_CHOKED = 3
"""Articles of one batch that a writer may raise on before lines are taken out one by one."""

Entry = tuple[int, str, Line]
"""A line, behind number and id of its job."""

Place = tuple[int, int]
"""Where a line stands in the inbox: the number of its job, and its own."""


class ChokedError(Exception):
    """The writer raised on the article of a line: the batch is cancelled and redone without it."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason


def _place(entry: Entry) -> Place:
    return entry[0], entry[2].number


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a line asks for: the article to recover, or the ``reason`` why it is none; neither, to delete."""

    entry: Entry
    task: Task | None = None
    digest: str = ""
    reason: str = ""


@dataclass(slots=True)
class Attempt:
    """One attempt at a batch; ``choked``, place → reason, are lines that the writer raised on before.

    Of the ids that lines changed, ``versions`` are those behind the lines decided so far, ``left`` the
    articles that the writer has not yet, None where one goes, and ``put`` the lines whose articles it has.
    """

    inbox: Inbox
    writer: Writer
    settings: Settings
    choked: dict[Place, str]
    versions: dict[str, str | None] = field(default_factory=dict)
    left: dict[str, tuple[Place, Article | None]] = field(default_factory=dict)
    put: dict[str, Place] = field(default_factory=dict)
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
            raise self._choked(error) from error

    def _apply(self, entries: Sequence[Entry], days: Days, workers: Workers[Task, Article]) -> None:
        """Work the lines into the writer; what becomes of them is in ``outcomes``."""
        asked = self._asked(entries, days)
        last = {one.entry[2].id: number for number, one in enumerate(asked)}
        found = workers.map((number, one.task) for number, one in enumerate(asked) if one.task)
        for number, one in enumerate(asked):
            self._decide(one, next(found)[1] if one.task else None)
            if last[one.entry[2].id] == number:
                self._write(one.entry[2].id)

    def _asked(self, entries: Sequence[Entry], days: Days) -> list[_Asked]:
        """Return what each line asks for, with the articles to recover.

        Where a line finds what the index holds, there is no need of it if that is no other article; behind
        another line of its id nobody knows yet.
        """
        asked: list[_Asked] = []
        ids: set[str] = set()
        for entry in entries:
            line = entry[2]
            first = line.id not in ids
            ids.add(line.id)
            before = self.writer.digest(line.id)
            if line.action == "delete" or (first and not line.holds(before)):
                asked.append(_Asked(entry))
                continue
            try:
                task = Task(source(line, f"job {entry[1]}", self.settings.article_limit), {})
            except BadSource as error:
                asked.append(_Asked(entry, reason=error.reason))
                continue
            digest = tasks.digest(task, days, self.settings.language)
            asked.append(_Asked(entry, None if first and digest == before else task, digest))
        return asked

    def _decide(self, asked: _Asked, recovered: Recovered[Article] | None) -> None:
        """Note what becomes of a line, behind all lines before it."""
        entry, line, digest = asked.entry, asked.entry[2], asked.digest
        before = self._version(line.id)
        if not line.holds(before):
            self._fail(entry, CONFLICT, _conflict(line, before), before)
        elif line.action == "delete":
            self._delete(entry, there=before is not None)
        elif asked.reason:
            self._refuse(entry, asked.reason)
        elif digest == before:
            self._done(entry, "unchanged", digest)
        else:
            assert recovered is not None, "what nobody had to recover is done above"
            problem = self.choked.get(_place(entry)) or tasks.problem(recovered)
            if problem or recovered.value is None:
                self._refuse(entry, problem)
                return
            self._leave(entry, digest, replace(recovered.value, digest=digest))
            self._done(entry, "replaced" if before else "created", digest)

    def _version(self, id_: str) -> str | None:
        """Return the version of an article behind the lines that were decided."""
        return self.versions[id_] if id_ in self.versions else self.writer.digest(id_)

    def _delete(self, entry: Entry, *, there: bool) -> None:
        if not there:
            self._fail(entry, MISSING, "There is no article with this id.", None)
            return
        self._leave(entry, None, None)
        self._done(entry, "deleted", None)

    def _write(self, id_: str) -> None:
        """Give the writer what the lines of an id left, if they changed anything."""
        if id_ not in self.left:
            return
        place, article = self.left.pop(id_)
        if article is None:
            self.writer.delete([id_])
            return
        self.put[id_] = place
        try:
            self.writer.put(article, "add")
        except Unwritable as error:
            raise self._choked(error) from error
        except (OSError, MemoryError, PressmarkError):
            raise
        except Exception as error:
            raise ChokedError(place, f"could not be written: {type(error).__name__}: {error}") from error

    def _choked(self, error: Unwritable) -> ChokedError:
        return ChokedError(self.put[error.id], error.reason)

    def _leave(self, entry: Entry, version: str | None, article: Article | None) -> None:
        self.versions[entry[2].id] = version
        self.left[entry[2].id] = _place(entry), article

    def _done(self, entry: Entry, result: str, version: str | None) -> None:
        assert result in DONE
        self.changed = self.changed or result != "unchanged"
        self.outcomes.append((entry[0], Outcome(entry[2].number, entry[2].id, result, "", version)))

    def _fail(self, entry: Entry, code: str, detail: str, version: str | None) -> None:
        self.outcomes.append((entry[0], Outcome(entry[2].number, entry[2].id, code, detail, version)))

    def _refuse(self, entry: Entry, reason: str) -> None:
        _, job, line = entry
        place = f"job {job}, line {line.number}"
        self.bad.append((BadSource(place, reason, lossless(line.raw)), line.id))
        self._fail(entry, REFUSED, reason, self._version(line.id))

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
