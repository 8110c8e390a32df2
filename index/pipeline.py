"""From SOURCEs to the index: what is new or changed is recovered and written, the rest carried over.

Memory does not grow with the archive: one record at a time goes from its file through recovery
to the writer.  What cannot be indexed goes to the quarantine and costs only itself.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from index import sources, tasks
from index.errors import BadSource, PressmarkError, Unwritable
from index.ledger import Ledger
from index.quarantine import Quarantine, path_of
from index.sources import Notes, Unread, corrections, speakers
from index.sources.reading import lossless
from index.tasks import Days, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from index.article import Article, Source
    from index.settings import Settings
    from index.sources import Input
    from index.writer import Origin, Writer

_REDONE = 3
"""Articles that a writer may choke on in one run: more are a fault of the writer, not of articles."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, counted in articles where nothing else is said."""

    command: Origin
    read: int
    """Inputs, those that could not be read among them."""
    added: int
    replaced: int
    unchanged: int
    deleted: int
    repeated: int
    """The same again under the same id in one run: skipped."""
    quarantined: int
    """Inputs and corrections that went to the quarantine."""
    passed_over: int
    """Files and records that are no news."""
    ignored: Mapping[str, int]
    """Unknown keys of JSONL lines, and how many lines had them."""
    warnings: tuple[str, ...]
    generation: int | None
    """The generation that holds all this, None where nothing had to be written."""
    seconds: float


def write(
    command: Origin,
    open_writer: Callable[[], Writer],
    paths: Sequence[Path],
    settings: Settings,
    days: Days,
    tick: Callable[[], object] = lambda: None,
) -> Report:
    """Write the articles of the SOURCEs to the index and return what was done.

    ``add`` inserts or replaces.  ``build`` also deletes what it once brought and is not in its
    SOURCEs any more, unless an input could not be read to its end or no article was found at
    all: nobody knows then what vanished.  ``tick`` is called once an input.

    Raises BadSource for the first failure where ``settings.on_error`` is ``stop``.  After any
    exception the index is as it was.
    """
    begun = time.monotonic()
    choked: dict[str, str] = {}
    while True:
        run = _Run(command, settings, days, tick, choked)
        try:
            generation = run.attempt(open_writer(), paths)
            break
        except _ChokedError as error:
            if len(choked) == _REDONE:
                raise PressmarkError(f"the writer fails on article after article: {error}") from error
            choked[error.id] = str(error)
    return Report(
        command=command,
        **{name: run.counts[name] for name in _COUNTED},
        passed_over=run.notes.passed_over,
        ignored=dict(run.notes.ignored),
        warnings=tuple(run.notes.reports),
        generation=generation,
        seconds=time.monotonic() - begun,
    )


_COUNTED = ("read", "added", "replaced", "unchanged", "deleted", "repeated", "quarantined")


def delete(open_writer: Callable[[], Writer], ids: Iterable[str]) -> tuple[list[str], list[str]]:
    """Delete articles; return the ids that were there and those that were not."""
    asked = list(dict.fromkeys(ids))
    writer = open_writer()
    try:
        gone = writer.delete(asked)
    except BaseException:
        writer.cancel()
        raise
    if gone:
        writer.commit()
    else:
        writer.cancel()
    there = set(gone)
    return gone, [each for each in asked if each not in there]


def inspect(
    paths: Sequence[Path], settings: Settings, days: Days, notes: Notes
) -> Iterator[tuple[Source, Article] | BadSource]:
    """Yield what would be recovered, in order; writes nothing."""
    corrected, bad = corrections.read(paths, settings.article_limit, notes)
    yield from bad

    def inputs() -> Iterator[tuple[Input, Task]]:
        for each in sources.read(paths, limit=settings.article_limit, notes=notes):
            if isinstance(each, BadSource):
                bad.append(each)
            else:
                yield each, Task(each.source, corrected.get(each.source.id, {}))

    bad = []
    with tasks.workers(settings, days) as workers:
        for given, outcome in workers.map(inputs()):
            if outcome.value is None:
                yield BadSource(str(given.source.place), outcome.reason, lossless(given.raw))
            else:
                yield given.source, outcome.value
            yield from bad
            bad.clear()
    yield from bad


class _ChokedError(Exception):
    """The writer raised on an article: the batch is cancelled and redone without it."""

    def __init__(self, id: str, reason: str) -> None:  # noqa: A002 - the contract's own name
        super().__init__(reason)
        self.id = id


@dataclass(slots=True)
class _Run:
    """One attempt to write; ``choked``, id → reason, are articles that the writer raised on before."""

    command: Origin
    settings: Settings
    days: Days
    tick: Callable[[], object]
    choked: Mapping[str, str]
    counts: Counter[str] = field(default_factory=Counter)
    notes: Notes = field(default_factory=Notes)

    def attempt(self, writer: Writer, paths: Sequence[Path]) -> int | None:
        """Return the new generation, None where nothing changed; the writer is committed or cancelled."""
        quarantine = None
        try:
            quarantine = Quarantine(path_of(self.settings.index), self.command)
            known = writer.known()
            with Ledger() as ledger:
                self._put_all(writer, known, ledger, quarantine, paths)
                decided = self._decide(writer, quarantine, paths)
                if self.command == "build":
                    self._delete_vanished(writer, known, ledger)
            quarantine.flush()
        except BaseException:
            with contextlib.suppress(Exception):  # what went wrong first is what is told
                writer.cancel()
            if quarantine:
                quarantine.cancel()
            raise
        generation = None
        changed = self.counts["added"] + self.counts["replaced"] + self.counts["deleted"]
        if not known or changed or decided:
            try:
                generation = writer.commit()
            except Unwritable as error:
                quarantine.cancel()
                raise _ChokedError(error.id, error.reason) from error
        else:
            writer.cancel()
        quarantine.publish()
        return generation

    def _put_all(
        self, writer: Writer, known: _Known, ledger: Ledger, quarantine: Quarantine, paths: Sequence[Path]
    ) -> None:
        """Recover and put what the index does not hold as it is."""
        with tasks.workers(self.settings, self.days) as workers:
            for (given, name), outcome in workers.map(self._changed(known, ledger, quarantine, paths)):
                id_ = given.source.id
                problem = self.choked.get(id_) or tasks.problem(outcome)
                if problem or outcome.value is None:
                    ledger.fail(id_)
                    self._refuse(quarantine, _bad(given, problem), id_)
                    continue
                if outcome.reason:
                    self.notes.report(
                        f"{given.source.place}: {outcome.reason}; its text was kept as it stands"
                    )
                _put(writer, replace(outcome.value, digest=name), self.command)
                self.counts["replaced" if id_ in known else "added"] += 1

    def _changed(
        self, known: _Known, ledger: Ledger, quarantine: Quarantine, paths: Sequence[Path]
    ) -> Iterator[tuple[tuple[Input, str], Task]]:
        """Yield the inputs that the index does not hold as they are, with their digests."""
        limit = self.settings.article_limit
        corrected, bad = corrections.read(paths, limit, self.notes)
        for error in bad:
            self._refuse(quarantine, error)
        for each in sources.read(paths, limit=limit, notes=self.notes):
            self.counts["read"] += 1
            self.tick()
            if isinstance(each, BadSource):
                self._refuse(quarantine, each)
                continue
            id_ = each.source.id
            task = Task(each.source, corrected.get(id_, {}))
            name = tasks.digest(task, self.days, self.settings.language)
            before = ledger.meet(id_, name)
            if before == name:
                self.counts["repeated"] += 1
            elif before is not None:
                self._refuse(quarantine, _bad(each, f"another article of this run has the id {id_!r}"), id_)
            elif id_ in known and known[id_][0] == name:
                self.counts["unchanged"] += 1
            else:
                yield (each, name), task

    def _decide(self, writer: Writer, quarantine: Quarantine, paths: Sequence[Path]) -> bool:
        """Take what the sources say of people; return whether that is new."""
        decided, bad = speakers.read(paths, self.settings.article_limit, self.notes)
        for error in bad:
            self._refuse(quarantine, error)
        return writer.decide(decided, beside=self.command == "add")

    def _refuse(self, quarantine: Quarantine, error: BadSource, id: str | None = None) -> None:  # noqa: A002
        if self.settings.on_error == "stop":
            raise error
        self.counts["quarantined"] += 1
        self.counts["unread"] += isinstance(error, Unread)
        quarantine.put(error, id)

    def _delete_vanished(self, writer: Writer, known: _Known, ledger: Ledger) -> None:
        vanished = [
            each for each, (_, origin) in known.items() if origin == "build" and not ledger.holds(each)
        ]
        found = self.counts["added"] + self.counts["replaced"] + self.counts["unchanged"]
        if vanished and (self.counts["unread"] or not found):
            why = "an input could not be read to its end" if found else "no article was found"
            self.notes.report(f"articles that are not in the sources were kept, {len(vanished):,}: {why}")
            return
        self.counts["deleted"] = len(writer.delete(vanished))


if TYPE_CHECKING:
    _Known = Mapping[str, tuple[str, Origin]]


def _bad(given: Input, reason: str) -> BadSource:
    return BadSource(str(given.source.place), reason, lossless(given.raw))


def _put(writer: Writer, article: Article, command: Origin) -> None:
    try:
        writer.put(article, command)
    except Unwritable as error:
        raise _ChokedError(error.id, error.reason) from error
    except (OSError, MemoryError, PressmarkError):
        raise
    except Exception as error:
        raise _ChokedError(article.id, f"could not be written: {type(error).__name__}: {error}") from error
