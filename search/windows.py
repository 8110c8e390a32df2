"""Any of some words: documents are scored window by window, with the sums of a window in the cache.

Source: the bulk scorer of ORs in Lucene (``BooleanScorer``), which scores windows of 2,048 documents
one clause after the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.codec.kernels import LONG
from index.compiled import kernel
from index.machine import lowest, now
from search.best import LAST, place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.codec.postings import Lists
    from search.best import Order

WINDOW = 4096
"""Documents of a window: their sums take 32 KB, the first cache of a core. Divides a block of 65,536."""

_WORDS = WINDOW // 64
_NEVER = 1 << 62


@kernel
def any_of(
    lists: Lists,
    extents: NDArray[np.int64],
    groups: NDArray[np.int64],
    weights: NDArray[np.float64],
    needed: int,
    norms: NDArray[np.uint8],
    spread: NDArray[np.float64],
    passing: NDArray[np.uint64],
    order: Order,
    wanted: int,
    deadline: int,
) -> tuple[int, NDArray[np.int32], NDArray[np.float64], NDArray[np.int32], NDArray[np.float64], bool]:
    """Score the documents that have at least ``needed`` of some groups of words.

    Group g is the terms ``extents[groups[g]:groups[g + 1]]`` (see ``Extent``), whose frequencies are
    added; it scores ``weights[g] · tf / (tf + spread[norm])``.  Returns how many documents pass, the
    best of them and their scores; with ``wanted`` 1 all documents, with 2 their scores as well; and
    whether the deadline (0: none) cut it short.

    Places in a window are unsigned, which spares a test for negative ones at every access, and bits
    are gathered in a register: together 1.7 times as fast on three common words.
    """
    terms = len(extents)
    chunk = extents[:, 2].copy()
    at = extents[:, 0].copy()
    end = np.empty(terms, np.int64)
    base = np.empty(terms, np.int64)
    following = np.empty(terms, np.int64)
    most = 0
    for term in range(terms):
        end[term] = extents[term, 0] + lists.chunk_ends[chunk[term]]
        base[term] = np.int64(lists.chunk_blocks[chunk[term]]) << 16
        following[term] = base[term] + lists.low[at[term]]
        most += extents[term, 1]
    sums = np.zeros(WINDOW, np.float64)
    counts = np.zeros(WINDOW if needed > 1 else 0, np.int32)
    tf = np.zeros(WINDOW if terms > len(weights) else 0, np.int64)
    touched = np.zeros(_WORDS, np.uint64)
    of_group = np.zeros(_WORDS, np.uint64)
    out_docs = np.empty(min(most, len(norms)) if wanted > 0 else 0, np.int32)
    out_scores = np.empty(len(out_docs) if wanted > 1 else 0, np.float64)
    top = np.empty(order.limit, np.int32)
    best = np.empty(order.limit, np.float64)
    filled = 0
    least = order.least
    last_rank = LAST
    total = 0
    one, six, bit_of = np.uint64(1), np.uintp(6), np.uintp(63)
    cut = False
    while True:
        start = following.min()
        if start >= _NEVER:
            break
        if deadline > 0 and now() > deadline:
            cut = True
            break
        start -= start % WINDOW
        first = np.uintp(start)
        for group in range(len(weights)):
            weight = weights[group]
            single = groups[group + 1] == groups[group] + 1
            for term in range(groups[group], groups[group + 1]):
                if following[term] >= start + WINDOW:
                    continue
                shift = base[term] - start
                beyond = WINDOW - shift  # the first low number behind the window
                posting = np.uintp(at[term])
                last = np.uintp(end[term])
                held = np.uint64(0)
                held_at = np.uintp(0)
                while posting < last and lists.low[posting] < beyond:
                    here = np.uintp(lists.low[posting] + shift)
                    frequency = np.int64(lists.tf[posting])
                    if frequency == LONG:
                        frequency = lists.long_tf[np.searchsorted(lists.long_at, posting)]
                    if single:
                        sums[here] += weight * (frequency / (frequency + spread[norms[first + here]]))
                        number = here >> six
                        if number != held_at:
                            touched[held_at] |= held
                            held = np.uint64(0)
                            held_at = number
                        held |= one << (here & bit_of)
                        if needed > 1:
                            counts[here] += 1
                    else:
                        tf[here] += frequency
                        of_group[here >> six] |= one << (here & bit_of)
                    posting += np.uintp(1)
                touched[held_at] |= held
                at[term] = posting
                if posting < last:
                    following[term] = base[term] + lists.low[posting]
                elif chunk[term] + 1 < extents[term, 3]:
                    chunk[term] += 1
                    end[term] = extents[term, 0] + lists.chunk_ends[chunk[term]]
                    base[term] = np.int64(lists.chunk_blocks[chunk[term]]) << 16
                    following[term] = base[term] + lists.low[posting]
                else:
                    following[term] = _NEVER
            if single:
                continue
            for word in range(_WORDS):
                bits = of_group[word]
                of_group[word] = 0
                touched[word] |= bits
                while bits:
                    here = np.uintp((word << 6) + lowest(bits))
                    bits &= bits - one
                    sums[here] += weight * (tf[here] / (tf[here] + spread[norms[first + here]]))
                    tf[here] = 0
                    if needed > 1:
                        counts[here] += 1
        for word in range(_WORDS):
            bits = touched[word]
            if not bits:
                continue
            touched[word] = 0
            allowed = passing[(start >> 6) + word] if len(passing) > 0 else ~np.uint64(0)
            while bits:
                bit = lowest(bits)
                bits &= bits - one
                here = np.uintp((word << 6) + bit)
                score = sums[here]
                sums[here] = 0.0
                if needed > 1:
                    enough = counts[here] >= needed
                    counts[here] = 0
                    if not enough:
                        continue
                if not (allowed >> np.uint64(bit)) & one:
                    continue
                doc = start + np.int64(here)
                if wanted > 0:
                    out_docs[total] = doc
                    if wanted > 1:
                        out_scores[total] = score
                total += 1
                if order.limit > 0 and (score > least or (score == least and order.ranks[doc] < last_rank)):
                    filled = place(top, best, filled, doc, score, order)
                    if filled == order.limit:
                        least = best[filled - 1]
                        last_rank = order.ranks[top[filled - 1]]
    return (
        total,
        top[:filled],
        best[:filled],
        out_docs[: total if wanted > 0 else 0],
        out_scores[: total if wanted > 1 else 0],
        cut,
    )
