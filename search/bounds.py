"""The best documents of several words: all are counted, those alone scored that may be among the best.

Span by span each word marks its documents, a byte each, which is enough to count those that have any,
or all, of the words.  What a word can add to a score in a span is bounded by the impacts of its runs
there; a document is scored when the bounds of the words that it has reach the last of the best.

Source: the idea of MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995)
with the block maxima of Ding and Suel ("Faster top-k document retrieval using block-max indexes", 2011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.codec.kernels import IMPACT, LONG
from index.compiled import kernel
from index.machine import count, having, lowest, now
from search.best import LAST, place
from search.leap import leap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.codec.postings import Lists
    from search.best import Order

MOST = 6
"""Words: of so many, 64 combinations are looked at in each span."""

_ANY = 128
"""The bit of a mark that says that a document has any of the words; the lower ones say which."""

_SPAN = 16384
"""Documents that are marked before they are looked at: half of a core's first cache. Divides a block of
65,536; spans of 4,096 took 1.4 times as long on a million passages, others up to 65,536 much the same."""

_WORDS = _SPAN // 64
_NEVER = 1 << 62


@kernel
def _mark(
    low: NDArray[np.uint16], first: int, last: int, shift: int, marks: NDArray[np.uint8], mark: int
) -> None:
    """Set the bits of a mark for the documents of some postings."""
    for posting in range(np.uintp(first), np.uintp(last)):
        marks[np.uintp(low[posting] + shift)] |= mark


@kernel
def _sure(
    lists: Lists, extent: NDArray[np.int64], weight: float, spread: NDArray[np.float64], limit: int
) -> float:
    """Return a score that as many documents of a term reach as are wanted: the best of its runs."""
    best = np.full(limit, -np.inf)
    if limit == 0 or extent[1] <= IMPACT:
        return -np.inf
    for run in range((extent[1] + IMPACT - 1) // IMPACT):
        code = lists.impacts[extent[5] + run]
        tf = np.int64(code >> 8)
        score = weight * (tf / (tf + spread[code & 255]))
        at = limit - 1
        if score <= best[at]:
            continue
        while at > 0 and best[at - 1] < score:
            best[at] = best[at - 1]
            at -= 1
        best[at] = score
    return best[-1]  # type: ignore[no-any-return]  # a float64


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
    marks = np.zeros(_SPAN, np.uint8)
    found = np.empty(_WORDS, np.uint64)
    # Each word's postings in the span: those from ``begun`` on may be of documents to come.
    begun = np.empty(terms, np.int64)
    shifts = np.zeros(terms, np.int64)
    bounds = np.empty(terms, np.float64)
    reach = np.empty(1 << terms, np.float64)
    enough = np.empty(1 << terms, np.int64)
    out_docs = np.empty(min(most, len(norms)) if wanted > 0 else 0, np.int32)
    top = np.empty(order.limit, np.int32)
    best = np.empty(order.limit, np.float64)
    filled = 0
    least = order.least
    if not every and len(passing) == 0 and order.after == np.inf:
        for term in range(terms):
            least = max(least, _sure(lists, extents[term], weights[term], spread, order.limit))
    last_rank = LAST
    total = 0
    one = np.uint64(1)
    wanted_marks = np.uint8((1 << terms) - 1 if every else _ANY)
    cut = False
    while True:
        start = following.max() if every else following.min()
        if start >= _NEVER:
            break
        if deadline > 0 and now() > deadline:
            cut = True
            break
        start -= start % _SPAN
        met = True
        for term in range(terms):
            # Documents before the span are passed over: with ``every`` another word lacks them.
            while following[term] < start:
                last = end[term]
                posting = at[term]
                if base[term] + 65536 <= start:
                    posting = last
                else:
                    posting = leap(lists.low, posting, last, start - base[term])
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
            if following[term] >= start + _SPAN:
                met = False
                if every:
                    break
        if every and not met:
            continue
        for term in range(terms):
            bounds[term] = 0.0
            begun[term] = at[term]
            if following[term] >= start + _SPAN:
                continue
            shift = base[term] - start
            shifts[term] = shift
            stop = leap(lists.low, at[term], end[term], _SPAN - shift)
            mark = np.uint8(_ANY | 1 << term)
            _mark(lists.low, at[term], stop, shift, marks, mark)
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
                first_run = (begun[term] - extents[term, 0]) // IMPACT
                last_run = (at[term] - 1 - extents[term, 0]) // IMPACT
                for run in range(first_run, last_run + 1):
                    code = lists.impacts[extents[term, 5] + run]
                    tf = np.int64(code >> 8)
                    # A capped frequency stands for any higher one.
                    share = max(share, 1.0 if tf == LONG else tf / (tf + own_spread[code & 255]))
            bounds[term] = weights[term] * min(share * slack, 1.0)
        combinations = 0
        for chosen in range(1 << terms) if order.limit > 0 else range(0):
            reach[chosen] = 0.0
            for term in range(terms):
                if (chosen >> term) & 1:
                    reach[chosen] += bounds[term]
            minimal = chosen > 0 and reach[chosen] >= least and (not every or chosen == (1 << terms) - 1)
            for known in range(combinations):
                minimal = minimal and enough[known] & chosen != enough[known]
            if minimal:
                enough[combinations] = chosen
                combinations += 1
        for word in range(_WORDS):
            found[word] = having(marks, word << 6, wanted_marks)
        if len(passing) > 0:
            for word in range(min(_WORDS, len(passing) - (start >> 6))):
                found[word] &= passing[(start >> 6) + word]
        if wanted > 0:
            number = total
            for word in range(_WORDS):
                bits = found[word]
                while bits:
                    out_docs[number] = start + (word << 6) + lowest(bits)
                    number += 1
                    bits &= bits - one
        for word in range(_WORDS):
            total += count(found[word])
        for word in range(_WORDS if combinations > 0 else 0):
            bits = np.uint64(0)
            for combination in range(combinations):
                bits |= having(marks, word << 6, np.uint8(enough[combination]))
            bits &= found[word]
            while bits:
                here = (word << 6) + lowest(bits)
                bits &= bits - one
                if reach[marks[here] & (_ANY - 1)] < least:
                    continue
                doc = start + here
                norm = spread[norms[doc]]
                score = 0.0
                for term in range(terms):
                    if (marks[here] >> term) & 1:
                        posting = leap(lists.low, begun[term], at[term], here - shifts[term])
                        begun[term] = posting
                        tf = np.int64(lists.tf[posting])
                        if tf == LONG:
                            tf = lists.long_tf[np.searchsorted(lists.long_at, posting)]
                        score += weights[term] * (tf / (tf + norm))
                if score > least or (score == least and order.ranks[doc] < last_rank):
                    filled = place(top, best, filled, doc, score, order)
                    if filled == order.limit:
                        least = best[filled - 1]
                        last_rank = order.ranks[top[filled - 1]]
        marks[:] = 0
    return total, top[:filled], best[:filled], out_docs[: total if wanted > 0 else 0], cut
