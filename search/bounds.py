"""The best documents of several words: all are counted, those alone scored that may be among the best.

Window by window the documents of each word become bits, which is enough to count those that have any,
or all, of the words.  What a word can add to a score in a window is bounded by the impacts of its runs
there; a document is scored when the bounds of the words that it has reach the last of the best.

Source: the idea of MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995)
with the block maxima of Ding and Suel ("Faster top-k document retrieval using block-max indexes", 2011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.codec.kernels import IMPACT, LONG
from index.compiled import kernel
from index.machine import count, lowest, now
from search.best import LAST, place
from search.windows import WINDOW

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.codec.postings import Lists
    from search.best import Order

MOST = 6
"""Words: of so many, 64 combinations are looked at in each window."""

_WORDS = WINDOW // 64
_NEVER = 1 << 62


@kernel
def _leap(low: NDArray[np.uint16], at: int, end: int, target: int) -> int:
    """Return the first place from ``at`` to ``end`` whose number is not below ``target``."""
    step = 1
    while at + step < end and low[at + step] < target:
        at += step
        step *= 2
    beyond = min(at + step, end)
    while at < beyond:
        middle = (at + beyond) >> 1
        if low[middle] < target:
            at = middle + 1
        else:
            beyond = middle
    return at


@kernel
def best_of_words(
    lists: Lists,
    extents: NDArray[np.int64],
    weights: NDArray[np.float64],
    every: bool,
    norms: NDArray[np.uint8],
    spread: NDArray[np.float64],
    own_spread: NDArray[np.float64],
    slack: float,
    passing: NDArray[np.uint64],
    order: Order,
    wanted: int,
    deadline: int,
) -> tuple[int, NDArray[np.int32], NDArray[np.float64], NDArray[np.int32], bool]:
    """Find the best documents that have any of some terms, or ``every`` one.

    Impacts were chosen with ``own_spread``, the spread under the segment's own average: no posting of
    a run scores more than ``slack`` times its impact.  Returns how many documents pass, the best of
    them and their scores; with ``wanted`` all documents; and whether the deadline cut it short.
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
    sets = np.zeros((terms, _WORDS), np.uint64)
    postings = np.empty((terms, _WORDS), np.int64)
    bounds = np.empty(terms, np.float64)
    enough = np.empty(1 << terms, np.int64)
    out_docs = np.empty(min(most, len(norms)) if wanted > 0 else 0, np.int32)
    top = np.empty(order.limit, np.int32)
    best = np.empty(order.limit, np.float64)
    filled = 0
    least = order.least
    last_rank = LAST
    total = 0
    one, six, bit_of = np.uint64(1), np.uintp(6), np.uintp(63)
    cut = False
    while True:
        start = following.max() if every else following.min()
        if start >= _NEVER:
            break
        if deadline > 0 and now() > deadline:
            cut = True
            break
        start -= start % WINDOW
        met = True
        for term in range(terms):
            # Documents before the window are passed over: with ``every`` another word lacks them.
            while following[term] < start:
                last = end[term]
                posting = at[term]
                if base[term] + 65536 <= start:
                    posting = last
                else:
                    posting = _leap(lists.low, posting, last, start - base[term])
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
            if following[term] >= start + WINDOW:
                met = False
                if every:
                    break
        if every and not met:
            continue
        # Which words of the window have a document: of any term, and of those that count.
        marked = np.uint64(0)
        shared = ~np.uint64(0) if every else np.uint64(0)
        for term in range(terms):
            bounds[term] = 0.0
            if following[term] >= start + WINDOW:
                continue
            shift = base[term] - start
            stop = _leap(lists.low, at[term], end[term], WINDOW - shift)
            # Without branches: whether the next document is in the same word cannot be foreseen.
            row, row_postings = sets[term], postings[term]
            held = np.uint64(0)
            held_at = np.uintp(_WORDS)
            first = np.uintp(0)
            own_words = np.uint64(0)
            for posting in range(np.uintp(at[term]), np.uintp(stop)):
                here = np.uintp(lists.low[posting] + shift)
                number = here >> six
                same = number == held_at
                held = (held if same else np.uint64(0)) | (one << (here & bit_of))
                first = first if same else posting
                held_at = number
                row[number] = held
                row_postings[number] = first
                own_words |= one << number
            shared = shared & own_words if every else shared | own_words
            marked |= own_words
            begun = at[term]
            at[term] = stop
            if stop < end[term]:
                following[term] = base[term] + lists.low[stop]
            elif chunk[term] + 1 < extents[term, 3]:
                chunk[term] += 1
                end[term] = extents[term, 0] + lists.chunk_ends[chunk[term]]
                base[term] = np.int64(lists.chunk_blocks[chunk[term]]) << 16
                following[term] = base[term] + lists.low[stop]
            else:
                following[term] = _NEVER
            share = 1.0
            if extents[term, 1] > IMPACT:
                share = 0.0
                first_run = (begun - extents[term, 0]) // IMPACT
                last_run = (at[term] - 1 - extents[term, 0]) // IMPACT
                for run in range(first_run, last_run + 1):
                    code = lists.impacts[extents[term, 5] + run]
                    tf = np.int64(code >> 8)
                    # A capped frequency stands for any higher one.
                    share = max(share, 1.0 if tf == LONG else tf / (tf + own_spread[code & 255]))
            bounds[term] = weights[term] * min(share * slack, 1.0)
        combinations = 0
        for chosen in range(1 << terms) if not every else range((1 << terms) - 1, 1 << terms):
            reach = 0.0
            minimal = chosen > 0
            for term in range(terms):
                if (chosen >> term) & 1:
                    reach += bounds[term]
            if not minimal or reach < least or order.limit == 0:
                continue
            for known in range(combinations):
                if enough[known] & chosen == enough[known]:
                    minimal = False
            if minimal:
                enough[combinations] = chosen
                combinations += 1
        while marked:
            word = lowest(marked)
            marked &= marked - one
            found = np.uint64(0)
            if (shared >> np.uint64(word)) & one:
                found = sets[0, word]
                for term in range(1, terms):
                    found = found & sets[term, word] if every else found | sets[term, word]
            if found and len(passing) > 0:
                found &= passing[(start >> 6) + word]
            if found:
                if wanted > 0:
                    bits = found
                    number_ = total
                    while bits:
                        out_docs[number_] = start + (word << 6) + lowest(bits)
                        number_ += 1
                        bits &= bits - one
                total += count(found)
                bits = np.uint64(0)
                for combination in range(combinations):
                    both = found
                    for term in range(terms):
                        if (enough[combination] >> term) & 1:
                            both &= sets[term, word]
                    bits |= both
                while bits:
                    bit = np.uint64(lowest(bits))
                    bits &= bits - one
                    doc = start + (word << 6) + np.int64(bit)
                    norm = spread[norms[doc]]
                    score = 0.0
                    for term in range(terms):
                        own = sets[term, word]
                        if (own >> bit) & one:
                            posting_ = postings[term, word] + count(own & ((one << bit) - one))
                            tf = np.int64(lists.tf[posting_])
                            if tf == LONG:
                                tf = lists.long_tf[np.searchsorted(lists.long_at, posting_)]
                            score += weights[term] * (tf / (tf + norm))
                    if score > least or (score == least and order.ranks[doc] < last_rank):
                        filled = place(top, best, filled, doc, score, order)
                        if filled == order.limit:
                            least = best[filled - 1]
                            last_rank = order.ranks[top[filled - 1]]
            for term in range(terms):
                sets[term, word] = 0
    return total, top[:filled], best[:filled], out_docs[: total if wanted > 0 else 0], cut
