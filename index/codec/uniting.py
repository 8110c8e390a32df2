"""Sorted dictionaries of segments become one, in compiled loops over their bytes.

What this takes is the bytes of the dictionaries and some numbers a term, never an object a term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec.strings import Strings
from index.compiled import kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


_ZERO: Any = np.int64(0)
"""A number that numba takes for any number."""


def united(dictionaries: Sequence[Strings]) -> tuple[Strings, list[NDArray[np.int64]]]:
    """Return the strings of sorted dictionaries, each once, and for each dictionary their numbers or -1.

    >>> whole, numbers = united([Strings.of(["a", "c"]), Strings.of(["b", "c"])])
    >>> list(whole), [each.tolist() for each in numbers]
    (['a', 'b', 'c'], [[0, -1, 1], [-1, 0, 1]])
    """
    whole = dictionaries[0]
    numbers = [np.arange(len(whole))]
    for other in dictionaries[1:]:
        blob, starts, ours, theirs = _unite(*_arrays(whole), *_arrays(other))
        whole = Strings(blob, starts)
        numbers = [np.where(ours >= 0, own[ours], -1) if len(own) else ours for own in numbers]
        numbers.append(theirs)
    return whole, numbers


def chosen(strings: Strings, numbers: NDArray[np.int64]) -> Strings:
    """Return some of the strings, by number."""
    if len(numbers) == len(strings) and np.array_equal(numbers, np.arange(len(numbers))):
        return strings
    blob, starts = _arrays(strings)
    bounds = np.zeros(len(numbers) + 1, dtype=np.int64)
    np.cumsum(np.diff(starts)[numbers], out=bounds[1:])
    return Strings(_gather(blob, starts, numbers, bounds), bounds)


def _arrays(strings: Strings) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return arrays of one type, whether mapped or made, so that a loop is compiled once."""
    blob, starts = strings.blob.view(), strings.starts.astype(np.int64)
    blob.setflags(write=False)
    return blob, starts


@kernel
def _unite(
    ours: NDArray[np.uint8],
    our_starts: NDArray[np.int64],
    theirs: NDArray[np.uint8],
    their_starts: NDArray[np.int64],
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return all strings of two dictionaries, sorted, and where each stands in the one and in the other."""
    one_size, other_size = len(our_starts) - 1, len(their_starts) - 1
    blob = np.empty(len(ours) + len(theirs), np.uint8)
    starts = np.zeros(one_size + other_size + 1, np.int64)
    in_ours, in_theirs = np.empty(len(starts), np.int64), np.empty(len(starts), np.int64)
    one: int = _ZERO
    other: int = _ZERO
    filled: int = _ZERO
    used: int = _ZERO
    while one < one_size or other < other_size:
        order = 1 if one == one_size else -1
        if one < one_size and other < other_size:
            order = compare(
                ours[our_starts[one] : our_starts[one + 1]],
                theirs[their_starts[other] : their_starts[other + 1]],
            )
        first, last = our_starts[min(one, one_size)], our_starts[min(one + 1, one_size)]
        if order > 0:
            first, last = their_starts[other], their_starts[other + 1]
        for at in range(first, last):
            blob[used] = theirs[at] if order > 0 else ours[at]
            used += 1
        in_ours[filled] = one if order <= 0 else -1
        in_theirs[filled] = other if order >= 0 else -1
        one += order <= 0
        other += order >= 0
        filled += 1
        starts[filled] = used
    return blob[:used], starts[: filled + 1], in_ours[:filled], in_theirs[:filled]


@kernel
def compare(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    """Return -1, 0 or 1: the first is smaller, equal or larger."""
    size = min(len(one), len(other))
    at = 0
    while at < size and one[at] == other[at]:
        at += 1
    if at < size:
        return -1 if one[at] < other[at] else 1
    if len(one) == len(other):
        return 0
    return -1 if len(one) < len(other) else 1


@kernel
def _gather(
    blob: NDArray[np.uint8], starts: NDArray[np.int64], numbers: NDArray[np.int64], bounds: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Return the bytes of some strings one behind the other, each from its place in ``bounds`` on."""
    out = np.empty(bounds[-1], np.uint8)
    for place in range(len(numbers)):
        first, to = starts[numbers[place]], bounds[place]
        for at in range(bounds[place + 1] - to):
            out[to + at] = blob[first + at]
    return out
