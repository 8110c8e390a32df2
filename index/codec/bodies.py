"""Stored articles: the body as text, the quotes and all else as JSON, some together a Zstandard frame.

A segment trains a dictionary on its own articles, so that a frame of few articles is small; a merged
segment keeps the dictionaries of its parts, and a frame names its own.
"""

from __future__ import annotations

import struct
import threading
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np
import zstandard

from index import stored
from index.codec.strings import Strings, narrow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from index.article import Article
    from index.codec.arrays import ArrayFile, ArrayWriter

LEVEL = 3
"""Zstandard's level."""

_SAMPLES = 300
"""Articles that a dictionary is trained on at most: twice as many take .1 s more and save 1 % of news."""

_DICTIONARY = 64 << 10
"""Bytes of a dictionary."""

_LEAST = 200
"""With fewer articles a dictionary would be larger than what it saves."""

_LEAST_MERGED = 1000
"""Articles of a merge from which on training, .2 s, is little beside it."""

KINDS = {"heads": 8 << 10, "bodies": 4 << 10, "said": 1 << 10}
"""What is stored, and from how many bytes on a block is one.

Blocks twice as large save 5 bytes of a head and 2 of a body, of 20 and 86 (passages of 200 characters),
and take half as long again to unpack, 3 and 9 µs.  Ten quotes of a page are read from ten blocks.
"""

_MOST = 256
"""Articles of a block, where they are empty."""


def split(article: Article) -> tuple[bytes, bytes, bytes]:
    """Return an article's head, its body and its quotes; head and quotes are JSON: ``index.stored``."""
    return stored.pack(article), article.body.encode(), stored.pack_quotes(article.quotes)


def join(head: bytes, body: bytes, said: bytes, row: stored.Row) -> Article:
    """Return the article that ``split`` took apart; the columns have the rest."""
    return stored.unpack(head, body.decode("utf-8", "surrogatepass"), said, row)


class Packer:
    """Compresses one kind of a segment, some at a time; the first ones train a dictionary."""

    def __init__(
        self, kind: str, trained: zstandard.ZstdCompressionDict | None = None, least: int = _LEAST
    ) -> None:
        self._kind = kind
        self._enough, self._least = KINDS[kind], least
        self._trained = trained
        self._compressor = _compressor(trained)
        self._waiting: list[bytes] = []
        self._blobs: list[bytes] = []
        self._firsts, self._sizes = array("q", [0]), array("q")
        self._used: dict[int, zstandard.ZstdCompressionDict] = {}
        self._held = 0
        self.size = 0

    def following(self) -> Packer:
        """Return the packer of the next segment, with the same dictionary."""
        return Packer(self._kind, self._trained, self._least)

    def add(self, texts: Sequence[bytes]) -> None:
        """Add the articles of some documents."""
        self._waiting += texts
        if self._trained is None:
            if len(self._waiting) < self._least:
                return
            self._trained = _train(self._waiting)
            self._compressor = _compressor(self._trained)
        self._compress()

    def copy(self, frame: bytes, count: int, trained: zstandard.ZstdCompressionDict | None) -> None:
        """Add a block of so many documents as it is, with the dictionary that it names."""
        self._compress(whole=True)
        self._take(frame, count, trained)

    def drain(self, writer: ArrayWriter, most: int = 0) -> bool:
        """Write the blocks that are finished, where they have more than so many bytes; return whether."""
        full = self._held >= most
        if full:
            writer.append(f"{self._kind}/blob", np.frombuffer(b"".join(self._blobs), dtype=np.uint8))
            self._blobs, self._held = [], 0
        return full

    def write(self, writer: ArrayWriter) -> None:
        """Write what was added, and not yet written."""
        self._compress(whole=True)
        self.drain(writer)
        starts = np.zeros(len(self._sizes) + 1, dtype=np.int64)
        np.cumsum(np.array(self._sizes), out=starts[1:])
        writer.add(f"{self._kind}/starts", narrow(starts))
        writer.add(f"{self._kind}/firsts", np.array(self._firsts).astype(np.int32))
        used = [each.as_bytes() for each in self._used.values()]
        Strings.from_bytes(used).write(writer, f"{self._kind}/dictionaries")

    def _compress(self, *, whole: bool = False) -> None:
        """Make blocks of what is waiting; of a rest that is too small for one where it is the ``whole``."""
        first = size = 0
        for number, text in enumerate(self._waiting, 1):
            size += len(text)
            if size >= self._enough or number - first == _MOST:
                self._make(self._waiting[first:number])
                first, size = number, 0
        self._waiting = self._waiting[first:]
        if whole and self._waiting:
            self._make(self._waiting)
            self._waiting = []

    def _make(self, texts: Sequence[bytes]) -> None:
        block = struct.pack(f"<{len(texts)}I", *map(len, texts)) + b"".join(texts)
        self._take(self._compressor.compress(block), len(texts), self._trained)

    def _take(self, frame: bytes, count: int, trained: zstandard.ZstdCompressionDict | None) -> None:
        if trained is not None:
            self._used[trained.dict_id()] = trained
        self._blobs.append(frame)
        self._held += len(frame)
        self._sizes.append(len(frame))
        self._firsts.append(self._firsts[-1] + count)
        self.size += len(frame)


def _compressor(trained: zstandard.ZstdCompressionDict | None) -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=trained)


def _train(texts: Sequence[bytes]) -> zstandard.ZstdCompressionDict | None:
    step = -(-len(texts) // _SAMPLES)
    try:
        return zstandard.train_dictionary(_DICTIONARY, list(texts[::step]))
    except zstandard.ZstdError:  # texts too short, or all the same
        return None


class Frames:
    """Reads one kind; each thread has its own decompressors, and the block that it read last."""

    def __init__(self, file: ArrayFile, kind: str) -> None:
        self._file = file
        self.frames = Strings.read(file, kind)
        self.firsts: NDArray[np.int32] = file[f"{kind}/firsts"]
        self.dictionaries = Strings.read(file, f"{kind}/dictionaries")
        self.trained = {
            each.dict_id(): each
            for each in map(
                zstandard.ZstdCompressionDict, map(self.dictionaries.raw, range(len(self.dictionaries)))
            )
        }
        self._enough = KINDS[kind]
        self._bounds = self.firsts.data
        self._local = threading.local()

    def __getitem__(self, doc: int) -> bytes:
        number = bisect_right(self._bounds, doc) - 1
        kept = self._local.__dict__
        if kept.get("number") != number:
            kept["sizes"], kept["block"] = self.unpacked(number)
            kept["number"] = number
        sizes, block = kept["sizes"], kept["block"]
        place = doc - self._bounds[number]
        start = 4 * len(sizes) + sum(sizes[:place])
        return bytes(block[start : start + sizes[place]])

    def unpacked(self, number: int) -> tuple[tuple[int, ...], bytes]:
        """Return the sizes of a block's texts, and the block, which begins with them."""
        frame = self.frames.raw(number)
        dictionary = zstandard.get_frame_parameters(frame).dict_id
        known = self._local.__dict__.setdefault("decompressors", {})
        if dictionary not in known:
            known[dictionary] = zstandard.ZstdDecompressor(dict_data=self.trained.get(dictionary))
        block = known[dictionary].decompress(frame)
        return struct.unpack_from(f"<{self._bounds[number + 1] - self._bounds[number]}I", block), block

    def texts(self, number: int) -> Iterator[bytes]:
        """Yield the texts of a block."""
        sizes, block = self.unpacked(number)
        start = 4 * len(sizes)
        for size in sizes:
            yield block[start : start + size]
            start += size

    def pack(self, live: NDArray[np.bool_], packer: Packer, writer: ArrayWriter) -> None:
        """Give the live articles to a packer; a large block of which all live goes as it is."""
        dead = np.zeros(len(live) + 1, dtype=np.int64)
        np.cumsum(~live, out=dead[1:])
        for number, gone in enumerate(np.diff(dead[self.firsts]).tolist()):
            first, last = self._bounds[number], self._bounds[number + 1]
            frame = self.frames.raw(number)
            known = zstandard.get_frame_parameters(frame)
            if not gone and known.content_size >= self._enough:
                packer.copy(frame, last - first, self.trained.get(known.dict_id))
            elif gone < last - first:
                alive = live[first:last].tolist()
                packer.add([text for text, kept in zip(self.texts(number), alive, strict=True) if kept])
            if packer.drain(writer, _HELD):
                self._file.release()


_HELD = 1 << 20
"""Bytes that a merge holds before it writes them."""


def merge(writer: ArrayWriter, kind: str, parts: Sequence[tuple[Frames, NDArray[np.bool_]]]) -> None:
    """Write the live articles of some segments one behind the other, with the dictionaries that they need."""
    trained = [each for frames, _ in parts for each in frames.trained.values()]
    packer = Packer(kind, trained[0] if trained else None, _LEAST_MERGED)
    for frames, live in parts:
        frames.pack(live, packer, writer)
    packer.write(writer)
