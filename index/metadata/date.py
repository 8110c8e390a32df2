"""The date of publication, as precise as the text gives it.

A supplied date is read as it was written.  In a text, a line that a machine printed, a byline or
a dateline counts, and the nearest to the headline wins; a date inside a sentence never counts.
What cannot be true is refused with the reason.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import dateparser

from index import edtf
from index.article import Found, Refused
from index.metadata import printed, written

if TYPE_CHECKING:
    from index.article import Level
    from index.cleaning import Page
    from index.edtf import Interval
    from index.markup import Markup
    from index.metadata.printed import Candidate, Features

EARLIEST = date(1450, 1, 1)
"""Nothing was printed before; year 1 and year 0 are what a database gives for "unknown"."""

_ISO_TIME = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[T ]\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)? ?"
    r"(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?\d{4,6}Z?)?")
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAYS = {name: number for number, name in enumerate(_WEEKDAYS.split())}

_PARSER = {
    "STRICT_PARSING": True,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "PARSERS": ["absolute-time"],
    "DATE_ORDER": "YMD",
    "RETURN_AS_TIMEZONE_AWARE": False,
    "NORMALIZE": True,
}
_LONGEST = 100
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
    if len(text) > _LONGEST:
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
    chances = _chances(page, found, weights, headline)
    day = max(chances, key=lambda day: chances[day], default=None)
    taken = day if day and chances[day] >= ANSWERED else None
    why = "another date stands nearer" if taken else "nothing says that it is the day of publication"
    for each in found:
        if each.day != taken:
            refused.setdefault(_text(page, each), why)
    rest = tuple(Refused("date", text, why) for text, why in list(refused.items())[:_REFUSED])
    if taken is None:
        return None, rest
    best = max(zip(weights, found, strict=True), key=lambda one: (one[1].day == taken, one[0]))[1]
    span = (best.written.start, best.written.end)
    return _with_evidence(page, edtf.day(taken), best.number, span, "line", "medium"), rest


def _chances(
    page: Page, found: list[Candidate], weights: list[float], headline: str | None
) -> dict[date, float]:
    """Return how likely each day of a page is to be that of publication."""
    headed = any(line.text == headline for line in page.lines)
    standings = printed.standings(page, found, weights, headed=headed)
    return {day: printed.chance(standing) for day, standing in standings.items()}


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
            refused[_text(page, each)] = reason
        elif each.number != number:
            found.append(each)
    return found, printed.features(page, found, number, latest), refused


def _text(page: Page, each: Candidate) -> str:
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
_WEEKDAY = re.compile(rf"\b(?:on|late|early)\s+(?P<day>{'|'.join(WEEKDAYS)})\b", re.IGNORECASE)


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
    since = (anchor.weekday() - WEEKDAYS[told["day"].lower()]) % 7
    day = edtf.day(anchor - timedelta(days=since))
    return _with_evidence(page, day, page.lead, told.span("day"), "relative-weekday", "low")


PUBLISHED_METAS = (
    "article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "date.issued",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "og:published_time",
    "og:article:published_time",
    "sailthru.date",
    "parsely-pub-date",
    "citation_publication_date",
    "dc.date",
    "dc:date",
    "date",
)
"""Names of metas that give the day of publication, best first."""
_URL_DAY = re.compile(r"/(?P<y>(?:19|20)\d\d)[/_-]?(?P<m>[01]?\d)[/_-]?(?P<d>[0-3]?\d)(?=[/_.-]|\Z)")
_URL_MONTH = re.compile(r"/(?P<y>(?:19|20)\d\d)[/_-](?P<m>[01]\d)/")


def marked_up(parts: Markup, url: str | None, html: str, latest: date) -> Found[Interval] | None:
    """Return the day of publication that the markup of a page or its address gives, or None.

    It is htmldate's reading; what the markup says in so many words, or the address, makes it
    sure.  The first of a month or year that stands nowhere in ``html`` is its guess: then only
    the month in the address is taken.
    """
    day = edtf.parse(parts.date) if parts.date else None
    if day is None or parts.date is None or impossible(day, latest):
        return None
    address = _URL_DAY.search(url or "")
    if address and "{y}-{m:0>2}-{d:0>2}".format(**address.groupdict()) == day.edtf:
        return Found(day, method="url", confidence="high", origin="url", text=address[0].strip("/"))
    said = [*parts.linked_texts("datePublished"), *(content for _, content in parts.meta(*PUBLISHED_METAS))]
    for one in said:
        if any(w.day == day.start for w in written.days(one[:_LONGEST])):
            return Found(
                day, method="published-meta", confidence="medium", origin="markup", text=one[:_LONGEST]
            )
    if day.start.day == 1 and not _stands(day.start, html):
        return _month_of(url, day)
    return Found(day, method=GUESS, confidence="medium", origin="markup", text=parts.date)


GUESS = "htmldate"
"""The method of a day that neither the address nor a meta gives in so many words."""
_OVERRULED = 0.9
"""What a page prints wins over htmldate's guess with this probability …"""
_UNHEARD = 0.1
"""… and a guess that has less than this is refused.  Of 666 pages P .945 at R .931 (.8, .2: .944 at .924);
where both agree, 160 of 166 are right."""


def checked(
    guess: Found[Interval], page: Page, headline: str | None, latest: date
) -> tuple[Found[Interval] | None, tuple[Refused, ...]]:
    """Return htmldate's guess or what the visible page prints instead, and what was refused.

    ``headline`` is the line of the page that says its title.
    """
    found, features, _ = reading(page, headline, latest, "en")
    chances = _chances(page, found, [printed.weigh(each) for each in features], headline)
    best = max(chances, key=lambda day: chances[day], default=None)
    if best is None:
        return replace(guess, confidence="low"), ()
    if best == guess.value.start:
        return guess, ()
    refused = (Refused("date", guess.text, f"the page prints {best} as its date"),)
    if chances[best] >= _OVERRULED:
        text = next(_text(page, each) for each in found if each.day == best)
        return Found(edtf.day(best), None, None, "printed", "medium", "markup", text), refused
    if chances.get(guess.value.start, 1.0) < _UNHEARD:
        return None, refused
    return replace(guess, confidence="low"), ()


_TAG = re.compile(r"<[^<>]*>|&nbsp;|&#160;")
_AROUND = 40
"""Letters around a year in which the rest of its date stands."""


def _stands(day: date, html: str) -> bool:
    """Whether the day is written anywhere in the page."""
    for year in re.finditer(rf"(?<!\d){day.year}(?!\d)", html):
        near = _TAG.sub(" ", html[max(0, year.start() - _AROUND) : year.end() + _AROUND])
        if any(one.day == day for one in written.days(near)):
            return True
    return False


def _month_of(url: str | None, first: Interval) -> Found[Interval] | None:
    """Return the month that begins that day, where the address has it."""
    month = _URL_MONTH.search(url or "")
    if month is None or f"{month['y']}-{month['m']}" != first.edtf[:7]:
        return None
    interval = edtf.month(first.start.year, first.start.month)
    return Found(interval, method="url", confidence="medium", origin="url", text=month[0].strip("/"))


def _with_evidence(
    page: Page, interval: Interval, number: int, span: tuple[int, int], method: str, confidence: Level
) -> Found[Interval]:
    seen = page.found("", number, span, method, confidence)
    return Found(interval, seen.start, seen.end, method, confidence, seen.origin, seen.text)
