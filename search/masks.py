"""What filters match, kept as bits: a filter is evaluated once a segment, whatever the query beside it.

A segment never changes, so what is kept outlives generations; deleted documents are left out by who
asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh import query

from index.codec import bits
from search import nodes
from search.evaluate import evaluate
from search.leaves import Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.segment import Segment
    from search.statistics import Statistics

MOST_BYTES = 16 << 20
"""Bytes that are kept: 130 filters of a million articles, thousands of a hundred thousand."""

_KEPT = (nodes.Values, nodes.Dates, nodes.Present)


class Masks:
    """Shared by threads: a race evaluates the same filter twice."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, query.Query], NDArray[np.uint64]] = {}
        self._bytes = 0

    def of(self, node: query.Query, segment: Segment, statistics: Statistics) -> NDArray[np.uint64]:
        """Return the documents of a segment that a filter lets pass, as bits; deleted ones may be there."""
        if isinstance(node, query.And):
            found = bits.ALL
            for clause in node.subqueries:
                found = bits.both(found, self.of(clause, segment, statistics))
            return found
        if isinstance(node, query.Not):
            return bits.others(self.of(node.query, segment, statistics), segment.size)
        key = (segment.name, node)
        known = self._known.get(key) if isinstance(node, _KEPT) else None
        if known is None:
            everything = Scope(segment, statistics, bits.ALL)
            known = bits.of_docs(evaluate(node, everything).docs, segment.size)
            if isinstance(node, _KEPT):
                self._keep(key, known)
        return known

    def _keep(self, key: tuple[str, query.Query], found: NDArray[np.uint64]) -> None:
        if self._bytes + found.nbytes > MOST_BYTES:
            self._known, self._bytes = {}, 0
        self._known[key] = found
        self._bytes += found.nbytes
