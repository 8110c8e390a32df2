"""Articles over time: counts by year, month, week or day.

An article counts in a bucket when all of its date lies in it; a date that is less precise than
the buckets is counted apart, never spread or guessed.
"""

from __future__ import annotations

import calendar
from collections import Counter
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from search.kernels import count_days
from search.results import Bucket, Facet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from index.segment import Segment
    from search.collect import FacetRequest, Part

_LONGEST = (("day", 31), ("week", 183), ("month", 5 * 366))
"""``auto``: the finest interval whose span of days is not exceeded, else years; at most some 60 buckets."""

_NO_DAYS = np.empty(0, dtype=np.int32)

_LONG = 100_000
"""Days of an archive, 270 years: what is older than the last of them is listed, not counted."""

MOST = 1000
"""Buckets that are listed at most, the latest; the limit of ``facet_size``."""


def dates(parts: Sequence[Part], interval: str, request: FacetRequest, most: int = MOST) -> Facet:
    """Count articles by date; ``most`` buckets are listed."""
    first, last = _span(parts)
    counts = np.zeros(last - first + 1, dtype=np.int64)
    missing, starts, ends = 0, [_NO_DAYS], [_NO_DAYS]
    for each in parts:
        columns, passing = each.segment.columns, each.passing(request.without("date"))
        dated = (columns.starts, columns.ends, columns.date_levels)
        without, longer = count_days(each.matching, passing, *dated, request.level, first, counts)
        missing += without
        starts.append(columns.starts[longer])
        ends.append(columns.ends[longer])
    begin, end = np.concatenate(starts), np.concatenate(ends)
    unit = _auto(counts, first, begin, end) if interval == "auto" else interval
    sums = _summed(counts, first, unit)
    fitting = NUMBERS[unit](begin) == NUMBERS[unit](end)
    sums.update(NUMBERS[unit](begin[fitting]).tolist())
    listed = sorted(sums.items())
    return Facet(
        "date",
        buckets(listed[max(0, len(listed) - most) :], unit),
        other=sum(count for _, count in listed[: max(0, len(listed) - most)]),
        missing=missing,
        imprecise=int(np.count_nonzero(~fitting)),
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


def _span(parts: Sequence[Part]) -> tuple[int, int]:
    """Return the days that are counted one by one; the few articles beside them are listed."""
    spans = [each.segment.file.days for each in parts]
    spans = [(first, last) for first, last in spans if last]
    if not spans:
        return (1, 0)
    last = max(last for _, last in spans)
    return max(min(first for first, _ in spans), last - _LONG), last


def _summed(counts: NDArray[np.int64], first: int, unit: str) -> Counter[int]:
    """Return the counts of days, the first of them ``first``, by the number of their bucket."""
    if not len(counts):
        return Counter()
    numbers, begins = _begins(first, len(counts), unit)
    sums = np.add.reduceat(counts, begins)
    used = np.flatnonzero(sums)
    return Counter(dict(zip(numbers[used].tolist(), sums[used].tolist(), strict=True)))


@lru_cache(256)
def _begins(first: int, size: int, unit: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of the buckets that some days lie in, and where the days of each begin."""
    numbers = NUMBERS[unit](np.arange(first, first + size, dtype=np.int32))
    begins = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
    return numbers[begins], begins


def _auto(counts: NDArray[np.int64], first: int, begin: NDArray[np.int32], end: NDArray[np.int32]) -> str:
    """Return the unit for what is counted: days that have articles, and intervals."""
    days = np.flatnonzero(counts)
    edges = [*(days[[0, -1]] + first if len(days) else days).tolist(), *begin.tolist(), *end.tolist()]
    span = max(edges) - min(edges) + 1 if edges else 0
    return next((unit for unit, longest in _LONGEST if span <= longest), "year")


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
    return tuple(
        Bucket(value, count, False, start, end)
        for (value, start, end), count in ((_named(number, unit), count) for number, count in counts)
    )


@lru_cache(4 * MOST)
def _named(number: int, unit: str) -> tuple[str, str, str]:
    """Return a bucket's value (EDTF: it can be given back as ``date``), first and last day."""
    start = _FIRST_DAY[unit](number)
    return _NAMES[unit](start), start.isoformat(), _LAST_DAY[unit](start).isoformat()
