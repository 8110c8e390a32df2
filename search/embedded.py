"""Answers from an index in a directory: the embedded engine's search half.

A request stats the directory once and holds the newest generation; what a generation knows is
shared by all threads of a process.
"""

from __future__ import annotations

import contextlib
import copy
import gc
import logging
import os
import threading
import time
from collections import Counter, OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import numpy as np

from index.analysis import analyzer, fold
from index.article import LEVELS, UNDETERMINED
from index.codec import bits
from index.codec.columns import VALUES
from index.codec.commit import newest
from index.codec.quotes import KINDS, Quotes
from index.errors import CorruptIndex, NoIndex
from index.generation import Generation
from index.quoted import QuotesIndex
from index.stats import Stats, stats
from index.verified import FOLDER, forget, verify
from search import collect, facets, grouping, histogram, nodes, quotes, similar, suggest, trends
from search.blame import blame
from search.deadline import OutOfTime, hold, late
from search.directory import Directory, Known, Listed
from search.errors import EngineUnavailable, SnapshotExpired
from search.expand import expand
from search.explain import explain
from search.facets import FacetPage
from search.grouping import Grouping, Standing
from search.highlight import marks
from search.leaves import Scope
from search.masks import Masks
from search.people import People
from search.plan import Plan, plan
from search.ranking import ranking
from search.recency import recency
from search.results import Cluster, Facet, Hit, QuoteHit, Results, Telling
from search.roles import roles
from search.searcher import After, Request
from search.snippets import Finder
from search.spelled import spelled
from search.statistics import Statistics
from search.suggest import Suggestions
from search.trends import Trend

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from whoosh import query

    from index.article import Article, Level
    from index.speakers import Speakers
    from search.directory import PeoplePage
    from search.grouping import Numbering
    from search.results import Snippet
    from search.vocabulary import Spelled


_log = logging.getLogger("pressmark")


_PLANS = 1024
"""Plans that a generation remembers before it forgets them: a few KB each, 60 KB with a wide prefix.

Making one takes 70 to 250 µs, as long as the search that follows.
"""


S = TypeVar("S", bound="Snapshot")
H = TypeVar("H")
_Page: TypeAlias = "Sequence[collect.Ranked]"
_Show: TypeAlias = "Callable[[_Page, str, Plan, Request, S, Sequence[_Page]], Sequence[H]]"
"""What makes hits of a page, in the order that it was sorted by, with what stands behind each of them."""


class Snapshot:
    """A generation with what questions to it share; the vocabulary that plans are made against."""

    of = "article"
    """What it has."""

    def __init__(
        self, generation: Generation, masks: Masks | None = None, people: People | None = None
    ) -> None:
        self.generation = generation
        self.statistics = Statistics(generation)
        self._masks = masks or Masks()
        self._people = people or People()
        self._spellings: dict[str, Spelled] = {}
        self._named: dict[str, collect.Naming] = {}
        self._directories: dict[tuple[Level, str], Directory] = {}
        self._plans: dict[tuple[object, ...], Plan] = {}
        self._deadline = 0
        self.grouping = Grouping(generation)

    @property
    def language(self) -> str:
        """The archive's main language."""
        return self.generation.language

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the articles, the main one first."""
        return tuple(dict.fromkeys([self.language, *sorted(self.generation.counts("language"))]))

    def spellings(self, field: str) -> Spelled:
        """Return the names of a value field; raise OutOfTime where the deadline has passed."""
        hold(self._deadline)
        known = self._spellings.get(field)
        if known is None:
            known = self.persons if field == "speaker" else self._spelled(field)
            self._spellings[field] = known
        return known

    def _spelled(self, field: str) -> Spelled:
        return spelled(field, self.generation.counts(field))

    def names(self, field: str) -> Collection[str]:
        """Return all names of a value field, in every spelling; raise OutOfTime."""
        hold(self._deadline)
        return self.generation.counts(field).keys()

    def people(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return what people are called in this archive, each once."""
        if not names:
            return ()
        spellings = self.spellings("speaker")
        return tuple(dict.fromkeys(spellings.canonical(name) for name in names))

    def named(self, field: str) -> collect.Naming:
        """Return what the values of a field are called in this archive."""
        known = self._named.get(field)
        if known is None:
            columns = {segment.name: segment.columns.values[field] for segment in self.statistics.segments}
            known = self._named[field] = collect.naming(columns, self.spellings(field))
        return known

    @cached_property
    def proposed(self) -> tuple[suggest.Name, ...]:
        """The names of outlets and people, the most frequent first."""
        kinds: tuple[Literal["outlet", "speaker"], ...] = ("outlet", "speaker")
        found = []
        for kind in kinds:
            counts: Counter[str] = Counter()
            for name, count in self.generation.counts(kind).items():
                counts[self.spellings(kind).canonical(name)] += count
            found += [suggest.Name(fold(name), name, kind, count) for name, count in counts.items()]
        return tuple(sorted(found, key=lambda each: (-each.count, each.text)))

    def counting(self, request: Request) -> Numbering | None:
        """Return by which groups facets count, None where they count what is found."""
        return self.grouping if request.facet_count == "stories" else None

    def members(self, story: str) -> frozenset[str]:
        """Return the articles of the story that an id leads to."""
        return self.grouping.members(story)

    def expand(self, node: query.Query) -> tuple[str, ...]:
        """Return the surface forms that a prefix, wildcard or fuzzy node means."""
        return expand(node, self.generation.segments, self._deadline)

    def plan(self, request: Request) -> Plan:
        """Return the plan of a request; pages, facets and sorts of one query share it.

        Raises OutOfTime where the request's deadline comes first.
        """
        filters = tuple(sorted(request.filters.items()))
        key = (
            *(request.q, request.match, request.syntax, filters),
            *(request.date, request.date_match, request.min_confidence, request.story),
        )
        known = self._plans.get(key)
        if known is None:
            if len(self._plans) >= _PLANS:
                self._plans.clear()
            known = self._plans[key] = plan(request, self._until(request.deadline), quotes=self.of == "quote")
        return known

    def _until(self, deadline: int) -> Snapshot:
        """Return the same vocabulary for one request, which knows when to stop."""
        vocabulary = copy.copy(self)
        vocabulary._deadline = deadline  # noqa: SLF001 - its own
        return vocabulary

    @cached_property
    def persons(self) -> Speakers:
        """The people quoted in it."""
        return self._people.of(self.generation)

    def directory(self, level: Level, count: str) -> Directory:
        """Return the list of people, counted from a level on, in the order of their articles or stories."""
        known = self._directories.get((level, count))
        if known is None:
            request = Request(facets=("speaker",), min_confidence=level)
            stories = replace(request, facet_count="stories")
            asked = ((self, request), (self.quotes, request), (self, stories))
            counts = [_people_counted(each, request) for each, request in asked]
            known = Directory(self.persons.persons.values(), counts, count)
            self._directories[level, count] = known
        return known

    @cached_property
    def quotes(self) -> QuoteSnapshot:
        """What was said in its articles."""
        return QuoteSnapshot(self)

    def parts(self, planned: Plan, wanted: collect.Wanted, deadline: int = 0) -> list[collect.Part]:
        """Return what each segment has to offer until the deadline."""
        parts: list[collect.Part] = []
        best: list[float] = []
        for segment in self.statistics.segments:
            if late(deadline):
                parts.append(collect.missed(segment))
                continue
            passing = segment.passing
            for node in planned.split.filters if planned.split else ():
                passing = bits.both(passing, self._masks.of(node, segment, self.statistics))
            filters = {
                field: self._masks.of(node, segment, self.statistics)
                for field, node in planned.filters.items()
            }
            # What scores less than as many hits of the segments before is no hit.
            least = best[wanted.limit - 1] if len(best) >= wanted.limit else -np.inf
            scope = Scope(segment, self.statistics, passing, deadline)
            found = collect.part(planned, scope, filters, wanted, least)
            if len(self.statistics.segments) > 1:
                best = sorted([*best, *found.scores.tolist()], reverse=True)[: wanted.limit]
            parts.append(found)
        return parts


class QuoteSnapshot(Snapshot):
    """What was said in the articles of a generation, under the names that their archive knows."""

    of = "quote"

    def __init__(self, articles: Snapshot) -> None:
        super().__init__(articles.generation, articles._masks, articles._people)  # noqa: SLF001 - its own
        self.statistics = articles.statistics.quotes
        self._spellings = articles._spellings  # noqa: SLF001
        self._standing: dict[str, Standing] = {}

    def counting(self, request: Request) -> Numbering | None:
        """Return by which groups facets count, None where they count quotes."""
        count = request.facet_count
        if count == "hits":
            return None
        known = self._standing.get(count)
        if known is None:
            segments = [each for each in self.statistics.segments if isinstance(each, Quotes)]
            known = self._standing[count] = Standing(segments, self.grouping if count == "stories" else None)
        return known

    def _spelled(self, field: str) -> Spelled:
        return spelled(field, dict.fromkeys(KINDS, 1)) if field == "kind" else super()._spelled(field)


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
        """Open the newest generation and make what all requests need: what is forked then shares its memory.

        Where that fails, the first request says so.
        """
        if self._snapshot is not None:
            return
        try:
            self.search(Request(q="the", facets=(*VALUES, "date"), limit=1))
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
                opened = Snapshot(self._open(held, None), self._masks, self._people)
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
                older = older or Snapshot(self._open(newest_, number), self._masks, self._people)
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
        return _answer(self._for(request), request, _hits)

    def quotes(self, request: Request) -> Results[QuoteHit]:
        """Return the ranked, counted quotes."""
        return _answer(self._for(request).quotes, request, _quotes)

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
        return _answer(snapshot, request, _hits, similar.like(found, sorted(without), filters))

    def export(self, request: Request) -> Iterator[Hit]:
        """Yield all hits in their order, out of the newest generation; raise EngineUnavailable.

        Held page by page: what was yielded takes no memory.
        """
        snapshot = self.snapshot()
        asked = replace(request, limit=_EXPORTED, facets=(), highlight=False, after=None)
        while True:
            found = _answer(snapshot, replace(asked, deadline=time.monotonic_ns() + _PATIENCE), _hits)
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
        found = _answer(snapshot.quotes, asked, _quotes, said)
        counted, stories = (
            _answer(snapshot, replace(asked, facets=(), group=group), _none, articles).total
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
        counted = _counted(request, snapshot, apart=request.facet_mode == "multi")
        facet = _whole_facet(field, counted, request, snapshot)
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
        counted = _counted(request, snapshot)
        asked = collect.FacetRequest(request.facet_size, counted.planned.level, multi=False)
        dates = histogram.dates(counted.parts, request.interval, asked, most=0)
        level = counted.planned.level
        everything = _counted(replace(request, q=""), snapshot) if share else counted
        periods = trends.periods(everything.parts, str(dates.interval), level)
        series = []
        for field in request.facets:
            named = snapshot.named(field)
            listed = collect.values(field, counted.parts, named, frozenset(), asked).values
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
        counted = _counted(request, snapshot)
        corrections = []
        partial = counted.cut
        if q.strip() and not partial and counted.total < suggest.LITTLE:
            try:
                for text in suggest.corrected(q, segments, request.deadline):
                    found = _counted(replace(request, q=text), snapshot)
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

_PATIENCE = 10_000_000_000
"""Nanoseconds for a page of an export: as many as a search may take at most."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """All documents of a request, listed for counting."""

    planned: Plan
    parts: Sequence[collect.Part]

    @property
    def total(self) -> int:
        return sum(part.total for part in self.parts)

    @property
    def cut(self) -> bool:
        return any(part.cut for part in self.parts)


def _counted(request: Request, snapshot: Snapshot, *, apart: bool = False) -> _Counted:
    """Return what a request matches; ``apart`` with the filter on its own facet left to who counts."""
    try:
        planned = snapshot.plan(request)
    except OutOfTime:
        unfinished = snapshot.plan(replace(request, q="", filters={}, date=None))
        return _Counted(unfinished, [collect.missed(segment) for segment in snapshot.generation.segments])
    left = apart and not planned.filters.keys().isdisjoint(request.facets)
    wanted = collect.Wanted("-date", 1, listed=True, apart=left)
    return _Counted(planned, snapshot.parts(planned, wanted, request.deadline))


def _whole_facet(field: str, counted: _Counted, request: Request, snapshot: Snapshot) -> Facet:
    """Return a facet with all of its values."""
    asked = collect.FacetRequest(_ALL, counted.planned.level, multi=request.facet_mode == "multi")
    if field != "date":
        asked = replace(asked, size=max(1, len(snapshot.named(field).names)))
    return _counts(field, counted, request, snapshot, asked, most=_ALL)


def _people_counted(snapshot: Snapshot, request: Request) -> dict[str, int]:
    """Return how many articles, quotes or stories each person has, by canonical name."""
    facet = _whole_facet("speaker", _counted(request, snapshot), request, snapshot)
    return {bucket.value: bucket.count for bucket in facet.values}


_ALL = 1 << 40
"""More values than there are."""


def _state(path: Path) -> list[tuple[str, int, int]]:
    """Return the names, sizes and times of a folder's files."""
    with os.scandir(path) as entries:
        found = [(entry.name, entry.stat()) for entry in entries]
    return sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)


def _answer(snapshot: S, request: Request, show: _Show[S, H], planned: Plan | None = None) -> Results[H]:
    """Return the ranked, counted answer of a plan, else of the request's; ``show`` makes hits of a page."""
    number = snapshot.generation.number
    try:
        planned = planned or snapshot.plan(request)
    except OutOfTime:
        return Results(generation=number, total=0, hits=(), relation="gte", partial=True)
    sort = request.sort or ("relevance" if request.q.strip() else "-date")
    # One more than asked for tells whether there is a next page.
    wanted = collect.Wanted(
        sort,
        request.limit + 1,
        request.after,
        listed=bool(request.facets),
        apart=request.facet_mode == "multi" and not planned.filters.keys().isdisjoint(request.facets),
        recency=recency(request.recency, snapshot.generation.segments),
        weighed=request.group == "cluster",
    )

    def find(wanted: collect.Wanted) -> list[collect.Part]:
        parts = snapshot.parts(planned, wanted, request.deadline)
        return grouping.one_each(parts, snapshot.grouping, wanted) if wanted.weighed else parts

    parts, ranked, cut = ranking(find, planned, wanted, snapshot.statistics, again=request.rank == "keyword")
    total = sum(part.total for part in parts)
    page = ranked[: request.limit]
    behind = grouping.behind(page, parts, snapshot.grouping) if wanted.weighed else []
    hits = tuple(show(page, sort, planned, request, snapshot, behind))
    counts = {
        field: _facet(field, parts, planned, request, snapshot)
        for field in request.facets
        if not late(request.deadline)
    }
    statistics = snapshot.statistics
    to_blame = (
        () if total or cut else blame(planned, statistics.segments, statistics, request.deadline, snapshot.of)
    )
    return Results(
        generation=number,
        total=total,
        hits=hits,
        facets=counts,
        next=page[-1].key if len(ranked) > len(page) else None,
        parsed=planned.parsed,
        warnings=(*planned.warnings, *to_blame),
        relation="gte" if cut else "eq",
        partial=cut or late(request.deadline),
    )


def _none(*_: Any) -> list[Hit]:
    """Show nothing of a page: it was counted."""
    return []


def _quotes(
    page: _Page, sort: str, planned: Plan, request: Request, snapshot: QuoteSnapshot, behind: Sequence[_Page]
) -> list[QuoteHit]:
    del behind  # quotes are not grouped
    index = snapshot.statistics.index
    assert isinstance(index, QuotesIndex)
    return quotes.hits(page, sort, planned, request, snapshot, index.segments)


def _hits(
    page: _Page, sort: str, planned: Plan, request: Request, snapshot: Snapshot, behind: Sequence[_Page]
) -> list[Hit]:
    by_score = sort == "relevance"
    found = _snippets(page, planned, request, snapshot) if request.highlight else [()] * len(page)
    story = snapshot.grouping.cluster
    hits = []
    for (score, segment, doc, again), snippets in zip(page, found, strict=True):
        why = None
        if request.explain and by_score and not late(request.deadline):
            weighed = recency(request.recency, snapshot.generation.segments)
            words = planned.words if again else ()
            why = explain(planned.tree, segment, doc, snapshot.statistics, weighed, words)
        entry = segment.shown(doc)
        hits.append(Hit(entry, score if by_score else None, snippets, snapshot.people, why, story))
    if not behind:
        return hits
    copies = (tuple(each.segment.shown(each.doc) for each in group) for group in behind)
    return [hit._replace(copies=each) for hit, each in zip(hits, copies, strict=True)]


def _snippets(page: _Page, planned: Plan, request: Request, snapshot: Snapshot) -> list[tuple[Snippet, ...]]:
    """Return the snippets of a page, those of each segment made together."""
    marked = marks(planned.tree)
    found: list[tuple[Snippet, ...]] = [()] * len(page)
    for segment in {ranked.segment.name: ranked.segment for ranked in page}.values():
        places = [place for place, ranked in enumerate(page) if ranked.segment is segment]
        docs = [page[place].doc for place in places]
        spoken = [segment.shown(doc).language for doc in docs]
        own = [analyzer(snapshot.language if name == UNDETERMINED else name) for name in spoken]
        made = Finder(segment, marked).snippets(docs, own, request.deadline)
        for place, snippets in zip(places, made, strict=True):
            found[place] = snippets
    return found


def _facet(
    field: str, parts: Sequence[collect.Part], planned: Plan, request: Request, snapshot: Snapshot
) -> Facet:
    asked = collect.FacetRequest(request.facet_size, planned.level, multi=request.facet_mode == "multi")
    return _counts(field, _Counted(planned, parts), request, snapshot, asked)


def _counts(
    field: str,
    counted: _Counted,
    request: Request,
    snapshot: Snapshot,
    asked: collect.FacetRequest,
    most: int = histogram.MOST,
) -> Facet:
    """Return a facet that counts what is found, or articles or stories, wherever one of their own counts."""
    parts, own = counted.parts, snapshot.counting(request)
    if field == "date":
        found = histogram.dates(parts, request.interval, asked, most)
        if own is None:
            return found
        unit = str(found.interval)
        once = grouping.once(parts, own, asked.without(field), histogram.kinds(unit, asked.level))
        return histogram.dates(once, unit, asked, most)
    chosen = counted.planned.selected.get(field, frozenset())
    if own is None:
        return collect.values(field, parts, snapshot.named(field), chosen, asked)
    linked = grouping.beside(parts, own, asked.without(field))
    return collect.values(field, grouping.alone(parts, own), snapshot.named(field), chosen, asked, linked)
