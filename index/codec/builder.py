"""A segment while it is made: articles go in, a file comes out.

Texts are tokenised and stored articles compressed a batch at a time, so that what a segment
takes in memory is the numbers of its chunks and its compressed articles.  It is full when that, and
what writing it takes, has reached what the budget gives.
"""

from __future__ import annotations

from array import array
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec import bodies
from index.codec.arrays import ArrayWriter, Written
from index.codec.budget import Budget
from index.codec.chunks import Chunks
from index.codec.columns import TEXTS, Rows
from index.codec.inversion import (
    BODIES,
    BOTH,
    TITLES,
    Held,
    count_terms,
    distinct,
    group,
    scatter,
    scatter_documents,
    survey,
)
from index.codec.merging_words import ranges
from index.codec.norms import write_norms
from index.codec.postings import Batch, Norms, PostingsWriter, cumulated
from index.codec.quote_rows import QuoteRows
from index.codec.signatures import SignatureRows
from index.codec.strings import Strings, smallest
from index.codec.weights import IMPACT_B, IMPACT_K1, TITLE_GAP, TITLE_WEIGHT
from index.encodable import unencodable
from index.errors import InvalidArticle, PressmarkError, Unwritable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.analysis import Analyzer
    from index.article import Article
    from index.writer import Origin

BATCH = 4 << 20
"""Bytes of text that are tokenised and compressed at once."""

_WAITING = 256
"""Articles whose columns are made at once: half of the time that one at a time takes."""

_TOKEN = 30
"""Bytes that inversion holds for each token that is sorted."""

_FORM = 6
"""Bytes that inversion holds for each word of the segment while it sorts its forms."""

_ARTICLE = 1000
"""Bytes of the columns of an article, without its title, and of the memory that is lost between them."""


class _Laid:
    """Texts one behind the other: kept one by one, what JSON is written to would not be used again."""

    def __init__(self) -> None:
        self._text, self._sizes = bytearray(), array("q")

    def add(self, text: bytes) -> None:
        """Add a text."""
        self._text += text
        self._sizes.append(len(text))

    def taken(self) -> list[bytes]:
        """Return the texts, and forget them."""
        whole, bounds = bytes(self._text), accumulate(self._sizes, initial=0)
        texts = [whole[first:last] for first, last in pairwise(bounds)]
        self._text, self._sizes = bytearray(), array("q")
        return texts


class SegmentBuilder:
    """Collects the articles of one segment, with their signatures where they are wanted."""

    def __init__(
        self,
        chunks: Chunks | None = None,
        frames: dict[str, bodies.Packer] | None = None,
        signatures: SignatureRows | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._budget = budget or Budget.of()
        self._signatures = signatures or SignatureRows(made=False)
        self._chunks = chunks or Chunks()
        self._frames = frames or {kind: bodies.Packer(kind) for kind in bodies.KINDS}
        self._numbers = array("I")
        self._ends = array("q")
        self._rows = Rows()
        self._quotes = QuoteRows()
        self._texts: list[bytes] = []
        self._tags: list[int] = []
        self._heads, self._said = _Laid(), _Laid()
        self._waiting: list[Article] = []
        self._origins: list[Origin] = []
        self._bytes = self._titles = self._count = 0
        self.full = False
        """Whether it is time to write."""

    def __len__(self) -> int:
        return self._count

    def following(self) -> SegmentBuilder:
        """Return the builder of the next segment, which knows the words that this one met."""
        frames = {kind: packer.following() for kind, packer in self._frames.items()}
        chunks = self._chunks if self._chunks.size < self._budget.known else None
        return SegmentBuilder(chunks, frames, self._signatures.following(), self._budget)

    def add(self, article: Article, origin: Origin, analyzer: Analyzer) -> None:
        """Add an article; a document's number is how many came before it.

        Raises InvalidArticle where it cannot be shown.
        """
        # All that can fail comes first: an article is added whole or not at all.
        try:
            head, body, quoted = bodies.split(article)
            title = article.title.value.encode() if article.title else b""
            article.digest.encode()
        except (TypeError, UnicodeEncodeError) as error:  # JSON's is the former
            reason = unencodable(article)
            if not reason:
                raise
            raise InvalidArticle(article.id, reason) from error
        tag = self._chunks.tag(analyzer)
        if article.quotes:
            said = self._quotes.analysed(article, analyzer)
            self._quotes.add(self._count, article, said)
        self._signatures.add(article.body)
        self._count += 1
        self._waiting.append(article)
        self._origins.append(origin)
        if len(self._waiting) == _WAITING:
            self._enter()
        self._texts += (title, body)
        self._tags += (tag, tag)
        self._heads.add(head)
        self._said.add(quoted)
        self._bytes += len(head) + len(body) + len(quoted)
        if self._bytes >= BATCH:
            self._take_in()

    def _enter(self) -> None:
        """Make the columns of the articles that wait for it."""
        self._rows.extend(self._waiting, self._origins)
        self._waiting, self._origins = [], []

    def _take_in(self) -> None:
        """Tokenise and compress what is pending; raise Unwritable for an article that cannot be analysed."""
        try:
            numbers, ends = self._chunks.numbers(self._texts, self._tags)
        except (OSError, MemoryError):
            raise
        except Exception as error:
            raise self._unwritable(error) from error
        ends += len(self._numbers)
        self._numbers.frombytes(numbers.data.cast("B"))
        self._ends.frombytes(ends.data.cast("B"))
        self._frames["heads"].add(self._heads.taken())
        self._frames["bodies"].add(self._texts[1::2])
        self._frames["said"].add(self._said.taken())
        self._titles += sum(map(len, self._texts[::2]))
        self._texts, self._tags, self._bytes = [], [], 0
        self.full = self._size() >= self._budget.run

    def _size(self) -> int:
        """Return how many bytes are held at most, once this segment is written."""
        words, frames = len(self._numbers), sum(packer.size for packer in self._frames.values())
        rows = _ARTICLE * len(self) + self._titles + self._signatures.size + self._quotes.size
        return rows + words * self._numbers.itemsize + frames + max(words * _FORM, frames)

    def _unwritable(self, error: Exception) -> PressmarkError:
        """Return an error that names the first pending article whose texts cannot be analysed."""
        self._enter()
        analyzers = self._chunks.analyzers
        waiting = len(self._tags) // 2
        for number, id_ in enumerate(self._rows.ids[-waiting:]):
            own, alone = slice(2 * number, 2 * number + 2), Chunks()
            tags = [alone.tag(analyzers[tag]) for tag in self._tags[own]]
            try:
                alone.numbers(self._texts[own], tags)
            except Exception as found:  # noqa: BLE001 - whatever an analyzer raises
                return Unwritable(id_, f"could not be written: {type(found).__name__}: {found}")
        return PressmarkError(
            f"{waiting} articles cannot be analysed together: {type(error).__name__}: {error}"
        )

    def write(self, path: Path) -> Written:
        """Write the segment."""
        self._enter()
        self._take_in()
        with ArrayWriter(path) as writer:
            self._rows.write(writer)
            for packer in self._frames.values():
                packer.write(writer)
            in_titles, in_bodies = self._write_words(writer)
            self._write_forms(writer, "title_forms", TITLES, in_titles)
            self._write_forms(writer, "body_forms", BODIES, in_bodies)
            self._quotes.write(writer, _norms)
            self._signatures.write(writer)
            return writer.close({"documents": len(self), "k1": IMPACT_K1, "b": IMPACT_B})

    def _write_words(self, writer: ArrayWriter) -> NDArray[np.int64]:
        """Write the postings of ``text`` and ``title``, and all lengths; return how often chunks are used."""
        held = _held(self._chunks)
        numbers, ends = _view(self._numbers, np.uint32), _view(self._ends, np.int64)
        tokens, begins, uses = survey(numbers, ends, held, TITLE_GAP)
        lengths = {
            "title": tokens[::2],
            "body": tokens[1::2],
            "text": TITLE_WEIGHT * tokens[::2] + tokens[1::2],
        }
        norms = {name: _norms(writer, name, lengths[name]) for name in TEXTS}
        writer.add("body_begins", smallest(begins))
        counts = {
            "text": count_terms(uses[0] + uses[1], held, len(self._chunks.names)),
            "title": count_terms(uses[0], held, len(self._chunks.names)),
        }
        used = np.flatnonzero(counts["text"])
        names = [self._chunks.names[number].encode() for number in used.tolist()]
        ordered = used[_order(names)]
        names.sort()
        for field, parts, weight in (("text", BOTH, TITLE_WEIGHT), ("title", TITLES, 1)):
            own = counts[field][ordered]
            chosen = np.flatnonzero(own)
            postings = PostingsWriter(writer, field, norms[field])
            for first, last in ranges(own[chosen], self._budget.window // _TOKEN):
                window = chosen[first:last]
                sizes = own[window]
                place = np.full(len(self._chunks.names), -1, dtype=np.int64)
                place[ordered[window]] = cumulated(sizes)[:-1]
                sorted_ = np.empty(int(sizes.sum()), dtype=np.uint64)
                scatter(numbers, ends, begins, held, parts, place, sorted_)
                found, docs, tf, data, bytes_ = group(sizes, sorted_, begins, weight)
                terms = Strings.from_bytes([names[number] for number in window.tolist()])
                postings.add(Batch(terms, found, docs, tf, data, bytes_))
            postings.close()
        return uses

    def _write_forms(self, writer: ArrayWriter, field: str, parts: int, uses: NDArray[np.int64]) -> None:
        chunks = self._chunks
        numbers, ends = _view(self._numbers, np.uint32), _view(self._ends, np.int64)
        forms, last, counts = distinct(
            numbers,
            ends,
            parts,
            chunks.firsts,
            chunks.sizes,
            chunks.forms,
            chunks.different_forms,
            int(uses @ chunks.sizes[: len(uses)]),
        )
        used = np.flatnonzero(counts)
        names = chunks.forms_of(used)
        ordered = used[_order(names)]
        names.sort()
        place = np.zeros(len(counts), dtype=np.int64)
        place[ordered] = cumulated(counts[ordered])[:-1]
        docs = np.empty(len(forms), dtype=np.uint32)
        scatter_documents(forms, last, place, docs)
        del forms
        postings, filled = PostingsWriter(writer, field, None), 0
        for first, end in ranges(counts[ordered], self._budget.window // _TOKEN):
            own = counts[ordered[first:end]]
            size = int(own.sum())
            postings.add(Batch(Strings.from_bytes(names[first:end]), own, docs[filled : filled + size]))
            filled += size
        postings.close()


def _order(names: Sequence[bytes]) -> NDArray[np.int64]:
    """Return the order in which byte strings ascend."""
    return np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)


def _held(chunks: Chunks) -> Held:
    """Return what the chunks hold, for inversion."""
    count = len(chunks)
    firsts, sizes, widths = chunks.firsts[:count], chunks.sizes[:count], chunks.widths[:count]
    having = cumulated((chunks.terms >= 0).astype(np.int64))
    tokens = (having[firsts.astype(np.int64) + sizes] - having[firsts]).astype(np.uint32)
    single = np.full(count, -1, dtype=np.int32)
    ones = np.flatnonzero((sizes == 1) & (widths == 1))
    single[ones] = chunks.terms[firsts[ones]]
    return Held(widths, firsts, sizes, tokens, single, chunks.offsets, chunks.terms)


def _norms(writer: ArrayWriter, field: str, lengths: NDArray[np.int64]) -> Norms:
    return write_norms(writer, field, lambda: (lengths,))


def _view(values: array[int], dtype: type[np.generic]) -> NDArray[Any]:
    """Return an array's numbers without copying them; the array cannot grow while the view is held."""
    return np.frombuffer(values, dtype=dtype) if len(values) else np.empty(0, dtype=dtype)
