"""The compiled loops of searching: combining postings, counting values, following phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.compiled import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


NO_BUCKET = -(1 << 62)
"""Where a date begins that is none."""


@kernel
def union(
    docs: NDArray[np.int32], values: NDArray[np.float64], size: int
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.int64]]:
    """Add up the values of each document: documents ascending, their sums, how often each came.

    Values are added in the order they come in; documents are below ``size``.
    """
    sums = np.zeros(size, np.float64)
    counts = np.zeros(size, np.int32)
    distinct = 0
    for at in range(len(docs)):
        doc = docs[at]
        distinct += counts[doc] == 0
        counts[doc] += 1
        sums[doc] += values[at]
    out_docs = np.empty(distinct, np.int32)
    out_sums = np.empty(distinct, np.float64)
    out_counts = np.empty(distinct, np.int64)
    filled = 0
    for doc in range(size):
        if counts[doc]:
            out_docs[filled] = doc
            out_sums[filled] = sums[doc]
            out_counts[filled] = counts[doc]
            filled += 1
    return out_docs, out_sums, out_counts


@kernel
def intersection(
    left: NDArray[np.int32], right: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the documents that two ascending lists share stand in each.

    Walks the shorter list and leaps through the longer: doubling steps, then a bisection.
    """
    swapped = len(left) > len(right)
    short, long = (right, left) if swapped else (left, right)
    first = np.empty(len(short), np.int64)
    second = np.empty(len(short), np.int64)
    filled = 0
    at = 0
    for here in range(len(short)):
        doc = short[here]
        step = 1
        while at + step < len(long) and long[at + step] < doc:
            step *= 2
        low, high = at + step // 2, min(at + step, len(long))
        while low < high:
            middle = (low + high) // 2
            if long[middle] < doc:
                low = middle + 1
            else:
                high = middle
        at = low
        if at == len(long):
            break
        if long[at] == doc:
            first[filled] = here
            second[filled] = at
            filled += 1
    if swapped:
        return second[:filled], first[:filled]
    return first[:filled], second[:filled]


@kernel
def count_cells(
    docs: NDArray[np.int32], passing: NDArray[np.uint64], cells: NDArray[Any], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return cells and how many documents have each, of those that are ``passing``; cells are below ``size``.

    Of few documents a cell comes as often as they have it, 1 each, so that not all cells are looked at.
    """
    few = len(docs) * 8 < size
    sums = np.zeros(0 if few else size, np.int64)
    used = np.empty(len(docs) if few else min(size, len(docs)), np.int64)
    filled = 0
    for doc in docs:
        if len(passing) > 0 and not (passing[doc >> 6] >> np.uint64(doc & 63)) & np.uint64(1):
            continue
        cell = cells[doc]
        if few:
            used[filled] = cell
            filled += 1
        else:
            sums[cell] += 1
    if few:
        return used[:filled], np.ones(filled, np.int64)
    for cell in range(size):
        if sums[cell] > 0:
            used[filled] = cell
            sums[filled] = sums[cell]
            filled += 1
    return used[:filled], sums[:filled]


@kernel
def count_values(
    sets: NDArray[np.int64],
    times: NDArray[np.int64],
    starts: NDArray[np.int32],
    entries: NDArray[np.uint32],
    least: int,
    numbers: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> int:
    """Add to ``counts`` how many documents have each name, and return how many have none.

    So many ``times`` documents have each of the ``sets`` of entries.  An entry counts from level ``least``
    on; its name is ``numbers[ordinal]``, and a document that has a name twice has it once.
    """
    missing = 0
    for at in range(len(sets)):
        first, last = starts[sets[at]], starts[sets[at] + 1]
        found = False
        for entry in range(first, last):
            if entries[entry] & 3 < least:
                continue
            found = True
            name = numbers[entries[entry] >> 2]
            again = False
            for other in range(first, entry):
                again = again or (entries[other] & 3 >= least and numbers[entries[other] >> 2] == name)
            if not again:
                counts[name] += times[at]
        if not found:
            missing += times[at]
    return missing


@kernel
def count_names(
    docs: NDArray[np.int32],
    passing: NDArray[np.uint64],
    cells: NDArray[Any],
    starts: NDArray[np.int32],
    entries: NDArray[np.uint32],
    least: int,
    numbers: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> int:
    """Add to ``counts`` how many documents of those ``passing`` have each name; return how many have none.

    See ``count_cells`` and ``count_values``: in one call, as a facet is small beside what calls cost.
    """
    sets, times = count_cells(docs, passing, cells, len(starts) - 1)
    return count_values(sets, times, starts, entries, least, numbers, counts)


@kernel
def reach(dates: NDArray[np.int64], begins: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[int, int]:
    """Return the first bucket in which one of the dates begins, and the last in which one ends.

    ``-NO_BUCKET`` and ``NO_BUCKET`` where none begins anywhere.
    """
    first, last = -NO_BUCKET, NO_BUCKET
    for date in dates:
        if begins[date] != NO_BUCKET:
            first, last = min(first, begins[date]), max(last, ends[date])
    return first, last


@kernel
def count_dates(
    dates: NDArray[np.int64],
    times: NDArray[np.int64],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    first: int,
    counts: NDArray[np.int64],
) -> tuple[int, int, NDArray[np.int64]]:
    """Add to ``counts`` how many documents are dated in each bucket from ``first`` on.

    So many ``times`` documents have each of the ``dates``, which begin and end in buckets.  Returns how many
    have none, which begins nowhere, how many have one of several buckets, and the dates that have no count.
    """
    missing = imprecise = filled = 0
    beyond = np.empty(len(dates), np.int64)
    for at in range(len(dates)):
        bucket = begins[dates[at]]
        if bucket == NO_BUCKET:
            missing += times[at]
        elif bucket != ends[dates[at]]:
            imprecise += times[at]
        elif 0 <= bucket - first < len(counts):
            counts[bucket - first] += times[at]
        else:
            beyond[filled] = at
            filled += 1
    return missing, imprecise, beyond[:filled]


@kernel
def most(counts: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return the numbers of the highest counts above 0, highest first, then by number."""
    numbers = np.empty(size, np.int64)
    filled = 0
    least = 0
    for number in range(len(counts)):
        if counts[number] <= least:
            continue
        at = filled - 1 if filled == size else filled
        filled = at + 1
        while at > 0 and counts[numbers[at - 1]] < counts[number]:
            numbers[at] = numbers[at - 1]
            at -= 1
        numbers[at] = number
        if filled == size:
            least = counts[numbers[filled - 1]]
    return numbers[:filled]


@kernel
def follow(
    starts: NDArray[np.int64],
    reached: NDArray[np.uint32],
    next_starts: NDArray[np.int64],
    positions: NDArray[np.uint32],
    distance: int,
    slop: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Return the positions of a word that stand close enough behind positions already reached.

    Both are given, and the result is returned, as where each document's positions begin and all
    positions, ascending within a document.
    """
    out_starts = np.zeros(len(starts), np.int64)
    out = np.empty(len(positions), np.uint32)
    filled = 0
    for doc in range(len(starts) - 1):
        before = starts[doc]
        for at in range(next_starts[doc], next_starts[doc + 1]):
            place = np.int64(positions[at])
            while before < starts[doc + 1] and np.int64(reached[before]) + distance + slop < place:
                before += 1
            if before < starts[doc + 1] and np.int64(reached[before]) + distance <= place:
                out[filled] = positions[at]
                filled += 1
        out_starts[doc + 1] = filled
    return out_starts, out[:filled]
