"""All of some words, and words that stand in order: block by block of 65,536 documents.

In a block the rarest word leads and each other word keeps of its documents those that it has too;
what is left has a posting of every word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.codec.kernels import LONG, MORE, SAMPLE
from index.compiled import kernel
from index.machine import now
from search.best import LAST, place
from search.leap import leap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.codec.postings import Lists
    from search.best import Order


_FAR = 8
"""From so many postings a posting on, leaping is faster than walking."""


@kernel
def all_of(
    lists: Lists,
    extents: NDArray[np.int64],
    weights: NDArray[np.float64],
    norms: NDArray[np.uint8],
    spread: NDArray[np.float64],
    passing: NDArray[np.uint64],
    order: Order,
    wanted: int,
    deadline: int,
) -> tuple[int, NDArray[np.int32], NDArray[np.float64], NDArray[np.int32], NDArray[np.float64], bool]:
    """Score the documents that have all of some terms; takes and returns what ``any_of`` does."""
    none = np.empty(0, np.int64)
    no_data, no_samples = np.empty(0, np.uint8), np.empty(0, np.uint32)
    return in_order(
        lists, no_data, no_samples, extents, none, 0, weights, norms, spread, passing, order, wanted, deadline
    )


@kernel
def in_order(
    lists: Lists,
    data: NDArray[np.uint8],
    samples: NDArray[np.uint32],
    extents: NDArray[np.int64],
    distances: NDArray[np.int64],
    slop: int,
    weights: NDArray[np.float64],
    norms: NDArray[np.uint8],
    spread: NDArray[np.float64],
    passing: NDArray[np.uint64],
    order: Order,
    wanted: int,
    deadline: int,
) -> tuple[int, NDArray[np.int32], NDArray[np.float64], NDArray[np.int32], NDArray[np.float64], bool]:
    """Score the documents in which terms stand in order; takes and returns what ``any_of`` does.

    Term i stands ``distances[i]`` positions behind a place reached by the term before, or up to ``slop``
    further; without distances the order does not matter.
    """
    terms = len(extents)
    by_count = np.argsort(extents[:, 1])
    rarest = by_count[0]
    chunk = extents[:, 2].copy()
    most = extents[rarest, 1]
    postings = np.empty((terms, min(most, 1 << 16)), np.int64)
    out_docs = np.empty(most if wanted > 0 else 0, np.int32)
    out_scores = np.empty(most if wanted > 1 else 0, np.float64)
    top = np.empty(order.limit, np.int32)
    best = np.empty(order.limit, np.float64)
    filled = 0
    least = order.least
    last = LAST
    total = 0
    cut = False
    while chunk[rarest] < extents[rarest, 3]:
        if deadline > 0 and now() > deadline:
            cut = True
            break
        block = lists.chunk_blocks[chunk[rarest]]
        count = _meet(lists, extents, by_count, chunk, block, postings)
        chunk[rarest] += 1
        base = np.int64(block) << 16
        if len(passing) > 0:
            count = _pass(lists.low, base, passing, postings, count)
        if len(distances) > 0 and count > 0:
            count = _line_up(data, samples, extents, distances, slop, postings, count)
        for at in range(count):
            doc = base + lists.low[postings[rarest, at]]
            norm = spread[norms[doc]]
            score = 0.0
            for term in range(terms):
                posting = postings[term, at]
                tf = np.int64(lists.tf[posting])
                if tf == LONG:
                    tf = lists.long_tf[np.searchsorted(lists.long_at, posting)]
                score += weights[term] * (tf / (tf + norm))
            if wanted > 0:
                out_docs[total] = doc
                if wanted > 1:
                    out_scores[total] = score
            total += 1
            if order.limit > 0 and (score > least or (score == least and order.ranks[doc] < last)):
                filled = place(top, best, filled, doc, score, order)
                if filled == order.limit:
                    least = best[filled - 1]
                    last = order.ranks[top[filled - 1]]
    return (
        total,
        top[:filled],
        best[:filled],
        out_docs[: total if wanted > 0 else 0],
        out_scores[: total if wanted > 1 else 0],
        cut,
    )


@kernel
def _meet(
    lists: Lists,
    extents: NDArray[np.int64],
    by_count: NDArray[np.int64],
    chunk: NDArray[np.int64],
    block: int,
    postings: NDArray[np.int64],
) -> int:
    """Find the documents of a block that all terms have: how many, and the posting of each in each term."""
    low = lists.low
    rarest = by_count[0]
    first = np.int64(0)
    if chunk[rarest] > extents[rarest, 2]:
        first = np.int64(lists.chunk_ends[chunk[rarest] - 1])
    count = np.int64(lists.chunk_ends[chunk[rarest]]) - first
    for at in range(count):
        postings[rarest, at] = extents[rarest, 0] + first + at
    for number in range(1, len(by_count)):
        term = by_count[number]
        while chunk[term] < extents[term, 3] and lists.chunk_blocks[chunk[term]] < block:
            chunk[term] += 1
        if chunk[term] == extents[term, 3] or lists.chunk_blocks[chunk[term]] > block:
            return 0
        first = np.int64(0)
        if chunk[term] > extents[term, 2]:
            first = np.int64(lists.chunk_ends[chunk[term] - 1])
        here = extents[term, 0] + first
        end = extents[term, 0] + lists.chunk_ends[chunk[term]]
        far = end - here > _FAR * count
        kept = 0
        for at in range(count):
            target = low[postings[rarest, at]]
            if far:
                here = leap(low, here, end, target)
            else:
                while here < end and low[here] < target:
                    here += 1
            if here == end:
                break
            if low[here] == target:
                for before in range(number):
                    postings[by_count[before], kept] = postings[by_count[before], at]
                postings[term, kept] = here
                kept += 1
        count = kept
        if count == 0:
            return 0
    return count


@kernel
def _pass(
    low: NDArray[np.uint16],
    base: int,
    passing: NDArray[np.uint64],
    postings: NDArray[np.int64],
    count: int,
) -> int:
    """Keep the documents that pass, and return how many."""
    kept = 0
    for at in range(count):
        doc = base + low[postings[0, at]]
        if (passing[doc >> 6] >> np.uint64(doc & 63)) & np.uint64(1):
            for term in range(len(postings)):
                postings[term, kept] = postings[term, at]
            kept += 1
    return kept


@kernel
def _line_up(
    data: NDArray[np.uint8],
    samples: NDArray[np.uint32],
    extents: NDArray[np.int64],
    distances: NDArray[np.int64],
    slop: int,
    postings: NDArray[np.int64],
    count: int,
) -> int:
    """Keep the documents in which the terms stand in order, and return how many.

    Reads, term by term, the positions in the documents that are left; where nothing may stand between the
    terms, those of the rarest first, and of others no further than a place that counts.
    """
    places = np.cumsum(distances)
    turns = np.argsort(extents[:, 1]) if slop == 0 else np.arange(len(extents))
    reached = np.empty(4 * count + 64, np.int64)
    starts = np.zeros(count + 1, np.int64)
    spare = np.empty(4 * count + 64, np.int64)
    spare_starts = np.zeros(count + 1, np.int64)
    for turn in range(len(extents)):
        term = turns[turn]
        distance = places[term] - places[turns[turn - 1]] if turn > 0 else np.int64(0)
        byte = extents[term, 6]
        current = np.int64(0)
        filled = 0
        kept = 0
        for at in range(count):
            target = postings[term, at] - extents[term, 0]
            jump = target // SAMPLE
            if jump > current // SAMPLE:
                byte = extents[term, 6] + samples[extents[term, 4] + jump - 1]
                current = jump * SAMPLE
            while current < target:
                value = data[byte]
                current += value & 1
                while value >= MORE:
                    byte += 1
                    value = data[byte]
                byte += 1
            before = starts[at]
            behind = starts[at + 1]
            begun = filled
            position = np.int64(0)
            more = True
            while more:
                number = np.int64(data[byte] & (MORE - 1))
                shift = 7
                while data[byte] >= MORE:
                    byte += 1
                    number |= np.int64(data[byte] & (MORE - 1)) << shift
                    shift += 7
                byte += 1
                more = number & 1 == 0
                position += number >> 1
                if turn > 0:
                    while before < behind and reached[before] + distance + slop < position:
                        before += 1
                    if before == behind:
                        break
                    if reached[before] + distance > position:
                        continue
                if filled == len(spare):
                    grown = np.empty(2 * len(spare), np.int64)
                    grown[:filled] = spare
                    spare = grown
                spare[filled] = position
                filled += 1
            # The rest of a posting that was left half-way is passed over on the way to the next one.
            current += not more
            if filled > begun:
                for each in range(len(postings)):
                    postings[each, kept] = postings[each, at]
                kept += 1
                spare_starts[kept] = filled
        count = kept
        reached, spare = spare, reached
        starts, spare_starts = spare_starts, starts
        spare_starts[0] = 0
        starts[0] = 0
        if count == 0:
            return 0
    return count
