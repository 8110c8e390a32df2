"""The fields of an archive as Whoosh's schema has them; a range of dates is found by its column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whoosh import columns, fields, formats
from whoosh.analysis import IDAnalyzer
from whoosh.matching import ListMatcher, Matcher
from whoosh.query import NumericRange, Query
from whoosh.util.times import datetime_to_long, long_to_datetime

from index.analysis import Analyzer, analyzer
from index.codec.columns import TEXTS, VALUES

if TYPE_CHECKING:
    from datetime import datetime

FORMS = ("title_forms", "body_forms")
"""The fields of surface forms."""


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


UNDATED = (1 << 63) - 1
"""What an article without a date is sorted by: last, either way."""


DAY = 86_400_000_000
"""Microseconds of a day, which Whoosh counts from the first one on."""


class DayRange(NumericRange):  # type: ignore[misc]
    """Documents whose date begins in a range of instants, found by their column; all score ``boost``."""

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        """Return the matcher of one segment; of several at once it is Whoosh's, over terms."""
        reader = searcher.reader()
        within = getattr(reader, "within", None)  # what an ``ArrayReader`` has
        if within is None or not isinstance(reader.schema[self.fieldname], Days):
            return super().matcher(searcher, context)
        return ListMatcher(within(self), all_weights=self.boost)


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
        return None if value == UNDATED else long_to_datetime(abs(value))


def schema(language: str) -> fields.Schema:
    """Return the Whoosh schema of an archive whose main language this is."""
    main = analyzer(language)
    words = {name: Words(main) for name in TEXTS}
    names = {name: Names() for name in VALUES}
    forms = {name: Forms() for name in FORMS}
    return fields.Schema(id=Names(unique=True), date=Days(), **words, **names, **forms)
