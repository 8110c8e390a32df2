"""The way to a document in a posting list that is sorted: farther and farther, then halving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.compiled import kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@kernel
def leap(low: NDArray[np.uint16], at: int, end: int, target: int) -> int:
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
