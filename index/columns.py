"""The columns of a segment: what facets, filters, sorting and scoring read, as arrays.

They never change with deletions: a segment is immutable, and which of its documents live is
a mask of the generation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from index.schema import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

TEXTS = ("text", "title", "body")
"""The scored fields, with a column of exact lengths each."""

VALUES = tuple(field.name for field in FIELDS if field.type == "value" and field.facet)
"""The fields whose values are kept as (ordinal, level)."""


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """The values of a field: document ``d`` has those at ``starts[d]:starts[d + 1]``.

    ``values`` are sorted and distinct; ``starts`` int64[n + 1]; ``ordinals`` int32[m] index
    ``values``; ``levels`` int8[m] index ``index.article.LEVELS``.
    """

    values: tuple[str, ...]
    starts: NDArray[np.int64]
    ordinals: NDArray[np.int32]
    levels: NDArray[np.int8]

    def documents(self) -> NDArray[np.int64]:
        """Return the document of each entry: int64[m]."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


@dataclass(frozen=True)
class Columns:
    """All columns of a segment of n documents.

    ``starts`` and ``ends`` int32[n] are days as proleptic ordinals, 0 where undated;
    ``date_levels`` and ``title_levels`` int8[n], the latter -1 without a title; ``lengths`` int64[n] by
    field; ``quoted`` bool[n].
    """

    ids: tuple[str, ...]
    digests: tuple[str, ...]
    origins: tuple[str, ...]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    date_levels: NDArray[np.int8]
    lengths: Mapping[str, NDArray[np.int64]]
    values: Mapping[str, ValueColumn]
    title_levels: NDArray[np.int8]
    quoted: NDArray[np.bool_]

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """Documents in the order of their ids: int64[n]."""
        return np.array(sorted(range(len(self.ids)), key=self.ids.__getitem__), dtype=np.int64)

    @cached_property
    def ranks(self) -> NDArray[np.int64]:
        """The rank of each document's id among the segment's: int64[n]."""
        ranks = np.empty(len(self.ids), dtype=np.int64)
        ranks[self.order] = np.arange(len(self.ids))
        return ranks


def read(entries: Iterable[bytes]) -> Columns:
    """Return the columns of a segment from the entries of its documents, in order."""
    rows = [orjson.loads(entry) for entry in entries]
    dates = np.array([row["date"] or (0, 0, 0) for row in rows], dtype=np.int32).reshape(len(rows), 3)
    return Columns(
        ids=tuple(row["id"] for row in rows),
        digests=tuple(row["digest"] for row in rows),
        origins=tuple(row["origin"] for row in rows),
        starts=dates[:, 0],
        ends=dates[:, 1],
        date_levels=dates[:, 2].astype(np.int8),
        lengths={name: _array((row["lengths"].get(name, 0) for row in rows), np.int64) for name in TEXTS},
        values={name: _values([row["values"].get(name, ()) for row in rows]) for name in VALUES},
        title_levels=_array((row["title"] for row in rows), np.int8),
        quoted=_array((row["quotes"] > 0 for row in rows), np.bool_),
    )


def _array(values: Iterable[Any], dtype: type[Any]) -> NDArray[Any]:
    return np.fromiter(values, dtype=dtype)


def _values(rows: Sequence[Sequence[tuple[str, int]]]) -> ValueColumn:
    distinct = tuple(sorted({value for row in rows for value, _ in row}))
    number = {value: ordinal for ordinal, value in enumerate(distinct)}
    return ValueColumn(
        values=distinct,
        starts=_array(accumulate((len(row) for row in rows), initial=0), np.int64),
        ordinals=_array((number[value] for row in rows for value, _ in row), np.int32),
        levels=_array((level for row in rows for _, level in row), np.int8),
    )
