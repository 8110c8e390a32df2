"""The segments of a merge, read in windows: what is in memory does not grow with them.

Pages of a file that was mapped count as memory of the process until it lets go of them, which it does behind
each window.  For a whole merge there are 5 bytes a document: whether it lives, and its new number.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec.strings import Strings, starts_of, starts_type
from index.codec.uniting import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayWriter
    from index.codec.budget import Budget
    from index.segment import SegmentFile


class Part:
    """One segment of a merge: its file, its live documents and what they are called afterwards."""

    def __init__(self, file: SegmentFile, live: NDArray[np.bool_], base: int) -> None:
        self.file = file
        self.live = live
        self.documents = int(np.count_nonzero(live))
        self.renamed = np.cumsum(live, dtype=np.int32)
        """int32[n]: the new number of each live document."""
        self.renamed += base - 1

    def release(self) -> None:
        """Let go of what was read of the file."""
        self.file.file.release()


def windows(parts: Sequence[Part], budget: Budget) -> Iterator[tuple[int, slice, NDArray[np.bool_]]]:
    """Yield the number of a part, a run of its documents, and which of those live."""
    for number, part in enumerate(parts):
        for first in range(0, len(part.live), budget.documents):
            own = slice(first, min(first + budget.documents, len(part.live)))
            yield number, own, part.live[own]
            part.release()


def column(arrays: Sequence[NDArray[Any]], parts: Sequence[Part], budget: Budget) -> Iterator[NDArray[Any]]:
    """Yield a column of one number a document, of the live ones."""
    for number, own, live in windows(parts, budget):
        yield arrays[number][own][live]


def write_strings(
    writer: ArrayWriter, name: str, strings: Sequence[Strings], parts: Sequence[Part], budget: Budget
) -> None:
    """Write the strings of the live documents, one each."""

    def sizes() -> Iterator[NDArray[Any]]:
        for number, own, live in windows(parts, budget):
            yield np.diff(strings[number].starts[own.start : own.stop + 1])[live]

    last = sum(int(part.sum(dtype=np.int64)) for part in sizes())
    writer.put(f"{name}/blob", np.uint8, _blobs(strings, parts, budget))
    writer.put(f"{name}/starts", starts_type(last), starts_of(sizes()))


def _blobs(strings: Sequence[Strings], parts: Sequence[Part], budget: Budget) -> Iterator[NDArray[np.uint8]]:
    """Yield the bytes of the live documents' strings, some ``budget.window`` at a time or one string."""
    for each, part in zip(strings, parts, strict=True):
        bounds, first = each.starts.data, 0
        while first < len(part.live):
            last = bisect_right(bounds, bounds[first] + budget.window // 4) - 1
            last = min(max(last, first + 1), first + budget.documents, len(part.live))
            live = part.live[first:last]
            own = Strings(each.blob, each.starts[first : last + 1])
            yield each.blob[bounds[first] : bounds[last]] if live.all() else _blob(own, live)
            part.release()
            first = last


def _blob(strings: Strings, live: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return chosen(strings, np.flatnonzero(live)).blob
