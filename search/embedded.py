"""Answers from an index in a directory: the embedded engine's search half.

A request holds one generation from its beginning to its end; what a generation knows is shared by all
threads of a process.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from index.analysis import analyzer
from index.article import LEVELS, UNDETERMINED
from index.codec.columns import VALUES
from index.quoted import QuotesIndex
from index.stats import Stats, stats
from search import collect, facets, histogram, naming, nodes, similar, suggest, trends
from search.answer import answer, article_hits, nothing, quote_hits
from search.counting import count, warnings, whole_facet
from search.deadline import OutOfTime
from search.directory import Known, Listed
from search.errors import EngineUnavailable
from search.facets import FacetPage
from search.opened import Opened
from search.rehearsal import rehearse
from search.request import After, Request
from search.results import Cluster, Hit, QuoteHit, Results, Telling
from search.roles import roles
from search.suggest import Suggestions
from search.trends import Trend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.article import Article
    from search.directory import PeoplePage
    from search.snapshot import Snapshot


_log = logging.getLogger("pressmark")


class EmbeddedSearcher:
    """The embedded engine's half of ``search.searcher.Searcher``.

    ``state`` is a folder that this service may write to, or None.
    """

    def __init__(self, path: Path, state: Path | None = None) -> None:
        self._opened = Opened(path, state)

    def snapshot(self, number: int | None = None) -> Snapshot:
        """Return the newest generation, or one by its number; raise EngineUnavailable or SnapshotExpired."""
        return self._opened.snapshot(number)

    def let_go(self) -> None:
        """Forget a generation that is not the newest any more: the disk space of its files is given back."""
        self._opened.let_go()

    def prepare(self) -> None:
        """Open the newest generation and make what requests need: what is forked then shares its memory.

        A search takes what it takes, all else ``_AHEAD``.  Where that fails, the first request says so.
        """
        if self._opened.is_open:
            return
        try:
            self.search(Request(q="the", facets=(*VALUES, "date"), limit=1))
            rehearse(self, "the", time.monotonic_ns() + _AHEAD)
        except EngineUnavailable:
            return
        except Exception:  # noqa: BLE001 - whatever it is, the service starts
            _log.exception("the index could not be read ahead of the first request")

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
            warnings=warnings(counted, request, snapshot),
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
            warnings=warnings(counted, request, snapshot),
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
