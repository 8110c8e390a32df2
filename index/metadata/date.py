"""The date of publication, as precise as a page of text prints it.

A line that a machine printed, a byline or a dateline counts, and the nearest to the headline wins; a date
inside a sentence never counts.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from index import edtf
from index.article import Found, Refused
from index.metadata import printed, standing, written
from index.metadata.supplied_date import impossible

if TYPE_CHECKING:
    from index.article import Level
    from index.cleaning import Page
    from index.edtf import Interval
    from index.metadata.printed import Candidate, Features


def published(
    page: Page, headline: str | None, latest: date, language: str, anchor: date | None
) -> tuple[Found[Interval] | None, tuple[Refused, ...]]:
    """Return the date of publication that the page prints, or None, and the dates that are not taken.

    ``headline`` is the line whose neighbours are looked at first (else the body's first line);
    ``language`` decides between day and month in 3/4/2021; ``anchor`` is the day that "yesterday"
    and "on Monday" count from.
    """
    dateline = _dateline(page, latest, anchor)
    if dateline:
        return dateline, ()
    found, refused = _printed(page, headline, latest, language)
    return found or _relative(page, anchor), refused


ANSWERED = 0.82
"""A day with this probability is taken: by 5-fold cross-validation on 621 pages it is right in 95 of 100, and
taken on 72 of 100; at 0.7 in 94, on 79.  Of 24 wrong ones 9 are slips of the gold or its time zone."""
_REFUSED = 3
"""Dates of a page that are kept with the reason why they were not taken."""


def _printed(
    page: Page, headline: str | None, latest: date, language: str
) -> tuple[Found[Interval] | None, tuple[Refused, ...]]:
    found, features, refused = reading(page, headline, latest, language)
    weights = [printed.weigh(each) for each in features]
    likely = chances(page, found, weights, headline)
    day = max(likely, key=lambda day: likely[day], default=None)
    taken = day if day and likely[day] >= ANSWERED else None
    why = "another date stands nearer" if taken else "nothing says that it is the day of publication"
    for each in found:
        if each.day != taken:
            refused.setdefault(text_of(page, each), why)
    rest = tuple(Refused("date", text, why) for text, why in list(refused.items())[:_REFUSED])
    if taken is None:
        return None, rest
    best = max(zip(weights, found, strict=True), key=lambda one: (one[1].day == taken, one[0]))[1]
    span = (best.written.start, best.written.end)
    return _with_evidence(page, edtf.day(taken), best.number, span, "line", "medium"), rest


def chances(
    page: Page, found: list[Candidate], weights: list[float], headline: str | None
) -> dict[date, float]:
    """Return how likely each day of a page is to be that of publication, from the log-odds of its dates."""
    headed = any(line.text == headline for line in page.lines)
    standings = standing.standings(page, found, weights, headed=headed)
    return {day: standing.chance(each) for day, each in standings.items()}


def reading(
    page: Page, headline: str | None, latest: date, language: str
) -> tuple[list[Candidate], list[Features], dict[str, str]]:
    """Return the dates of a page that can be its day of publication, what is weighed of each, and the others.

    The others are text → reason.
    """
    lines = [line.text for line in page.lines]
    number = lines.index(headline) if headline in lines else None
    month_first = _month_first(lines, language)
    found, refused = [], {}
    for each in printed.candidates(page, month_first=month_first):
        reason = impossible(edtf.day(each.day), latest)
        if each.written.other and month_first is None:
            reason = f"may be {each.written.day} or {each.written.other}"
        if reason:
            refused[text_of(page, each)] = reason
        elif each.number != number:
            found.append(each)
    return found, printed.features(page, found, number, latest), refused


def text_of(page: Page, each: Candidate) -> str:
    """Return a date as the page writes it."""
    return page.lines[each.number].text[each.written.start : each.written.end]


_DAY_FIRST = "ar ca el es fa fr gl he hi id it ms nl pt ro th tr ur vi"
DAY_FIRST = frozenset(_DAY_FIRST.split())
"""Languages whose newspapers write 24/5/2021."""


def _month_first(lines: list[str], language: str) -> bool | None:
    """Return whether the page writes 3/4/2021 for 4 March: None where nothing tells.

    A date such as 3/24/2021 tells; else the day comes first in languages that write dates with slashes.
    English does both, and where dates have full stops (German, Russian) slashes are a program's, often an
    American one.
    """
    slashed = [
        m
        for line in lines
        if "/" in line
        for m in re.finditer(r"(?<!\d)(\d\d?)/(\d\d?)/(?:19|20)\d\d(?!\d)", line)
    ]
    if any(int(m[2]) > 12 for m in slashed):  # noqa: PLR2004 - months
        return True
    day_first = language in DAY_FIRST or any(int(m[1]) > 12 for m in slashed)  # noqa: PLR2004 - months
    return False if day_first else None


# As "TEHRAN, May 24, 2021 (MNA) –" and "Düsseldorf, 22. November 2022 - " and "PARIS, Feb 3 —".
_DATELINE = re.compile(r"\A(?P<opening>[^\W\d_][^–—\n]{3,80}?) ?(?:[–—]{1,2}|(?<= )--?(?= )) ?(?=\S)")


def _dateline(page: Page, latest: date, anchor: date | None) -> Found[Interval] | None:
    """Return the day in the dateline that opens the body; without a year it is the last before the anchor."""
    if page.lead == len(page.lines):
        return None
    line = page.lines[page.lead].text
    opening = _DATELINE.match(line[:120])
    if not opening or not opening["opening"][0].isupper():
        return None
    found = list(written.days(opening["opening"]))
    if len(found) == 1 and not found[0].other:
        day, span = found[0].day, (found[0].start, found[0].end)
    elif anchor and (part := written.yearless(opening["opening"], anchor)):
        day, span = part.day, (part.start, part.end)
    else:
        return None
    if impossible(edtf.day(day), latest):
        return None
    return _with_evidence(page, edtf.day(day), page.lead, span, "dateline", "high")


_AGO = re.compile(
    r"(?:(?:published|posted|updated)[: ]+)?(?:(?P<word>today|yesterday)|(?P<count>\d{1,3}) "
    r"(?P<unit>minute|hour|day)s? ago)\b.{0,12}",
    re.IGNORECASE,
)
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
_WEEKDAY_NUMBERS = {name: number for number, name in enumerate(_WEEKDAYS.split())}
_WEEKDAY = re.compile(rf"\b(?:on|late|early)\s+(?P<day>{'|'.join(_WEEKDAY_NUMBERS)})\b", re.IGNORECASE)


def _relative(page: Page, anchor: date | None) -> Found[Interval] | None:
    """Return the day of a line such as "3 hours ago", or the weekday in the lead, counted from the anchor.

    The weekday of a lead is the day of what is told: of 256 leads 101 were printed that day, 101 the next.
    """
    if anchor is None:
        return None
    for number, line in enumerate(page.lines):
        ago = _AGO.fullmatch(line.text)
        if ago:
            whole_days = (ago["unit"] or "").lower() == "day"
            back = int(ago["count"]) if whole_days else int((ago["word"] or "").lower() == "yesterday")
            day = edtf.day(anchor - timedelta(days=back))
            return _with_evidence(page, day, number, ago.span(), "relative", "medium")
    if page.lead == len(page.lines):
        return None
    told = _WEEKDAY.search(page.lines[page.lead].text)
    if not told:
        return None
    since = (anchor.weekday() - _WEEKDAY_NUMBERS[told["day"].lower()]) % 7
    day = edtf.day(anchor - timedelta(days=since))
    return _with_evidence(page, day, page.lead, told.span("day"), "relative-weekday", "low")


def _with_evidence(
    page: Page, interval: Interval, number: int, span: tuple[int, int], method: str, confidence: Level
) -> Found[Interval]:
    seen = page.found("", number, span, method, confidence)
    return Found(interval, seen.start, seen.end, method, confidence, seen.origin, seen.text)
