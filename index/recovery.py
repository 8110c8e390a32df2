"""From a source to an article: every value supplied, corrected or recovered, each with its evidence.

Supplied values win over recovered ones, corrections over both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from index import edtf, extraction, markup, quotes
from index.article import LEVELS, Article, Found, Refused
from index.cleaning import Page, clean, repair, storable
from index.errors import BadSource
from index.metadata import date as dates
from index.metadata import language as languages
from index.metadata import markup_date, supplied_date
from index.metadata import outlet as outlets
from index.metadata import title as titles
from index.metadata.headline import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from index.article import Quote, Source
    from index.blocks import Block
    from index.edtf import Interval
    from index.markup import Markup

VERSION = 8
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
    fetched, anchor = (_true(day, today) for day in (source.fetched, anchor))
    latest = min(fetched, today) if fetched else today
    read = _read(source, latest)
    page = read.page
    refused.extend(read.refused)
    title = _given("title", source.title, corrected) or read.title
    if not page.body.strip() and title is None:
        raise BadSource(str(source.place), "neither a title nor a body remains", source.content)
    language = _given("language", source.language, corrected)
    if language is None:
        language, unsure = _language(page, title)
        refused.extend(unsure)
    else:
        language = replace(language, value=languages.tagged(language.value))
    outlet = _given("outlet", source.outlet, corrected)
    if outlet is None:
        outlet, others = outlets.outlet(page, title.value if title else "", source.url, read.outlet)
        refused.extend(others)
    said = quotes.quotes(page.body)
    day = _given_date(source, corrected, latest, refused) or read.date
    if day is None:
        day, others = dates.published(page, read.headline, latest, language.value, fetched or anchor)
        refused.extend(others)
    return Article(
        id=source.id,
        body=page.body,
        url=source.url,
        title=title,
        date=day,
        outlet=outlet,
        language=language,
        speakers=_speakers(source, corrected, said),
        quotes=said,
        refused=tuple(refused),
    )


def _true(fetched: date | None, today: date) -> date | None:
    """Return the day of fetching where it can be one: a database's year 1 must not refuse all other dates."""
    return fetched if fetched and not supplied_date.impossible(edtf.day(fetched), today) else None


@dataclass(frozen=True, slots=True)
class _Read:
    """What the form of a source gives before its text is looked into: ``headline`` is a line of the page."""

    page: Page
    title: Found[str] | None = None
    headline: str | None = None
    date: Found[Interval] | None = None
    outlet: Found[str] | None = None
    refused: tuple[Refused, ...] = ()


def _read(source: Source, latest: date) -> _Read:
    return _FORMS[source.form](source, latest)


def _read_body(source: Source, latest: date) -> _Read:  # noqa: ARG001 - as the others
    return _Read(Page.of([(storable(source.content), True)] if source.content.strip() else []))


def _read_text(source: Source, latest: date) -> _Read:  # noqa: ARG001 - as the others
    title, page, rivals = titles.title(clean(source.content))
    return _Read(page, title, title.text if title else None, refused=rivals)


def _read_html(source: Source, latest: date) -> _Read:
    parts = markup.read(source.content, source.url, latest)
    page = _page(parts, source.content)
    sites = frozenset(filter(None, map(titles.squeezed, outlets.site_names(parts, source.url))))
    title = titles.marked_up(parts, sites)
    headline = title.value if title else None
    if title:
        key = fold(title.value)
        says = [n for n, line in enumerate(page.lines) if fold(line.text) == key]
        page = page.without(says)
        headline = page.lines[says[0]].text if says else headline
    day = markup_date.marked_up(parts, source.url, source.content, latest)
    refused: tuple[Refused, ...] = ()
    if day and day.method == markup_date.GUESS:
        day, refused = markup_date.checked(day, page, headline, latest)
    return _Read(page, title, headline, day, outlets.marked_up(parts), refused)


def _page(parts: Markup, html: str) -> Page:
    """Return the blocks of a page, judged; where none belongs to an article, what trafilatura took.

    Where that took nothing either (a page nested too deep for it, a page of nothing but links), all visible
    text is judged line by line like raw text, so that nothing is lost.
    """
    texts, found = seen(parts)
    extracted = repair(parts.text or "")
    keep = extraction.belongs(texts, found, extracted)
    if any(keep):
        return Page.of(zip(texts, keep, strict=True))
    if parts.text:
        return Page.of((line.strip(), True) for line in extracted.split("\n") if line.strip())
    return clean(markup.visible(html))


def seen(parts: Markup) -> tuple[list[str], list[Block]]:
    """Return the repaired texts of the blocks of a page, and the blocks that they are of."""
    repaired = [(" ".join(repair(block.text).split()), block) for block in parts.blocks]
    texts = [(text, block) for text, block in repaired if text]
    return [text for text, _ in texts], [block for _, block in texts]


_FORMS: Mapping[str, Callable[[Source, date], _Read]] = {
    "body": _read_body,
    "text": _read_text,
    "html": _read_html,
}


def _language(page: Page, title: Found[str] | None) -> tuple[Found[str], tuple[Refused, ...]]:
    """Return the language of the body, else of the title, whose words are then the evidence."""
    if page.body.strip() or title is None:
        return languages.judged(page.body)
    found, unsure = languages.judged(title.value)
    return replace(found, start=None, end=None, origin=title.origin), unsure


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
        found = supplied_date.supplied(storable(text.strip()), latest)
        if isinstance(found, Refused):
            refused.append(found)
        elif origin == "supplied":
            return found
        else:
            return Found(found.value, None, None, "corrected", "high", "corrected", found.text)
    return None


def _speakers(
    source: Source, corrected: Mapping[str, str], said: tuple[Quote, ...]
) -> tuple[Found[str], ...]:
    if "speakers" in corrected:
        return _named(corrected["speakers"].split("\n"), "corrected")
    if source.speakers:
        return _named(source.speakers, "supplied")
    surest: dict[str, Quote] = {}
    for quote in said:
        if quote.speaker:
            best = surest.setdefault(quote.speaker, quote)
            surest[quote.speaker] = max(best, quote, key=lambda one: LEVELS.index(one.confidence))
    return tuple(_quoted(name, quote) for name, quote in surest.items())


def _named(names: Iterable[str], origin: Literal["supplied", "corrected"]) -> tuple[Found[str], ...]:
    return tuple(
        Found(name, method=origin, confidence="high", origin=origin, text=name)
        for name in dict.fromkeys(storable(name).strip() for name in names)
        if name
    )


def _quoted(name: str, quote: Quote) -> Found[str]:
    start, end = quote.mention or (None, None)
    return Found(name, start, end, "quoted", quote.confidence, "body", quote.as_written or "")
