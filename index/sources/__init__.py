"""Files as news: text, JSON lines, HTML and WARC, one record at a time, in an order that repeats.

``READERS`` is the table of endings; each may be followed by .gz or .zst.  What cannot be read
is a ``BadSource`` in the stream, never an exception.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, BinaryIO

from index.errors import BadSource
from index.sources import compression, document, files, jsonl, warc
from index.sources.files import NotASource, ending
from index.sources.reading import File, Input, Notes, Unread, lossless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["READERS", "Input", "NotASource", "Notes", "Unread", "check", "read"]

READERS: dict[str, Callable[[File, BinaryIO, Notes], Iterator[Input | BadSource]]] = {
    ".txt": document.text,
    ".jsonl": jsonl.read,
    ".ndjson": jsonl.read,
    ".html": document.html,
    ".htm": document.html,
    ".warc": warc.read,
}


def check(sources: Iterable[Path]) -> None:
    """Raise NotASource for a path that is not there or cannot be read as news; reads none."""
    files.check(sources, READERS)


def read(sources: Iterable[Path], *, limit: int, notes: Notes) -> Iterator[Input | BadSource]:
    """Yield what the SOURCEs hold, in order, and an error for each input that cannot be read.

    ``limit`` is in bytes of one article, decompressed; what is noticed on the way is counted in
    ``notes``.
    """
    for source in sources:
        for each in files.walk(source, READERS, limit, notes):
            if isinstance(each, BadSource):
                yield each
            else:
                yield from _read(each, notes)


def _read(file: File, notes: Notes) -> Iterator[Input | BadSource]:
    kind = ending(file.path.name, READERS)
    assert kind is not None, "files.walk yields files of the kinds it was given"
    where = ""
    try:
        with compression.opened(file.path) as stream:
            for each in READERS[kind[0]](file, stream, notes):
                yield each
                where = f" behind {each.source.place.position if isinstance(each, Input) else each.place}"
    except compression.DAMAGE as error:
        yield Unread(str(file.place()), f"cannot be read{where}: {_reason(error)}", _whole(file))


def _whole(file: File) -> str:
    """Return a damaged file as it is, where it is no larger than an article may be and can be read at all."""
    with contextlib.suppress(OSError):
        if file.path.stat().st_size <= file.limit:
            return lossless(file.path.read_bytes())
    return ""


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
