"""JSON lines: one article a line.

``KEYS`` says which keys mean something and how each is read; null and the empty string mean
absent.  An article without an id has its URL for one, else a digest of what was supplied.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import orjson

from index.article import Source
from index.errors import BadSource
from index.sources.decoding import BOMS
from index.sources.reading import ID_LENGTH, Input, Unread, decoded, derived, lossless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.article import Place
    from index.sources.reading import File, Notes

LINE_LIMIT = 64_000_000
"""Bytes of the longest line that is looked at."""

_HEAD = 4096
"""Bytes of a longer line that the quarantine keeps."""


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("is not a string")  # noqa: TRY004 - the input's fault, not the caller's
    return value


def _id(value: object) -> str:
    # Archives number their articles; a number and its text are the same id.
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else _string(value)
    if len(text) > ID_LENGTH:
        raise ValueError(f"has {len(text):,} characters; {ID_LENGTH} are allowed")
    return text


def _date(value: object) -> str:
    # A date never costs an article: what is no date is refused later, with its text kept.
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _speakers(value: object) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    return tuple(_string(name) for name in names if name not in (None, ""))


def _day(value: object) -> date:
    text = _string(value)
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a day such as 2021-05-24") from None


KEYS: dict[str, Callable[[object], Any]] = {
    "id": _id,
    "url": _string,
    "title": _string,
    "body": _string,
    "text": _string,
    "html": _string,
    "date": _date,
    "outlet": _string,
    "speakers": _speakers,
    "language": _string,
    "fetched": _day,
}

_FORMS = ("body", "text", "html")
"""The keys that hold the article; where there are several, the first one does."""


def read(file: File, stream: BinaryIO, notes: Notes) -> Iterator[Input | BadSource]:
    """Yield the article of each line, or the error that it is."""
    for number, line in records(file, stream):
        if isinstance(line, BadSource):
            yield line
            continue
        place = file.place(str(number))
        try:
            yield Input(source(parse(line, place, notes), place, file, notes), line)
        except BadSource as error:
            yield BadSource(error.place, error.reason, lossless(line))


def records(file: File, stream: BinaryIO) -> Iterator[tuple[int, bytes | BadSource]]:
    """Yield number and content of each line that is not blank."""
    number = 0
    for number, line in enumerate(_lines(stream), 1):
        if len(line) > LINE_LIMIT:
            reason = f"the line is longer than {LINE_LIMIT:,} bytes; its head is kept"
            yield number, BadSource(str(file.place(str(number))), reason, lossless(line[:_HEAD]))
        elif line.strip():
            yield number, line.rstrip(b"\r\n")
    if not number:
        yield 0, Unread(str(file.place()), "is empty")


def parse(line: bytes, place: Place, notes: Notes) -> dict[str, object]:
    """Return the JSON object of a line; raise BadSource where it is none."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        text = decoded(line, None, place, notes)
        try:
            record = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise BadSource(str(place), f"is not JSON: {error.msg}, at character {error.pos}") from None
    if not isinstance(record, dict):
        raise BadSource(str(place), "is not a JSON object")
    return record


def source(record: dict[str, object], place: Place, file: File, notes: Notes) -> Source:
    """Return the article that a JSON object supplies; raise BadSource where it cannot be one."""
    given: dict[str, Any] = {}
    for key, value in record.items():
        if key not in KEYS:
            notes.ignore(key)
        elif value is not None and value != "":
            try:
                given[key] = KEYS[key](value)
            except ValueError as error:
                raise BadSource(str(place), f"{key} {error}") from None
    for key in _FORMS:
        if key in given and not given[key].strip():
            del given[key]  # blanks are no article, whichever key holds them
    forms = [key for key in _FORMS if key in given]
    for key in forms[1:]:
        notes.ignore(key)
        del given[key]
    if sum(len(value.encode()) for value in given.values() if isinstance(value, str)) > file.limit:
        raise file.over(place.position)
    id_ = given.pop("id", None) or derived(given.get("url") or _digest(given))
    form = forms[0] if forms else "body"
    content = given.pop(form, "")
    return Source(id_, cast("Any", form), content, place, **given)


def _digest(given: dict[str, Any]) -> str:
    """Return an id made of what was supplied, the day of fetching aside."""
    supplied = {key: value for key, value in given.items() if key != "fetched"}
    return blake2b(orjson.dumps(supplied, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines in UTF-8; one over the limit is cut behind it."""
    head = cast("io.BufferedReader", stream).peek(4)
    encoding = next((name for bom, name in BOMS if head.startswith(bom)), "utf-8")
    if encoding == "utf-8":
        yield from _bounded(stream.readline)
        return
    text = io.TextIOWrapper(stream, encoding, "replace", newline="\n")
    try:
        yield from _bounded(lambda size: text.readline(size).encode())
    finally:
        text.detach()  # the stream is closed by whoever opened it


def _bounded(readline: Callable[[int], bytes]) -> Iterator[bytes]:
    bom = "\ufeff".encode()
    while line := readline(LINE_LIMIT + 1):
        piece = line
        while len(piece) > LINE_LIMIT and not piece.endswith(b"\n"):
            piece = readline(LINE_LIMIT + 1)
        yield line.removeprefix(bom)
        bom = b""
