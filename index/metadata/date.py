"""The date of publication, as precise as the text gives it.

A supplied date is read as it was written; in a text, a line that a machine printed counts, never
a date inside a sentence.  What cannot be true is refused with the reason.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from index import edtf
from index.article import Found, Refused

if TYPE_CHECKING:
    from index.cleaning import Page
    from index.edtf import Interval

EARLIEST = date(1450, 1, 1)
"""Nothing was printed before; year 1 and year 0 are what a database gives for "unknown"."""

_ISO_TIME = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ]\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)? ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")


def read(text: str) -> Interval:
    """Return the days that a supplied date names; raise ValueError where it names none.

    >>> read("2021-05-24T23:30:00+03:00").edtf
    '2021-05-24'
    """
    text = text.strip()
    timed = _ISO_TIME.fullmatch(text)
    if timed:
        return edtf.parse(timed["day"])
    compact = _COMPACT.fullmatch(text)
    if compact:
        return edtf.parse("{y}-{m}-{d}".format(**compact.groupdict()))
    try:
        return edtf.parse(text)
    except ValueError:
        pass
    try:
        return edtf.day(parsedate_to_datetime(text).date())
    except (ValueError, TypeError, IndexError, OverflowError):
        raise ValueError("cannot be read as a date") from None


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

    A day of grace is given, because ``latest`` may be a day earlier in another zone.
    """
    if interval.start < EARLIEST:
        return f"before {EARLIEST.year}"
    if interval.start > latest + timedelta(days=1):
        return f"after {latest.isoformat()}"
    return None


_LINE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:[T ]+\d{1,2}:\d{2}(?::\d{2})?.{0,8})?")


def published(page: Page, latest: date) -> Found[Interval] | None:
    """Return the date on a line of its own, or None."""
    for number, line in enumerate(page.lines):
        printed = _LINE.fullmatch(line.text)
        if not printed:
            continue
        try:
            interval = edtf.parse(printed["day"])
        except ValueError:
            continue
        if impossible(interval, latest) is None:
            evidence = page.found(printed["day"], number, printed.span("day"), "line", "high")
            return Found(
                interval, evidence.start, evidence.end, "line", "high", evidence.origin, evidence.text
            )
    return None
