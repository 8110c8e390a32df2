"""Which lines of a raw text belong to its article, by what a line, its words and its neighbours look like.

The numbers are in ``lines.json``; ``python -m tests.quality.fit lines`` fits and measures them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import orjson

from index.prose import features

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.prose import Column

LEAST = -0.4
"""Log-odds from which a line is kept: a wanted line that is lost costs more than rubble that stays."""


@dataclass(frozen=True, slots=True)
class Model:
    """Word → what it says for a line; feature → weight; a line is kept where the sum and ``bias`` pass LEAST.

    Fitted on the lines of 667 web pages, as plain text, with chunks marked wanted or unwanted, and of
    77 plain articles at a third of their weight; the words also on 1,029 pages that trafilatura has
    judged.  By 5-fold cross-validation F1 of chunks is .91 (precision .89, recall .94), where "8 words
    and punctuation" reaches .82.
    """

    lexicon: Mapping[str, float]
    weights: Mapping[str, float]
    bias: float

    def scores(self, columns: Mapping[str, Column]) -> Column:
        """Return the log-odds of each line."""
        weights = np.fromiter(self.weights.values(), np.float64)
        scores: Column = weights @ np.stack([columns[name] for name in self.weights]) + self.bias
        return scores


@cache
def model() -> Model:
    """Return the numbers that were fitted."""
    return Model(**orjson.loads(files("index").joinpath("lines.json").read_bytes()))


def belongs(lines: Sequence[str]) -> list[bool]:
    """Return for each line whether it belongs to the article."""
    if not lines:
        return []
    fitted = model()
    columns = features(lines, fitted.lexicon)
    if not columns["prose"].any():  # nothing tells the article from what is around it
        return [True] * len(lines)
    keep = (fitted.scores(columns) > LEAST) & (columns["stamp"] == 0)  # what a machine has printed is no text
    return [bool(one) for one in keep]
