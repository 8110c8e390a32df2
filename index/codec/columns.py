"""The columns of a segment: what facets, filters, sorting and scoring read, as arrays.

They never change with deletions: a segment is immutable, and which of its documents live is
a mask of the generation.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, AnyStr, TypeVar

import numpy as np

from index.article import LEVELS
from index.codec.strings import Strings, narrow
from index.schema import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from index.article import Article, Found
    from index.codec.arrays import ArrayFile, ArrayWriter
    from index.writer import Origin

A = TypeVar("A", bound=np.generic)

TEXTS = ("text", "title", "body")
"""The scored fields, with a column of exact lengths each."""

VALUES = tuple(field.name for field in FIELDS if field.type == "value" and field.facet)
"""The fields whose values are kept as (ordinal, level)."""

ORIGINS: tuple[Origin, ...] = ("build", "add")
"""Which command brought an article, by its number in the column."""

NUMBERS: dict[str, type[Any]] = {
    "starts": np.int32,
    "ends": np.int32,
    "date_levels": np.int8,
    "title_levels": np.int8,
    "quotes": np.int32,
    "origins": np.uint8,
}
"""The columns of one number a document."""

_LEVELS = {level: number for number, level in enumerate(LEVELS)}


@dataclass(frozen=True)
class ValueColumn:
    """The values of a field: document ``d`` has those at ``starts[d]:starts[d + 1]``.

    ``values`` are sorted and distinct; ``starts`` int32[n + 1]; ``ordinals`` int32[m] index
    ``values``; ``levels`` int8[m] index ``index.article.LEVELS``.
    """

    values: Strings
    starts: NDArray[np.int32]
    ordinals: NDArray[np.int32]
    levels: NDArray[np.int8]

    @cached_property
    def cells(self) -> NDArray[np.int32]:
        """The values of documents that have one, int32[n]: ``(ordinal << 2 | level) + 1``.

        0 for a document without, -1 for one with several.  Counting many documents reads a third of
        the bytes: twice as fast where the column does not fit the caches.
        """
        sizes = np.diff(self.starts)
        single = sizes == 1
        entries = self.starts[:-1][single]
        cells = np.where(sizes > 1, np.int32(-1), np.int32(0))
        cells[single] = (self.ordinals[entries] << 2 | self.levels[entries]) + 1
        return cells

    def of(self, doc: int) -> tuple[str, ...]:
        """Return the values of one document."""
        first, last = self.starts.item(doc), self.starts.item(doc + 1)
        if first == last:
            return ()
        return tuple(self.values.text(number) for number in self.ordinals[first:last].tolist())

    def documents(self) -> NDArray[np.int64]:
        """Return the document of each entry: int64[m]."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def taken(self, docs: NDArray[Any]) -> ValueColumn:
        """Return the column of some documents, in their order, each as often as it is named."""
        sizes = np.diff(self.starts)[docs]
        starts = np.zeros(len(docs) + 1, dtype=np.int32)
        np.cumsum(sizes, out=starts[1:])
        entries = np.arange(starts[-1]) + np.repeat(self.starts[docs] - starts[:-1], sizes)
        return ValueColumn(
            self.values, fixed(narrow(starts)), fixed(self.ordinals[entries]), fixed(self.levels[entries])
        )

    def wanted(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Return bool[v]: which of the values are among some names."""
        mask = np.zeros(len(self.values), dtype=np.bool_)
        mask[[number for name in names if (number := self.values.find(name)) >= 0]] = True
        return mask


def fixed(column: NDArray[A]) -> NDArray[A]:
    """Return a column that is not mapped as one that is: kernels are compiled for what is read only."""
    column.flags.writeable = False
    return column


class Columns:
    """All columns of a segment of n documents, mapped.

    ``starts`` and ``ends`` int32[n] are days as proleptic ordinals, 0 where undated;
    ``date_levels`` and ``title_levels`` int8[n], the latter -1 without a title; ``quotes`` int32[n];
    ``lengths`` int32[n] by field; ``order`` int32[n] the documents in the order of their ids,
    ``ranks`` int32[n] the place of each in that order;
    ``titles`` are empty where there is none; ``date_numbers`` int32[n] index ``dates``, the distinct
    dates as written in EDTF.
    """

    def __init__(self, file: ArrayFile) -> None:
        self.ids = Strings.read(file, "ids")
        self.digests = Strings.read(file, "digests")
        self.order: NDArray[np.int32] = file["order"]
        self.ranks: NDArray[np.int32] = file["ranks"]
        self.starts, self.ends = file["starts"], file["ends"]
        self.date_levels, self.title_levels = file["date_levels"], file["title_levels"]
        self.quotes, self.origins = file["quotes"], file["origins"]
        self.titles = Strings.read(file, "titles")
        self.dates = Strings.read(file, "dates")
        self.date_numbers: NDArray[np.int32] = file["date_numbers"]
        self.lengths = {name: file[f"{name}/lengths"] for name in TEXTS}
        self.norms = {name: file[f"{name}/norms"] for name in TEXTS}
        self.values = {
            name: ValueColumn(
                Strings.read(file, f"{name}/values"),
                file[f"{name}/value_starts"],
                file[f"{name}/ordinals"],
                file[f"{name}/levels"],
            )
            for name in VALUES
        }


class ValueRows:
    """A column of (value, level) entries while it is made: numbers, not an object a document."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._sizes, self._numbers, self._levels = array("i"), array("i"), array("b")

    def extend(self, sizes: Iterable[int], values: Iterable[str], levels: Iterable[int]) -> None:
        """Add the entries of the next documents, so many of each."""
        names = self._names
        self._sizes.extend(sizes)
        self._numbers.extend([names.setdefault(value, len(names)) for value in values])
        self._levels.extend(levels)

    def write(self, writer: ArrayWriter, name: str) -> None:
        """Write the column of a name."""
        distinct = sorted(self._names)
        ordinals = np.empty(len(distinct), dtype=np.int32)
        ordinals[[self._names[value] for value in distinct]] = np.arange(len(distinct), dtype=np.int32)
        starts = np.zeros(len(self._sizes) + 1, dtype=np.int64)
        np.cumsum(np.array(self._sizes, dtype=np.int64), out=starts[1:])
        Strings.of(distinct).write(writer, f"{name}/values")
        writer.add(f"{name}/value_starts", narrow(starts))
        writer.add(f"{name}/ordinals", ordinals[np.array(self._numbers, dtype=np.int64)])
        writer.add(f"{name}/levels", np.array(self._levels, dtype=np.int8))


@dataclass(slots=True)
class Rows:
    """The columns of a segment while it is made, a row for each document.

    ``numbers`` are those of ``NUMBERS``, by name.
    """

    ids: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    numbers: dict[str, array[int]] = field(default_factory=lambda: {name: array("i") for name in NUMBERS})
    outlets: ValueRows = field(default_factory=ValueRows)
    languages: ValueRows = field(default_factory=ValueRows)
    speakers: ValueRows = field(default_factory=ValueRows)

    def extend(self, articles: Sequence[Article], origins: Iterable[Origin]) -> None:
        """Add the rows of some articles: column by column, half of the time that a row at a time takes."""
        days = [each.date.value if each.date else None for each in articles]
        columns: dict[str, list[int]] = {
            "starts": [day.start.toordinal() if day else 0 for day in days],
            "ends": [day.end.toordinal() if day else 0 for day in days],
            "date_levels": [_LEVELS[each.date.confidence] if each.date else 0 for each in articles],
            "title_levels": [_LEVELS[each.title.confidence] if each.title else -1 for each in articles],
            "quotes": [len(each.quotes) for each in articles],
            "origins": [ORIGINS.index(origin) for origin in origins],
        }
        for name, column in columns.items():
            self.numbers[name].extend(column)
        self.ids += [each.id for each in articles]
        self.digests += [each.digest for each in articles]
        self.titles += [each.title.value if each.title else "" for each in articles]
        self.dates += [day.edtf if day else "" for day in days]
        _extend(self.outlets, [(each.outlet,) if each.outlet else () for each in articles])
        _extend(self.languages, [(each.language,) for each in articles])
        _extend(self.speakers, [each.speakers for each in articles])

    def write(self, writer: ArrayWriter) -> None:
        """Write all columns but lengths and norms."""
        Strings.of(self.ids).write(writer, "ids")
        Strings.of(self.digests).write(writer, "digests")
        Strings.of(self.titles).write(writer, "titles")
        dates, numbers = numbered(self.dates)
        Strings.of(dates).write(writer, "dates")
        writer.add("date_numbers", numbers)
        write_order(writer, self.ids)
        for name, dtype in NUMBERS.items():
            writer.add(name, np.array(self.numbers[name], dtype=dtype))
        for name in VALUES:
            getattr(self, f"{name}s").write(writer, name)


def _extend(column: ValueRows, found: Sequence[Sequence[Found[str]]]) -> None:
    """Add the values that some documents have."""
    all_ = list(chain.from_iterable(found))
    column.extend(map(len, found), [one.value for one in all_], [_LEVELS[one.confidence] for one in all_])


def write_order(writer: ArrayWriter, ids: Sequence[AnyStr]) -> None:
    """Write the order of the documents by their ids, and the rank of each in it."""
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int32)
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(ids), dtype=np.int32)
    writer.add("order", order)
    writer.add("ranks", ranks)


def numbered(strings: Sequence[AnyStr]) -> tuple[list[AnyStr], NDArray[np.int32]]:
    """Return the distinct strings, sorted, and the number of each one given.

    >>> numbered(["b", "a", "b"])
    (['a', 'b'], array([1, 0, 1], dtype=int32))
    """
    distinct = sorted(set(strings))
    number = {text: index for index, text in enumerate(distinct)}
    return distinct, np.array([number[text] for text in strings], dtype=np.int32)
