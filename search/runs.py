"""The best documents of one word, without reading runs of postings that cannot be among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.codec.kernels import IMPACT, LONG
from index.compiled import kernel
from index.machine import now
from search.best import LAST, place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.codec.postings import Lists
    from search.best import Order


@kernel
def best_of_word(
    lists: Lists,
    extent: NDArray[np.int64],
    weight: float,
    norms: NDArray[np.uint8],
    spread: NDArray[np.float64],
    own_spread: NDArray[np.float64],
    slack: float,
    passing: NDArray[np.uint64],
    order: Order,
    deadline: int,
) -> tuple[int, NDArray[np.int32], NDArray[np.float64], bool]:
    """Return how many documents of a term pass, and the best of them with their scores.

    Impacts were chosen with ``own_spread``, the spread under the segment's own average: no posting of
    a run scores more than ``slack`` times its impact (``search.statistics``).
    """
    start, count = extent[0], extent[1]
    chunk = extent[2]
    top = np.empty(order.limit, np.int32)
    best = np.empty(order.limit, np.float64)
    filled = 0
    least = order.least
    last_rank = LAST
    total = 0 if len(passing) > 0 else count
    impact = extent[5]
    cut = False
    for first in range(0, count, IMPACT):
        if deadline > 0 and first & 0xFFFF == 0 and now() > deadline:
            cut = True
            break
        last = min(first + IMPACT, count)
        scored = order.limit > 0
        if count > IMPACT and scored:
            code = lists.impacts[impact]
            impact += 1
            frequency = np.int64(code >> 8)
            # A capped frequency stands for any higher one.
            share = 1.0 if frequency == LONG else frequency / (frequency + own_spread[code & 255])
            scored = weight * min(share * slack, 1.0) >= least
        if not scored and len(passing) == 0:
            continue
        for posting in range(first, last):
            while posting >= lists.chunk_ends[chunk]:
                chunk += 1
            doc = (np.int64(lists.chunk_blocks[chunk]) << 16) + lists.low[start + posting]
            if len(passing) > 0:
                if not (passing[doc >> 6] >> np.uint64(doc & 63)) & np.uint64(1):
                    continue
                total += 1
            if not scored:
                continue
            frequency = np.int64(lists.tf[start + posting])
            if frequency == LONG:
                frequency = lists.long_tf[np.searchsorted(lists.long_at, start + posting)]
            score = weight * (frequency / (frequency + spread[norms[doc]]))
            if score > least or (score == least and order.ranks[doc] < last_rank):
                filled = place(top, best, filled, doc, score, order)
                if filled == order.limit:
                    least = best[filled - 1]
                    last_rank = order.ranks[top[filled - 1]]
    return total, top[:filled], best[:filled], cut
