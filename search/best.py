"""The best of many: a short list that is always in order, and what may enter it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.compiled import kernel
from index.machine import count, lowest

if TYPE_CHECKING:
    from numpy.typing import NDArray


LAST = 2**31 - 1
"""Behind every rank."""


class Order(NamedTuple):
    """Which documents are wanted, and how they are ordered: by score, highest first, then by rank.

    ``limit`` of them; behind (``after``, ``rank``), as a page behind another; those that score below
    ``least`` need not be found.  ``ranks`` int32[n] are the places of the documents' ids.
    """

    limit: int
    after: float
    rank: int
    least: float
    ranks: NDArray[np.int32]


def anywhere(limit: int, ranks: NDArray[np.int32]) -> Order:
    """Return the order of a first page."""
    return Order(limit, np.inf, 0, -np.inf, ranks)


@kernel
def place(
    docs: NDArray[np.int32],
    scores: NDArray[np.float64],
    filled: int,
    doc: int,
    score: float,
    order: Order,
) -> int:
    """Put a document into its place among the first ``filled`` of the lists, and return how many there are.

    One that is not wanted changes nothing.
    """
    rank = order.ranks[doc]
    if score > order.after or (score == order.after and rank < order.rank):
        return filled
    at = filled
    if filled == order.limit:
        at -= 1
        if score < scores[at] or (score == scores[at] and rank > order.ranks[docs[at]]):
            return filled
    else:
        filled += 1
    while at > 0 and (
        scores[at - 1] < score or (scores[at - 1] == score and order.ranks[docs[at - 1]] > rank)
    ):
        scores[at] = scores[at - 1]
        docs[at] = docs[at - 1]
        at -= 1
    scores[at] = score
    docs[at] = doc
    return filled


@kernel
def best_of(
    docs: NDArray[np.int32], scores: NDArray[np.float64], passing: NDArray[np.uint64], order: Order
) -> tuple[int, NDArray[np.int32], NDArray[np.float64]]:
    """Return how many documents pass, and the best of them.

    ``docs`` int32[m] and their ``scores`` float64[m]; ``passing`` are bits (``index.codec.bits``).
    """
    top = np.empty(order.limit, np.int32)
    best = np.empty(order.limit, np.float64)
    filled = 0
    total = 0
    least = order.least
    last_rank = LAST
    for at in range(len(docs)):
        doc = docs[at]
        if len(passing) > 0 and not (passing[doc >> 6] >> np.uint64(doc & 63)) & np.uint64(1):
            continue
        total += 1
        score = scores[at]
        if order.limit > 0 and (score > least or (score == least and order.ranks[doc] < last_rank)):
            filled = place(top, best, filled, doc, score, order)
            if filled == order.limit:
                least = best[filled - 1]
                last_rank = order.ranks[top[filled - 1]]
    return total, top[:filled], best[:filled]


@kernel
def first_of(words: NDArray[np.uint64], order: Order) -> tuple[int, NDArray[np.int32]]:
    """Return how many documents a set has, and the first of them by rank, from ``order.rank`` on."""
    top = np.empty(order.limit, np.int32)
    filled = 0
    total = 0
    last = LAST
    for at in range(len(words)):
        word = words[at]
        total += count(word)
        if order.limit == 0:
            continue
        while word:
            doc = (at << 6) + lowest(word)
            word &= word - np.uint64(1)
            rank = order.ranks[doc]
            if rank >= last or rank < order.rank:
                continue
            place_ = filled - 1 if filled == order.limit else filled
            filled = place_ + 1
            while place_ > 0 and order.ranks[top[place_ - 1]] > rank:
                top[place_] = top[place_ - 1]
                place_ -= 1
            top[place_] = doc
            if filled == order.limit:
                last = order.ranks[top[filled - 1]]
    return total, top[:filled]
