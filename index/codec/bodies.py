"""Stored articles: everything but the body as JSON, the body as text, each a Zstandard frame.

A segment trains a dictionary on its own articles, so that a frame holds one article and is still
small; a merged segment keeps the dictionaries of its parts, and a frame names its own.
"""

from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING

import zstandard

from index import stored
from index.codec.strings import Strings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.article import Article
    from index.codec.arrays import ArrayFile, ArrayWriter

LEVEL = 3
"""Zstandard's level."""

_SAMPLES = 600
"""Articles that a dictionary is trained on."""

_DICTIONARY = 64 << 10
"""Bytes of a dictionary."""

_LEAST = 200
"""With fewer articles a dictionary would be larger than what it saves."""

KINDS = ("heads", "bodies")


def split(article: Article) -> tuple[bytes, bytes]:
    """Return an article's head (all but the body, JSON) and its body."""
    head = stored.pack(dataclasses.replace(article, body=""))
    return head, article.body.encode("utf-8", "surrogatepass")


def join(head: bytes, body: bytes) -> Article:
    """Return the article that ``split`` made head and body of."""
    return stored.unpack(head, body.decode("utf-8", "surrogatepass"))


def write(writer: ArrayWriter, kind: str, texts: Sequence[bytes]) -> None:
    """Compress the heads or the bodies of a segment."""
    trained = _train(texts)
    compressor = zstandard.ZstdCompressor(level=LEVEL, dict_data=trained)
    Strings.from_bytes([compressor.compress(text) for text in texts]).write(writer, kind)
    Strings.from_bytes([trained.as_bytes()] if trained else []).write(writer, f"{kind}/dictionaries")


def _train(texts: Sequence[bytes]) -> zstandard.ZstdCompressionDict | None:
    if len(texts) < _LEAST:
        return None
    step = max(len(texts) // _SAMPLES, 1)
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
