"""Articles over time: counts by year, month, week or day.

An article counts in a bucket when all of its date lies in it; a date that is less precise than
the buckets is counted apart, never spread or guessed.
"""

from __future__ import annotations

import calendar
from collections import Counter
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from search.kernels import NO_BUCKET, count_cells, count_dates, reach
from search.results import Bucket, Facet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from index.codec.dates import DateColumn
    from index.segment import Segment
    from search.collect import FacetRequest, Part

_LONGEST = (("day", 31), ("week", 183), ("month", 5 * 366))
"""``auto``: the finest interval whose span of days is not exceeded, else years; at most some 60 buckets."""

_NONE = np.empty(0, dtype=np.int64)

_WIDE = 100_000
"""Buckets that are counted side by side, 270 years of days: what is older is listed one by one."""

MOST = 1000
"""Buckets that are listed at most, the latest; the limit of ``facet_size``."""


def dates(parts: Sequence[Part], interval: str, request: FacetRequest, most: int = MOST) -> Facet:
    """Count articles by date; ``most`` buckets are listed."""
    used = [_used(each, request) for each in parts]
    unit = _auto(used, request.level) if interval == "auto" else interval
    first, counts = _room([_units(column, unit, request.level) for column, _, _ in used])
    missing = imprecise = 0
    sums: Counter[int] = Counter()
    for column, numbers, times in used:
        known = _units(column, unit, request.level)
        without, longer, beyond = count_dates(numbers, times, known.begins, known.ends, first, counts)
        missing, imprecise = missing + without, imprecise + longer
        for at in beyond.tolist():
            sums[int(known.begins[numbers[at]])] += int(times[at])
    some = counts.nonzero()[0]
    inside = zip((some + first).tolist(), counts[some].tolist(), strict=True)
    listed = sorted([*sums.items(), *inside])
    return Facet(
        "date",
        buckets(listed[max(0, len(listed) - most) :], unit),
        other=sum(count for _, count in listed[: max(0, len(listed) - most)]),
        missing=missing,
        imprecise=imprecise,
        interval=unit,
    )


def kinds(unit: str, level: int) -> Callable[[Segment, NDArray[np.int32]], NDArray[np.int64]]:
    """Return the function from documents to where they are counted: a bucket, imprecise, or missing."""

    def kind(segment: Segment, docs: NDArray[np.int32]) -> NDArray[np.int64]:
        columns = segment.columns
        starts, ends = columns.starts[docs], columns.ends[docs]
        numbers = NUMBERS[unit](starts)
        fitting = np.where(numbers == NUMBERS[unit](ends), numbers, _IMPRECISE)
        return np.where((starts == 0) | (columns.date_levels[docs] < level), _MISSING, fitting)

    return kind


_IMPRECISE, _MISSING = -(1 << 40), -(1 << 41)
"""No buckets."""


class _Units(NamedTuple):
    """The buckets in which the dates of a segment begin and end; the first and last of nearly all of them."""

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    first: int
    last: int


_Used: TypeAlias = "tuple[DateColumn, NDArray[np.int64], NDArray[np.int64]]"
"""Dates of a segment, and how many documents have each."""


def _used(part: Part, request: FacetRequest) -> _Used:
    """Return the dates that are counted."""
    column = part.segment.columns.dates
    return column, *count_cells(
        part.matching, part.passing(request.without("date")), column.cells, len(column)
    )


_UNITS: WeakKeyDictionary[DateColumn, dict[tuple[str, int], _Units]] = WeakKeyDictionary()
"""What ``_units`` says: asked for by every facet of dates."""


def _units(column: DateColumn, unit: str, level: int) -> _Units:
    """Return the buckets of a segment's dates of a level and higher."""
    known = _UNITS.setdefault(column, {})
    made = known.get((unit, level))
    if made is None:
        begins = np.where(column.known(level), NUMBERS[unit](column.first), NO_BUCKET)
        first, last = NUMBERS[unit](np.array(column.span, dtype=np.int32)).tolist()
        made = known[unit, level] = _Units(begins, NUMBERS[unit](column.last), first, last)
    return made


def _room(units: Iterable[_Units]) -> tuple[int, NDArray[np.int64]]:
    """Return the first of the buckets that are counted side by side, and a count for each of them, 0."""
    spans = [(each.first, each.last) for each in units if each.last >= each.first]
    if not spans:
        return 0, _NONE
    last = max(last for _, last in spans)
    first = max(min(first for first, _ in spans), last - _WIDE)
    return first, np.zeros(last - first + 1, dtype=np.int64)


def _auto(used: Sequence[_Used], level: int) -> str:
    """Return the unit for the dates that are counted."""
    days = [(_units(column, "day", level), numbers) for column, numbers, _ in used]
    spans = [reach(numbers, each.begins, each.ends) for each, numbers in days]
    first = min((first for first, last in spans), default=-NO_BUCKET)
    last = max((last for _, last in spans), default=NO_BUCKET)
    return next((unit for unit, longest in _LONGEST if last - first + 1 <= longest), "year")


_EPOCH = date(1970, 1, 1).toordinal()


def _since(unit: Literal["M", "Y"]) -> Callable[[NDArray[np.int32]], NDArray[np.int64]]:
    """Return the function from days to months or years since 1970."""
    return lambda days: (days - _EPOCH).astype("datetime64[D]").astype(f"datetime64[{unit}]").astype(np.int64)


# Day 1, the first of January of the year 1, is a Monday.
NUMBERS: dict[str, Callable[[NDArray[np.int32]], NDArray[np.int64]]] = {
    "year": _since("Y"),
    "month": _since("M"),
    "week": lambda days: (days.astype(np.int64) - 1) // 7,
    "day": lambda days: days.astype(np.int64),
}
"""The number of the bucket that a day lies in."""

_FIRST_DAY: dict[str, Callable[[int], date]] = {
    "year": lambda number: date(1970 + number, 1, 1),
    "month": lambda number: date(1970 + number // 12, number % 12 + 1, 1),
    "week": lambda number: date.fromordinal(number * 7 + 1),
    "day": date.fromordinal,
}

_LAST_DAY: dict[str, Callable[[date], date]] = {
    "year": lambda day: day.replace(month=12, day=31),
    "month": lambda day: day.replace(day=calendar.monthrange(day.year, day.month)[1]),
    "week": lambda day: date.fromordinal(min(day.toordinal() + 6, date.max.toordinal())),
    "day": lambda day: day,
}

_NAMES: dict[str, Callable[[date], str]] = {
    "year": lambda day: f"{day.year:04}",
    "month": lambda day: f"{day.year:04}-{day.month:02}",
    "week": lambda day: f"{day.isoformat()}/{_LAST_DAY['week'](day).isoformat()}",
    "day": date.isoformat,
}


def buckets(counts: Iterable[tuple[int, int]], unit: str) -> tuple[Bucket, ...]:
    """Return buckets from their numbers in ``NUMBERS`` and their counts."""
    return tuple([_bucket(count, *_named(number, unit)) for number, count in counts])


def _bucket(count: int, value: str, start: str, end: str) -> Bucket:
    return Bucket(value, count, False, start, end)


@lru_cache(4 * MOST)
def _named(number: int, unit: str) -> tuple[str, str, str]:
    """Return a bucket's value (EDTF: it can be given back as ``date``), first and last day."""
    start = _FIRST_DAY[unit](number)
    return _NAMES[unit](start), start.isoformat(), _LAST_DAY[unit](start).isoformat()
