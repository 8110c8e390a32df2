"""Answers from an index in a directory: the embedded engine's search half.

A request stats the directory once and holds the newest generation; what a generation knows is
shared by all threads of a process.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import threading
import time
from collections import OrderedDict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from index.analysis import analyzer
from index.article import LEVELS, UNDETERMINED
from index.codec.columns import VALUES
from index.codec.commit import newest
from index.errors import CorruptIndex, NoIndex
from index.generation import Generation
from index.quoted import QuotesIndex
from index.stats import Stats, stats
from index.verified import FOLDER, forget, verify
from search import collect, facets, histogram, naming, nodes, similar, suggest, trends
from search.answer import answer, article_hits, nothing, quote_hits
from search.counting import count, whole_facet
from search.deadline import OutOfTime
from search.directory import Known, Listed
from search.errors import EngineUnavailable, SnapshotExpired
from search.facets import FacetPage
from search.masks import Masks
from search.people import People
from search.rehearsal import rehearse
from search.request import After, Request
from search.results import Cluster, Hit, QuoteHit, Results, Telling
from search.roles import roles
from search.snapshot import Snapshot
from search.suggest import Suggestions
from search.trends import Trend
from search.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.article import Article
    from search.directory import PeoplePage


_log = logging.getLogger("pressmark")


_HELD = 4
"""Older generations that a process keeps open for cursors; more are opened again when asked for."""


_MOMENT = 1_000_000_000
"""Nanoseconds after which a folder's time is sure to differ from that of its next change: file systems
count in steps of up to some milliseconds, the oldest of them of a second."""


class EmbeddedSearcher:
    """The embedded engine's half of ``search.searcher.Searcher``.

    ``state`` is a folder that this service may write to, or None.
    """

    def __init__(self, path: Path, state: Path | None = None) -> None:
        self._path = path
        self._marks = state / FOLDER if state else None
        self._snapshot: Snapshot | None = None
        self._older: OrderedDict[int, Snapshot] = OrderedDict()
        self._masks = Masks()
        self._people = People()
        self._vectors = Vectors()
        # What stood in the folder when it could not be read: it is tried again when that has changed.
        self._damaged: list[tuple[str, int, int]] = []
        self._opening = threading.Lock()
        # When the folder had been changed at the last look into it; never -1, which is no time.
        self._looked = -2

    def snapshot(self, number: int | None = None) -> Snapshot:
        """Return the newest generation, opened, or one by its number.

        Raises ``EngineUnavailable`` where there is none, ``SnapshotExpired`` where the one asked for
        is gone.  A new generation that is damaged leaves the one before in place.
        """
        changed = self._changed()
        calm = changed == self._looked  # asked before the snapshot is taken, which is set before it
        held = self._snapshot
        if held is None or (not calm and held.generation.number != self._newest(held)):
            held = self._refresh()
        if changed >= 0 and not self._damaged:  # a file may be mended without a change of its folder
            self._looked = changed
        if number is None or number == held.generation.number:
            return held
        return self._older_snapshot(number, held)

    def prepare(self) -> None:
        """Open the newest generation and make what requests need: what is forked then shares its memory.

        A search takes what it takes, all else ``_AHEAD``.  Where that fails, the first request says so.
        """
        if self._snapshot is not None:
            return
        try:
            self.search(Request(q="the", facets=(*VALUES, "date"), limit=1))
            rehearse(self, "the", time.monotonic_ns() + _AHEAD)
        except EngineUnavailable:
            return
        except Exception:  # noqa: BLE001 - whatever it is, the service starts
            _log.exception("the index could not be read ahead of the first request")

    def let_go(self) -> None:
        """Forget a generation that is not the newest any more: the disk space of its files is given back."""
        held = self._snapshot
        if held is not None and held.generation.number != self._newest(held):
            del held
            self._snapshot = None
            self._older.clear()
            gc.unfreeze()
            gc.collect()

    def _changed(self) -> int:
        """Return when the folder was last changed: the one thing that every request asks of the disk.

        -1 where that was a moment ago: it may change again under the same time.
        """
        try:
            changed = os.stat(self._path).st_mtime_ns  # noqa: PTH116 - half the time of Path.stat
        except OSError:
            return -1
        return changed if time.time_ns() - changed > _MOMENT else -1

    def _newest(self, held: Snapshot) -> int:
        """Return the newest generation's number, or the one held where there is none that can be read."""
        try:
            found = newest(self._path)
            if found != held.generation.number and self._damaged == _state(self._path):
                return held.generation.number
        except OSError:
            return held.generation.number
        return found

    def _refresh(self) -> Snapshot:
        with self._opening:
            held = self._snapshot
            if held is not None and held.generation.number == self._newest(held):
                return held
            try:
                opened = Snapshot(self._open(held, None), self._masks, self._people, self._vectors)
            except (NoIndex, CorruptIndex, OSError) as error:
                if held is None:
                    raise EngineUnavailable(str(error)) from error
                _log.exception(
                    "generation %d stays in use: the newer one cannot be read", held.generation.number
                )
                with contextlib.suppress(OSError):
                    self._damaged = _state(self._path)
                return held
            if held is not None:
                self._keep(held)
            self._damaged = []
            self._snapshot = opened
            return opened

    def _open(self, held: Snapshot | None, number: int | None) -> Generation:
        whole = partial(verify, self._path, marks=self._marks, held=held.generation.commit if held else None)
        generation = Generation.open(self._path, held.generation if held else None, number, whole)
        if number is None and self._marks:
            forget(generation.commit, self._marks)
        return generation

    def _older_snapshot(self, number: int, newest_: Snapshot) -> Snapshot:
        with self._opening:
            older = self._older.get(number)
            try:
                older = older or Snapshot(
                    self._open(newest_, number), self._masks, self._people, self._vectors
                )
            except (CorruptIndex, OSError) as error:
                raise SnapshotExpired(
                    f"The index has moved on from generation {number} to {newest_.generation.number}."
                ) from error
            self._keep(older)
            return older

    def _keep(self, snapshot: Snapshot) -> None:
        self._older[snapshot.generation.number] = snapshot
        self._older.move_to_end(snapshot.generation.number)
        while len(self._older) > _HELD:
            self._older.popitem(last=False)

    def generation(self) -> int:
        """Return the newest generation that can be read."""
        return self.snapshot().generation.number

    def article(self, id: str) -> tuple[int, Article] | None:  # noqa: A002 - the contract's own name
        """Return the generation and the article with this id, or None."""
        generation = self.snapshot().generation
        for segment in generation.segments:
            doc = segment.find(id)
            if doc is not None:
                return generation.number, segment.article(doc)
        return None

    def cluster(self, article: str, generation: int) -> Cluster | None:
        """Return the story of an article in a generation, None where no other one runs its text."""
        return self.snapshot(generation).grouping.cluster(article)

    def telling(self, story: str) -> Telling | None:
        """Return the story that an id leads to, with its articles, or None."""
        return self.snapshot().grouping.telling(story)

    def search(self, request: Request) -> Results[Hit]:
        """Return the ranked, counted articles."""
        return answer(self._for(request), request, article_hits)

    def quotes(self, request: Request) -> Results[QuoteHit]:
        """Return the ranked, counted quotes."""
        return answer(self._for(request).quotes, request, quote_hits)

    def similar(self, id: str, request: Request, *, copies: bool = False) -> Results[Hit] | None:  # noqa: A002 - the contract's own name
        """Return the articles like one, None where it is not there; ``copies``: of its story too."""
        snapshot = self._for(request)
        generation = snapshot.generation
        segment, doc = next(
            ((segment, doc) for segment in generation.segments if (doc := segment.find(id)) is not None),
            (None, None),
        )
        if segment is None or doc is None:
            return None
        article = segment.article(doc)
        language = article.language.value
        own = analyzer(snapshot.language if language == UNDETERMINED else language)
        story = None if copies else generation.stories.stories.get(generation.stories.of.get(id, ""))
        without = {id, *(member.id for member in story.members)} if story else {id}
        found = similar.terms(article, own, snapshot.statistics, len(without))
        try:
            filters = snapshot.plan(replace(request, q=""))
        except OutOfTime:
            return Results(generation=generation.number, total=0, hits=(), relation="gte", partial=True)
        return answer(snapshot, request, article_hits, similar.like(found, sorted(without), filters))

    def export(self, request: Request) -> Iterator[Hit]:
        """Yield all hits in their order, out of the newest generation; raise EngineUnavailable.

        Held page by page: what was yielded takes no memory.
        """
        snapshot = self.snapshot()
        asked = replace(request, limit=_EXPORTED, facets=(), highlight=False, after=None)
        while True:
            found = answer(snapshot, replace(asked, deadline=time.monotonic_ns() + _PATIENCE), article_hits)
            if found.partial:
                raise EngineUnavailable("A page of an export took too long.")
            yield from found.hits
            if found.next is None:
                return
            asked = replace(asked, after=After(snapshot.generation.number, *found.next))

    def _for(self, request: Request) -> Snapshot:
        return self.snapshot(request.after.generation if request.after else None)

    def speakers(self, request: Request, prefix: str = "") -> PeoplePage:
        """Return a page of the people quoted, those of whom a word of a name begins with a prefix."""
        snapshot = self._for(request)
        directory = snapshot.directory(request.min_confidence, request.facet_count)
        return directory.page(snapshot.generation.number, prefix, request.after, request.limit)

    def speaker(self, request: Request, name: str) -> Known | None:
        """Return what is known of whom a name or an id means, with the newest quotes, or None."""
        snapshot = self.snapshot()
        one = snapshot.persons.resolve(name)
        meant = [one] if one else snapshot.persons.meant(name)
        if not meant:
            return None
        person, *others = meant
        asked = replace(request, facets=("outlet", "date"), sort="-date", highlight=False)
        names = nodes.Values("speaker", frozenset(person.spellings), LEVELS.index(request.min_confidence))
        articles, said = (
            replace(each.plan(asked), filters={"speaker": names}) for each in (snapshot, snapshot.quotes)
        )
        found = answer(snapshot.quotes, asked, quote_hits, said)
        counted, stories = (
            answer(snapshot, replace(asked, facets=(), group=group), nothing, articles).total
            for group in _ALONE_AND_GROUPED
        )
        counts = snapshot.generation.counts("speaker")
        index = snapshot.quotes.statistics.index
        assert isinstance(index, QuotesIndex)
        return Known(
            generation=snapshot.generation.number,
            listed=Listed(person, counted, found.total, stories),
            spellings=tuple((each, counts[each]) for each in person.spellings if counts[each]),
            roles=tuple(roles(index.segments, person.spellings, names.level, snapshot.spellings("outlet"))),
            quotes=found,
            others=tuple(others),
        )

    def facet(self, request: Request, prefix: str = "") -> FacetPage:
        """Return a page of the values of the request's one facet, those that begin with a prefix."""
        snapshot = self.snapshot(request.after.generation if request.after else None)
        (field,) = request.facets
        counted = count(request, snapshot, apart=request.facet_mode == "multi")
        facet = whole_facet(field, counted, request, snapshot)
        listed, distinct, following = facets.page(facet, prefix, request.after, request.facet_size)
        return FacetPage(
            generation=snapshot.generation.number,
            total=counted.total,
            facet=listed,
            distinct=distinct,
            next=following,
            parsed=counted.planned.parsed,
            warnings=counted.planned.warnings,
            relation="gte" if counted.cut else "eq",
            partial=counted.cut,
        )

    def trend(self, request: Request, *, share: bool = False) -> Trend:
        """Return the request's articles by period, split by its facet where it has one.

        With ``share`` all articles that pass the filters are counted beside them.
        """
        snapshot = self.snapshot()
        counted = count(request, snapshot)
        asked = collect.FacetRequest(request.facet_size, counted.planned.level, multi=False)
        dates = histogram.dates(counted.parts, request.interval, asked, most=0)
        level = counted.planned.level
        everything = count(replace(request, q=""), snapshot) if share else counted
        periods = trends.periods(everything.parts, str(dates.interval), level)
        series = []
        for field in request.facets:
            named = snapshot.named(field)
            listed = naming.values(field, counted.parts, named, frozenset(), asked).values
            names = [bucket.value for bucket in listed]
            rows = periods.by_value(field, counted.parts, named, level, names)
            series = [trends.Series(name, tuple(row)) for name, row in zip(names, rows.tolist(), strict=True)]
        cut = counted.cut or everything.cut
        return Trend(
            generation=snapshot.generation.number,
            total=counted.total,
            interval=periods.unit,
            values=periods.buckets(periods.counts(counted.parts, level).tolist()),
            of=tuple(periods.counts(everything.parts, level).tolist()),
            series=tuple(series),
            imprecise=dates.imprecise or 0,
            missing=dates.missing,
            parsed=counted.planned.parsed,
            warnings=counted.planned.warnings,
            relation="gte" if cut else "eq",
            partial=cut,
        )

    def suggest(self, request: Request) -> Suggestions:
        """Return completions of the request's q, and corrections where it finds little."""
        snapshot = self.snapshot()
        q, most, segments = request.q, request.limit, snapshot.generation.segments
        completions = suggest.merged(
            suggest.words(q, segments, most), suggest.names(q, snapshot.proposed, most), most=most
        )
        counted = count(request, snapshot)
        corrections = []
        partial = counted.cut
        if q.strip() and not partial and counted.total < suggest.LITTLE:
            try:
                for text in suggest.corrected(q, segments, request.deadline):
                    found = count(replace(request, q=text), snapshot)
                    if found.total > counted.total:
                        corrections.append(suggest.Correction(text, found.total))
                    partial |= found.cut
            except OutOfTime:
                partial = True
        return Suggestions(snapshot.generation.number, completions, tuple(corrections), partial)

    def stats(self) -> Stats:
        """Return what the index holds."""
        return stats(self.snapshot().generation)


_ALONE_AND_GROUPED: tuple[Literal["none", "cluster"], ...] = ("none", "cluster")
"""What a person's articles are counted as: as articles, and as stories."""

_EXPORTED = 1000
"""Hits of an export that are searched for at once: the search costs as much as showing some hundred."""

_AHEAD = 1_000_000_000
"""Nanoseconds for what is made before the first request: a question that began in time is finished."""

_PATIENCE = 10_000_000_000
"""Nanoseconds for a page of an export: as many as a search may take at most."""


def _state(path: Path) -> list[tuple[str, int, int]]:
    """Return the names, sizes and times of a folder's files."""
    with os.scandir(path) as entries:
        found = [(entry.name, entry.stat()) for entry in entries]
    return sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)
