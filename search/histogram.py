"""Articles over time: counts by year, month, week or day.

An article counts in a bucket when all of its date lies in it; a date that is less precise than
the buckets is counted apart, never spread or guessed.
"""

from __future__ import annotations

import calendar
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from search.kernels import count_days, span_of_days
from search.results import Bucket, Facet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from search.collect import FacetRequest, Part

_LONGEST = (("day", 31), ("week", 183), ("month", 5 * 366))
"""``auto``: the finest interval whose span of days is not exceeded, else years; at most some 60 buckets."""

MOST = 1000
"""Buckets that are listed at most, the latest; the limit of ``facet_size``."""


def dates(parts: Sequence[Part], interval: str, request: FacetRequest) -> Facet:
    """Count articles by date."""
    read = [_Read(each, each.passing(request.without("date")), request.level) for each in parts]
    spans = [each.span() for each in read]
    firsts = [first for first, _, _, _ in spans if first]
    first, last = (min(firsts), max(last for _, last, _, _ in spans)) if firsts else (1, 0)
    counts = np.zeros(last - first + 1, dtype=np.int64)
    longer = [
        each.count(first, several, counts) for each, (_, _, several, _) in zip(read, spans, strict=True)
    ]
    unit = _auto(last - first + 1) if interval == "auto" else interval
    sums = _summed(counts, first, unit)
    starts = _NUMBERS[unit](_joined([start for start, _ in longer]))
    fitting = starts == _NUMBERS[unit](_joined([end for _, end in longer]))
    sums.update(starts[fitting].tolist())
    listed = sorted(sums.items())
    return Facet(
        "date",
        tuple(replace(_bucket(number, unit), count=count) for number, count in listed[-MOST:]),
        other=sum(count for _, count in listed[:-MOST]),
        missing=sum(missing for _, _, _, missing in spans),
        imprecise=int(np.count_nonzero(~fitting)),
        interval=unit,
    )


def _summed(counts: NDArray[np.int64], first: int, unit: str) -> Counter[int]:
    """Return the counts of days, the first of them ``first``, by the number of their bucket."""
    days = np.flatnonzero(counts)
    if not len(days):
        return Counter()
    numbers = _NUMBERS[unit]((days + first).astype(np.int32))
    begins = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
    return Counter(
        dict(zip(numbers[begins].tolist(), np.add.reduceat(counts[days], begins).tolist(), strict=True))
    )


_Arrays = tuple[
    "NDArray[np.int32]",
    "NDArray[np.uint64]",
    "NDArray[np.int32]",
    "NDArray[np.int32]",
    "NDArray[np.int8]",
    int,
]


@dataclass(frozen=True, slots=True)
class _Read:
    """The dates of the documents of a segment that are counted."""

    part: Part
    passing: NDArray[np.uint64]
    level: int

    def span(self) -> tuple[int, int, int, int]:
        """Return the first and last day, how many have several days, and how many none."""
        return span_of_days(*self._arrays())

    def count(
        self, first: int, several: int, counts: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Count those of one day, ``counts[day - first]``; return first and last days of the others."""
        longer = np.empty(several, dtype=np.int32)
        count_days(*self._arrays(), first, counts, longer)
        columns = self.part.segment.columns
        return columns.starts[longer], columns.ends[longer]

    def _arrays(self) -> _Arrays:
        columns = self.part.segment.columns
        dates = (columns.starts, columns.ends, columns.date_levels)
        return (self.part.matching, self.passing, *dates, self.level)


def _joined(parts: Sequence[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate([np.zeros(0, np.int32), *parts])


def _auto(span: int) -> str:
    return next((unit for unit, longest in _LONGEST if span <= longest), "year")


_EPOCH = date(1970, 1, 1).toordinal()


def _since(unit: Literal["M", "Y"]) -> Callable[[NDArray[np.int32]], NDArray[np.int64]]:
    """Return the function from days to months or years since 1970."""
    return lambda days: (days - _EPOCH).astype("datetime64[D]").astype(f"datetime64[{unit}]").astype(np.int64)


# Day 1, the first of January of the year 1, is a Monday.
_NUMBERS: dict[str, Callable[[NDArray[np.int32]], NDArray[np.int64]]] = {
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


@lru_cache(4 * MOST)
def _bucket(number: int, unit: str) -> Bucket:
    """Return a bucket, empty; its value is EDTF, so that it can be given back as ``date``."""
    start = _FIRST_DAY[unit](number)
    return Bucket(_NAMES[unit](start), 0, start=start.isoformat(), end=_LAST_DAY[unit](start).isoformat())
