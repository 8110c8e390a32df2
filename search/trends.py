"""A query over time: how many articles of each period match, and what share of all they are.

Periods follow each other without gaps, so that a line can be drawn through them; an article counts in
a period when all of its date lies in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from search.histogram import MOST, NUMBERS, buckets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from search.collect import Part
    from search.naming import Naming
    from search.results import Bucket


@dataclass(frozen=True, slots=True)
class Series:
    """The counts of one value of the facet that splits a trend, a number for each period."""

    value: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Counts by period, held against one generation.

    ``of`` counts all articles of each period that pass the filters, whether they match or not: what
    shares are of.
    """

    generation: int
    total: int
    interval: str
    values: tuple[Bucket, ...]
    of: tuple[int, ...]
    series: tuple[Series, ...]
    imprecise: int
    missing: int
    parsed: str
    warnings: tuple[str, ...]
    relation: Literal["eq", "gte"] = "eq"
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods that follow each other: of a unit, from the number ``first`` on, ``count`` of them."""

    unit: str
    first: int
    count: int

    def counts(self, parts: Sequence[Part], level: int) -> NDArray[np.int64]:
        """Return how many documents of some parts lie in each period: int64[count]."""
        counts = np.zeros(self.count, dtype=np.int64)
        for part in parts:
            places = self._places(part, level)
            counts += np.bincount(places[places >= 0], minlength=self.count)
        return counts

    def by_value(
        self, field: str, parts: Sequence[Part], named: Naming, level: int, chosen: Sequence[str]
    ) -> NDArray[np.int64]:
        """Return how many documents of each period have each of some values: int64[values, count]."""
        counts = np.zeros((len(chosen), self.count), dtype=np.int64)
        row = np.full(len(named.names), -1, dtype=np.int64)
        row[np.searchsorted(np.array(named.names), list(chosen)) if chosen else []] = np.arange(len(chosen))
        for part in parts:
            column = part.segment.columns.values[field]
            place = self._places(part, level)
            of, ordinals, levels = column.entries_of(part.matching)
            rows = row[named.numbers[part.segment.name]][ordinals]
            kept = (rows >= 0) & (levels >= level) & (place[of] >= 0)
            # Two spellings of one name in an article count once.
            pairs = np.unique(np.stack([of[kept], rows[kept]]), axis=1)
            np.add.at(counts, (pairs[1], place[pairs[0]]), 1)
        return counts

    def buckets(self, counts: Sequence[int]) -> tuple[Bucket, ...]:
        """Return the periods with their counts."""
        return buckets(enumerate(counts, self.first), self.unit)

    def _places(self, part: Part, level: int) -> NDArray[np.int64]:
        """Return the period of each matching document, -1 where it has none: int64[m]."""
        first, last = _numbers(part, self.unit, level)
        places = first - self.first
        places[(first != last) | (places < 0) | (places >= self.count)] = -1
        return places


def periods(parts: Sequence[Part], unit: str, level: int) -> Periods:
    """Return the periods between the first and the last article, the latest ``MOST`` of them."""
    numbers = []
    for part in parts:
        first, last = _numbers(part, unit, level)
        numbers.append(first[(first == last) & (first != _NONE)])
    known = np.concatenate(numbers) if numbers else np.empty(0, dtype=np.int64)
    if not len(known):
        return Periods(unit, 0, 0)
    newest = int(known.max())
    oldest = max(int(known.min()), newest - MOST + 1)
    return Periods(unit, oldest, newest - oldest + 1)


_NONE = -(1 << 62)


def _numbers(part: Part, unit: str, level: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the periods in which each matching document's date begins and ends, ``_NONE`` where undated."""
    columns = part.segment.columns
    docs = part.matching
    dated = (columns.starts[docs] > 0) & (columns.date_levels[docs] >= level)
    first = np.where(dated, NUMBERS[unit](columns.starts[docs]), _NONE)
    last = np.where(dated, NUMBERS[unit](columns.ends[docs]), _NONE)
    return first, last
