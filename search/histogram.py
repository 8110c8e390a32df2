"""Articles over time: counts by year, month, week or day.

An article counts in a bucket when all of its date lies in it; a date that is less precise than
the buckets is counted apart, never spread or guessed.
"""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np

from search.results import Bucket, Facet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from search.collect import FacetRequest, Selection

_LONGEST = (("day", 31), ("week", 183), ("month", 5 * 366))
"""``auto``: the finest interval whose span of days is not exceeded, else years; at most some 60 buckets."""

MOST = 1000
"""Buckets that are listed at most, the latest; the limit of ``facet_size``."""


def dates(selections: Sequence[Selection], interval: str, request: FacetRequest) -> Facet:
    """Count articles by date."""
    starts, ends, missing = [], [], 0
    for selection in selections:
        columns = selection.segment.columns
        docs = selection.docs(request.without("date"))
        known = docs[(columns.starts[docs] > 0) & (columns.date_levels[docs] >= request.level)]
        starts.append(columns.starts[known])
        ends.append(columns.ends[known])
        missing += len(docs) - len(known)
    first, last = (
        np.concatenate(starts or [np.zeros(0, np.int32)]),
        np.concatenate(ends or [np.zeros(0, np.int32)]),
    )
    unit = _auto(first, last) if interval == "auto" else interval
    numbers, last_numbers = _NUMBERS[unit](first), _NUMBERS[unit](last)
    found, counts = np.unique(numbers[numbers == last_numbers], return_counts=True)
    listed = zip(found[-MOST:].tolist(), counts[-MOST:].tolist(), strict=True)
    return Facet(
        "date",
        tuple(_bucket(_FIRST_DAY[unit](number), count, unit) for number, count in listed),
        other=int(counts[:-MOST].sum()),
        missing=missing,
        imprecise=int(np.count_nonzero(numbers != last_numbers)),
        interval=unit,
    )


def _auto(starts: NDArray[np.int32], ends: NDArray[np.int32]) -> str:
    span = int(ends.max()) - int(starts.min()) + 1 if len(starts) else 0
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


def _bucket(start: date, count: int, unit: str) -> Bucket:
    """Return a bucket; its value is EDTF, so that it can be given back as ``date``."""
    return Bucket(_NAMES[unit](start), count, start=start.isoformat(), end=_LAST_DAY[unit](start).isoformat())
