"""Whoosh's own matchers over a segment, for nodes that the arrays do not know.

The scorer is the same formula as on arrays, so that a score does not depend on who computed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.scoring import BaseScorer, WeightingModel
from whoosh.searching import Searcher

from index.codec.reader import ArrayReader
from search import bm25

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from whoosh import query

    from index.segment import Segment
    from search.statistics import Statistics


def drain(
    node: query.Query, segment: Segment, statistics: Statistics
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the documents that a node matches, ascending, and their scores."""
    reader = ArrayReader(segment, statistics.language)
    searcher = Searcher(reader, weighting=_Weighting(segment, statistics))
    matcher = node.matcher(searcher, searcher.context())
    docs, scores = [], []
    while matcher.is_active():
        docs.append(matcher.id())
        scores.append(matcher.score())
        matcher.next()
    return np.array(docs, dtype=np.int64), np.array(scores, dtype=np.float64)


class _Weighting(WeightingModel):  # type: ignore[misc]
    def __init__(self, segment: Segment, statistics: Statistics) -> None:
        self._segment = segment
        self._statistics = statistics

    def scorer(self, searcher: Any, fieldname: str, text: bytes | str, qf: float = 1) -> BaseScorer:  # noqa: ARG002 - Whoosh's signature
        if fieldname not in self._statistics.averages:
            return _Constant()
        term = text.decode("utf-8") if isinstance(text, bytes) else text
        weight = self._statistics.idf(fieldname, (term,))
        return _Scorer(
            self._statistics.norms(self._segment, fieldname), self._statistics.averages[fieldname], weight
        )


class _Scorer(BaseScorer):  # type: ignore[misc]
    def __init__(self, norms: NDArray[np.float64], average: float, weight: float) -> None:
        self._norms = norms
        self._average = average
        self._weight = weight

    def score(self, matcher: Any) -> float:
        tf = np.array([matcher.weight()])
        return float(bm25.score(tf, self._norms[matcher.id()], self._average, self._weight)[0])


class _Constant(BaseScorer):  # type: ignore[misc]
    """Fields without lengths are not ranked by frequency: a match is worth 1."""

    def score(self, matcher: Any) -> float:  # noqa: ARG002 - Whoosh's signature
        return 1.0
