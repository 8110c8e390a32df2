"""A file of named arrays: what a segment is on disk.

    magic · array · padding · array · padding … · directory (JSON) · footer

Arrays are raw, little-endian and 64-byte aligned, so that reading one is mapping it.  The
directory names them, with a CRC-32 each; the footer leads to the directory.  FORMAT.md has every
byte.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import struct
import tempfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import numpy as np
import orjson

from index.errors import CorruptIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

MAGIC = b"PRESSMRK"
VERSION = 1
ALIGNMENT = 64
_FOOTER = struct.Struct("<QQII8s")
"""Offset and length of the directory, its CRC-32, the version of the format, the magic again."""

_COPY = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file: its length in bytes and the CRC-32 of all of them."""

    length: int
    crc: int


class ArrayWriter:
    """Writes one file of arrays; nothing has its final name before ``close``, which syncs it.

    Arrays are added whole, in parts, or streamed: any number of streams may grow side by side, each in a
    temporary file of its own until ``close`` puts them one behind the other.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO = path.open("xb")
        self._crc = 0
        self._length = 0
        self._directory: dict[str, dict[str, Any]] = {}
        self._streams: dict[str, tuple[np.dtype[Any], BinaryIO]] = {}
        self._put(MAGIC)

    def add(self, name: str, array: NDArray[Any]) -> None:
        """Write a whole array."""
        self._align()
        data = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).data.cast("B")
        self._enter(name, array.dtype, len(array), zlib.crc32(data))
        self._put(data)

    def put(self, name: str, dtype: type[Any] | np.dtype[Any], parts: Iterable[NDArray[Any]]) -> None:
        """Write a whole array that comes in parts, one behind the other."""
        self._align()
        kind = np.dtype(dtype)
        entry = self._enter(name, kind, 0, 0)
        for part in parts:
            data = np.ascontiguousarray(part, dtype=kind.newbyteorder("<")).data.cast("B")
            entry["count"] += len(part)
            entry["crc"] = zlib.crc32(data, entry["crc"])
            self._put(data)

    def so_far(self) -> Arrays:
        """Return the whole arrays that were written until now, to be read again."""
        self._file.flush()
        with self._path.open("rb") as file:
            return Arrays(self._path, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), self._directory)

    def append(self, name: str, array: NDArray[Any]) -> None:
        """Add to the end of a streamed array; all parts have one dtype."""
        if name not in self._streams:
            self._streams[name] = (array.dtype, _temporary(self._path.parent))
        dtype, stream = self._streams[name]
        if dtype != array.dtype:
            raise TypeError(f"{name} is an array of {dtype}, not of {array.dtype}")
        stream.write(np.ascontiguousarray(array).data.cast("B"))

    def close(self, meta: Mapping[str, Any]) -> Written:
        """Write streams, directory and footer, sync the file, and return what it should be."""
        for name, (dtype, stream) in self._streams.items():
            self._align()
            entry = self._enter(name, dtype, stream.tell() // dtype.itemsize, 0)
            stream.seek(0)
            while part := stream.read(_COPY):
                entry["crc"] = zlib.crc32(part, entry["crc"])
                self._put(part)
            stream.close()
        self._align()
        directory = orjson.dumps({"arrays": self._directory, "meta": dict(meta)})
        offset = self._length
        self._put(directory)
        self._put(_FOOTER.pack(offset, len(directory), zlib.crc32(directory), VERSION, MAGIC))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Written(self._length, self._crc)

    def cancel(self) -> None:
        """Leave no file behind."""
        for file in (*(stream for _, stream in self._streams.values()), self._file):
            with contextlib.suppress(OSError):  # the bytes that a full disk does not take are not wanted
                file.close()
        with contextlib.suppress(OSError):
            self._path.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.cancel()

    def _enter(self, name: str, dtype: np.dtype[Any], count: int, crc: int) -> dict[str, Any]:
        entry = {"dtype": dtype.newbyteorder("<").str, "count": count, "offset": self._length, "crc": crc}
        if name in self._directory:
            raise ValueError(f"array {name} is already in {self._path}")
        self._directory[name] = entry
        return entry

    def _align(self) -> None:
        self._put(bytes(-self._length % ALIGNMENT))

    def _put(self, data: bytes | memoryview) -> None:
        self._file.write(data)
        self._crc = zlib.crc32(data, self._crc)
        self._length += len(data)


def _temporary(folder: Path) -> BinaryIO:
    """Return a file without a name, or where the system has no such file, with one that ``clean`` knows."""
    return tempfile.TemporaryFile(dir=folder, prefix="seg-", suffix=".part")


class Arrays:
    """Named arrays of a mapped file: reading one touches its pages alone, shared by all processes."""

    def __init__(self, path: Path, mapped: mmap.mmap, directory: dict[str, dict[str, Any]]) -> None:
        self.path = path
        self._map = mapped
        self._directory = directory

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return an array, read-only."""
        entry = self._directory.get(name)
        if entry is None:
            raise CorruptIndex(f"{self.path}: array {name} is missing")
        return np.frombuffer(self._map, dtype=entry["dtype"], count=entry["count"], offset=entry["offset"])

    def release(self) -> None:
        """Let go of the pages that were read; arrays stay what they are, and read them again when asked."""
        self._map.madvise(mmap.MADV_DONTNEED)


class ArrayFile(Arrays):
    """A finished file of arrays.

    Opening verifies the footer, the directory and the bounds of every array; ``verify`` an
    array's content.  Raises ``CorruptIndex``, naming the file.
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:  # an empty file cannot be mapped
            raise CorruptIndex(f"{path}: {error}") from error
        super().__init__(path, mapped, {})
        self.length = len(self._map)
        self._directory, self.meta = self._read_directory()

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def names(self) -> Iterable[str]:
        """Return the names of all arrays."""
        return self._directory.keys()

    def sound(self, name: str) -> bool:
        """Return whether an array fits its checksum."""
        return bool(zlib.crc32(self[name].data) == self._directory[name]["crc"])

    def verify(self, name: str) -> None:
        """Compare an array with its checksum."""
        if not self.sound(name):
            raise CorruptIndex(f"{self.path}: array {name} is damaged")

    def _read_directory(self) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
        if len(self._map) < _FOOTER.size + len(MAGIC) or self._map[: len(MAGIC)] != MAGIC:
            raise CorruptIndex(f"{self.path}: not a segment file")
        offset, length, crc, version, magic = _FOOTER.unpack_from(self._map, len(self._map) - _FOOTER.size)
        if magic != MAGIC or offset + length + _FOOTER.size != len(self._map):
            raise CorruptIndex(f"{self.path}: its end is missing or damaged")
        if version != VERSION:
            raise CorruptIndex(f"{self.path}: format {version}, of which this version knows nothing; rebuild")
        data = self._map[offset : offset + length]
        if zlib.crc32(data) != crc:
            raise CorruptIndex(f"{self.path}: its directory is damaged")
        directory = orjson.loads(data)
        for name, entry in directory["arrays"].items():
            if entry["offset"] + entry["count"] * np.dtype(entry["dtype"]).itemsize > offset:
                raise CorruptIndex(f"{self.path}: array {name} reaches beyond its place")
        return directory["arrays"], directory["meta"]


def checksum(path: Path) -> Written:
    """Return the length and CRC-32 of a file as it stands on disk."""
    crc = length = 0
    with path.open("rb") as file:
        while part := file.read(_COPY):
            crc = zlib.crc32(part, crc)
            length += len(part)
    return Written(length, crc)
