"""The order of a merged segment's documents by their ids: sorted lists become one in compiled loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.codec.uniting import compare
from index.compiled import kernel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from index.codec.strings import Strings


def merged(
    ids: Strings, orders: Sequence[NDArray[np.int32]], most: int, release: Callable[[], object]
) -> NDArray[np.int32]:
    """Return the documents of several lists as one in the order of their ids, which ascend in each list.

    ``release`` is called behind every ``most`` documents: ids that are mapped are not kept in memory.

    >>> from index.codec.strings import Strings
    >>> lists = [np.array([2, 0], np.int32), np.array([1], np.int32)]
    >>> merged(Strings.of(["c", "b", "a"]), lists, 2, list).tolist()
    [2, 1, 0]
    """
    left = list(orders)
    while len(left) > 1:
        left = [*left[2:], _two(ids, left[0], left[1], most, release)]
    return left[0] if left else np.empty(0, dtype=np.int32)


def _two(
    ids: Strings,
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    most: int,
    release: Callable[[], object],
) -> NDArray[np.int32]:
    out = np.empty(len(one) + len(other), dtype=np.int32)
    at = np.zeros(2, dtype=np.int64)
    blob = ids.blob.view()
    blob.setflags(write=False)
    starts = ids.starts.view()
    starts.setflags(write=False)
    for first in range(0, len(out), most):
        merge_sorted(blob, starts, one, other, at, out[first : first + most])
        release()
    return out


@kernel
def merge_sorted(
    blob: NDArray[np.uint8],
    starts: NDArray[np.int64],
    one: NDArray[np.int32],
    other: NDArray[np.int32],
    at: NDArray[np.int64],
    out: NDArray[np.int32],
) -> None:
    """Fill ``out`` with the next numbers of two lists of strings; ``at`` is where both go on."""
    for place in range(len(out)):
        first = at[1] == len(other)
        if at[0] < len(one) and at[1] < len(other):
            mine, theirs = one[at[0]], other[at[1]]
            first = (
                compare(
                    blob[starts[mine] : starts[mine + 1]],
                    blob[starts[theirs] : starts[theirs + 1]],
                )
                <= 0
            )
        out[place] = one[at[0]] if first else other[at[1]]
        at[0 if first else 1] += 1
