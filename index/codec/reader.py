"""A segment as plain Whoosh code reads it: ``whoosh.reading.IndexReader`` over arrays.

Every Whoosh matcher, collector, facet and highlighter runs on it; what needs speed does not come
this way.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh import columns, fields, formats
from whoosh.analysis import IDAnalyzer
from whoosh.matching import LeafMatcher, ListMatcher, Matcher, ReadTooFar
from whoosh.query import NumericRange, Query
from whoosh.query.spans import Span
from whoosh.reading import IndexReader, TermInfo, TermNotFound
from whoosh.util.numeric import length_to_byte
from whoosh.util.times import datetime_to_long, long_to_datetime

from index.analysis import Analyzer, analyzer
from index.codec import bits
from index.codec.columns import TEXTS, VALUES
from index.codec.quotes import QuotesFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from index.codec.strings import Strings
    from index.segment import Segment

_FORMS = ("title_forms", "body_forms")


class Words(fields.FieldType):  # type: ignore[misc]
    """A field of analysed words with positions."""

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__(formats.Positions(), analyzer, scorable=True, stored=True)

    def spelling_fieldname(self, fieldname: str) -> str:
        """Return where corrections are found: among surface forms, not among stems."""
        return fieldname if fieldname == "text" else f"{fieldname}_forms"


class Forms(fields.FieldType):  # type: ignore[misc]
    """A field of surface forms: which documents have them, nothing else."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), IDAnalyzer())


class Names(fields.FieldType):  # type: ignore[misc]
    """A field of names, whole, with a column of the first name of each document."""

    def __init__(self, *, unique: bool = False) -> None:
        column = columns.VarBytesColumn()
        super().__init__(formats.Existence(), IDAnalyzer(), stored=True, unique=unique, sortable=column)

    def from_column_value(self, value: str) -> str:
        """Return a name as it is shown."""
        return value

    def to_bytes(self, value: str | bytes) -> bytes:
        """Return a name as it stands in the dictionary."""
        return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


_UNDATED = (1 << 63) - 1
"""What an article without a date is sorted by: last, either way."""


_DAY = 86_400_000_000
"""Microseconds of a day, which Whoosh counts from the first one on."""


class DayRange(NumericRange):  # type: ignore[misc]
    """Documents whose date begins in a range of instants, found by their column; all score ``boost``."""

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        """Return the matcher of one segment; of several at once it is Whoosh's, over terms."""
        reader = searcher.reader()
        if not isinstance(reader, ArrayReader) or not isinstance(reader.schema[self.fieldname], Days):
            return super().matcher(searcher, context)
        return ListMatcher(reader.within(self), all_weights=self.boost)


class Days(fields.DATETIME):  # type: ignore[misc]
    """The first day of an article's date, as the instant at which it begins."""

    def __init__(self) -> None:
        super().__init__(stored=True, sortable=True)

    def parse_query(self, fieldname: str, qstring: str, boost: float = 1.0) -> Query:
        """Return the query for a year, a month or a day, written in digits."""
        found = super().parse_query(fieldname, qstring, boost)
        if not isinstance(found, NumericRange):
            return found
        return DayRange(fieldname, found.start, found.end, boost=boost)

    def parse_range(
        self, fieldname: str, start: str, end: str, startexcl: bool, endexcl: bool, boost: float = 1.0
    ) -> Query:
        """Return the query for what lies between two of them; Whoosh's forgets what is excluded."""
        found = super().parse_range(fieldname, start, end, startexcl, endexcl, boost)
        if not isinstance(found, NumericRange):
            return found
        first = datetime_to_long(self._parse_datestring(start).ceil()) if start and startexcl else found.start
        last = datetime_to_long(self._parse_datestring(end).floor()) if end and endexcl else found.end
        return DayRange(fieldname, first, last, startexcl, endexcl, boost=boost)

    def from_column_value(self, value: int) -> datetime | None:
        """Return the instant that a key stands for, None where there is no date."""
        return None if value == _UNDATED else long_to_datetime(abs(value))


def schema(language: str) -> fields.Schema:
    """Return the Whoosh schema of an archive whose main language this is."""
    main = analyzer(language)
    words = {name: Words(main) for name in TEXTS}
    names = {name: Names() for name in VALUES}
    forms = {name: Forms() for name in _FORMS}
    return fields.Schema(id=Names(unique=True), date=Days(), **words, **names, **forms)


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
        return ArrayMatcher(self, fieldname, text, found, scorer)

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
        begins = (days.astype(np.int64) - 1) * _DAY
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
        if fieldname in _FORMS:
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
        if fieldname in _FORMS:
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
            return _UNDATED
        return -datetime_to_long(value) if self._reverse else datetime_to_long(value)


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """The postings of one term, one at a time."""

    def __init__(
        self,
        reader: ArrayReader,
        fieldname: str,
        text: str | bytes,
        found: tuple[list[int], list[float]],
        scorer: Any,
    ) -> None:
        self.docs, self.weights = found
        self.scorer = scorer
        self.format = reader.schema[fieldname].format
        self._reader = reader
        self._term = (fieldname, text)
        self._at = 0

    # Totals are exact: Whoosh skips nothing because it cannot be among the best, and does not stop
    # to look at one side of a union because its terms cannot score enough.

    def supports_block_quality(self) -> bool:
        return False

    def max_quality(self) -> float:
        return math.inf

    def is_active(self) -> bool:
        return self._at < len(self.docs)

    def id(self) -> int:
        return self.docs[self._at]

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return True

    def skip_to(self, id: int) -> bool:  # noqa: A002 - Whoosh's signature
        if not self.is_active():
            raise ReadTooFar
        before = self._at
        self._at = int(np.searchsorted(self.docs, id))
        self._at = max(self._at, before)
        return self._at > before

    def reset(self) -> None:
        self._at = 0

    def copy(self) -> ArrayMatcher:
        other = ArrayMatcher(self._reader, *self._term, (self.docs, self.weights), self.scorer)
        other._at = self._at
        return other

    def weight(self) -> float:
        return self.weights[self._at]

    def value(self) -> bytes:
        return self.format.encode(self.value_as("positions")) if self.supports("positions") else b""

    def value_as(self, astype: str) -> Any:
        if astype == "positions":
            return list(self._reader.positions(*self._term, [self.id()])[0])
        if astype in {"weight", "frequency"}:
            return self.weight()
        return super().value_as(astype)

    def all_ids(self) -> Iterator[int]:
        return iter(self.docs)

    def spans(self) -> Any:
        return [Span(position) for position in self.value_as("positions")]


def _instant(day: int) -> datetime:
    """Return the instant at which a day, an ordinal, begins."""
    return datetime.fromordinal(day)


def _text(text: str | bytes) -> str:
    return text.decode("utf-8", "surrogatepass") if isinstance(text, bytes) else text
