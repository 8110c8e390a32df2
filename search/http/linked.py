"""How an article is shown as linked data: a ``NewsArticle`` of schema.org, in JSON-LD.

What was not recovered is left out, and what was recovered stands there only where the vocabulary has a
word for it: an interval of days is no ``datePublished``, and speech in the article's own words is no
``Quotation``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from index.article import UNDETERMINED

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/ld+json"

CONTEXT = "https://schema.org"

_ISO_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
"""The dates of EDTF that ISO 8601 has too: a year, a month, a day, none of them uncertain."""

_MENTIONED = "Thing"
"""Organisations are quoted too, and nothing here tells them from people.  Who speaks a ``Quotation`` is one
of these two in the vocabulary, not any thing: there the name stands without a type."""

_QUOTED = frozenset({"direct", "mixed"})
"""Kinds of quotes that have words between marks."""


def article(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the linked data of an article that is shown as JSON.

    >>> unknown = {"outlet": None, "date": None, "url": None, "language": "und", "speakers": [], "quotes": []}
    >>> article({"id": "a", "title": "Rain", "body": "It rained", "links": {"self": "/a"}} | unknown)
    {'@context': 'https://schema.org', '@type': 'NewsArticle', '@id': '/a', 'identifier': 'a',
     'headline': 'Rain', 'articleBody': 'It rained'}
    """
    date, language = shown["date"], shown["language"]
    known = {
        "url": shown["url"],
        "headline": shown["title"],
        "datePublished": date["edtf"] if date and _ISO_DATE.fullmatch(date["edtf"]) else None,
        "publisher": _named("NewsMediaOrganization", shown["outlet"]),
        "inLanguage": None if language == UNDETERMINED else language,
        "articleBody": shown["body"],
        "mentions": [_named(_MENTIONED, name) for name in shown["speakers"]],
        "hasPart": [_quotation(one) for one in shown["quotes"] if one["kind"] in _QUOTED],
    }
    return {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "@id": shown["links"]["self"],
        "identifier": shown["id"],
        **{name: value for name, value in known.items() if value},
    }


def _quotation(quote: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words of a quote, and who said them where that is known."""
    return {
        "@type": "Quotation",
        "text": quote["text"],
        **({"spokenByCharacter": {"name": quote["speaker"]}} if quote["speaker"] else {}),
    }


def _named(kind: str, name: str | None) -> dict[str, str] | None:
    return {"@type": kind, "name": name} if name else None
