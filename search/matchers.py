"""Whoosh's own matchers over a segment, for nodes that the arrays do not know.

The scorer is the same formula as on arrays, so that a score does not depend on who computed it;
nodes that Whoosh answers wrongly are put right first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.scoring import BaseScorer, WeightingModel
from whoosh.searching import Searcher

from index.codec.reader import ArrayReader
from search import bm25
from search.deadline import watched
from search.stock import rightly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from whoosh import query
    from whoosh.matching import Matcher

    from index.segment import Segment
    from search.statistics import Statistics


def drain(
    node: query.Query, segment: Segment, statistics: Statistics, deadline: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the documents that a node matches, ascending, and their scores; raise OutOfTime."""
    matcher = _Leaf(segment, statistics).matcher(rightly(node))
    found = list(watched(_postings(matcher), deadline))
    docs, scores = [doc for doc, _ in found], [score for _, score in found]
    return np.array(docs, dtype=np.int64), np.array(scores, dtype=np.float64)


def _postings(matcher: Matcher) -> Iterator[tuple[int, float]]:
    while matcher.is_active():
        yield matcher.id(), matcher.score()
        matcher.next()


class _Leaf(Searcher):  # type: ignore[misc]
    """Searches one segment, and knows that there are others."""

    def __init__(self, segment: Segment, statistics: Statistics) -> None:
        super().__init__(ArrayReader(segment, statistics.language), weighting=Ranking(statistics))
        self.statistics = statistics

    def matcher(self, node: query.Query) -> Matcher:
        return node.matcher(self, self.context())

    def matches_anywhere(self, node: query.Query) -> bool:
        """Return whether a node matches in any segment of the generation."""
        leaves = (_Leaf(segment, self.statistics) for segment in self.statistics.segments)
        return any(leaf.matcher(node).is_active() for leaf in leaves)


class Ranking(WeightingModel):  # type: ignore[misc]
    """The ranking of ``search`` for Whoosh's searchers: ``open_index(path).searcher(weighting=…)``.

    It is of one generation, as its statistics are.
    """

    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics

    def scorer(self, searcher: Any, fieldname: str, text: bytes | str, qf: float = 1) -> BaseScorer:  # noqa: ARG002 - Whoosh's signature
        """Return what scores the postings of a term in a searcher's segment."""
        reader = searcher.reader()
        if fieldname not in self._statistics.averages or not isinstance(reader, ArrayReader):
            return _Constant()
        term = text.decode("utf-8") if isinstance(text, bytes) else text
        weight = self._statistics.idf(fieldname, (term,))
        norms = self._statistics.norms(reader.segment, fieldname)
        return _Scorer(norms, self._statistics.averages[fieldname], weight)


class _Scorer(BaseScorer):  # type: ignore[misc]
    def __init__(self, norms: NDArray[np.float64], average: float, weight: float) -> None:
        self._norms = norms
        self._average = average
        self._weight = weight

    def score(self, matcher: Any) -> float:
        tf = np.array([matcher.weight()])
        return float(bm25.score(tf, self._norms[matcher.id()], self._average, self._weight)[0])


class _Constant(BaseScorer):  # type: ignore[misc]
    """A match is worth 1 where frequencies say nothing: in fields without lengths.

    Whoosh also asks for a scorer of all segments together, and does not use it.
    """

    def score(self, matcher: Any) -> float:  # noqa: ARG002 - Whoosh's signature
        return 1.0
