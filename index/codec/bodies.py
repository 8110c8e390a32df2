"""Stored articles: everything but the body as JSON, the body as text, each a Zstandard frame.

A segment trains a dictionary on its own articles, so that a frame holds one article and is still
small; a merged segment keeps the dictionaries of its parts, and a frame names its own.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import zstandard

from index import stored
from index.codec.strings import Strings

if TYPE_CHECKING:
    from collections.abc import Sequence

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

KINDS = ("heads", "bodies")


def split(article: Article) -> tuple[bytes, bytes]:
    """Return an article's head (JSON, see ``index.stored``) and its body."""
    return stored.pack(article), article.body.encode("utf-8", "surrogatepass")


def join(head: bytes, body: bytes, row: stored.Row) -> Article:
    """Return the article that ``split`` made head and body of; the columns have the rest."""
    return stored.unpack(head, body.decode("utf-8", "surrogatepass"), row)


class Packer:
    """Compresses the heads or the bodies of a segment, some at a time; the first ones train a dictionary."""

    def __init__(self, trained: zstandard.ZstdCompressionDict | None = None) -> None:
        self._trained = trained
        self._compressor = _compressor(trained)
        self._waiting: list[bytes] = []
        self._blobs: list[bytes] = []
        self._sizes: list[NDArray[np.int64]] = []
        self.size = 0

    def following(self) -> Packer:
        """Return the packer of the next segment, with the same dictionary."""
        return Packer(self._trained)

    def add(self, texts: Sequence[bytes]) -> None:
        """Add the articles of some documents."""
        self._waiting += texts
        if self._trained is None:
            if len(self._waiting) < _LEAST:
                return
            self._trained = _train(self._waiting)
            self._compressor = _compressor(self._trained)
        self._compress()

    def write(self, writer: ArrayWriter, kind: str) -> None:
        """Write what was added."""
        self._compress()
        sizes = np.concatenate([np.empty(0, dtype=np.int64), *self._sizes])
        starts = np.zeros(len(sizes) + 1, dtype=np.int64)
        np.cumsum(sizes, out=starts[1:])
        Strings(np.frombuffer(b"".join(self._blobs), dtype=np.uint8), starts).write(writer, kind)
        Strings.from_bytes([self._trained.as_bytes()] if self._trained else []).write(
            writer, f"{kind}/dictionaries"
        )

    def _compress(self) -> None:
        frames = list(map(self._compressor.compress, self._waiting))
        self._waiting = []
        self._blobs.append(b"".join(frames))
        self._sizes.append(np.fromiter(map(len, frames), dtype=np.int64, count=len(frames)))
        self.size += len(self._blobs[-1])


def _compressor(trained: zstandard.ZstdCompressionDict | None) -> zstandard.ZstdCompressor:
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=trained)


def _train(texts: Sequence[bytes]) -> zstandard.ZstdCompressionDict | None:
    step = -(-len(texts) // _SAMPLES)
    try:
        return zstandard.train_dictionary(_DICTIONARY, list(texts[::step]))
    except zstandard.ZstdError:  # texts too short, or all the same
        return None


class Frames:
    """Reads heads or bodies; one decompressor for each dictionary and thread."""

    def __init__(self, file: ArrayFile, kind: str) -> None:
        self.frames = Strings.read(file, kind)
        self.dictionaries = Strings.read(file, f"{kind}/dictionaries")
        loaded = [
            zstandard.ZstdCompressionDict(self.dictionaries.raw(n)) for n in range(len(self.dictionaries))
        ]
        self._loaded = {each.dict_id(): each for each in loaded}
        self._local = threading.local()

    def __getitem__(self, doc: int) -> bytes:
        frame = self.frames.raw(doc)
        number = zstandard.get_frame_parameters(frame).dict_id
        known = self._local.__dict__.setdefault("decompressors", {})
        if number not in known:
            known[number] = zstandard.ZstdDecompressor(dict_data=self._loaded.get(number))
        return bytes(known[number].decompress(frame))
