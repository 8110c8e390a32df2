"""What scoring needs to know of a whole generation: document frequencies, averages, norms.

All of it counts live documents, so that a score does not depend on what was deleted or merged
when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.codec.norms import LENGTHS
from search import bm25

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.generation import Generation
    from index.segment import Segment


class Statistics:
    """Cached for a generation and shared by threads: a race computes the same number twice."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._frequencies: dict[tuple[str, tuple[str, ...]], int] = {}
        self._norms: dict[tuple[str, str], NDArray[np.float64]] = {}
        self.averages = generation.averages
        self.language = generation.language

    def idf(self, field: str, terms: tuple[str, ...]) -> float:
        """Return the idf of a term, or of several that count as one."""
        frequency = self._frequencies.get((field, terms))
        if frequency is None:
            frequency = sum(_count(segment, field, terms) for segment in self._generation.segments)
            self._frequencies[field, terms] = frequency
        return bm25.idf(self._generation.documents, frequency)

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
