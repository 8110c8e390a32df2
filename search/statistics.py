"""What scoring needs to know of a whole generation: document frequencies, averages, norms.

All of it counts live documents, so that a score does not depend on what was deleted or merged
when.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec.norms import LENGTHS
from index.generation import Generation
from index.quoted import QuotesIndex
from search import bm25

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from numpy.typing import NDArray

    from index.codec.quotes import Quotes
    from index.segment import Segment


_ROUNDING = 1e-9
"""More than the arithmetic of a score can be off."""


_REMEMBERED = 2048
"""Parts of queries that are kept ready for a segment: 1 KB each."""


class Statistics:
    """Cached for a generation and shared by threads: a race computes the same number twice."""

    def __init__(self, index: Generation | QuotesIndex) -> None:
        self.index = index
        self._frequencies: dict[tuple[str, tuple[str, ...]], int] = {}
        self._norms: dict[tuple[str, str], NDArray[np.float64]] = {}
        self._spreads: dict[str, NDArray[np.float64]] = {}
        self._impacts: dict[tuple[str, str], tuple[NDArray[np.float64], float]] = {}
        self._prepared: dict[tuple[str, object], tuple[Any, ...] | None] = {}
        self.averages = index.averages
        self.language = index.language
        self.segments = index.segments

    @cached_property
    def quotes(self) -> Statistics:
        """The statistics of what was said in the articles of a generation."""
        assert isinstance(self.index, Generation)
        return Statistics(QuotesIndex(self.index))

    def quotes_of(self, segment: Segment) -> tuple[Quotes, Statistics]:
        """Return what was said in the articles of a segment, and the statistics of all that was said."""
        index = self.quotes.index
        assert isinstance(index, QuotesIndex)
        return index.segments[self.segments.index(segment)], self.quotes

    def idf(self, field: str, terms: tuple[str, ...]) -> float:
        """Return the idf of a term, or of several that count as one."""
        return bm25.idf(self.index.documents, self.frequency(field, terms))

    def frequency(self, field: str, terms: tuple[str, ...]) -> int:
        """Return how many live documents have one of some terms."""
        frequency = self._frequencies.get((field, terms))
        if frequency is None:
            frequency = sum(_count(segment, field, terms) for segment in self.index.segments)
            self._frequencies[field, terms] = frequency
        return frequency

    def prepared(
        self,
        segment: Segment,
        key: Hashable,
        prepare: Callable[[Segment, Statistics], tuple[Any, ...] | None],
    ) -> tuple[Any, ...] | None:
        """Return what ``prepare`` makes of a segment, made once for equal keys."""
        place = (segment.name, key)
        try:
            return self._prepared[place]
        except KeyError:
            if len(self._prepared) >= _REMEMBERED:
                self._prepared.clear()
            found = self._prepared[place] = prepare(segment, self)
            return found

    def spread(self, field: str) -> NDArray[np.float64]:
        """Return what a frequency is weighed against in a document, by its norm: float64[256]."""
        spread = self._spreads.get(field)
        if spread is None:
            spread = self._spreads[field] = bm25.spread(LENGTHS, self.averages[field])
        return spread

    def impacts(self, segment: Segment, field: str) -> tuple[NDArray[np.float64], float]:
        """Return the spread that a segment's impacts were chosen with, and how far they may be off.

        Under another average a run's best score is at most so many times that of its impact: the
        spread of no length shrinks by more than the ratio of the averages.
        """
        known = self._impacts.get((segment.name, field))
        if known is None:
            own = segment.file.average(field)
            slack = max(1.0, self.averages[field] / own) * (1 + _ROUNDING)
            known = self._impacts[segment.name, field] = (bm25.spread(LENGTHS, own), slack)
        return known

    def norms(self, segment: Segment, field: str) -> NDArray[np.float64]:
        """Return the rounded lengths of a field for all documents of a segment: float64[n]."""
        norms = self._norms.get((segment.name, field))
        if norms is None:
            norms = self._norms[segment.name, field] = LENGTHS[segment.columns.norms[field]]
        return norms


def _count(segment: Segment, field: str, terms: tuple[str, ...]) -> int:
    """Return how many live documents of a segment have one of the terms."""
    if len(terms) == 1:
        return segment.frequency(field, terms[0])
    docs = [segment.postings(field, term).docs for term in terms]
    return len(np.unique(np.concatenate(docs)))
