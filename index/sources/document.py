"""A file that is one article, plain text or an HTML page: its id is its path."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Literal

from index.article import Source
from index.errors import BadSource
from index.sources.decoding import declared_in
from index.sources.reading import Input, decoded, lossless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.sources.reading import File, Notes


def text(file: File, stream: BinaryIO, notes: Notes) -> Iterator[Input | BadSource]:
    """Yield the article of a text file, or the error that it is."""
    yield _read(file, stream, notes, "text")


def html(file: File, stream: BinaryIO, notes: Notes) -> Iterator[Input | BadSource]:
    """Yield the article of an HTML page, or the error that it is."""
    yield _read(file, stream, notes, "html")


def _read(file: File, stream: BinaryIO, notes: Notes, form: Literal["text", "html"]) -> Input | BadSource:
    place = file.place()
    data = stream.read(file.limit + 1)
    if len(data) > file.limit:
        return file.over()
    if not data:
        return BadSource(str(place), "is empty")
    if not _encodable(file.id):
        return BadSource(str(place), "its name is not UTF-8, so that it has no id", lossless(data))
    try:
        content = decoded(data, declared_in(data) if form == "html" else None, place, notes)
    except BadSource as error:
        return error
    return Input(Source(file.id, form, content, place), data)


def _encodable(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
