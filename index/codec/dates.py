"""The dates of a segment's documents: each date at each level is kept once, and numbered.

An archive has few dates: what a document takes is two bytes, and filters, facets and sorting look at
the dates there are before they look at documents.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from index.codec.strings import Strings
from index.codec.values import cell_type, fixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayFile, ArrayWriter

NAME = "dates"


class Date(NamedTuple):
    """A date as a document has it: EDTF, first and last day as ordinals, level; days 0 where undated."""

    written: bytes
    first: int
    last: int
    level: int


UNDATED = Date(b"", 0, 0, 0)


class Numbers:
    """A number of each document's date: what NumPy would take from a column of it, taken when asked."""

    def __init__(self, cells: NDArray[Any], table: NDArray[Any]) -> None:
        self._cells, self._table = cells, table

    def __getitem__(self, docs: Any) -> Any:
        return self._table[self._cells[docs]]

    def __len__(self) -> int:
        return len(self._cells)


class DateColumn:
    """The dates of n documents: document ``d`` has the date ``cells[d]``, uint16[n] or uint32[n].

    Of the e dates ``written`` are EDTF, ``first`` and ``last`` int32[e] days as proleptic ordinals, 0 of
    the undated, ``levels`` int8[e].
    """

    def __init__(
        self,
        cells: NDArray[Any],
        written: Strings,
        first: NDArray[np.int32],
        last: NDArray[np.int32],
        levels: NDArray[np.int8],
    ) -> None:
        self.cells, self.written, self.first, self.last, self.levels = cells, written, first, last, levels
        self._numbers = cells.data

    @classmethod
    def read(cls, file: ArrayFile) -> DateColumn:
        """Return the dates of a segment."""
        parts = (file[f"{NAME}/{part}"] for part in ("first", "last", "levels"))
        return cls(file[f"{NAME}/cells"], Strings.read(file, NAME), *parts)

    def __len__(self) -> int:
        """Return how many different dates there are."""
        return len(self.first)

    def text(self, doc: int) -> str:
        """Return the date of a document in EDTF, empty where it has none."""
        return self.written.text(self._numbers[doc])

    def date(self, number: int) -> Date:
        """Return one of the dates."""
        numbers = (int(each[number]) for each in (self.first, self.last, self.levels))
        return Date(self.written.raw(number), *numbers)

    def known(self, level: int) -> NDArray[np.bool_]:
        """Return bool[e]: which dates are dates, of a level or higher."""
        return (self.first > 0) & (self.levels >= level)

    def having(self, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return bool[n]: which documents have one of the dates that are kept, bool[e]."""
        having: NDArray[np.bool_] = kept[self.cells]
        return having

    def taken(self, docs: NDArray[Any]) -> DateColumn:
        """Return the dates of some documents, in their order."""
        return DateColumn(fixed(self.cells[docs]), self.written, self.first, self.last, self.levels)

    @cached_property
    def span(self) -> tuple[int, int]:
        """The first and last of the days that all but one in a thousand documents are dated.

        (1, 0) where none is.  A date that was read wrongly may be a thousand years off.
        """
        counts = np.bincount(self.cells, minlength=len(self))
        counts[self.first == 0] = 0
        order = np.argsort(self.first, kind="stable")
        ranks = np.cumsum(counts[order])
        total = int(ranks[-1]) if len(ranks) else 0
        if not total:
            return (1, 0)
        few = total // 2000
        first, last = np.searchsorted(ranks, [few, total - 1 - few], side="right").tolist()
        return int(self.first[order[first]]), int(self.first[order[last]])


def write_dates(writer: ArrayWriter, dates: Sequence[Date], cells: NDArray[Any]) -> None:
    """Write dates, each once and in any order, and which of them each document has."""
    ordered = sorted(range(len(dates)), key=lambda number: (dates[number].written, dates[number].level))
    places = np.empty(len(dates), dtype=cell_type(len(dates)))
    places[ordered] = np.arange(len(dates))
    Strings.from_bytes([dates[number].written for number in ordered]).write(writer, NAME)
    table = np.array([dates[number][1:] for number in ordered], dtype=np.int32).reshape(len(dates), 3)
    writer.add(f"{NAME}/first", table[:, 0])
    writer.add(f"{NAME}/last", table[:, 1])
    writer.add(f"{NAME}/levels", table[:, 2].astype(np.int8))
    writer.add(f"{NAME}/cells", places[cells])
