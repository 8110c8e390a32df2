"""``/v1/export``: the whole result of a search as one stream, of any size, at constant memory.

One worker makes one export at a time.  One that cannot be finished is broken off without its last
chunk, so that no client takes it for whole.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import falcon
import orjson

from search.http import compression, representation, tabular
from search.http.answering import Resource, deadline, parameters, question
from search.http.parameters import EXPORT
from search.http.problems import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from search.http.request import Asked
    from search.results import Hit
    from search.searcher import Searcher

TYPES = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
"""The media type of each format."""

_RETRY_AFTER = 10
"""Seconds after which a worker may be free: an export of some ten thousand articles takes as long."""

_CHUNK = 1 << 16
"""Bytes that are sent at once: a chunk of less costs more to send than to make."""


@dataclass(frozen=True, slots=True)
class Export(Resource):
    """``/v1/export``."""

    media_type = "application/x-ndjson"

    searcher: Searcher
    key: bytes
    busy: threading.Lock = field(default_factory=threading.Lock)

    def accepted(self, req: falcon.Request) -> bool:
        """Return whether one of the formats is wanted."""
        return any(req.client_accepts(each) for each in ("application/x-ndjson", "text/csv"))

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with all hits, one a line."""
        whole = self._asked(req)
        if not self.busy.acquire(blocking=False):
            raise refuse(
                "rate-limited", "This worker is making another export.", Retry_After=str(_RETRY_AFTER)
            )
        stream = _Stream(self.busy.release)
        try:
            coding = compression.coding(req.get_header("Accept-Encoding") or "")
            stream.begin(_packed(_lines(self.searcher.export(whole.request), whole), coding))
        except BaseException:
            stream.close()
            raise
        # Not before the first chunk is made: a problem document is sent without them.
        _name(resp, whole, coding)
        resp.stream = stream

    def on_head(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with the headers, or refuse what GET refuses: how long the answer would be is not known."""
        whole = self._asked(req)
        first = replace(whole.request, limit=1, rank="keyword", highlight=False, explain=False)
        self.searcher.search(replace(first, deadline=deadline(req, whole)))
        _name(resp, whole, compression.coding(req.get_header("Accept-Encoding") or ""))
        resp.stream = iter(())

    def _asked(self, req: falcon.Request) -> Asked:
        given = parameters(req)
        if "format" not in given and not req.client_accepts(TYPES["ndjson"]):
            given["format"] = "csv"
        whole = question(EXPORT, EXPORT, given, self.key).whole
        name = whole.full["format"]
        if not req.client_accepts(TYPES[name].partition(";")[0]):
            raise falcon.HTTPNotAcceptable(description=f"This answer is {TYPES[name]} only.")
        return whole


def _name(resp: falcon.Response, whole: Asked, coding: str | None) -> None:
    """Say what the answer is, and how it is packed."""
    name = whole.full["format"]
    resp.content_type = TYPES[name]
    resp.set_header("Cache-Control", "no-store")
    resp.set_header("Content-Disposition", f'attachment; filename="export.{name}"')
    if coding:
        resp.set_header("Content-Encoding", coding)


class _Stream:
    """An iterator that lets the next export in once it is closed, begun or not."""

    def __init__(self, free: Callable[[], None]) -> None:
        self._free: Callable[[], None] | None = free
        self._rest: Iterator[bytes] = iter(())
        self._first: bytes | None = None

    def begin(self, chunks: Iterator[bytes]) -> None:
        """Make the first chunk, while an error still becomes a problem document."""
        self._rest = chunks
        self._first = next(chunks, None)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        return next(self._rest)

    def close(self) -> None:
        """Let the next export in."""
        free, self._free = self._free, None
        if free:
            free()


def _lines(hits: Iterator[Hit], whole: Asked) -> Iterator[bytes]:
    """Yield the hits as lines, and in CSV the names of the columns first."""
    columns = ["id", *(name for name in representation.ORDER if name in whole.fields and name != "id")]
    columns += ["score", *sorted(whole.include), *(["copies"] if whole.full["group"] == "cluster" else [])]
    if whole.full["format"] == "csv":
        yield tabular.row(columns)
    for hit in hits:
        shown: dict[str, Any] = representation.hit(hit, whole.fields, whole.include)
        if whole.full["format"] == "csv":
            yield tabular.row(tabular.cells(shown, columns))
        else:
            del shown["snippets"]
            yield orjson.dumps(shown, option=orjson.OPT_APPEND_NEWLINE)


def _packed(lines: Iterator[bytes], coding: str | None) -> Iterator[bytes]:
    """Yield the lines in chunks, compressed where the client likes it."""
    packer = compression.STREAMS[coding]() if coding else None
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= _CHUNK:
            data = b"".join(held)
            held, size = [], 0
            packed = packer.compress(data) if packer else data
            if packed:  # an empty chunk would end the body
                yield packed
    data = b"".join(held)
    last = packer.compress(data) + packer.flush() if packer else data
    if last:
        yield last
