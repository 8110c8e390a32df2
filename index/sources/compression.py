"""Compressed files as streams of plain bytes: gzip of any number of members, zstd of any number of frames.

A stream that ends before its end is an EOFError, never a short file.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_WINDOW = 2**27
"""Bytes of the largest zstd window: what ``zstd --long=27`` writes."""

_GZIP = 16 + zlib.MAX_WBITS
"""What asks zlib for gzip, its checksums verified."""

_BACK = 2**18
"""Compressed bytes that may be taken before damage shows: a zstd block has half as many at most."""

DAMAGE = (OSError, EOFError, zlib.error, zstandard.ZstdError)
"""What a file that cannot be read to its end raises."""


@dataclass(frozen=True, slots=True)
class _Format:
    """How parts (members, frames) are unpacked: ``piece`` bytes at once; between parts may stand ``fill``."""

    unpacker: Callable[[], Any]
    magic: bytes
    piece: int
    fill: bytes


_FORMATS = {
    # Deflate unpacks to 1,032 times its size at most: 17 MB of a piece.
    ".gz": _Format(lambda: zlib.decompressobj(_GZIP), b"\x1f\x8b\x08", 16_384, b"\0"),
    # A block of 4 bytes may hold 128 KiB: 33 MB of a piece.
    ".zst": _Format(
        lambda: zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj(),
        b"\x28\xb5\x2f\xfd",
        1_024,
        b"",
    ),
}
ENDINGS = tuple(_FORMATS)


class _Unpacked(io.RawIOBase):
    """The content of a compressed file, part by part."""

    def __init__(self, path: Path, format_: _Format) -> None:
        self._file = path.open("rb")
        self._format = format_
        self._left = b""
        self._ready = memoryview(b"")
        self._next_part()

    def _next_part(self) -> None:
        self._part = self._format.unpacker()
        self._start = self._file.tell() - len(self._left)
        self._begun = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer).cast("B")
        while not self._ready and (piece := self._left or self._file.read(self._format.piece)):
            self._left = b""
            if not self._begun and self._format.fill:
                piece = piece.lstrip(self._format.fill)
            self._begun = self._begun or bool(piece)
            self._ready = memoryview(self._part.decompress(piece))
            if self._part.eof:
                self._left = self._part.unused_data
                self._next_part()
        if not self._ready and self._begun:
            raise EOFError("the compressed data ends too early")
        count = min(len(target), len(self._ready))
        target[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def resume(self) -> bool:
        """Go on at the first part behind damage; return whether there is one."""
        magic = self._format.magic
        self._file.seek(max(self._start + 1, self._file.tell() - _BACK))
        seen = b""
        while (at := seen.find(magic)) < 0:
            more = self._file.read(_BACK)
            if not more:
                return False
            seen = seen[1 - len(magic) :] + more
        self._left = seen[at:]
        self._next_part()
        return True

    def close(self) -> None:
        self._file.close()
        super().close()


def opened(path: Path) -> BinaryIO:
    """Return the file's content, decompressed where its ending says so; raise one of ``DAMAGE``."""
    format_ = _FORMATS.get(path.suffix.lower())
    if format_ is None:
        return path.open("rb")
    return cast("BinaryIO", io.BufferedReader(_Unpacked(path, format_), 65_536))


def resume(stream: BinaryIO) -> bool:
    """Let a stream that ``opened`` returned go on behind damage; return whether anything follows.

    What follows begins a part: in a WARC file, a record.
    """
    unpacked = getattr(stream, "raw", None)
    return isinstance(unpacked, _Unpacked) and unpacked.resume()
