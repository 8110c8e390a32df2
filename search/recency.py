"""How much newer articles weigh: a score is halved for every half-life that an article is old.

Age is counted from the newest article of the archive, not from today: another day of reckoning would
multiply all scores alike, and this one keeps pages and scores the same while the archive is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from index.segment import Segment

_MOST = 1000
"""Halvings after which older is no less: a float has some 1,074 of them."""


@dataclass(frozen=True, slots=True)
class Recency:
    """Weights by age: ``half_life`` in days; ``oldest`` and ``newest`` are days as ordinals."""

    half_life: int
    oldest: int
    newest: int

    def ages(self, segment: Segment, docs: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the ages of documents in days, int64[m]: an undated one is as old as the oldest."""
        starts = segment.columns.starts[docs].astype(np.int64)
        days: NDArray[np.int64] = np.where(starts > 0, starts, self.oldest)
        return np.maximum(self.newest - days, 0)

    def weights(self, segment: Segment, docs: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return what the scores of documents are multiplied by: float64[m]."""
        return np.exp2(-np.minimum(self.ages(segment, docs) / self.half_life, _MOST))


def recency(half_life: int, segments: Iterable[Segment]) -> Recency | None:
    """Return the weights for an archive, None where no half-life is asked for."""
    if not half_life:
        return None
    days = [segment.file.days for segment in segments if segment.file.days[1]]
    oldest, newest = (min(first for first, _ in days), max(last for _, last in days)) if days else (1, 1)
    return Recency(half_life, oldest, newest)
