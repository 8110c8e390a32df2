"""Boosted oblivious trees, read from numbers in JSON: every level of a tree asks one question of all rows.

A tree of depth d has d questions ``x[feature] > threshold`` and 2**d leaves; the answers, first
question first, are the bits of the leaf's number (Prokhorenkova et al. 2018).  A row's score is the
sum of its leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Trees:
    """``features`` and ``thresholds`` are trees × depth, ``leaves`` trees × 2**depth."""

    features: NDArray[np.int64]
    thresholds: NDArray[np.float32]
    leaves: NDArray[np.float32]

    @classmethod
    def read(cls, stored: dict[str, Any], names: Sequence[str]) -> Trees:
        """Return the trees stored as ``{"features": names, "trees": [{"ask": [[n, t], …], "leaves": […]}]}``.

        Features are found by name; a name that is not among ``names`` is a KeyError.
        """
        place = {name: n for n, name in enumerate(names)}
        columns = [place[name] for name in stored["features"]]
        asked = [tree["ask"] for tree in stored["trees"]]
        return cls(
            np.array([[columns[n] for n, _ in ask] for ask in asked], np.int64),
            np.array([[t for _, t in ask] for ask in asked], np.float32),
            np.array([tree["leaves"] for tree in stored["trees"]], np.float32),
        )

    def score(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return a score for each row (rows × features, float32); the unit is a log-odds."""
        trees, depth = self.features.shape
        bits = 1 << np.arange(depth - 1, -1, -1)
        leaf = ((rows[:, self.features] > self.thresholds) @ bits).astype(np.int64)
        scores: NDArray[np.float64] = self.leaves[np.arange(trees), leaf].sum(1, dtype=np.float64)
        return scores


def shares(scores: NDArray[np.float64], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each row's share of its group: a softmax over runs of equal ``groups``.

    >>> shares(np.array([0.0, 0.0, 5.0]), np.array([0, 0, 1])).tolist()
    [0.5, 0.5, 1.0]
    """
    if not len(scores):
        return scores
    run = np.cumsum(np.append(True, groups[1:] != groups[:-1])) - 1
    starts = np.flatnonzero(np.append(True, run[1:] != run[:-1]))
    weight = np.exp(scores - np.maximum.reduceat(scores, starts)[run])
    share: NDArray[np.float64] = weight / np.add.reduceat(weight, starts)[run]
    return share
