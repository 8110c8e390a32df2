"""What holds in columns of values and dates: a table has each thing once, in order, and all of it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.article import LEVELS
from index.codec.invariants_of_postings import are_starts, ascend
from index.codec.values import united_sets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.codec.dates import DateColumn
    from index.codec.values import ValueColumn


def dates(column: DateColumn) -> Iterator[str]:
    """Yield what does not hold in the dates of a segment."""
    listed = [column.written, column.first, column.last, column.levels]
    if len({len(each) for each in listed}) > 1:
        yield "dates differ in number"
        return
    if not np.array_equal(np.unique(column.cells), np.arange(len(column))):
        yield "dates and their cells are not the same"
    made = [column.date(number) for number in range(len(column))]
    if not ascend([(each.written, each.level) for each in made]):
        yield "dates do not ascend"
    if any(each.first > each.last or (each.first == 0) != (each.last == 0) for each in made):
        yield "a date ends before it starts"
    if any(not 0 <= each.level < len(LEVELS) for each in made):
        yield "dates/levels has a number without a meaning"


def values(column: ValueColumn) -> Iterator[str]:
    """Yield what does not hold in a column of values."""
    if not ascend([column.values.raw(number) for number in range(len(column.values))]):
        yield "values do not ascend"
    if not np.array_equal(np.unique(column.ordinals), np.arange(len(column.values))):
        yield "entries and values are not the same"
    if np.any(column.levels >= len(LEVELS)):
        yield "entries has a level without a meaning"
    if not are_starts(column.starts, len(column.entries)):
        yield "set_starts do not divide entries"
        return
    starts, entries, (numbers,) = united_sets([(np.diff(column.starts).astype(np.int64), column.entries)])
    if not np.array_equal(starts, column.starts) or not np.array_equal(entries, column.entries):
        yield "sets are not each there once, in order"
    if not np.array_equal(np.unique(column.cells), np.arange(len(numbers))):
        yield "cells and sets are not the same"
