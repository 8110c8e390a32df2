"""Columns of (value, level) entries: each list of entries that documents have is kept once, and numbered.

Articles of one outlet, of the same author or of nobody share theirs: what a document takes is the number
of its set, two bytes mostly, and documents are counted by set before anything else is looked at.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from index.codec.strings import Strings, narrow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayFile, ArrayWriter

A = TypeVar("A", bound=np.generic)

LEVEL_BITS = 2
"""Bits of an entry that are its level; those above are the value's ordinal."""

_SHIFT, _LEVEL = np.uint32(LEVEL_BITS), np.uint32((1 << LEVEL_BITS) - 1)


_REMEMBERED = 1 << 10
"""Sets whose values a column remembers as text: a page shows ten, mostly of few outlets and languages."""


def cell_type(count: int) -> type[np.unsignedinteger[Any]]:
    """Return the type of numbers below a count: one of two, so that loops are compiled for two.

    >>> cell_type(65_536), cell_type(65_537)
    (<class 'numpy.uint16'>, <class 'numpy.uint32'>)
    """
    return np.uint16 if count <= 1 << 16 else np.uint32


def fixed(column: NDArray[A]) -> NDArray[A]:
    """Return a column that is not mapped as one that is: kernels are compiled for what is read only."""
    column.flags.writeable = False
    return column


@dataclass(frozen=True)
class ValueColumn:
    """The values of a field: document ``d`` has the set of entries ``cells[d]``.

    ``values`` are sorted and distinct.  ``cells`` is uint16[n] or uint32[n]; set ``s`` has
    ``entries[starts[s]:starts[s + 1]]``, uint32[m]: the number of a value, shifted, and the level,
    which index ``values`` and ``index.article.LEVELS``; ``starts`` int32[sets + 1].
    """

    values: Strings
    cells: NDArray[Any]
    starts: NDArray[np.int32]
    entries: NDArray[np.uint32]
    _views: tuple[memoryview, ...] = field(init=False, repr=False, compare=False)
    _known: dict[int, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep views: they give Python's own numbers, several times faster than arrays do."""
        object.__setattr__(self, "_views", (self.cells.data, self.starts.data, self.entries.data))

    @classmethod
    def read(cls, file: ArrayFile, name: str) -> ValueColumn:
        """Return the column of a name."""
        arrays = (file[f"{name}/{part}"] for part in ("cells", "set_starts", "entries"))
        return cls(Strings.read(file, f"{name}/values"), *arrays)

    def of(self, doc: int) -> tuple[str, ...]:
        """Return the values of one document."""
        cells, starts, entries = self._views
        number = cells[doc]
        known = self._known.get(number)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            text = self.values.text
            listed = entries[starts[number] : starts[number + 1]]
            known = self._known[number] = tuple([text(entry >> LEVEL_BITS) for entry in listed])
        return known

    def listed(self, doc: int) -> list[int]:
        """Return the entries of one document."""
        cells, starts, entries = self._views
        number = cells[doc]
        return entries[starts[number] : starts[number + 1]].tolist()

    @property
    def ordinals(self) -> NDArray[np.uint32]:
        """The number of the value of each entry."""
        return self.entries >> _SHIFT

    @property
    def levels(self) -> NDArray[np.uint32]:
        """The level of each entry."""
        return self.entries & _LEVEL

    @cached_property
    def sets(self) -> NDArray[np.int64]:
        """The set that each entry belongs to."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def having(self, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return bool[n]: which documents have one of the entries that are kept, bool[m]."""
        found = np.zeros(len(self.starts) - 1, dtype=np.bool_)
        found[self.sets[kept]] = True
        having: NDArray[np.bool_] = found[self.cells]
        return having

    def entries_of(
        self, docs: NDArray[Any]
    ) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint32]]:
        """Return all entries of some documents, in order: the place in ``docs``, ordinals and levels."""
        numbers = self.cells[docs]
        sizes = np.diff(self.starts)[numbers].astype(np.int64)
        of = np.repeat(np.arange(len(docs)), sizes)
        at = np.repeat(self.starts[numbers] - (np.cumsum(sizes) - sizes), sizes) + np.arange(len(of))
        return of, self.ordinals[at], self.levels[at]

    def counts(self, docs: NDArray[Any]) -> NDArray[np.int64]:
        """Return how many entries of some documents have each value, int64[values]; a mask serves as well."""
        times = np.bincount(self.cells[docs], minlength=len(self.starts) - 1)[self.sets]
        sums = np.bincount(self.ordinals, weights=times, minlength=len(self.values))
        return sums.astype(np.int64)

    def taken(self, docs: NDArray[Any]) -> ValueColumn:
        """Return the column of some documents, in their order, each as often as it is named."""
        return ValueColumn(self.values, fixed(self.cells[docs]), self.starts, self.entries)

    def wanted(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Return bool[v]: which of the values are among some names."""
        mask = np.zeros(len(self.values), dtype=np.bool_)
        mask[[number for name in names if (number := self.values.find(name)) >= 0]] = True
        return mask


def entries_made(ordinals: NDArray[np.uint32], levels: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return entries of values and levels."""
    return ordinals << _SHIFT | levels


class ValueRows:
    """A column of (value, level) entries while it is made: a number a document, an object a set."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._sets: dict[tuple[int, ...], int] = {}
        self._cells = array("I")

    def extend(self, sizes: Iterable[int], values: Iterable[str], levels: Iterable[int]) -> None:
        """Add the entries of the next documents, so many of each."""
        names, sets, last = self._names, self._sets, 0
        entries = [
            names.setdefault(value, len(names)) << LEVEL_BITS | level
            for value, level in zip(values, levels, strict=True)
        ]
        for size in sizes:
            first, last = last, last + size
            self._cells.append(sets.setdefault(tuple(entries[first:last]), len(sets)))

    def write(self, writer: ArrayWriter, name: str) -> None:
        """Write the column of a name."""
        distinct = sorted(self._names)
        ordinals = np.empty(len(distinct), dtype=np.uint32)
        ordinals[[self._names[value] for value in distinct]] = np.arange(len(distinct))
        sizes = np.fromiter(map(len, self._sets), dtype=np.int64, count=len(self._sets))
        entries = np.array([entry for each in self._sets for entry in each], dtype=np.uint32)
        entries = entries_made(ordinals[entries >> _SHIFT], entries & _LEVEL)
        starts, entries, (numbers,) = united_sets([(sizes, entries)])
        Strings.of(distinct).write(writer, f"{name}/values")
        write_sets(writer, name, starts, entries)
        cells = numbers[np.array(self._cells, dtype=np.int64)]
        writer.add(f"{name}/cells", cells.astype(cell_type(len(sizes))))


def write_sets(
    writer: ArrayWriter, name: str, starts: NDArray[np.int64], entries: NDArray[np.uint32]
) -> None:
    """Write the sets of a column of a name."""
    writer.add(f"{name}/set_starts", narrow(starts))
    writer.add(f"{name}/entries", entries)


def united_sets(
    parts: Sequence[tuple[NDArray[np.int64], NDArray[np.uint32]]],
) -> tuple[NDArray[np.int64], NDArray[np.uint32], list[NDArray[np.int64]]]:
    """Return lists of numbers, each once, as starts and numbers, and which of them those of each part are.

    A part is the sizes of its lists and all their numbers.  The shortest come first, then the least.

    >>> one = np.array([2, 0, 1]), np.array([7, 8, 5], dtype=np.uint32)
    >>> other = np.array([1, 2]), np.array([5, 7, 9], dtype=np.uint32)
    >>> starts, numbers, places = united_sets([one, other])
    >>> starts.tolist(), numbers.tolist(), [each.tolist() for each in places]
    ([0, 0, 1, 3, 5], [5, 7, 8, 7, 9], [[2, 0, 1], [1, 3]])
    """
    sizes = np.concatenate([np.empty(0, dtype=np.int64), *(each for each, _ in parts)])
    numbers = np.concatenate([np.empty(0, dtype=np.uint32), *(each for _, each in parts)])
    begins = np.cumsum(sizes) - sizes
    places = np.empty(len(sizes), dtype=np.int64)
    lengths, found = [np.zeros(1, dtype=np.int64)], [np.empty(0, dtype=np.uint32)]
    count = 0
    for size in np.unique(sizes).tolist():
        own = np.flatnonzero(sizes == size)
        rows = numbers[begins[own, None] + np.arange(size)]
        if size:
            rows, inverse = np.unique(rows, axis=0, return_inverse=True)
        else:
            rows, inverse = rows[:1], np.zeros(len(own), dtype=np.int64)
        places[own] = count + inverse.reshape(-1)
        count += len(rows)
        lengths.append(np.full(len(rows), size, dtype=np.int64))
        found.append(rows.reshape(-1))
    bounds = np.cumsum([0, *(len(each) for each, _ in parts)])
    own_places = [places[first:last] for first, last in pairwise(bounds.tolist())]
    return np.cumsum(np.concatenate(lengths)), np.concatenate(found), own_places
