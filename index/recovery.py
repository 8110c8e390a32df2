"""From a source to an article: every value supplied, corrected or recovered, each with its evidence.

Supplied values win over recovered ones, corrections over both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index import markup, quotes
from index.article import Article, Found, Refused
from index.cleaning import Page, clean, repair, storable
from index.errors import BadSource
from index.metadata import date as dates
from index.metadata import language as languages
from index.metadata import outlet as outlets
from index.metadata import title as titles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from index.article import Quote, Source
    from index.edtf import Interval

VERSION = 1
"""Rises with every change of what recovery gives, so that unchanged articles are made anew."""


def recover(
    source: Source,
    *,
    today: date,
    anchor: date | None = None,
    corrections: Mapping[str, str] | None = None,
) -> Article:
    """Return the article of a source; raise BadSource where neither title nor body remains.

    ``today`` bounds what a date can be; ``anchor`` (else ``source.fetched``) is the day that "on
    Monday" counts from; ``corrections`` are field → value and override everything.
    """
    corrected = corrections or {}
    refused: list[Refused] = []
    page, headline = _page(source)
    title = _given("title", source.title, corrected) or headline
    if not page.body and title is None:
        raise BadSource(str(source.place), "neither a title nor a body remains", source.content)
    language = _given("language", source.language, corrected) or languages.language(
        page.body or (title.value if title else "")
    )
    latest = min(source.fetched, today) if source.fetched else today
    said = quotes.quotes(page.body)
    return Article(
        id=source.id,
        body=page.body,
        url=source.url,
        title=title,
        date=_given_date(source, corrected, latest, refused)
        or dates.published(
            page, headline.text if headline else None, latest, language.value, source.fetched or anchor
        ),
        outlet=_given("outlet", source.outlet, corrected) or outlets.outlet(page),
        language=language,
        speakers=_speakers(source, said),
        quotes=said,
        refused=tuple(refused),
    )


def _page(source: Source) -> tuple[Page, Found[str] | None]:
    if source.form == "body":
        return Page.of([(storable(source.content), True)]) if source.content.strip() else Page.of([]), None
    if source.form == "html":
        parts = markup.read(source.content)
        text = parts.text
        page = (
            Page.of((line, True) for line in repair(text).split("\n") if line.strip())
            if text
            else clean(parts.visible)
        )
        heading = repair(parts.title).strip()
        return page, Found(heading, method="title-tag", origin="markup", text=heading) if heading else None
    page = clean(source.content)
    headline, page = titles.title(page)
    return page, headline


def _given(field: str, supplied: str | None, corrected: Mapping[str, str]) -> Found[str] | None:
    if corrected.get(field):
        text = storable(corrected[field]).strip()
        return Found(text, method="corrected", confidence="high", origin="corrected", text=text)
    text = storable(supplied or "").strip()
    return Found(text, method="supplied", confidence="high", origin="supplied", text=text) if text else None


def _given_date(
    source: Source, corrected: Mapping[str, str], latest: date, refused: list[Refused]
) -> Found[Interval] | None:
    for text, origin in ((corrected.get("date"), "corrected"), (source.date, "supplied")):
        if not text or not text.strip():
            continue
        found = dates.supplied(storable(text.strip()), latest)
        if isinstance(found, Refused):
            refused.append(found)
        elif origin == "supplied":
            return found
        else:
            return Found(found.value, None, None, "corrected", "high", "corrected", found.text)
    return None


def _speakers(source: Source, said: tuple[Quote, ...]) -> tuple[Found[str], ...]:
    if source.speakers:
        return tuple(
            Found(name, method="supplied", confidence="high", origin="supplied", text=name)
            for name in dict.fromkeys(storable(s).strip() for s in source.speakers)
            if name
        )
    first: dict[str, Quote] = {}
    for quote in said:
        if quote.speaker:
            first.setdefault(quote.speaker, quote)
    return tuple(_quoted(name, quote) for name, quote in first.items())


def _quoted(name: str, quote: Quote) -> Found[str]:
    start, end = quote.mention or (None, None)
    return Found(name, start, end, "quoted", quote.confidence, "body", quote.as_written or "")
