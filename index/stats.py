"""What an index holds, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.article import LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.generation import Generation
    from index.segment import Segment


@dataclass(frozen=True, slots=True)
class Stats:
    """``bytes`` on disk; ``languages`` articles by language; ``recovered`` articles by field and level."""

    generation: int
    documents: int
    deleted: int
    segments: int
    bytes: int
    languages: Mapping[str, int]
    recovered: Mapping[str, Mapping[str, int]]


def stats(generation: Generation) -> Stats:
    """Return the numbers of a generation."""
    return Stats(
        generation=generation.number,
        documents=generation.documents,
        deleted=sum(segment.size - segment.documents for segment in generation.segments),
        segments=len(generation.segments),
        bytes=sum(entry.stat().st_size for entry in generation.path.iterdir() if entry.is_file()),
        languages=dict(sorted(generation.counts("language").items())),
        recovered={field: _levels(field, generation) for field in ("title", "date", "outlet", "speaker")},
    )


def _levels(field: str, generation: Generation) -> dict[str, int]:
    """Return how many live articles have a value, by the highest level of any."""
    best = [_best(field, segment)[segment.live] for segment in generation.segments]
    counts = np.bincount(np.concatenate(best or [np.zeros(0, dtype=np.int64)]) + 1, minlength=len(LEVELS) + 1)
    return {level: int(count) for level, count in zip(LEVELS, counts[1:], strict=True)}


def _best(field: str, segment: Segment) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the highest level of each document's values in a field, -1 where it has none: int64[n]."""
    columns = segment.columns
    best = np.full(segment.size, -1, dtype=np.int64)
    if field == "date":
        return np.where(columns.starts[:] > 0, columns.date_levels[:], best)
    if field == "title":
        return columns.title_levels.astype(np.int64)
    column = columns.values[field]
    levels = np.full(len(column.starts) - 1, -1, dtype=np.int64)
    np.maximum.at(levels, column.sets, column.levels.astype(np.int64))
    best[:] = levels[column.cells]
    return best
