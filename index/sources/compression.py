"""Compressed files as streams of plain bytes: gzip of any number of members, zstd of any number of frames.

A stream that ends before its end is an EOFError, never a short file.
"""

from __future__ import annotations

import gzip
import io
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_WINDOW = 2**27
"""Bytes of the largest zstd window: what ``zstd --long=27`` writes."""

_PIECE = 1024
"""Compressed bytes taken at once.  A block of 4 bytes may hold 128 KiB: so at most 32 MiB come of it."""

DAMAGE = (OSError, EOFError, zlib.error, zstandard.ZstdError)
"""What a file that cannot be read to its end raises."""


class _Zstd(io.RawIOBase):
    """The content of a zstd file, skippable frames left out."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._next_frame()
        self._left = b""
        self._ready = memoryview(b"")

    def _next_frame(self) -> None:
        self._frame = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
        self._begun = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer).cast("B")
        while not self._ready and (piece := self._left or self._file.read(_PIECE)):
            self._begun = True
            self._ready = memoryview(self._frame.decompress(piece))
            self._left = self._frame.unused_data
            if self._frame.eof:
                self._next_frame()
        if not self._ready and self._begun:
            raise EOFError("the last zstd frame is not whole")
        count = min(len(target), len(self._ready))
        target[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


_OPENERS: dict[str, Callable[[Path], BinaryIO]] = {
    ".gz": lambda path: cast("BinaryIO", gzip.open(path)),  # noqa: SIM115 - the caller closes it
    ".zst": lambda path: cast("BinaryIO", io.BufferedReader(_Zstd(path), 65_536)),
}
ENDINGS = tuple(_OPENERS)


def opened(path: Path) -> BinaryIO:
    """Return the file's content, decompressed where its ending says so; raise one of ``DAMAGE``."""
    opener = _OPENERS.get(path.suffix.lower())
    return opener(path) if opener else path.open("rb")
