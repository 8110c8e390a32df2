"""WARC files: each page that a crawler was answered with status 200, its URI for an id.

Records are framed here and parsed by warcio, so that a broken one costs itself: what stands
between two records is reported with its offset, and reading goes on at the next version line.
Source: ISO 28500, the WARC file format 1.1.
"""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from warcio.bufferedreaders import BufferedReader
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader

from index.article import Source
from index.errors import BadSource
from index.sources.compression import DAMAGE, resume
from index.sources.decoding import declared_in
from index.sources.reading import Input, Unread, decoded, derived, lossless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.sources.reading import File, Notes

_LINE, _HEADERS = 65_536, 1_000_000
"""Bytes of the longest line, and of the longest block of headers, that are looked at."""

_OVERHEAD = 100_000
"""Bytes that the HTTP headers of a page may add to it."""

_FORMS: dict[str, Literal["html", "text"]] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


class _Lines:
    """A stream that knows its offset, and lets headers be no longer than their limit."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.offset = 0
        self.budget = 0

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.offset += len(data)
        return data

    def readline(self, size: int = _LINE) -> bytes:
        line = self._stream.readline(min(size, _LINE))
        self.offset += len(line)
        self.budget -= len(line)
        if self.budget < 0:
            raise ValueError(f"its headers are longer than {_HEADERS:,} bytes")
        return line


def read(file: File, stream: BinaryIO, notes: Notes) -> Iterator[Input | BadSource]:
    """Yield the article of each page, and an error for each record that is broken."""
    lines = _Lines(stream)
    lost = False
    while True:
        lines.budget = _HEADERS
        start = lines.offset
        try:
            line = lines.readline()
            if not line:
                break
            if line.startswith(b"WARC/"):
                lost = False
                page = _record(line, lines, start, file, notes)
                if page:
                    yield page
            elif line.strip() and not lost:
                raise BadSource(str(file.place(f"offset {start}")), "is no WARC record", lossless(line))
        except BadSource as error:
            lost = True
            yield error
        except DAMAGE as error:
            if not resume(stream):
                raise
            lost = True
            yield Unread(str(file.place(f"offset {start}")), f"cannot be read: {error}")
    if not lines.offset:
        yield Unread(str(file.place()), "is empty")


def _record(version: bytes, lines: _Lines, start: int, file: File, notes: Notes) -> Input | None:
    """Return the page of the record that begins with this line, None where it is no page."""
    place = str(file.place(f"offset {start}"))
    record, whole = _begin(version, lines, place)
    response = record.rec_type == "response"
    begin = lines.offset
    block = _take(lines, whole, file.limit + _OVERHEAD if response else 0)
    if lines.offset - begin < whole:
        raise Unread(place, "is a WARC record cut off by the end of the file", lossless(block))
    if not response:
        notes.passed_over += 1
        return None
    if whole > len(block):
        raise file.over(f"offset {start}", lossless(block[:4096]))
    try:
        return _page(record, block, start, file, notes)
    except BadSource as error:
        raise BadSource(place, error.reason, lossless(block)) from None
    except Exception as error:  # noqa: BLE001 - warcio meets broken answers with any of several
        reason = f"is a broken HTTP answer: {error or type(error).__name__}"
        raise BadSource(place, reason, lossless(block)) from None


def _begin(version: bytes, lines: _Lines, place: str) -> tuple[ArcWarcRecord, int]:
    """Return the record that begins with this line, its block not yet read, and the block's length."""
    try:
        record = ArcWarcRecordLoader().parse_record_stream(lines, version, "warc", no_record_parse=True)
    except DAMAGE:
        raise
    except Exception as error:  # noqa: BLE001 - likewise, broken headers
        raise BadSource(place, f"is a broken WARC record: {error}", lossless(version)) from None
    length = record.rec_headers.get_header("Content-Length") or ""
    if not re.fullmatch("[0-9]{1,18}", length):
        reason = f"is a WARC record without a length: {length[:40]!r}"
        raise BadSource(place, reason, lossless(version))
    return record, int(length)


def _take(lines: _Lines, whole: int, keep: int) -> bytes:
    """Read ``whole`` bytes, of which the first ``keep`` are returned."""
    block = lines.read(min(whole, keep))
    left = whole - len(block)
    while left > 0 and (piece := lines.read(min(left, _LINE))):
        left -= len(piece)
    return block


def _page(record: ArcWarcRecord, block: bytes, start: int, file: File, notes: Notes) -> Input | None:
    """Return the page of a response, None for what is no page or was not answered with 200."""
    headers = record.rec_headers
    uri = (headers.get_header("WARC-Target-URI") or "").strip("<>")
    body = BytesIO(block)
    http = ArcWarcRecordLoader().load_http_headers("response", uri, body, len(block))
    media, _, parameters = (http.get_header("Content-Type") or "" if http else "").partition(";")
    form = _FORMS.get(media.strip().lower())
    if form is None or http.get_statuscode() != "200":
        notes.passed_over += 1
        return None
    place = file.place(f"offset {start}")
    packed = (http.get_header("Content-Encoding") or "identity").strip().lower()
    if packed not in {"identity", *BufferedReader.get_supported_decompressors()}:
        raise BadSource(str(place), f"is a page packed as {packed[:40]!r}, which is not known here")
    data = _content(ArcWarcRecord("warc", "response", headers, body, http, media, len(block)), file.limit)
    if len(data) > file.limit:
        raise file.over(place.position)
    charset = _CHARSET.search(parameters)
    declared = charset[1] if charset else declared_in(data) if form == "html" else None
    content = decoded(data, declared, place, notes)
    return Input(Source(derived(uri), form, content, place, url=uri, fetched=_day(headers)), block)


def _content(record: ArcWarcRecord, limit: int) -> bytes:
    """Return the page without its transfer and content encodings, one byte over the limit at most."""
    stream, data = record.content_stream(), b""
    while len(data) <= limit and (piece := stream.read(limit + 1 - len(data))):
        data += piece
    return data


def _day(headers: Any) -> date | None:
    try:
        return date.fromisoformat((headers.get_header("WARC-Date") or "")[:10])
    except ValueError:
        return None
