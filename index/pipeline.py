"""From SOURCEs to the index: what is new or changed is recovered and written, the rest carried over.

Memory does not grow with the archive: one record at a time goes from its file through recovery
to the writer.  What cannot be indexed goes to the quarantine and costs only itself.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from index import runs, sources, tasks
from index.crew import ChokedError, Crew, Work, put
from index.errors import BadSource, PressmarkError, Unwritable
from index.ledger import Ledger
from index.quarantine import Quarantine, path_of
from index.runs import Asked
from index.sources import Notes, Unread, corrections, speakers
from index.sources.reading import lossless
from index.tasks import Days, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from index.article import Article, Source
    from index.crew import Made
    from index.runs import Run
    from index.settings import Settings
    from index.sources import Input
    from index.writer import Origin, Writer

_REDONE = 3
"""Articles that a writer may choke on in one run: more are a fault of the writer, not of articles."""


_NAMED = 5
"""Ids that a report names."""


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
        except ChokedError as error:
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
        quarantine = Quarantine(path_of(self.settings.index), self.command)
        try:
            quarantine.flush()  # where there is no place for it, nothing is begun
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
            quarantine.cancel()
            raise
        generation = None
        changed = self.counts["added"] + self.counts["replaced"] + self.counts["deleted"]
        if not known or changed or decided:
            try:
                generation = writer.commit()
            except Unwritable as error:
                quarantine.cancel()
                raise ChokedError(error.id, error.reason) from error
        else:
            writer.cancel()
        quarantine.publish()
        return generation

    def _put_all(
        self, writer: Writer, known: _Known, ledger: Ledger, quarantine: Quarantine, paths: Sequence[Path]
    ) -> None:
        """Recover and put what the index does not hold as it is: here, or where there is more, apart."""
        asked = self._changed(known, ledger, quarantine, paths)
        jobs = self.settings.jobs
        if jobs > 1 and (open_maker := writer.apart(jobs)):
            first = runs.start(asked)
            if (more := next(asked, None)) is not None:
                work = Work.of(self.settings, open_maker, self.command, self.days)
                with Crew(jobs, work) as crew:
                    for run, made in crew.map(runs.cut(chain(first, (more,), asked)), self.tick):
                        with contextlib.closing(run):
                            self._enter(writer, run, made, known, ledger, quarantine)
                return
            asked = iter(first)
        with tasks.workers(self.settings, self.days) as workers:
            for each, outcome in workers.map((each, each.task) for each in asked):
                self.tick()
                problem = tasks.problem(outcome)
                if problem or outcome.value is None:
                    self._fail(each.given, problem, ledger, quarantine)
                    continue
                if outcome.reason:
                    self._kept(each.given, outcome.reason)
                put(writer, replace(outcome.value, digest=each.digest), self.command)
                self._count(each.given.source.id, known)

    def _enter(
        self, writer: Writer, run: Run, made: Made, known: _Known, ledger: Ledger, quarantine: Quarantine
    ) -> None:
        """Take in what became of a run."""
        for position, problem in made.refused.items():
            self._fail(run[position].given, problem, ledger, quarantine)
        for position, reason in made.plain.items():
            self._kept(run[position].given, reason)
        ids = [id_ for position, id_ in enumerate(run.ids) if position not in made.refused]
        writer.enter(made.made, ids)
        for id_ in ids:
            self._count(id_, known)

    def _fail(self, given: Input, problem: str, ledger: Ledger, quarantine: Quarantine) -> None:
        ledger.fail(given.source.id)
        self._refuse(quarantine, _bad(given, problem), given.source.id)

    def _kept(self, given: Input, reason: str) -> None:
        self.notes.report(f"{given.source.place}: {reason}; its text was kept as it stands")

    def _count(self, id_: str, known: _Known) -> None:
        self.counts["replaced" if id_ in known else "added"] += 1

    def _changed(
        self, known: _Known, ledger: Ledger, quarantine: Quarantine, paths: Sequence[Path]
    ) -> Iterator[Asked]:
        """Yield the inputs that the index does not hold as they are."""
        limit = self.settings.article_limit
        corrected, bad = corrections.read(paths, limit, self.notes)
        for error in bad:
            self._refuse(quarantine, error)
        for each in sources.read(paths, limit=limit, notes=self.notes):
            self.counts["read"] += 1
            asked = None
            if isinstance(each, BadSource):
                self._refuse(quarantine, each)
            else:
                asked = self._asked(each, corrected.get(each.source.id, {}), known, ledger, quarantine)
            if asked is None:
                self.tick()
            else:
                yield asked
        self._idle(id_ for id_ in corrected if not ledger.holds(id_))

    def _idle(self, ids: Iterable[str]) -> None:
        """Report the corrections that changed nothing: their ids may be misspelt."""
        idle = list(ids)
        if idle:
            named = ", ".join(map(repr, idle[:_NAMED])) + (", …" if len(idle) > _NAMED else "")
            self.notes.report(
                f"corrections of articles that these sources do not hold, {len(idle):,}: {named}"
            )

    def _asked(
        self,
        given: Input,
        corrected: Mapping[str, str],
        known: _Known,
        ledger: Ledger,
        quarantine: Quarantine,
    ) -> Asked | None:
        """Return what is to be done for an input, None where that is nothing."""
        id_ = given.source.id
        task = Task(given.source, corrected)
        name = tasks.digest(task, self.days, self.settings.language)
        before = ledger.meet(id_, name)
        if before == name:
            self.counts["repeated"] += 1
        elif before is not None:
            self._refuse(quarantine, _bad(given, f"another article of this run has the id {id_!r}"), id_)
        elif id_ in known and known[id_][0] == name:
            self.counts["unchanged"] += 1
        elif id_ in self.choked:
            self._fail(given, self.choked[id_], ledger, quarantine)
        else:
            return Asked(given, name, task)
        return None

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
