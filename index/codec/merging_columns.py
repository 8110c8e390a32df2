"""The values and dates of several segments become one's: their tables are united, documents get new numbers.

What this takes is some numbers for each different date or set of values, and two or four bytes a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec import dates
from index.codec.uniting import chosen, united
from index.codec.values import cell_type, entries_made, united_sets, write_sets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayWriter
    from index.codec.dates import DateColumn
    from index.codec.values import ValueColumn


def merge_values(
    writer: ArrayWriter, name: str, parts: Sequence[tuple[ValueColumn, NDArray[np.int64]]]
) -> None:
    """Write a column for some documents of each part, one behind the other."""
    used = [_used(column.cells, docs, len(column.starts) - 1) for column, docs in parts]
    kept = [own[column.sets] for own, (column, _) in zip(used, parts, strict=True)]
    valued = [
        np.bincount(column.ordinals[own], minlength=len(column.values)) > 0
        for own, (column, _) in zip(kept, parts, strict=True)
    ]
    whole, numbers = united(
        [chosen(column.values, np.flatnonzero(own)) for own, (column, _) in zip(valued, parts, strict=True)]
    )
    whole.write(writer, f"{name}/values")
    sets = []
    for (column, _), sets_used, entries_used, own, there in zip(
        parts, used, kept, valued, numbers, strict=True
    ):
        ordinals = np.zeros(len(own), dtype=np.uint32)
        ordinals[own] = np.flatnonzero(there >= 0)
        entries = entries_made(ordinals[column.ordinals[entries_used]], column.levels[entries_used])
        sets.append((np.diff(column.starts)[sets_used].astype(np.int64), entries))
    starts, entries, places = united_sets(sets)
    write_sets(writer, name, starts, entries)
    cells = [
        _renumbered(column.cells, docs, own, place, len(starts) - 1)
        for (column, docs), own, place in zip(parts, used, places, strict=True)
    ]
    writer.add(f"{name}/cells", np.concatenate(cells))


def merge_dates(writer: ArrayWriter, parts: Sequence[tuple[DateColumn, NDArray[np.int64]]]) -> None:
    """Write the dates of some documents of each part, one behind the other."""
    used = [_used(column.cells, docs, len(column)) for column, docs in parts]
    known: dict[dates.Date, int] = {}
    places = [
        np.array(
            [known.setdefault(column.date(number), len(known)) for number in np.flatnonzero(own).tolist()]
        )
        for own, (column, _) in zip(used, parts, strict=True)
    ]
    cells = [
        _renumbered(column.cells, docs, own, place, len(known))
        for (column, docs), own, place in zip(parts, used, places, strict=True)
    ]
    dates.write_dates(writer, list(known), np.concatenate(cells))


def _used(cells: NDArray[Any], docs: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    """Return bool[count]: which cells some documents have."""
    return np.bincount(cells[docs], minlength=count) > 0


def _renumbered(
    cells: NDArray[Any],
    docs: NDArray[np.int64],
    used: NDArray[np.bool_],
    places: NDArray[np.int64],
    count: int,
) -> NDArray[Any]:
    """Return the cells of some documents under new numbers below a count, given for those that are used."""
    renumbered: NDArray[Any] = np.zeros(len(used), dtype=cell_type(count))
    renumbered[used] = places
    taken: NDArray[Any] = renumbered[cells[docs]]
    return taken
