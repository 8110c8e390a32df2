"""An article as bytes, and back: what a segment stores of it.

JSON rather than pickle: reading it runs nothing, and an old index stays readable by any tool.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import orjson

from index.article import Article, Found, Quote, Refused
from index.edtf import Interval


class Row(NamedTuple):
    """What the columns have of an article and a head has not; the id is in both, to be compared."""

    digest: str
    title: str


def pack(article: Article) -> bytes:
    """Return all but the body and the ``Row`` as JSON bytes; ``unpack`` gives an equal article back."""
    title = article.title
    return orjson.dumps(
        {
            "id": article.id,
            "url": article.url,
            "title": title
            and {
                "start": title.start,
                "end": title.end,
                "method": title.method,
                "confidence": title.confidence,
                "origin": title.origin,
                "text": title.text,
            },
            "date": article.date,
            "outlet": article.outlet,
            "language": article.language,
            "speakers": article.speakers,
            "quotes": article.quotes,
            "refused": article.refused,
        }
    )


def unpack(data: bytes, body: str, row: Row) -> Article:
    """Return the article of a body, of the bytes that ``pack`` made, and of its row."""
    raw = orjson.loads(data)
    raw |= {"digest": row.digest, "body": body}
    raw["title"] = raw["title"] and Found(row.title, **raw["title"])
    raw["outlet"] = _found(raw["outlet"])
    raw["language"] = _found(raw["language"])
    if raw["date"] is not None:
        raw["date"]["value"] = _interval(raw["date"]["value"])
        raw["date"] = _found(raw["date"])
    raw["speakers"] = tuple(_found(entry) for entry in raw["speakers"])
    raw["quotes"] = tuple(_quote(entry) for entry in raw["quotes"])
    raw["refused"] = tuple(Refused(**entry) for entry in raw["refused"])
    return Article(**raw)


def _found(raw: dict[str, Any] | None) -> Found[Any] | None:
    return None if raw is None else Found(**raw)


def _interval(raw: dict[str, str]) -> Interval:
    return Interval(date.fromisoformat(raw["start"]), date.fromisoformat(raw["end"]), raw["edtf"])


def _quote(raw: dict[str, Any]) -> Quote:
    mention = raw["mention"]
    return Quote(**{**raw, "mention": tuple(mention) if mention else None})
