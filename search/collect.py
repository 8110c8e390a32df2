"""From a plan to its hits, segment by segment: the best of each, and of all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial, reduce
from itertools import pairwise, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.codec import bits
from search.best import Order
from search.deadline import OutOfTime
from search.evaluate import evaluate
from search.leaves import DOCS, NOTHING, SCORES, TOP, Found, Scope, best

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from index.segment import Segment
    from search.plan import Plan
    from search.recency import Recency
    from search.request import After

Key = tuple[float, str]
"""A hit's place in the order: smaller comes first; the id breaks ties."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of every segment.

    ``limit`` hits in the order ``sort``, behind ``after``; ``listed``: all documents, for facets;
    ``apart``: with the filters left to those who count; ``recency`` weighs scores by age; ``weighed``: all
    documents with what each is worth, and none of the best.
    """

    sort: str
    limit: int
    after: After | None = None
    listed: bool = False
    apart: bool = False
    recency: Recency | None = None
    weighed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What one segment has to offer.

    ``total`` documents, the best of them with their scores, the higher the better; ``matching`` are all
    documents where they were wanted, ``worth`` their scores where those were, and ``filters`` what they
    still have to pass.
    """

    segment: Segment
    total: int
    docs: NDArray[np.int32]
    scores: NDArray[np.float64]
    matching: NDArray[np.int32]
    filters: Mapping[str, NDArray[np.uint64]]
    cut: bool
    worth: NDArray[np.float64] = field(default_factory=lambda: NOTHING.scores)

    def passing(self, without: str | None = None) -> NDArray[np.uint64]:
        """Return which documents pass all filters that are left, or all but one."""
        return reduce(bits.both, (kept for field, kept in self.filters.items() if field != without), bits.ALL)


def part(
    planned: Plan, scope: Scope, filters: Mapping[str, NDArray[np.uint64]], wanted: Wanted, least: float
) -> Part:
    """Search one segment; hits that score below ``least`` need not be found.

    ``scope`` has the documents that count before any filter of the request.
    """
    order = order_of(scope.segment, wanted, least)
    left = filters if wanted.apart else {}
    if not wanted.apart:
        passing = reduce(bits.both, filters.values(), scope.passing)
        scope = Scope(scope.segment, scope.statistics, passing, scope.deadline)
    if wanted.weighed:
        return _weighed(planned, scope, order, wanted, left)
    found = _find(planned, scope, order, wanted)
    if found is None or wanted.apart or wanted.recency or wanted.sort != "relevance":
        passing = reduce(bits.both, left.values(), bits.ALL)
        found = _ordered(found or _evaluated(planned, scope), scope.segment, order, wanted, passing)
    return Part(scope.segment, found.total, found.docs, found.scores, found.all_docs, left, found.cut)


def _weighed(
    planned: Plan, scope: Scope, order: Order, wanted: Wanted, left: Mapping[str, NDArray[np.uint64]]
) -> Part:
    """List all documents with what they are worth."""
    listed = SCORES if wanted.sort == "relevance" else DOCS
    found = planned.split.leaf.find(scope, order._replace(limit=0), listed) if planned.split else None
    found = found or _evaluated(planned, scope)
    worth = _worth(found, scope.segment, wanted)
    return Part(scope.segment, 0, NOTHING.docs, NOTHING.scores, found.all_docs, left, found.cut, worth)


def missed(segment: Segment) -> Part:
    """Return the part of a segment that the deadline left no time for."""
    found = NOTHING
    return Part(segment, 0, found.docs, found.scores, found.all_docs, {}, cut=True)


def _evaluated(planned: Plan, scope: Scope) -> Found:
    """Search by the tree, whatever it is: all of it, or nothing."""
    try:
        matches = evaluate(planned.tree, scope)
    except OutOfTime:
        return NOTHING._replace(cut=True)
    return Found(0, matches.docs, matches.scores, matches.docs, matches.scores)


def order_of(segment: Segment, wanted: Wanted, least: float) -> Order:
    """Return which documents of a segment are wanted, and in which order."""
    after = wanted.after
    ranks = segment.columns.ranks
    if after is None:
        return Order(wanted.limit, np.inf, 0, least, ranks)
    return Order(wanted.limit, -after.key, segment.rank_after(after.id), least, ranks)


def _find(planned: Plan, scope: Scope, order: Order, wanted: Wanted) -> Found | None:
    """Search by one leaf, where the plan is no more than that."""
    if planned.split is None:
        return None
    ranked = wanted.sort == "relevance"
    again = wanted.apart or wanted.recency is not None
    if again or not ranked:
        order = order._replace(limit=0)
    listed = (SCORES if ranked else DOCS) if again else DOCS if wanted.listed or not ranked else TOP
    return planned.split.leaf.find(scope, order, listed)


def _ordered(
    found: Found, segment: Segment, order: Order, wanted: Wanted, passing: NDArray[np.uint64]
) -> Found:
    """Return the best of all documents found."""
    worth = _worth(found, segment, wanted)
    return best(found.all_docs, worth, passing, order)._replace(cut=found.cut)


def _worth(found: Found, segment: Segment, wanted: Wanted) -> NDArray[np.float64]:
    """Return what all documents found are worth in the order that is wanted, float64[m]."""
    if wanted.sort != "relevance":
        return _by_date(found.all_docs, wanted.sort, segment)
    scores = found.all_scores
    return scores * wanted.recency.weights(segment, found.all_docs) if wanted.recency else scores


def _by_date(docs: NDArray[np.int32], sort: str, segment: Segment) -> NDArray[np.float64]:
    """Return what dates are worth, float64[m], more for what comes first: undated articles come last."""
    starts = segment.columns.starts[docs].astype(np.float64)
    return np.where(starts == 0, -np.inf, -starts if sort == "date" else starts)


class Again(NamedTuple):
    """That a score is of more than the first pass; ``neighbours``, with how near they are, are part of it."""

    neighbours: Callable[[], list[tuple[Ranked, float]]] | None = None


class Ranked(NamedTuple):
    """A document in the order of the answer; ``again``: how it was looked at again."""

    score: float
    segment: Segment
    doc: int
    again: Again | None = None

    @property
    def key(self) -> Key:
        """The hit's place in the order."""
        return (-self.score, self.id)

    @property
    def id(self) -> str:
        """The article's id."""
        return self.segment.columns.ids.text(self.doc)


def top(parts: Sequence[Part], limit: int) -> list[Ranked]:
    """Return the first ``limit`` documents of all segments."""
    found: list[Ranked] = []
    for part in parts:
        rows = zip(part.scores.tolist(), repeat(part.segment), part.docs.tolist(), repeat(None), strict=False)
        found += map(_RANKED, rows)
    return ordered(found, limit)[:limit] if len(parts) > 1 else found[:limit]


def ordered(found: list[Ranked], limit: int) -> list[Ranked]:
    """Return documents in their order, of which the first ``limit`` are wanted."""
    found.sort(key=_SCORE, reverse=True)
    if len(found) > limit and found[limit - 1].score > found[limit].score:
        found = found[:limit]
    if any(one.score == other.score for one, other in pairwise(found)):
        # Ids decide, and are read only where they do.
        several = Counter(map(_SCORE, found))
        found.sort(key=lambda one: (-one.score, one.id if several[one.score] > 1 else ""))
    return found


_SCORE = itemgetter(0)

_RANKED = partial(tuple.__new__, Ranked)
"""What ``Ranked._make`` does, without a call in Python for each of a page's hits."""


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """How facets are counted: how many values are listed, from which level on, with which filters."""

    size: int
    level: int
    multi: bool

    def without(self, field: str) -> str | None:
        """Return the filter that a facet's counts leave out: its own, where several may be selected."""
        return field if self.multi else None
