"""What scoring needs to know of a whole generation: document frequencies, averages, norms.

All of it counts live documents, so that a score does not depend on what was deleted or merged
when.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from index.codec.kernels import LONG
from index.codec.norms import LENGTHS
from index.compiled import kernel
from index.generation import Generation
from index.quoted import QuotesIndex
from search import bm25

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from numpy.typing import NDArray

    from index.codec.postings import Extent, Lists
    from index.codec.quotes import Quotes
    from index.segment import Segment


_ROUNDING = 1e-9
"""More than the arithmetic of a score can be off."""


_REMEMBERED = 2048
"""Parts of queries that are kept ready for a segment: 1 KB each."""


class Counts(NamedTuple):
    """How many live documents have a term, and the sum of its weighted frequencies in them."""

    documents: int
    occurrences: int


class Statistics:
    """Cached for a generation and shared by threads: a race computes the same number twice."""

    def __init__(self, index: Generation | QuotesIndex) -> None:
        self.index = index
        self._counts: dict[tuple[str, tuple[str, ...]], Counts] = {}
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
        return bm25.idf(self.index.documents, *self.counts(field, terms))

    def counts(self, field: str, terms: tuple[str, ...]) -> Counts:
        """Return how many live documents have one of some terms, and how often."""
        counts = self._counts.get((field, terms))
        if counts is None:
            found = [_count(segment, field, terms) for segment in self.index.segments]
            counts = Counts(sum(each.documents for each in found), sum(each.occurrences for each in found))
            self._counts[field, terms] = counts
        return counts

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


def _count(segment: Segment, field: str, terms: tuple[str, ...]) -> Counts:
    """Return how many live documents of a segment have one of the terms, and how often."""
    if len(terms) == 1 and field in segment.file.words and segment.documents == segment.size:
        words = segment.file.words[field]
        extent = words.find(terms[0])
        return Counts(extent.documents, occurrences(words.lists, extent)) if extent else Counts(0, 0)
    found = [segment.postings(field, term) for term in terms]
    documents = (
        len(found[0].docs)
        if len(found) == 1
        else len(np.unique(np.concatenate([each.docs for each in found])))
    )
    return Counts(documents, int(sum(each.weights.sum() for each in found)))


@kernel
def occurrences(lists: Lists, extent: Extent) -> int:
    """Return the sum of the weighted frequencies of a term."""
    start, end = extent.start, extent.start + extent.documents
    total = 0
    for posting in range(start, end):
        total += int(lists.tf[posting])
    first, last = np.searchsorted(lists.long_at, start), np.searchsorted(lists.long_at, end)
    for at in range(first, last):
        total += int(lists.long_tf[at]) - LONG
    return total
