"""The date of publication that markup or an address gives, and what the visible page says against it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index import edtf
from index.article import Found, Refused
from index.metadata import printed, written
from index.metadata.date import chances, reading, text_of
from index.metadata.supplied_date import LONGEST, impossible

if TYPE_CHECKING:
    from datetime import date

    from index.cleaning import Page
    from index.edtf import Interval
    from index.markup import Markup

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
        if any(w.day == day.start for w in written.days(one[:LONGEST])):
            return Found(
                day, method="published-meta", confidence="medium", origin="markup", text=one[:LONGEST]
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
    likely = chances(page, found, [printed.weigh(each) for each in features], headline)
    best = max(likely, key=lambda day: likely[day], default=None)
    if best is None:
        return replace(guess, confidence="low"), ()
    if best == guess.value.start:
        return guess, ()
    refused = (Refused("date", guess.text, f"the page prints {best} as its date"),)
    if likely[best] >= _OVERRULED:
        text = next(text_of(page, each) for each in found if each.day == best)
        return Found(edtf.day(best), None, None, "printed", "medium", "markup", text), refused
    if likely.get(guess.value.start, 1.0) < _UNHEARD:
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
