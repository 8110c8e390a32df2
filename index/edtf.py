"""Dates as intervals, written in EDTF (ISO 8601-2), levels 0 and 1.

A date of publication is as precise as the text that gave it: ``2021-05-24`` is a day,
``2021-05`` any day of a month, ``2021-05-21/2021-06-01`` any day between two.  The day is
the one written, in its own zone; a time of day and its offset stand beside it as ``instant``.

Source: the Extended Date/Time Format specification of the Library of Congress, 2019.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

FIRST, LAST = date.min, date.max

# 2021, 2021-05, 2021-05-24; level 1 lets digits be unspecified (201X, 2021-XX, 2021-05-XX)
# and qualifies with ? (uncertain), ~ (approximate) or % (both).
_POINT = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:-(?P<month>\d{2}|XX)(?:-(?P<day>\d{2}|XX))?)?(?P<mark>[?~%])?"
)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The days between ``start`` and ``end``, both included; ``edtf`` is how it is written."""

    start: date
    end: date
    edtf: str


def day(value: date) -> Interval:
    """Return the interval of one day."""
    return Interval(value, value, value.isoformat())


def month(year: int, number: int) -> Interval:
    """Return the interval of one month."""
    return Interval(date(year, number, 1), date(year, number, _days(year, number)), f"{year:04}-{number:02}")


def parse(text: str) -> Interval:
    """Return the interval that an EDTF string of level 0 or 1 names; raise ValueError for others.

    >>> parse("2021-02")
    Interval(start=datetime.date(2021, 2, 1), end=datetime.date(2021, 2, 28), edtf='2021-02')
    >>> parse("../2020").end
    datetime.date(2020, 12, 31)
    """
    text = text.strip()
    if "/" not in text:
        start, end = _point(text)
        return Interval(start, end, text)
    left, _, right = text.partition("/")
    if left in {"", ".."} and right in {"", ".."}:
        raise ValueError(f"{text!r} is open at both ends")
    start = FIRST if left in {"", ".."} else _point(left)[0]
    end = LAST if right in {"", ".."} else _point(right)[1]
    if end < start:
        raise ValueError(f"{text!r} ends before it begins")
    return Interval(start, end, text)


def _point(text: str) -> tuple[date, date]:
    """Return the first and last day of a year, month or day."""
    found = _POINT.fullmatch(text) if text.isascii() else None
    if not found:
        raise ValueError(f"{text!r} is not an EDTF date such as 2021, 2021-05 or 2021-05-24")
    year, month_, day_ = found["year"], found["month"], found["day"]
    try:
        first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
        if month_ in {None, "XX"}:
            if day_ not in {None, "XX"}:
                raise ValueError("a day needs its month")
            return date(first, 1, 1), date(last, 12, 31)
        if first != last:
            raise ValueError("a month needs its year")
        number = int(month_)
        if day_ in {None, "XX"}:
            return date(first, number, 1), date(first, number, _days(first, number))
        return date(first, number, int(day_)), date(first, number, int(day_))
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date: {error}") from None


def _days(year: int, number: int) -> int:
    if not 1 <= number <= 12:  # noqa: PLR2004 - a year has twelve
        raise ValueError("month must be in 1..12")
    return calendar.monthrange(year, number)[1]
