"""A segment as arrays: postings, positions, surface forms, columns and stored articles.

Every reader of a segment goes through here.  Nothing changes after opening but caches, so any
number of threads may read at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from index import edtf
from index.codec import bodies
from index.codec.arrays import ArrayFile
from index.codec.columns import Columns
from index.codec.edits import near
from index.codec.postings import FieldPostings, cumulated
from index.codec.weights import TITLE_WEIGHT
from index.stored import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from index.article import Article
    from index.codec.commit import SegmentEntry
    from index.edtf import Interval

FORMS = {"text": ("title_forms", "body_forms"), "title": ("title_forms",), "body": ("body_forms",)}
"""Where the surface forms of each text field are kept."""

_COMPARED = 1 << 18
"""Forms that are compared with a word between two looks at the clock: 3 ms where two edits are allowed."""

CRITICAL = ("terms/blob", "terms/starts", "starts", "chunk_starts", "byte_starts", "norms", "lengths")
"""Arrays that are verified whenever a segment is opened: dictionaries and norms."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents that have a term, ascending, int64[m], and their weighted frequencies, float64[m]."""

    docs: NDArray[np.int64]
    weights: NDArray[np.float64]

    def of(self, kept: NDArray[np.bool_]) -> Postings:
        """Return some of the postings."""
        return Postings(self.docs[kept], self.weights[kept])


NONE = Postings(np.empty(0, dtype=np.int64), np.empty(0))


class SegmentFile:
    """What stands on disk of a segment, deleted documents included."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.file = ArrayFile(path)
        for name in self.file.names():
            if name.endswith(CRITICAL):
                self.file.verify(name)
        self.size: int = self.file.meta["documents"]
        self.columns = Columns(self.file)
        self.body_begins: NDArray[np.uint32] = self.file["body_begins"]
        self.words = {name: FieldPostings(self.file, name) for name in ("text", "title")}
        self.forms = {name: FieldPostings(self.file, name) for name in ("title_forms", "body_forms")}
        self.heads, self.bodies = bodies.Frames(self.file, "heads"), bodies.Frames(self.file, "bodies")
        self.said = bodies.Frames(self.file, "said")
        self._averages: dict[str, float] = {}

    @property
    def days(self) -> tuple[int, int]:
        """The first and last of the days that all but one in a thousand documents are dated, or (1, 0)."""
        return self.columns.dates.span

    def average(self, field: str) -> float:
        """Return the mean length of a field over the documents that have it, deleted ones included."""
        if field not in self._averages:
            lengths = self.columns.lengths[field]
            count = np.count_nonzero(lengths)
            self._averages[field] = int(lengths.sum(dtype=np.int64)) / count if count else 1.0
        return self._averages[field]


class Segment:
    """One segment with the documents that live in a generation.

    ``live`` is bool[n]; all postings are of live documents only.
    """

    def __init__(
        self, file: SegmentFile, live: NDArray[np.bool_] | None = None, entry: SegmentEntry | None = None
    ) -> None:
        self.file = file
        self.entry = entry
        self._totals: dict[str, tuple[int, int]] = {}
        self._counts: dict[str, Counter[str]] = {}
        self.name = file.name
        self.size = file.size
        self.columns = file.columns
        self.live: NDArray[np.bool_] = np.ones(self.size, dtype=np.bool_) if live is None else live
        self.documents = self.size if live is None else int(np.count_nonzero(live))
        self._whole = live is None

    @cached_property
    def passing(self) -> NDArray[np.uint64]:
        """The live documents as bits, none where all are."""
        from index.codec import bits  # noqa: PLC0415 - its loops need numba, and who writes has no use for it

        return bits.ALL if self._whole else bits.of_mask(self.live)

    def postings(self, field: str, term: str) -> Postings:
        """Return the postings of a term, empty where there is none."""
        found = self._body(term) if field == "body" else self._stored(field, term)
        return found if self.documents == self.size else found.of(self.live[found.docs])

    def _stored(self, field: str, term: str) -> Postings:
        words = self.file.words[field]
        number = words.number(term)
        if number < 0:
            return NONE
        return Postings(words.docs(number), words.frequencies(number).astype(np.float64))

    def _body(self, term: str) -> Postings:
        """Return the postings of a term in bodies: what ``text`` has beyond the title."""
        text, title = self._stored("text", term), self._stored("title", term)
        weights = text.weights.copy()
        weights[np.searchsorted(text.docs, title.docs)] -= TITLE_WEIGHT * title.weights
        return Postings(text.docs, weights).of(weights > 0)

    def frequency(self, field: str, term: str) -> int:
        """Return how many live documents have a term."""
        if field == "body" or self.documents < self.size:
            return len(self.postings(field, term).docs)
        words = self.file.words[field]
        number = words.number(term)
        return 0 if number < 0 else words.count(number)

    def positions(
        self, field: str, term: str, docs: NDArray[Any]
    ) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """Return a term's positions in ``docs`` (ascending): where each one's begin, int64[m + 1], and all.

        They ascend; a document that lacks the term has none.
        """
        words = self.file.words["text" if field == "body" else field]
        number = words.number(term)
        if number < 0:
            return np.zeros(len(docs) + 1, dtype=np.int64), np.empty(0, dtype=np.uint32)
        having = words.docs(number)
        places = np.searchsorted(having, docs)
        there = np.append(having, -1)[places] == docs
        starts, positions = words.positions(number, places[there])
        counts = np.zeros(len(docs), dtype=np.int64)
        counts[there] = np.diff(starts)
        if field == "body":
            kept = positions >= np.repeat(self.file.body_begins[docs], counts)
            counts = np.bincount(np.repeat(np.arange(len(docs)), counts)[kept], minlength=len(docs))
            positions = positions[kept]
        return cumulated(counts), positions

    def forms(self, field: str, prefix: str = "") -> list[str]:
        """Return the folded surface forms of a text field that begin with ``prefix``, sorted."""
        found: dict[str, None] = {}
        for name in FORMS[field]:
            terms = self.file.forms[name].terms
            found |= dict.fromkeys(terms[slice(*terms.beginning(prefix))])
        return sorted(found)  # two ascending runs, which is quick

    def near(self, field: str, word: str, edits: int, prefix: str = "") -> Iterator[set[str]]:
        """Yield the folded surface forms of a text field that begin with a prefix and are near a word.

        Those within some edits of it, in parts that take a few milliseconds: see ``index.codec.edits``.
        """
        for name in FORMS[field]:
            terms = self.file.forms[name].terms
            first, last = terms.beginning(prefix)
            for start in range(first, last, _COMPARED):
                found = near(terms, word, edits, start, min(start + _COMPARED, last))
                yield {terms.text(number) for number in found.tolist()}

    def terms(self, field: str) -> list[str]:
        """Return the terms of a text field, sorted."""
        if field == "body":
            return [term for term in self.terms("text") if len(self.postings("body", term).docs)]
        return self.file.words[field].terms[:]

    def having(self, field: str, forms: Iterable[str], prefix: str | None = None) -> NDArray[np.uint64]:
        """Return the documents, deleted ones included, that have one of the surface forms, as bits.

        ``prefix`` says that the forms are all that begin with it.
        """
        from index.codec import bits  # noqa: PLC0415 - as above

        found = bits.none(self.size)
        for name in FORMS[field]:
            words = self.file.forms[name]
            if prefix is None:
                numbers = np.array([n for form in forms if (n := words.number(form)) >= 0], dtype=np.int64)
            else:
                numbers = np.arange(*words.terms.beginning(prefix))
            bits.mark(numbers, words.lists, words.starts, words.chunk_starts, found)
        return found

    def total(self, field: str) -> tuple[int, int]:
        """Return the length of a text field in all live documents, and how many have it."""
        if field not in self._totals:
            lengths = self.columns.lengths[field]
            lengths = lengths if self.documents == self.size else lengths[self.live]
            self._totals[field] = int(lengths.sum(dtype=np.int64)), int(np.count_nonzero(lengths))
        return self._totals[field]

    def counts(self, field: str) -> Counter[str]:
        """Return how many live documents have each value of a field."""
        if field not in self._counts:
            column = self.columns.values[field]
            numbers = column.counts(self.live)
            used = np.flatnonzero(numbers).tolist()
            self._counts[field] = Counter({column.values.text(n): int(numbers[n]) for n in used})
        return self._counts[field]

    def shown(self, doc: int) -> Entry:
        """Return what a list of results shows of a document."""
        return Entry(self, doc)

    def article(self, doc: int) -> Article:
        """Return a stored article."""
        columns = self.columns
        row = Row(columns.digests.text(doc), columns.titles.text(doc))
        return bodies.join(self.file.heads[doc], self.file.bodies[doc], self.file.said[doc], row)

    def rank_after(self, id_: str) -> int:
        """Return how many documents have this id or a smaller one."""
        return bisect_right(self.columns.order, id_, key=self.columns.ids.__getitem__)

    def find(self, id_: str) -> int | None:
        """Return the live document with this id, or None."""
        order, text = self.columns.order.data, self.columns.ids.text
        rank = bisect_left(order, id_, key=text)
        if rank == len(order):
            return None
        doc: int = order[rank]
        return doc if self.live[doc] and text(doc) == id_ else None

    def of_articles(self, ids: Iterable[str]) -> NDArray[np.int32]:
        """Return the live documents with some ids, ascending."""
        return np.array(sorted(doc for id_ in ids if (doc := self.find(id_)) is not None), np.int32)


class Entry:
    """What a list of results shows of a document, read from columns; the rest of the article when asked."""

    __slots__ = ("_columns", "_doc", "_segment")

    def __init__(self, segment: Segment, doc: int) -> None:
        self._segment = segment
        self._columns = segment.columns
        self._doc = doc

    @property
    def id(self) -> str:
        """The article's id."""
        return self._columns.ids.text(self._doc)

    @property
    def title(self) -> str | None:
        """The title, None where there is none."""
        title = self._columns.titles.text(self._doc)
        return title if title or self._columns.title_levels[self._doc] >= 0 else None

    @property
    def date(self) -> Interval | None:
        """The date, None where undated."""
        written = self._columns.dates.text(self._doc)
        return interval(written) if written else None

    @property
    def outlet(self) -> str | None:
        """The outlet, None where unknown."""
        return next(iter(self._names("outlet")), None)

    @property
    def language(self) -> str:
        """The language, ``und`` where uncertain."""
        return self._names("language")[0]

    @property
    def speakers(self) -> tuple[str, ...]:
        """The people quoted, as the article names them."""
        return self._names("speaker")

    @property
    def article(self) -> Article:
        """The whole article."""
        return self._segment.article(self._doc)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and (self._segment.name, self._doc) == (
            other._segment.name,
            other._doc,
        )

    def __hash__(self) -> int:
        return hash((self._segment.name, self._doc))

    def _names(self, field: str) -> tuple[str, ...]:
        return self._columns.values[field].of(self._doc)


interval = lru_cache(2**14)(edtf.parse)
"""Dates are few: some days of some years, whatever the size of an archive."""
