"""A segment while it is made: articles go in, a file comes out.

Memory is bounded by whoever asks ``full``: a segment holds so many chunks and bytes of text.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec import bodies
from index.codec.arrays import ArrayWriter, Written
from index.codec.chunks import Chunks
from index.codec.columns import TEXTS, Rows
from index.codec.kernels import counting_sort, distinct, expand, group
from index.codec.norms import LENGTHS
from index.codec.postings import Batch, Norms, PostingsWriter
from index.codec.weights import IMPACT_B, IMPACT_K1, TITLE_GAP, TITLE_WEIGHT

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from index.analysis import Analyzer
    from index.article import Article
    from index.writer import Origin

MOST_CHUNKS = 6_000_000
"""Words of a segment before it is written: some 350 MB while it is inverted."""

MOST_KNOWN = 500_000
"""Different chunks that are remembered from segment to segment: some 150 MB."""

MOST_BYTES = 64 << 20
"""Bytes of text of a segment before it is written."""


class SegmentBuilder:
    """Collects the articles of one segment."""

    def __init__(self, chunks: Chunks | None = None) -> None:
        self._chunks = chunks or Chunks()
        self._text = array("I")
        self._starts, self._bodies = array("q", [0]), array("q")
        self._rows = Rows()
        self._heads: list[bytes] = []
        self._texts: list[bytes] = []
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._heads)

    def following(self) -> SegmentBuilder:
        """Return the builder of the next segment, which knows the words that this one met."""
        return SegmentBuilder(self._chunks if len(self._chunks) < MOST_KNOWN else None)

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        return len(self._text) >= MOST_CHUNKS or self._bytes >= MOST_BYTES

    def add(self, article: Article, origin: Origin, analyzer: Analyzer) -> None:
        """Add an article; a document's number is how many came before it."""
        # All that can fail comes first: an article is added whole or not at all.
        title = array("I", self._chunks.numbers(article.title.value if article.title else "", analyzer))
        words = array("I", self._chunks.numbers(article.body, analyzer))
        head, body = bodies.split(article)
        self._rows.add(article, origin)
        self._text.extend(title)
        self._bodies.append(len(self._text))
        self._text.extend(words)
        self._starts.append(len(self._text))
        self._heads.append(head)
        self._texts.append(body)
        self._bytes += len(head) + len(body)

    def write(self, path: Path) -> Written:
        """Write the segment."""
        with ArrayWriter(path) as writer:
            self._rows.write(writer)
            self._write_words(writer)
            self._write_forms(writer)
            bodies.write(writer, "heads", self._heads)
            bodies.write(writer, "bodies", self._texts)
            return writer.close({"documents": len(self), "k1": IMPACT_K1, "b": IMPACT_B})

    def _write_words(self, writer: ArrayWriter) -> None:
        """Write the postings of ``text`` and ``title``, and all lengths."""
        chunks = self._chunks
        names, ranks = chunks.term_numbers.ranks()
        terms, docs, positions, weights, bounds, begins = expand(
            _view(self._text, np.uint32),
            _view(self._starts, np.int64),
            _view(self._bodies, np.int64),
            _view(chunks.widths, np.uint32),
            _view(chunks.places, np.int64),
            ranks[_view(chunks.terms, np.uint32)],
            _view(chunks.offsets, np.uint32),
            TITLE_WEIGHT,
            TITLE_GAP,
        )
        tokens = np.diff(bounds).reshape(-1, 2)
        lengths = {
            "title": tokens[:, 0],
            "body": tokens[:, 1],
            "text": TITLE_WEIGHT * tokens[:, 0] + tokens[:, 1],
        }
        norms = {name: write_norms(writer, name, lengths[name]) for name in TEXTS}
        writer.add("body_begins", begins)
        _write_postings(writer, "text", names, norms["text"], (terms, docs, positions, weights))
        titled = weights == TITLE_WEIGHT
        ones = np.ones(int(titled.sum()), dtype=np.uint8)
        _write_postings(
            writer, "title", names, norms["title"], (terms[titled], docs[titled], positions[titled], ones)
        )

    def _write_forms(self, writer: ArrayWriter) -> None:
        starts, begins = _view(self._starts, np.int64), _view(self._bodies, np.int64)
        self._write_forms_of(writer, "title_forms", starts[:-1], begins)
        self._write_forms_of(writer, "body_forms", begins, starts[1:])

    def _write_forms_of(
        self, writer: ArrayWriter, field: str, firsts: NDArray[np.int64], lasts: NDArray[np.int64]
    ) -> None:
        chunks = self._chunks
        names, ranks = chunks.form_numbers.ranks()
        own = ranks[_view(chunks.forms, np.uint32)]
        places = _view(chunks.form_places, np.int64)
        forms, docs = distinct(_view(self._text, np.uint32), firsts, lasts, places, own, len(names))
        starts, order = counting_sort(forms, len(names))
        counts = np.diff(starts)
        used = np.flatnonzero(counts)
        postings = PostingsWriter(writer, field, None)
        postings.add(Batch([names[number] for number in used.tolist()], counts[used], docs[order]))
        postings.close()


def _write_postings(
    writer: ArrayWriter,
    field: str,
    names: list[bytes],
    norms: Norms,
    tokens: tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint8]],
) -> None:
    terms, docs, positions, weights = tokens
    starts, order = counting_sort(terms, len(names))
    counts, docs, tf, data, sizes = group(starts, order, docs, positions, weights)
    used = np.flatnonzero(counts)
    postings = PostingsWriter(writer, field, norms)
    postings.add(Batch([names[number] for number in used.tolist()], counts[used], docs, tf, data, sizes))
    postings.close()


def write_norms(writer: ArrayWriter, field: str, lengths: NDArray[np.int64]) -> Norms:
    """Write a field's exact lengths and their bytes, and return what impacts need of them."""
    present = lengths[lengths > 0]
    average = float(present.mean()) if len(present) else 1.0
    norms = np.searchsorted(LENGTHS, np.minimum(lengths, LENGTHS[-1])).astype(np.uint8)
    writer.add(f"{field}/lengths", lengths.astype(np.int32))
    writer.add(f"{field}/norms", norms)
    return Norms(norms, LENGTHS / average, IMPACT_K1, IMPACT_B)


def _view(values: array[int], dtype: type[np.generic]) -> NDArray[Any]:
    """Return an array's numbers without copying them; the array cannot grow while the view is held."""
    return np.frombuffer(values, dtype=dtype) if len(values) else np.empty(0, dtype=dtype)
