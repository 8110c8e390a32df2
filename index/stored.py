"""An article as bytes, and back: what a segment stores of it.

JSON rather than pickle: reading it runs nothing, and an old index stays readable by any tool.  What was
found is a list in the order of the names below, not an object: a quarter of the time and of the bytes.
"""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from index.article import Article, Found, Quote, Refused
from index.edtf import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EVIDENCE = ("start", "end", "method", "confidence", "origin", "text")
FOUND = ("value", *EVIDENCE)
INTERVAL = ("start", "end", "edtf")
QUOTE = ("text", "start", "end", "speaker", "as_written", "mention", "cue", "kind", "confidence")
REFUSED = ("field", "text", "reason")


class Row(NamedTuple):
    """What the columns have of an article and a head has not; the id is in both, to be compared."""

    digest: str
    title: str


def _members(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gives these members of a value."""
    return attrgetter(*names)


_evidence, _found, _interval = _members(EVIDENCE), _members(FOUND), _members(INTERVAL)
_quote, _refused = _members(QUOTE), _members(REFUSED)


def pack(article: Article) -> bytes:
    """Return all but body, quotes and ``Row`` as JSON bytes; ``unpack`` gives an equal article back."""
    title, day, outlet = article.title, article.date, article.outlet
    return orjson.dumps(
        {
            "id": article.id,
            "url": article.url,
            "title": title and _evidence(title),
            "date": day and (_interval(day.value), *_evidence(day)),
            "outlet": outlet and _found(outlet),
            "language": _found(article.language),
            "speakers": [*map(_found, article.speakers)],
            "refused": [*map(_refused, article.refused)],
        }
    )


def unpack(data: bytes, body: str, quotes: bytes, row: Row) -> Article:
    """Return the article of a body, of the bytes that ``pack`` and ``pack_quotes`` made, and of its row."""
    raw = orjson.loads(data)
    title, day, outlet = raw["title"], raw["date"], raw["outlet"]
    if day:
        start, end, edtf = day[0]
        day[0] = Interval(date.fromisoformat(start), date.fromisoformat(end), edtf)
    found: dict[str, Any] = {
        "title": Found(row.title, **_named(EVIDENCE, title)) if title else None,
        "date": Found(**_named(FOUND, day)) if day else None,
        "outlet": Found(**_named(FOUND, outlet)) if outlet else None,
        "language": Found(**_named(FOUND, raw["language"])),
        "speakers": tuple(Found(**_named(FOUND, one)) for one in raw["speakers"]),
        "quotes": tuple(map(_read_quote, orjson.loads(quotes))) if quotes else (),
        "refused": tuple(Refused(**_named(REFUSED, one)) for one in raw["refused"]),
    }
    return Article(id=raw["id"], body=body, url=raw["url"], digest=row.digest, **found)


def pack_quotes(quotes: Sequence[Quote]) -> bytes:
    """Return an article's quotes as JSON bytes, none where there is none.

    >>> pack_quotes([Quote("It holds.", 1, 10, None, None, None, None, "direct", "low")])
    b'[["It holds.",1,10,null,null,null,null,"direct","low"]]'
    """
    return orjson.dumps([*map(_quote, quotes)]) if quotes else b""


def unpack_quote(data: bytes, place: int) -> Quote:
    """Return one of the quotes that ``pack_quotes`` made the bytes of."""
    return _read_quote(orjson.loads(data)[place])


def _read_quote(raw: list[Any]) -> Quote:
    named = _named(QUOTE, raw)
    mention = named["mention"]
    return Quote(**{**named, "mention": tuple(mention) if mention else None})


def _named(names: Sequence[str], members: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(names, members, strict=True))
