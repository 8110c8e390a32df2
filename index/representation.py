"""How an article is shown: the JSON shape of ``GET /v1/articles/{id}`` and of ``inspect --json``.

What was not recovered is null, never a guess.  Offsets count code points of ``body``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as percent_encoded

from index import edtf

if TYPE_CHECKING:
    from index.article import Article, Found, Quote

_HEAD = 100
"""Code points of a lead that stand for a title: what a list of results shows on one line."""


def article(value: Article) -> dict[str, Any]:
    """Return the article as JSON values; ``display_title`` is there where it has no title of its own."""
    untitled = {} if value.title else {"display_title": head(value.body)}
    return {
        "id": value.id,
        "title": value.title.value if value.title else None,
        **untitled,
        "outlet": value.outlet.value if value.outlet else None,
        "date": date(value.date.value) if value.date else None,
        "language": value.language.value,
        "speakers": [speaker.value for speaker in value.speakers],
        "cluster": None,
        "url": value.url,
        "body": value.body,
        "quotes": [quote(each) for each in value.quotes],
        "provenance": provenance(value),
        "links": links(value.id),
    }


def head(body: str) -> str:
    r"""Return the head of the lead, cut between words, for an article without a title.

    >>> head("TEHRAN - Hamas has said it.\nThe rest of the article.")
    'TEHRAN - Hamas has said it.'
    >>> head("word " * 100)[-12:]
    ' word word …'
    """
    lead = body.lstrip()[: 4 * _HEAD].split("\n", 1)[0]
    words = " ".join(lead.split())
    if len(words) <= _HEAD:
        return words
    cut = words[: _HEAD - 1]
    return (cut.rpartition(" ")[0] or cut) + " …"


def date(value: edtf.Interval) -> dict[str, str | None]:
    """Return an interval as its EDTF text and its first and last day, null where it is open.

    >>> date(edtf.parse("2021-02"))
    {'edtf': '2021-02', 'from': '2021-02-01', 'to': '2021-02-28'}
    """
    return {
        "edtf": value.edtf,
        "from": None if value.start == edtf.FIRST else value.start.isoformat(),
        "to": None if value.end == edtf.LAST else value.end.isoformat(),
    }


def quote(value: Quote) -> dict[str, Any]:
    """Return a quote: ``start`` to ``end`` span its words in ``body``, ``mention`` those of the speaker."""
    return {
        "speaker": value.speaker,
        "as_written": value.as_written,
        "mention": list(value.mention) if value.mention else None,
        "text": value.text,
        "start": value.start,
        "end": value.end,
        "cue": value.cue,
        "kind": value.kind,
        "confidence": value.confidence,
    }


def provenance(value: Article) -> dict[str, Any]:
    """Return, by field, how each recovered value was found, and what was read and not taken."""
    single = {"title": value.title, "outlet": value.outlet, "date": value.date, "language": value.language}
    found = {name: _evidence(one, value.body) for name, one in single.items() if one}
    return {
        **found,
        "speakers": [{"value": one.value, **_evidence(one, value.body)} for one in value.speakers],
        "refused": [{"field": one.field, "text": one.text, "reason": one.reason} for one in value.refused],
    }


def links(id: str) -> dict[str, str]:  # noqa: A002 - the contract's own name
    """Return where an article is found; any id is one segment of the path.

    >>> links("https://example.org/a?b")
    {'self': '/v1/articles/https%3A%2F%2Fexample.org%2Fa%3Fb'}
    >>> links("..")
    {'self': '/v1/articles/%2E%2E'}
    """
    sent = id if _UNRESERVED.fullmatch(id) else percent_encoded(id, safe="")
    if id in {".", ".."}:  # clients take such a segment out (RFC 3986, 5.2.4)
        sent = id.replace(".", "%2E")
    return {"self": "/v1/articles/" + sent}


_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")
"""An id that is sent as it is (RFC 3986, 2.3)."""


def _evidence(found: Found[Any], body: str) -> dict[str, Any]:
    inside = found.origin == "body" and found.start is not None
    text = body[found.start : found.end] if inside else found.text
    return {
        "method": found.method,
        "confidence": found.confidence,
        "evidence": {
            "from": found.origin,
            "start": found.start if inside else None,
            "end": found.end if inside else None,
            "text": text,
        },
    }
