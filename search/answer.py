"""From a request to its answer: ranked, counted, and a page of it shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from index.analysis import analyzer
from index.article import UNDETERMINED
from search import collect, grouping, quotes
from search.blame import blame
from search.counting import facet_of
from search.deadline import OutOfTime, late
from search.explain import explain
from search.highlight import marks
from search.ranking import ranking, second
from search.recency import recency
from search.results import Hit, QuoteHit, Results
from search.snippets import Finder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from search.plan import Plan
    from search.request import Request
    from search.results import Snippet
    from search.snapshot import QuoteSnapshot, Snapshot


S = TypeVar("S", bound="Snapshot")
H = TypeVar("H")
Page: TypeAlias = "Sequence[collect.Ranked]"
Show: TypeAlias = "Callable[[Page, str, Plan, Request, S, Sequence[Page]], Sequence[H]]"
"""What makes hits of a page, in the order that it was sorted by, with what stands behind each of them."""


def answer(snapshot: S, request: Request, show: Show[S, H], planned: Plan | None = None) -> Results[H]:
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

    parts, ranked, cut = ranking(find, wanted, second(request.rank, planned, snapshot, request.deadline))
    total = sum(part.total for part in parts)
    page = ranked[: request.limit]
    behind = grouping.behind(page, parts, snapshot.grouping) if wanted.weighed else []
    hits = tuple(show(page, sort, planned, request, snapshot, behind))
    counts = {
        field: facet_of(field, parts, planned, request, snapshot)
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


def nothing(*_: Any) -> list[Hit]:
    """Show nothing of a page: it was counted."""
    return []


def quote_hits(
    page: Page, sort: str, planned: Plan, request: Request, snapshot: QuoteSnapshot, behind: Sequence[Page]
) -> list[QuoteHit]:
    """Return the hits of a page of quotes."""
    del behind  # quotes are not grouped
    return quotes.hits(page, sort, planned, request, snapshot, snapshot.archive)


def article_hits(
    page: Page, sort: str, planned: Plan, request: Request, snapshot: Snapshot, behind: Sequence[Page]
) -> list[Hit]:
    """Return the hits of a page of articles."""
    by_score = sort == "relevance"
    found = _snippets(page, planned, request, snapshot) if request.highlight else [()] * len(page)
    story = snapshot.grouping.cluster
    hits = []
    for (score, segment, doc, again), snippets in zip(page, found, strict=True):
        why = None
        if request.explain and by_score and not late(request.deadline):
            weighed = recency(request.recency, snapshot.generation.segments)
            why = explain(planned, segment, doc, snapshot.statistics, weighed, again)
        entry = segment.shown(doc)
        hits.append(Hit(entry, score if by_score else None, snippets, snapshot.people, why, story))
    if not behind:
        return hits
    copies = (tuple(each.segment.shown(each.doc) for each in group) for group in behind)
    return [hit._replace(copies=each) for hit, each in zip(hits, copies, strict=True)]


def _snippets(page: Page, planned: Plan, request: Request, snapshot: Snapshot) -> list[tuple[Snippet, ...]]:
    """Return the snippets of a page, those of each segment made together."""
    marked = marks(planned.tree)
    found: list[tuple[Snippet, ...]] = [()] * len(page)
    for segment in {ranked.segment.name: ranked.segment for ranked in page}.values():
        places = [place for place, ranked in enumerate(page) if ranked.segment is segment]
        docs = [page[place].doc for place in places]
        spoken = map(segment.columns.values["language"].of, docs)
        own = [analyzer(snapshot.language if name == UNDETERMINED else name) for name, *_ in spoken]
        made = Finder(segment, marked).snippets(docs, own, request.deadline)
        for place, snippets in zip(places, made, strict=True):
            found[place] = snippets
    return found
