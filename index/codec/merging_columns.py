"""The values and dates of several segments become one's: their tables are united, documents get new numbers.

What this takes is some numbers for each different date or set of values, and two or four bytes a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec import dates
from index.codec.parts import windows
from index.codec.uniting import chosen, united
from index.codec.values import cell_type, entries_made, united_sets, write_sets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayWriter
    from index.codec.budget import Budget
    from index.codec.dates import DateColumn
    from index.codec.parts import Part
    from index.codec.values import ValueColumn


def merge_values(
    writer: ArrayWriter, name: str, columns: Sequence[ValueColumn], parts: Sequence[Part], budget: Budget
) -> None:
    """Write a column for the live documents of each part, one behind the other."""
    used = _used([(column.cells, len(column.starts) - 1) for column in columns], parts, budget)
    kept = [own[column.sets] for own, column in zip(used, columns, strict=True)]
    valued = [
        np.bincount(column.ordinals[own], minlength=len(column.values)) > 0
        for own, column in zip(kept, columns, strict=True)
    ]
    whole, numbers = united(
        [chosen(column.values, np.flatnonzero(own)) for own, column in zip(valued, columns, strict=True)]
    )
    whole.write(writer, f"{name}/values")
    sets = []
    for column, sets_used, entries_used, own, there in zip(columns, used, kept, valued, numbers, strict=True):
        ordinals = np.zeros(len(own), dtype=np.uint32)
        ordinals[own] = np.flatnonzero(there >= 0)
        entries = entries_made(ordinals[column.ordinals[entries_used]], column.levels[entries_used])
        sets.append((np.diff(column.starts)[sets_used].astype(np.int64), entries))
    starts, entries, places = united_sets(sets)
    write_sets(writer, name, starts, entries)
    dtype = cell_type(len(starts) - 1)
    cells = _renumbered([column.cells for column in columns], used, places, parts, budget)
    writer.put(f"{name}/cells", dtype, (each.astype(dtype) for each in cells))


def merge_dates(
    writer: ArrayWriter, columns: Sequence[DateColumn], parts: Sequence[Part], budget: Budget
) -> None:
    """Write the dates of the live documents of each part, one behind the other."""
    used = _used([(column.cells, len(column)) for column in columns], parts, budget)
    known: dict[dates.Date, int] = {}
    places = [
        np.array(
            [known.setdefault(column.date(number), len(known)) for number in np.flatnonzero(own).tolist()]
        )
        for own, column in zip(used, columns, strict=True)
    ]
    cells = _renumbered([column.cells for column in columns], used, places, parts, budget)
    dates.write_dates(writer, list(known), np.concatenate([np.empty(0, dtype=np.uint32), *cells]))


def _used(
    columns: Sequence[tuple[NDArray[Any], int]], parts: Sequence[Part], budget: Budget
) -> list[NDArray[np.bool_]]:
    """Return which cells, of so many of each part, its live documents have."""
    used = [np.zeros(count, dtype=np.bool_) for _, count in columns]
    for number, own, live in windows(parts, budget):
        used[number][columns[number][0][own][live]] = True
    return used


def _renumbered(
    columns: Sequence[NDArray[Any]],
    used: Sequence[NDArray[np.bool_]],
    places: Sequence[NDArray[np.int64]],
    parts: Sequence[Part],
    budget: Budget,
) -> Iterator[NDArray[np.uint32]]:
    """Yield the cells of the live documents under new numbers, given for those that are used."""
    renumbered = [np.zeros(len(own), dtype=np.uint32) for own in used]
    for numbers, kept, place in zip(renumbered, used, places, strict=True):
        numbers[kept] = place
    for number, own, live in windows(parts, budget):
        yield renumbered[number][columns[number][own][live]]
