"""Articles over time: counts by year, month, week or day.

An article counts in a bucket when all of its date lies in it; a date that is less precise than
the buckets is counted apart, never spread or guessed.
"""

from __future__ import annotations

import calendar
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

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
    counts, imprecise = _count(first, last, _UNITS[unit])
    listed = sorted(counts.items())[-MOST:]
    return Facet(
        "date",
        tuple(_bucket(start, count, unit) for start, count in listed),
        other=counts.total() - sum(count for _, count in listed),
        missing=missing,
        imprecise=imprecise,
        interval=unit,
    )


def _auto(starts: NDArray[np.int32], ends: NDArray[np.int32]) -> str:
    span = int(ends.max()) - int(starts.min()) + 1 if len(starts) else 0
    return next((unit for unit, longest in _LONGEST if span <= longest), "year")


def _count(
    starts: NDArray[np.int32], ends: NDArray[np.int32], first_day: Callable[[date], date]
) -> tuple[Counter[date], int]:
    """Return the articles by the first day of their bucket, and how many fit into none."""
    counts: Counter[date] = Counter()
    imprecise = 0
    pairs, numbers = np.unique(np.stack([starts, ends]), axis=1, return_counts=True)
    for start, end, number in zip(*pairs.tolist(), numbers.tolist(), strict=True):
        bucket = first_day(date.fromordinal(start))
        if first_day(date.fromordinal(end)) == bucket:
            counts[bucket] += number
        else:
            imprecise += number
    return counts, imprecise


def _week(day: date) -> date:
    """Return the Monday of a day's week (the year 1 begins with one)."""
    return day - timedelta(days=day.weekday())


_UNITS: dict[str, Callable[[date], date]] = {
    "year": lambda day: day.replace(month=1, day=1),
    "month": lambda day: day.replace(day=1),
    "week": _week,
    "day": lambda day: day,
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
