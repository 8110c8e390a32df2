"""The columns of a segment: what facets, filters, sorting and scoring read, as arrays.

They never change with deletions: a segment is immutable, and which of its documents live is
a mask of the generation.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, AnyStr

import numpy as np

from index.article import LEVELS
from index.codec.dates import UNDATED, Date, DateColumn, Numbers, write_dates
from index.codec.shared import SharedStrings, write_shared
from index.codec.strings import Strings, smallest
from index.codec.values import ValueColumn, ValueRows
from index.schema import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from index.article import Article, Found
    from index.codec.arrays import ArrayFile, ArrayWriter
    from index.edtf import Interval
    from index.writer import Origin

TEXTS = ("text", "title", "body")
"""The scored fields, with a column of exact lengths each."""

VALUES = tuple(field.name for field in FIELDS if field.type == "value" and field.facet)
"""The fields whose values are kept as (ordinal, level)."""

ORIGINS: tuple[Origin, ...] = ("build", "add")
"""Which command brought an article, by its number in the column."""

NUMBERS: dict[str, type[Any]] = {
    "title_levels": np.int8,
    "quotes": np.uint32,
    "origins": np.uint8,
}
"""The columns of one number a document; those of uint32 are smaller where their numbers are."""

_LEVELS = {level: number for number, level in enumerate(LEVELS)}


class Columns:
    """All columns of a segment of n documents, mapped.

    ``starts`` and ``ends`` are days as proleptic ordinals, 0 where undated, ``date_levels`` their levels:
    all three as they are taken from ``dates``; ``title_levels`` int8[n], -1 without a title;
    ``quotes`` and ``lengths`` by field are unsigned[n]; ``order`` int32[n] the documents in the order
    of their ids, ``ranks`` int32[n] the place of each in that order;
    ``titles`` are empty where there is none.
    """

    def __init__(self, file: ArrayFile) -> None:
        self.ids = Strings.read(file, "ids")
        self.digests = Strings.read(file, "digests")
        self.order: NDArray[np.int32] = file["order"]
        self.ranks: NDArray[np.int32] = file["ranks"]
        self.dates = DateColumn.read(file)
        self.title_levels, self.quotes, self.origins = (file[name] for name in NUMBERS)
        self.titles = SharedStrings.read(file, "titles")
        self.lengths = {name: file[f"{name}/lengths"] for name in TEXTS}
        self.norms = {name: file[f"{name}/norms"] for name in TEXTS}
        self.values = {name: ValueColumn.read(file, name) for name in VALUES}

    @property
    def starts(self) -> Numbers:
        """The first day of each document's date."""
        return Numbers(self.dates.cells, self.dates.first)

    @property
    def ends(self) -> Numbers:
        """The last day of each document's date."""
        return Numbers(self.dates.cells, self.dates.last)

    @property
    def date_levels(self) -> Numbers:
        """The level of each document's date."""
        return Numbers(self.dates.cells, self.dates.levels)


@dataclass(slots=True)
class Rows:
    """The columns of a segment while it is made, a row for each document.

    ``numbers`` are those of ``NUMBERS``, by name.
    """

    ids: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    dates: list[Date] = field(default_factory=list)
    dated: array[int] = field(default_factory=lambda: array("I"))
    numbers: dict[str, array[int]] = field(default_factory=lambda: {name: array("i") for name in NUMBERS})
    outlets: ValueRows = field(default_factory=ValueRows)
    languages: ValueRows = field(default_factory=ValueRows)
    speakers: ValueRows = field(default_factory=ValueRows)
    _known: dict[tuple[str, str] | None, int] = field(default_factory=dict)

    def extend(self, articles: Sequence[Article], origins: Iterable[Origin]) -> None:
        """Add the rows of some articles: column by column, half of the time that a row at a time takes."""
        columns: dict[str, list[int]] = {
            "title_levels": [_LEVELS[each.title.confidence] if each.title else -1 for each in articles],
            "quotes": [len(each.quotes) for each in articles],
            "origins": [ORIGINS.index(origin) for origin in origins],
        }
        for name, column in columns.items():
            self.numbers[name].extend(column)
        self.ids += [each.id for each in articles]
        self.digests += [each.digest for each in articles]
        self.titles += [each.title.value if each.title else "" for each in articles]
        self.dated.extend([self._number(each.date) for each in articles])
        _extend(self.outlets, [(each.outlet,) if each.outlet else () for each in articles])
        _extend(self.languages, [(each.language,) for each in articles])
        _extend(self.speakers, [each.speakers for each in articles])

    def _number(self, found: Found[Interval] | None) -> int:
        """Return the number of a date."""
        key = (found.value.edtf, found.confidence) if found else None
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = len(self.dates)
            self.dates.append(_date(found))
        return number

    def write(self, writer: ArrayWriter) -> None:
        """Write all columns but lengths and norms."""
        Strings.of(self.ids).write(writer, "ids")
        Strings.of(self.digests).write(writer, "digests")
        write_shared(writer, "titles", self.titles)
        write_dates(writer, self.dates, np.array(self.dated, dtype=np.int64))
        write_order(writer, self.ids)
        for name, dtype in NUMBERS.items():
            numbers = np.array(self.numbers[name], dtype=dtype)
            writer.add(name, smallest(numbers) if dtype is np.uint32 else numbers)
        for name in VALUES:
            getattr(self, f"{name}s").write(writer, name)


def _extend(column: ValueRows, found: Sequence[Sequence[Found[str]]]) -> None:
    """Add the values that some documents have."""
    all_ = list(chain.from_iterable(found))
    column.extend(map(len, found), [one.value for one in all_], [_LEVELS[one.confidence] for one in all_])


def _date(found: Found[Interval] | None) -> Date:
    """Return a date as the columns have it."""
    if found is None:
        return UNDATED
    day = found.value
    days = day.start.toordinal(), day.end.toordinal()
    return Date(day.edtf.encode(), *days, _LEVELS[found.confidence])


def write_order(writer: ArrayWriter, ids: Sequence[AnyStr]) -> None:
    """Write the order of the documents by their ids, and the rank of each in it."""
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int32)
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(ids), dtype=np.int32)
    writer.add("order", order)
    writer.add("ranks", ranks)
