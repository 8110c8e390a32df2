"""An article as bytes, and back: what a segment stores of it.

JSON rather than pickle: reading it runs nothing, and an old index stays readable by any tool.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any

import orjson

from index.article import Article, Found, Quote, Refused
from index.edtf import Interval

_KEPT = tuple(field.name for field in fields(Article) if field.name != "body")
_values = attrgetter(*_KEPT)


def pack(article: Article) -> bytes:
    """Return all but the body as JSON bytes; ``unpack`` gives an equal article back."""
    return orjson.dumps(dict(zip(_KEPT, _values(article), strict=True)))


def unpack(data: bytes, body: str) -> Article:
    """Return the article of a body and of the bytes that ``pack`` made of the rest."""
    raw = orjson.loads(data)
    raw["body"] = body
    raw["title"] = _found(raw["title"])
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
