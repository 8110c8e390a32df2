"""From matches to an answer: the best hits, and the counts of facets.

All of it works on one segment at a time and merges: a segment's matches are masks and scores,
its columns tell the rest.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from search.kernels import count_values
from search.results import Bucket, Facet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from index.codec.columns import ValueColumn
    from index.segment import Segment
    from search.evaluate import Matches
    from search.searcher import After
    from search.vocabulary import Spelled

Key = tuple[float, str]
"""A hit's place in the order: smaller comes first; the id breaks ties."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a segment has to offer.

    ``matches`` are the hits of the query alone; ``masks`` bool[n] say, for each filter, which
    documents pass it.
    """

    segment: Segment
    matches: Matches
    masks: Mapping[str, NDArray[np.bool_]]

    def docs(self, without: str | None = None) -> NDArray[np.int64]:
        """Return the matching documents that pass all filters, or all but one."""
        return self.matches.docs[self._passing(without)]

    def scored(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the matching documents that pass all filters, and their scores."""
        passing = self._passing(None)
        return self.matches.docs[passing], self.matches.scores[passing]

    def _passing(self, without: str | None) -> NDArray[np.bool_]:
        passing = np.ones(len(self.matches.docs), dtype=np.bool_)
        for field, mask in self.masks.items():
            if field != without:
                passing &= mask[self.matches.docs]
        return passing


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document in the order of the answer."""

    key: Key
    segment: Segment
    doc: int
    score: float


def top(selections: Iterable[Selection], sort: str, limit: int, after: After | None) -> list[Ranked]:
    """Return the first ``limit`` documents of an order, behind ``after``."""
    return heapq.nsmallest(
        limit,
        chain.from_iterable(_top(each, sort, limit, after) for each in selections),
        key=lambda hit: hit.key,
    )


def _top(selection: Selection, sort: str, limit: int, after: After | None) -> list[Ranked]:
    """Return the first documents of one segment: at most ``limit``, in no order."""
    segment = selection.segment
    docs, scores = selection.scored()
    keys = _keys(docs, scores, sort, segment)
    if after is not None:
        behind = (keys > after.key) | (
            (keys == after.key) & (segment.columns.ranks[docs] >= segment.rank_after(after.id))
        )
        docs, scores, keys = docs[behind], scores[behind], keys[behind]
    if len(docs) > limit:
        # The limit-th smallest key bounds the candidates; of those that tie with it, the ids decide.
        bound = np.partition(keys, limit - 1)[limit - 1]
        docs, scores, keys = docs[keys <= bound], scores[keys <= bound], keys[keys <= bound]
        order = np.lexsort((segment.columns.ranks[docs], keys))[:limit]
        docs, scores, keys = docs[order], scores[order], keys[order]
    ids = segment.columns.ids
    return [
        Ranked((key, ids[doc]), segment, doc, score)
        for doc, score, key in zip(docs.tolist(), scores.tolist(), keys.tolist(), strict=True)
    ]


def _keys(
    docs: NDArray[np.int64], scores: NDArray[np.float64], sort: str, segment: Segment
) -> NDArray[np.float64]:
    """Return sort keys, float64[m], smaller first: undated articles come last in either order of dates."""
    if sort == "relevance":
        return -scores
    starts = segment.columns.starts[docs].astype(np.float64)
    return np.where(starts == 0, np.inf, starts if sort == "date" else -starts)


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """How facets are counted: how many values are listed, from which level on, with which filters."""

    size: int
    level: int
    multi: bool

    def without(self, field: str) -> str | None:
        """Return the filter that a facet's counts leave out: its own, where several may be selected."""
        return field if self.multi else None


@dataclass(frozen=True, slots=True)
class Named:
    """The canonical names of a column: value ``v`` is called ``names[numbers[v]]``; int64, names sorted."""

    names: tuple[str, ...]
    numbers: NDArray[np.int64]


def named(column: ValueColumn, spelled: Spelled) -> Named:
    """Return the canonical names of a column's values."""
    canonical = [spelled.canonical(value) for value in column.values]
    names = tuple(sorted(set(canonical)))
    number = {name: index for index, name in enumerate(names)}
    return Named(names, np.array([number[name] for name in canonical], dtype=np.int64))


def values(
    field: str,
    selections: Sequence[Selection],
    naming: Callable[[Segment], Named],
    chosen: frozenset[str],
    request: FacetRequest,
) -> Facet:
    """Count the articles of each canonical value of a field; an article counts once for each."""
    counts: Counter[str] = Counter()
    missing = 0
    for selection in selections:
        docs = selection.docs(request.without(field))
        column = selection.segment.columns.values[field]
        called = naming(selection.segment)
        found, without = count_values(
            docs,
            column.starts,
            column.ordinals,
            column.levels,
            request.level,
            called.numbers,
            len(called.names),
        )
        counts.update({called.names[number]: int(found[number]) for number in np.flatnonzero(found).tolist()})
        missing += without
    listed = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[: request.size]
    shown = [value for value, _ in listed]
    listed += [(value, counts.get(value, 0)) for value in sorted(chosen) if value not in shown]
    other = counts.total() - sum(count for _, count in listed)
    return Facet(
        field,
        tuple(Bucket(value, count, value in chosen) for value, count in listed),
        other=other,
        missing=missing,
    )
