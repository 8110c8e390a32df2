"""A segment as arrays: postings, positions, surface forms, columns and stored articles.

Every reader of a segment goes through here, so that what stands behind, today Whoosh's own
codec, is a matter of this file.  Stock Whoosh reads postings through one file position, hence a
reader for each thread.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.reading import SegmentReader, TermNotFound

from index import columns, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from index.article import Article

FORMS = {"text": ("title_forms", "body_forms"), "title": ("title_forms",), "body": ("body_forms",)}
"""Where the surface forms of each text field are kept."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Documents that have a term, ascending, int64[m], and their weighted frequencies, float64[m]."""

    docs: NDArray[np.int64]
    weights: NDArray[np.float64]


NONE = Postings(np.empty(0, dtype=np.int64), np.empty(0))


class Segment:
    """One immutable segment, with the documents that live in this generation.

    ``live`` is bool[n]; all postings are of live documents only.
    """

    def __init__(self, storage: Any, schema: Any, segment: Any, known: columns.Columns | None = None) -> None:
        self.name: str = segment.segment_id()
        self._make: Callable[[], Any] = partial(SegmentReader, storage, schema, segment)
        self._local = threading.local()
        self.size: int = segment.doc_count_all()
        self.live: NDArray[np.bool_] = np.ones(self.size, dtype=np.bool_)
        deleted = list(segment.deleted_docs())
        self.live[deleted] = False
        self.documents = self.size - len(deleted)
        self.columns = known or columns.read(self._entries())

    @property
    def reader(self) -> Any:
        """The Whoosh reader of the calling thread."""
        reader = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = self._make()
        return reader

    def _entries(self) -> Iterator[bytes]:
        column = self.reader.column_reader("entry")
        return (column[number] for number in range(self.size))

    def postings(self, field: str, term: str) -> Postings:
        """Return the postings of a term, empty where there is none."""
        matcher = self.matcher(field, term)
        if matcher is None:
            return NONE
        docs, weights = [], []
        while matcher.is_active():
            docs.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        return Postings(np.array(docs, dtype=np.int64), np.array(weights, dtype=np.float64))

    def frequency(self, field: str, term: str) -> int:
        """Return how many live documents have a term."""
        if self.documents < self.size:
            return len(self.postings(field, term).docs)
        try:
            return int(self.reader.term_info(field, _bytes(term)).doc_frequency())
        except TermNotFound:
            return 0

    def positions(self, field: str, term: str, docs: NDArray[np.int64]) -> list[Sequence[int]]:
        """Return the term's positions in each of ``docs`` (ascending): ascending, empty where it has none."""
        found: list[Sequence[int]] = []
        matcher = self.matcher(field, term)
        for doc in docs.tolist():
            if matcher is not None and matcher.is_active() and matcher.id() < doc:
                matcher.skip_to(doc)
            there = matcher is not None and matcher.is_active() and matcher.id() == doc
            found.append(matcher.value_as("positions") if there else ())
        return found

    def matcher(self, field: str, term: str) -> Any:
        """Return Whoosh's matcher over the live documents that have the term, or None."""
        try:
            return self.reader.postings(field, _bytes(term))
        except TermNotFound:
            return None

    def forms(self, field: str, prefix: str = "") -> list[str]:
        """Return the folded surface forms of a text field that begin with ``prefix``, sorted."""
        all_forms = self._forms[field]
        first = bisect_left(all_forms, prefix)
        last = bisect_left(all_forms, prefix + "\U0010ffff", lo=first) if prefix else len(all_forms)
        return all_forms[first:last]

    @cached_property
    def _forms(self) -> dict[str, list[str]]:
        reader = self.reader
        lists = {
            name: {form.decode("utf-8") for form in reader.lexicon(name)}
            for names in FORMS.values()
            for name in names
        }
        return {
            field: sorted(set().union(*(lists[name] for name in names))) for field, names in FORMS.items()
        }

    def terms(self, field: str) -> list[str]:
        """Return the terms of a text field, sorted."""
        return [term.decode("utf-8") for term in self.reader.lexicon(field)]

    def having(self, field: str, form: str) -> NDArray[np.int64]:
        """Return the live documents that have a surface form in a text field, ascending."""
        found = [self.postings(name, form).docs for name in FORMS[field]]
        return found[0] if len(found) == 1 else np.union1d(*found)

    def article(self, doc: int) -> Article:
        """Return a stored article."""
        return stored.unpack(self.reader.stored_fields(doc)["article"])

    def rank_after(self, id_: str) -> int:
        """Return how many documents have this id or a smaller one."""
        return bisect_right(self.columns.order, id_, key=self.columns.ids.__getitem__)

    def find(self, id_: str) -> int | None:
        """Return the live document with this id, or None."""
        rank = bisect_left(self.columns.order, id_, key=self.columns.ids.__getitem__)
        for doc in self.columns.order[rank:].tolist():
            if self.columns.ids[doc] != id_:
                return None
            if self.live[doc]:
                return int(doc)
        return None


def _bytes(term: str) -> bytes:
    return term.encode("utf-8", "replace")
