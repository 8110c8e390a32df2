"""A segment as plain Whoosh code reads it: ``whoosh.reading.IndexReader`` over arrays.

Every Whoosh matcher, collector, facet and highlighter runs on it; what needs speed does not come
this way.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh import columns
from whoosh.reading import IndexReader, TermInfo, TermNotFound
from whoosh.util.numeric import length_to_byte
from whoosh.util.times import datetime_to_long

from index.codec import bits
from index.codec.columns import TEXTS, VALUES
from index.codec.fields import DAY, FORMS, UNDATED, DayRange, schema
from index.codec.matcher import ArrayMatcher
from index.codec.quotes import QuotesFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from index.codec.strings import Strings
    from index.segment import Segment


class ArrayReader(IndexReader):  # type: ignore[misc]
    """Reads one segment of a generation."""

    def __init__(self, segment: Segment, language: str, generation: int | None = None) -> None:
        self.schema = schema(language)
        if isinstance(segment.file, QuotesFile):
            for name in set(self.schema.names()) - QuotesFile.fields:
                self.schema.remove(name)
        self.segment = segment
        self._generation = generation

    def generation(self) -> int | None:
        return self._generation

    # Documents

    def doc_count_all(self) -> int:
        return self.segment.size

    def doc_count(self) -> int:
        return self.segment.documents

    def has_deletions(self) -> bool:
        return self.segment.documents < self.segment.size

    def is_deleted(self, docnum: int) -> bool:
        # Whoosh asks about one more document than there is.
        return docnum < self.segment.size and not self.segment.live[docnum]

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        article = self.segment.article(docnum)
        single = {"title": article.title, "outlet": article.outlet, "language": article.language}
        stored: dict[str, Any] = {
            "id": article.id,
            "body": article.body,
            "speaker": [found.value for found in article.speakers],
        }
        stored.update({name: found.value for name, found in single.items() if found})
        if article.date:
            stored["date"] = _instant(article.date.value.start.toordinal())
        return stored

    # Lengths

    def field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        return int(self._lengths(fieldname).max(initial=0))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(self.segment.columns.lengths[fieldname][docnum]) if fieldname in TEXTS else default

    def _lengths(self, fieldname: str) -> NDArray[np.int32]:
        return (
            self.segment.columns.lengths[fieldname][self.segment.live]
            if fieldname in TEXTS
            else np.zeros(0, np.int32)
        )

    # Terms

    def indexed_field_names(self) -> list[str]:
        return sorted(self.schema.names())

    def __contains__(self, term: tuple[str, str | bytes]) -> bool:
        return self._docs(*term) is not None

    def all_terms(self) -> Iterator[tuple[str, bytes]]:
        return ((name, term) for name in self.indexed_field_names() for term in self._terms(name))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name in self.indexed_field_names():
            if name >= fieldname:
                yield from ((name, term) for term in self._terms(name, prefix if name == fieldname else b""))

    def term_info(self, fieldname: str, text: str | bytes) -> TermInfo:
        matcher = self.postings(fieldname, text)
        lengths = [length_to_byte(self.doc_field_length(doc, fieldname)) for doc in matcher.docs]
        return TermInfo(
            weight=sum(matcher.weights),
            df=len(matcher.docs),
            minlength=min(lengths, default=0),
            maxlength=max(lengths, default=0),
            maxweight=max(matcher.weights, default=0),
            minid=matcher.docs[0] if matcher.docs else None,
            maxid=matcher.docs[-1] if matcher.docs else 0,
        )

    def doc_frequency(self, fieldname: str, text: str | bytes) -> int:
        docs = self._docs(fieldname, text)
        return 0 if docs is None else len(docs[0])

    def frequency(self, fieldname: str, text: str | bytes) -> float:
        docs = self._docs(fieldname, text)
        return 0 if docs is None else sum(docs[1])

    def postings(self, fieldname: str, text: str | bytes, scorer: Any = None) -> ArrayMatcher:
        found = self._docs(fieldname, text)
        if found is None and self._listed(fieldname, text):
            found = [], []  # all its documents were deleted
        if found is None:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        positions = partial(self.positions, fieldname, text)
        return ArrayMatcher((fieldname, text), found, self.schema[fieldname].format, positions, scorer)

    def positions(self, fieldname: str, text: str | bytes, docs: Sequence[int]) -> list[Sequence[int]]:
        """Return a term's positions in each of some documents."""
        wanted = np.array(docs, dtype=np.int64)
        starts, positions = self.segment.positions(fieldname, _text(text), wanted)
        if fieldname == "body":  # they are kept as those of ``text``
            positions = positions - np.repeat(self.segment.file.body_begins[wanted], np.diff(starts))
        return [positions[start:end].tolist() for start, end in pairwise(starts.tolist())]

    def within(self, query: DayRange) -> list[int]:
        """Return the live documents whose date's first day begins in a range of instants."""
        days = self.segment.columns.starts[:]
        begins = (days.astype(np.int64) - 1) * DAY
        mask = self.segment.live & (days > 0)
        if query.start is not None:
            mask &= begins > query.start if query.startexcl else begins >= query.start
        if query.end is not None:
            mask &= begins < query.end if query.endexcl else begins <= query.end
        return np.flatnonzero(mask).tolist()

    def _docs(self, fieldname: str, text: str | bytes) -> tuple[list[int], list[float]] | None:
        """Return the live documents of a term and its weights there, None where there are none."""
        if fieldname == "date":
            days = self._days.get(self.schema["date"].to_bytes(text), [])
            return (days, [1.0] * len(days)) if days else None
        word = _text(text)
        if fieldname in TEXTS:
            found = self.segment.postings(fieldname, word)
            docs, weights = found.docs.tolist(), found.weights.tolist()
        else:
            docs = self._documents(fieldname, word).tolist()
            weights = [1.0] * len(docs)
        return (docs, weights) if docs else None

    def _documents(self, fieldname: str, word: str) -> NDArray[np.int64]:
        """Return the live documents of a form, a name or an id."""
        segment = self.segment
        if fieldname == "id":
            doc = segment.find(word)
            return np.array([] if doc is None else [doc], dtype=np.int64)
        if fieldname in FORMS:
            found = bits.both(segment.having(fieldname.removesuffix("_forms"), [word]), segment.passing)
            return bits.docs_of(found).astype(np.int64)
        if fieldname not in VALUES:
            return np.zeros(0, dtype=np.int64)
        column = segment.columns.values[fieldname]
        having = column.having(column.ordinals == column.values.find(word))
        return np.flatnonzero(having & segment.live)

    def _listed(self, fieldname: str, text: str | bytes) -> bool:
        """Return whether ``all_terms`` may yield a term."""
        strings = self._strings(fieldname)
        if strings is not None:
            return strings.find(_text(text)) >= 0
        return fieldname == "id" and _text(text) in self.segment.columns.ids

    @cached_property
    def _days(self) -> dict[bytes, list[int]]:
        """The terms that Whoosh looks for when it is asked for a range of dates, and their live documents."""
        field = self.schema["date"]
        starts = self.segment.columns.starts[:]
        terms: dict[bytes, list[int]] = {}
        for doc in np.flatnonzero(self.segment.live & (starts > 0)).tolist():
            day = _instant(int(starts[doc]))
            for shift in range(0, field.bits, field.shift_step):
                terms.setdefault(field.to_bytes(day, shift), []).append(doc)
        return terms

    def _terms(self, fieldname: str, least: bytes = b"") -> Iterator[bytes]:
        """Return the terms of a field from one on, ascending; they are read as they are asked for."""
        strings = self._strings(fieldname)
        if strings is None:
            terms = sorted(self._days) if fieldname == "date" else self._ids()
            return iter(terms[bisect_left(terms, least) :])
        found = map(strings.raw, range(strings.rank(least), len(strings)))
        return filter(self._in_a_body, found) if fieldname == "body" else found

    def _strings(self, fieldname: str) -> Strings | None:
        """Return the dictionary of a field that has one."""
        file = self.segment.file
        if fieldname in FORMS:
            return file.forms[fieldname].terms
        if fieldname in TEXTS:
            return file.words["text" if fieldname == "body" else fieldname].terms
        return file.columns.values[fieldname].values if fieldname in VALUES else None

    def _in_a_body(self, term: bytes) -> bool:
        """Return whether a term of ``text`` stands in a body: all do but those that only titles have."""
        word = _text(term)
        title = self.segment.file.words["title"]
        return title.number(word) < 0 or len(self.segment.postings("body", word).docs) > 0

    def _ids(self) -> list[bytes]:
        made = self.segment.columns
        return [made.ids.raw(doc) for doc in made.order.tolist()]

    # Columns

    def has_column(self, fieldname: str) -> bool:
        return fieldname == "date" or fieldname in VALUES or fieldname == "id"

    def column_reader(
        self, fieldname: str, column: Any = None, reverse: bool = False, translate: bool = True
    ) -> Column:
        return Column(self.segment, fieldname, reverse=reverse)

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        return False

    def vector(self, docnum: int, fieldname: str, format_: Any = None) -> Any:
        raise KeyError(f"{fieldname} has no term vectors")


class Column(columns.ColumnReader):  # type: ignore[misc]
    """The first value of each document in a field, as Whoosh sorts and counts by it."""

    def __init__(self, segment: Segment, fieldname: str, *, reverse: bool) -> None:
        self._segment = segment
        self._doccount = segment.size  # which Whoosh counts to
        self._field = fieldname
        self._reverse = reverse

    def __len__(self) -> int:
        return self._segment.size

    def __getitem__(self, docnum: int) -> str | datetime | None:
        made = self._segment.columns
        if self._field == "id":
            return made.ids[docnum]
        if self._field == "date":
            return _instant(int(made.starts[docnum])) if made.starts[docnum] else None
        return next(iter(made.values[self._field].of(docnum)), "")

    def sort_key(self, docnum: int) -> Any:
        value = self[docnum]
        if self._field != "date":
            return value
        if value is None:
            return UNDATED
        return -datetime_to_long(value) if self._reverse else datetime_to_long(value)


def _instant(day: int) -> datetime:
    """Return the instant at which a day, an ordinal, begins."""
    return datetime.fromordinal(day)


def _text(text: str | bytes) -> str:
    return text.decode("utf-8", "surrogatepass") if isinstance(text, bytes) else text
