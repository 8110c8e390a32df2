"""Near documents vouch for each other: what the best of a search have in common is what it is about.

A long question has words that say little of what is asked, and a document may lack those that say most.
What it is about shows in its neighbours: each of the best ``POOL`` gains ``SHARE`` of the mean score of its
``NEAREST`` nearest among them, the nearer the more.

Two documents are as near as the cosine of their terms, a term of tf in the document and df of the n in the
pool weighing (1 + ln tf) · (1 + ln(1 + (n - df + ½) / (df + ½))): what tells those apart that were found,
whatever the archive is about.

Source: Diaz, "Regularizing ad hoc retrieval scores", CIKM 2005; Kurland and Lee, "Corpus structure, language
models, and ad hoc information retrieval", SIGIR 2004.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.compiled import kernel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from search.vectors import Terms

POOL = 100
"""Documents among which neighbours are looked for: with 50 the mean nDCG@10 of four judged collections is
1 % less."""

NEAREST = 10
"""Neighbours that count: with 5 or 15 the gain on the same collections is half."""

SHARE = 2 / 3
"""What the mean of the neighbours' scores is worth; with three sevenths they gain .6 % less."""

_EXACT = 1e9
"""What is as near but for the rounding of floats is equally near."""


class Circle(NamedTuple):
    """Who is near whom among n documents, the nearest first.

    ``nearest`` int64[n, k] are places among them, -1 where no more have a term in common; ``near``
    float64[n, k] how near they are.
    """

    nearest: NDArray[np.int64]
    near: NDArray[np.float64]

    def of(self, place: int) -> Iterator[tuple[int, float]]:
        """Yield the neighbours of a document, with how near they are."""
        for other, near in zip(self.nearest[place].tolist(), self.near[place].tolist(), strict=True):
            if other >= 0:
                yield other, near

    def gains(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what documents with some scores, float64[n], gain by their neighbours: float64[n]."""
        total = self.near.sum(axis=1)
        means = (self.near * scores[self.nearest]).sum(axis=1) / np.where(total > 0, total, 1.0)
        gained: NDArray[np.float64] = SHARE * means
        return gained


def circle(documents: Sequence[Terms]) -> Circle:
    """Return who is near whom."""
    starts = np.zeros(len(documents) + 1, dtype=np.int64)
    np.cumsum([len(each.numbers) for each in documents], out=starts[1:])
    terms = np.concatenate([each.numbers for each in documents])
    counts = np.concatenate([each.counts for each in documents])
    cosines = _cosines(starts, terms, counts)
    return Circle(*_nearest(cosines, min(NEAREST, len(documents) - 1)))


@kernel
def _cosines(
    starts: NDArray[np.int64], terms: NDArray[np.int32], counts: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Return how near any two documents are, float64[n, n], the place of the former first: 0 below."""
    size = len(starts) - 1
    # The documents of each term, one term behind the other.
    having = np.bincount(terms)
    begins = np.zeros(len(having) + 1, dtype=np.int64)
    begins[1:] = np.cumsum(having)
    docs = np.empty(len(terms), dtype=np.int32)
    weights = np.empty(len(terms), dtype=np.float64)
    norms = np.zeros(size, dtype=np.float64)
    ends = begins.copy()
    for doc in range(size):
        for at in range(starts[doc], starts[doc + 1]):
            term = terms[at]
            rare = 1 + math.log(1 + (size - having[term] + 0.5) / (having[term] + 0.5))
            weight = (1 + math.log(counts[at])) * rare
            docs[ends[term]] = doc
            weights[ends[term]] = weight
            ends[term] += 1
            norms[doc] += weight * weight
    cosines = np.zeros((size, size), dtype=np.float64)
    for term in range(len(begins) - 1):
        for one in range(begins[term], begins[term + 1]):
            for other in range(one + 1, begins[term + 1]):
                cosines[docs[one], docs[other]] += weights[one] * weights[other]
    for one in range(size):
        for other in range(one + 1, size):
            if cosines[one, other] > 0:
                cosine = cosines[one, other] / math.sqrt(norms[one] * norms[other])
                cosines[one, other] = round(cosine * _EXACT) / _EXACT
    return cosines


@kernel
def _nearest(cosines: NDArray[np.float64], most: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the nearest of each document, of equals the former, and how near they are."""
    size = len(cosines)
    nearest = np.full((size, most), -1, dtype=np.int64)
    near = np.zeros((size, most), dtype=np.float64)
    for one in range(size):
        for other in range(size):
            cosine = cosines[min(one, other), max(one, other)]
            if one == other or cosine <= 0:
                continue
            place = most
            while place > 0 and near[one, place - 1] < cosine:
                if place < most:
                    near[one, place] = near[one, place - 1]
                    nearest[one, place] = nearest[one, place - 1]
                place -= 1
            if place < most:
                near[one, place] = cosine
                nearest[one, place] = other
    return nearest, near
