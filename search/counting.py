"""What a request counts: all documents that it matches, and the facets of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from search import collect, grouping, histogram, naming
from search.blame import blame
from search.deadline import OutOfTime

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.plan import Plan
    from search.request import Request
    from search.results import Facet
    from search.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Counted:
    """All documents of a request, listed for counting."""

    planned: Plan
    parts: Sequence[collect.Part]

    @property
    def total(self) -> int:
        """How many documents pass."""
        return sum(part.total for part in self.parts)

    @property
    def cut(self) -> bool:
        """Whether time was too short for all."""
        return any(part.cut for part in self.parts)


def count(request: Request, snapshot: Snapshot, *, apart: bool = False) -> Counted:
    """Return what a request matches; ``apart`` with the filter on its own facet left to who counts."""
    try:
        planned = snapshot.plan(request)
    except OutOfTime:
        unfinished = snapshot.plan(replace(request, q="", filters={}, date=None))
        return Counted(unfinished, [collect.missed(segment) for segment in snapshot.generation.segments])
    left = apart and not planned.filters.keys().isdisjoint(request.facets)
    wanted = collect.Wanted("-date", 1, listed=True, apart=left)
    return Counted(planned, snapshot.parts(planned, wanted, request.deadline))


def warnings(counted: Counted, request: Request, snapshot: Snapshot) -> tuple[str, ...]:
    """Return what is to be said of a request that was counted: which part of it left nothing, too."""
    planned, statistics = counted.planned, snapshot.statistics
    if counted.total or counted.cut:
        return planned.warnings
    return (
        *planned.warnings,
        *blame(planned, statistics.segments, statistics, request.deadline, snapshot.of),
    )


def whole_facet(field: str, counted: Counted, request: Request, snapshot: Snapshot) -> Facet:
    """Return a facet with all of its values."""
    asked = collect.FacetRequest(_ALL, counted.planned.level, multi=request.facet_mode == "multi")
    if field != "date":
        asked = replace(asked, size=max(1, len(snapshot.named(field).names)))
    return counts_of(field, counted, request, snapshot, asked, most=_ALL)


def people_counted(snapshot: Snapshot, request: Request) -> dict[str, int]:
    """Return how many articles, quotes or stories each person has, by canonical name."""
    facet = whole_facet("speaker", count(request, snapshot), request, snapshot)
    return {bucket.value: bucket.count for bucket in facet.values}


_ALL = 1 << 40
"""More values than there are."""


def facet_of(
    field: str, parts: Sequence[collect.Part], planned: Plan, request: Request, snapshot: Snapshot
) -> Facet:
    """Return a facet of a request, with as many values as it asks for."""
    asked = collect.FacetRequest(request.facet_size, planned.level, multi=request.facet_mode == "multi")
    return counts_of(field, Counted(planned, parts), request, snapshot, asked)


def counts_of(
    field: str,
    counted: Counted,
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
        return naming.values(field, parts, snapshot.named(field), chosen, asked)
    linked = grouping.beside(parts, own, asked.without(field))
    return naming.values(field, grouping.alone(parts, own), snapshot.named(field), chosen, asked, linked)
