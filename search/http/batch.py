"""The body of a request that writes: its lines, checked one by one.

A line that cannot become an article is refused alone, with its number and the reason; the others are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from index.applying import source
from index.errors import BadSource
from index.jobs import REFUSED, Line, Outcome
from index.sources import Notes
from search.errors import Fault
from search.http.problems import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

LINES = 10_000
"""Lines of one request: a job lists them all."""

ONE = "application/json"
MANY = ("application/x-ndjson", "application/ndjson", "application/jsonl")


@dataclass(frozen=True, slots=True)
class Batch:
    """What a body holds: lines to keep, lines refused, and unknown keys with how many lines had them."""

    lines: tuple[Line, ...]
    refused: tuple[Outcome, ...]
    ignored: Mapping[str, int]


def read(data: bytes, *, many: bool, limit: int, id: str = "", condition: str = "") -> Batch:  # noqa: A002
    r"""Return the articles of a body, one or (``many``) one a line; raise Refused where there are too many.

    ``limit`` is in bytes of one article; ``id`` is that of the address.

    >>> batch = read(b'{"id": "a", "title": "Rain"}\n{', many=True, limit=1000)
    >>> [line.id for line in batch.lines], batch.refused[0].line
    (['a'], 2)
    """
    pieces = data.removeprefix("\ufeff".encode()).split(b"\n") if many else [data]
    numbered = [(number, piece) for number, piece in enumerate(pieces, 1) if piece.strip()]
    if not numbered:
        raise refuse("invalid-parameter", "The body is empty.", Fault("body", "It holds no article."))
    if len(numbered) > LINES:
        raise refuse(
            "body-too-large", f"A request has at most {LINES:,} lines; this one has {len(numbered):,}."
        )
    notes = Notes()
    lines: list[Line] = []
    refused: list[Outcome] = []
    for number, piece in numbered:
        try:
            lines.append(_line(number, piece, limit, id, condition, notes))
        except BadSource as error:
            refused.append(Outcome(number, id or None, REFUSED, error.reason))
    return Batch(tuple(lines), tuple(refused), dict(notes.ignored))


def _line(number: int, raw: bytes, limit: int, id_: str, condition: str, notes: Notes) -> Line:
    place = f"line {number}"
    given = source(Line(number, "", "put", raw), place, limit, notes)
    if not given.content.strip() and not (given.title or "").strip():
        raise BadSource(place, "has neither a title nor a body")
    if "\0" in given.id:
        raise BadSource(place, "id has a NUL character")
    if id_ and orjson.loads(raw).get("id") and given.id != id_:
        raise BadSource(place, f"id {given.id[:64]!r} is not that of the address")
    return Line(number, id_ or given.id, "put", raw, condition)
