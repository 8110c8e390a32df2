"""How results are shown: the JSON shape of an answer to a search, key by key.

What was not recovered is null, never a guess; text from articles that stands beside markup is
escaped, so that a snippet can be put into a page as it is.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

from index import representation as shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from index.stats import Stats
    from search.facets import FacetPage
    from search.http.request import Asked
    from search.results import Bucket, Cluster, Entry, Explanation, Facet, Hit, Results, Snippet
    from search.trends import Trend

H = TypeVar("H")

VERSION = 1
"""Counts changes of the shapes below: a client that holds an older one is not told 304."""


def results(
    value: Results[H],
    whole: Asked,
    cursor: str | None,
    links: Mapping[str, str],
    show: Callable[[H], dict[str, Any]],
) -> dict[str, Any]:
    """Return the answer to a search; ``took_ms`` is filled in when all else is done."""
    return {
        **asked(value, whole),
        "hits": [show(one) for one in value.hits],
        "facets": {name: facet(one) for name, one in value.facets.items()},
        "next": cursor,
        "links": dict(links),
    }


def asked(value: Results[Any] | FacetPage | Trend, whole: Asked) -> dict[str, Any]:
    """Return what every answer to a query begins with."""
    return {
        "query": {"q": whole.request.q, "parsed": value.parsed, "warnings": list(value.warnings)},
        "total": {"value": value.total, "relation": value.relation},
        "took_ms": 0.0,
        "partial": value.partial,
        "generation": value.generation,
    }


def hit(value: Hit, fields: frozenset[str], include: frozenset[str]) -> dict[str, Any]:
    """Return a hit with the fields asked for; its id, score, snippets and links are always there."""
    untitled = "title" in fields and value.entry.title is None
    readers = _readers(fields, include, copies=value.copies is not None, untitled=untitled)
    return {key: read(value) for key, read in readers}


@lru_cache(256)
def _readers(
    fields: frozenset[str], include: frozenset[str], *, copies: bool, untitled: bool
) -> tuple[tuple[str, Callable[[Hit], Any]], ...]:
    """Return what reads the keys of a hit that are asked for."""
    kept = _ALWAYS | fields | include
    if copies:
        kept |= {"copies"}
    if untitled:
        kept |= {"display_title"}
    return tuple((key, read) for key, read in _KEYS.items() if key in kept)


def why(value: Explanation) -> dict[str, Any]:
    """Return a part of a score with its parts; numbers are whole, so that they add up."""
    return {
        "value": value.value,
        "kind": value.kind,
        "what": value.what,
        **value.numbers,
        "details": [why(part) for part in value.details],
    }


def cluster(value: Cluster | None) -> dict[str, Any] | None:
    """Return the story of an article, null where it stands alone."""
    return {"id": value.id, "size": value.size} if value else None


LISTED = 10
"""Articles behind a hit that are listed: they fit on a line each; the story's own page has all."""


def copies(value: Sequence[Entry]) -> dict[str, Any]:
    """Return the articles behind a hit, counted, and the first of them."""
    return {"count": len(value), "articles": [brief(entry) for entry in value[:LISTED]]}


def brief(value: Entry) -> dict[str, Any]:
    """Return what tells an article from others of its story."""
    day = value.date
    return {
        "id": value.id,
        "title": value.title,
        "outlet": value.outlet,
        "date": shown.date(day) if day else None,
        "links": shown.links(value.id),
    }


def snippet(value: Snippet) -> dict[str, Any]:
    """Return a passage as HTML text: escaped, its matches in ``<mark>``."""
    return {
        "field": value.field,
        "text": marked(value.text, value.matches),
        "start": value.start,
        "end": value.end,
    }


def marked(text: str, matches: tuple[tuple[int, int], ...]) -> str:
    """Return the text escaped for HTML with each span marked.

    >>> marked("R&D talks", ((4, 9),))
    'R&amp;D <mark>talks</mark>'
    """
    pieces: list[str] = []
    at = 0
    for start, end in matches:
        pieces += (text[at:start], "<mark>", text[start:end], "</mark>")
        at = end
    pieces.append(text[at:])
    if "&" in text or "<" in text or ">" in text:
        pieces[::2] = [escape(piece, quote=False) for piece in pieces[::2]]
    return "".join(pieces)


def facet(value: Facet) -> dict[str, Any]:
    """Return the counts of a field; those of a date name the first and last day of each value."""
    if value.interval is not None:
        return {
            "interval": value.interval,
            "values": [period(bucket) for bucket in value.values],
            "imprecise": value.imprecise,
            "missing": value.missing,
        }
    return {
        "values": [
            {"value": bucket.value, "count": bucket.count, "selected": bucket.selected}
            for bucket in value.values
        ],
        "other": value.other,
        "missing": value.missing,
    }


def stats(value: Stats) -> dict[str, Any]:
    """Return what the index holds."""
    return {
        "generation": value.generation,
        "documents": value.documents,
        "deleted": value.deleted,
        "segments": value.segments,
        "bytes": value.bytes,
        "languages": dict(value.languages),
        "recovered": {name: dict(levels) for name, levels in value.recovered.items()},
        "links": {"self": "/v1/stats"},
    }


def period(bucket: Bucket) -> dict[str, Any]:
    """Return a value of a date facet."""
    return {"value": bucket.value, "from": bucket.start, "to": bucket.end, "count": bucket.count}


_ALWAYS = frozenset({"id", "score", "snippets", "links"})

_KEYS: dict[str, Callable[[Hit], Any]] = {
    "id": lambda hit: hit.entry.id,
    "score": lambda hit: None if hit.score is None else round(float(hit.score), 4),
    "title": lambda hit: hit.entry.title,
    "display_title": lambda hit: shown.head(hit.entry.article.body),
    "outlet": lambda hit: hit.entry.outlet,
    "date": lambda hit: shown.date(day) if (day := hit.entry.date) else None,
    "language": lambda hit: hit.entry.language,
    "speakers": lambda hit: list(hit.speakers),
    "cluster": lambda hit: cluster(hit.cluster),
    "copies": lambda hit: copies(hit.copies or ()),
    "url": lambda hit: hit.entry.article.url,
    "body": lambda hit: hit.entry.article.body,
    "quotes": lambda hit: [shown.quote(one) for one in hit.entry.article.quotes],
    "provenance": lambda hit: shown.provenance(hit.entry.article),
    "snippets": lambda hit: [snippet(one) for one in hit.snippets],
    "explain": lambda hit: hit.explanation and why(hit.explanation),
    "links": lambda hit: shown.links(hit.entry.id),
}

ORDER: tuple[str, ...] = tuple(_KEYS)
"""The keys of a hit, in the order in which they are shown."""
