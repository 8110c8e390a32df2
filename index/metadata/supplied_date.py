"""A date that an article comes with, read as it is written; what cannot be true is refused."""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import dateparser

from index import edtf
from index.article import Found, Refused
from index.metadata import written

if TYPE_CHECKING:
    from index.edtf import Interval

EARLIEST = date(1450, 1, 1)
"""Nothing was printed before; year 1 and year 0 are what a database gives for "unknown"."""

_ISO_TIME = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ]\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)? ?"
    r"(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?\d{4,6}Z?)?")

_PARSER = {
    "STRICT_PARSING": True,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "PARSERS": ["absolute-time"],
    "DATE_ORDER": "YMD",
    "RETURN_AS_TIMEZONE_AWARE": False,
    "NORMALIZE": True,
}
LONGEST = 100
"""A supplied date is no longer than this; dateparser takes seconds over a page."""


def read(text: str) -> Interval:
    """Return the days that a supplied date names; raise ValueError where it names none, or two.

    The day is the one written, in its own zone.  03/04/2021 is two days: Americans and everybody
    else disagree.

    >>> read("2021-05-24T23:30:00+03:00").edtf, read("Mon, 24 May 2021 23:30:00 -0700").edtf
    ('2021-05-24', '2021-05-24')
    >>> read("24/05/2021").edtf, read("May 2021").edtf
    ('2021-05-24', '2021-05')
    >>> read("03/04/2021")
    Traceback (most recent call last):
    ...
    ValueError: may be 2021-04-03 or 2021-03-04
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise ValueError("is too long for a date")
    timed = _ISO_TIME.fullmatch(text)
    if timed:
        return edtf.parse(timed["day"])
    compact = _COMPACT.fullmatch(text)
    if compact:
        return edtf.parse("{y}-{m}-{d}".format(**compact.groupdict()))
    if _EDTF.fullmatch(text):  # digits and X, and at most one slash, are meant as EDTF
        return edtf.parse(text)
    return written.month(text) or edtf.day(_one_day(text))


_POINT = r"(?:\d[\dX]{3}(?:-[\dX]{2}){0,2}[?~%]?|\.\.)?"
_EDTF = re.compile(rf"{_POINT}/?{_POINT}")


def _one_day(text: str) -> date:
    days = list(written.days(text))
    if len(days) == 1:
        if days[0].other:
            raise ValueError(f"may be {days[0].day} or {days[0].other}")
        return days[0].day
    if len(days) > 1:
        raise ValueError("names more than one day")
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        parsed = dateparser.parse(text, settings=_PARSER) if re.search(r"\d", text) else None
    if parsed is None:
        raise ValueError("cannot be read as a date")
    return date(parsed.year, parsed.month, parsed.day)


def supplied(text: str, latest: date) -> Found[Interval] | Refused:
    """Return a supplied date, or why it is not taken; ``latest`` is the last day that can be true."""
    try:
        interval = read(text)
    except ValueError as error:
        return Refused("date", text, str(error))
    reason = impossible(interval, latest)
    if reason:
        return Refused("date", text, reason)
    return Found(interval, method="supplied", confidence="high", origin="supplied", text=text)


def impossible(interval: Interval, latest: date) -> str | None:
    """Return why nothing can have been published then, or None.

    A day of grace is given, because ``latest`` may be a day behind in another zone.
    """
    if interval.end < EARLIEST or edtf.FIRST < interval.start < EARLIEST:
        return f"is before {EARLIEST.year}"
    if interval.start > latest + timedelta(days=1):
        return f"is after {latest.isoformat()}"
    return None
