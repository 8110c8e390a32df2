"""``/v1/quotes``: who said what, and where the same words ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote as percent_encoded

from index import representation as shown
from index.persons import is_full, person_id
from search.http import representation
from search.http.parameters import PEOPLE, QUOTES
from search.http.resources import Search

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.differences import Difference
    from search.http.request import Asked
    from search.request import Request
    from search.results import Carrier, Entry, QuoteHit, Ran, Results, Variant


@dataclass(frozen=True, slots=True)
class Quotes(Search):
    """``/v1/quotes``."""

    endpoint: ClassVar[str] = QUOTES

    def _found(self, request: Request) -> Results[Any]:
        return self.searcher.quotes(request)

    def _shown(self, whole: Asked) -> Callable[[Any], dict[str, Any]]:
        return lambda one: hit(one, marked=whole.request.highlight)


def hit(value: QuoteHit, *, marked: bool) -> dict[str, Any]:
    """Return a quote with its article; ``speaker`` is the person's name in the archive, null for nobody."""
    quote = value.quote
    snippet = {
        "field": "quote",
        "text": representation.marked(quote.text, value.matches),
        "start": quote.start,
        "end": quote.end,
    }
    people = {"speaker": speaker_link(exactly(value.speaker))} if value.speaker else {}
    return {
        **shown.quote(quote),
        "speaker": value.speaker,
        "spelling": quote.speaker,
        "score": None if value.score is None else round(float(value.score), 4),
        "snippets": [snippet] if marked else [],
        "article": _article(value.entry),
        "ran_in": ran_in(value.ran_in),
        "links": {"article": shown.links(value.entry.id)["self"], **people},
    }


def ran_in(value: Ran) -> dict[str, Any]:
    """Return where the words of a quote ran, the same ones and those that were changed."""
    return {
        "articles": value.articles,
        "outlets": list(value.outlets),
        "others": [_carrier(each) for each in value.others],
        "variants": [_variant(each) for each in value.variants],
    }


def _variant(value: Variant) -> dict[str, Any]:
    return {
        "text": value.text,
        "articles": value.articles,
        "outlets": list(value.outlets),
        "first": _carrier(value.first),
        "changes": [change(each) for each in value.changes],
    }


def _carrier(value: Carrier) -> dict[str, Any]:
    return {**representation.brief(value.entry), "speaker": value.speaker, "spelling": value.spelling}


def change(value: Difference) -> dict[str, Any]:
    """Return what was changed from one text to another."""
    return {
        "one": list(value.one),
        "other": list(value.other),
        "before": value.before,
        "after": value.after,
    }


def speaker_link(name: str) -> str:
    """Return where a person is found.

    >>> speaker_link("Ann Lee")
    '/v1/speakers/Ann%20Lee'
    """
    return f"{PEOPLE}/{percent_encoded(name, safe='')}"


def exactly(name: str) -> str:
    """Return what means the person with this name and nobody else: an id, where it is a last name alone.

    >>> exactly("Ann Lee"), exactly("Lee")
    ('Ann Lee', 'p14bdb5945a40')
    """
    return name if is_full(name) else person_id(name)


def _article(entry: Entry) -> dict[str, Any]:
    untitled = {} if entry.title is not None else {"display_title": shown.head(entry.article.body)}
    return {
        "id": entry.id,
        "title": entry.title,
        **untitled,
        "outlet": entry.outlet,
        "date": shown.date(entry.date) if entry.date else None,
        "language": entry.language,
    }
