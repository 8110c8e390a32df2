"""Languages told apart by the n-grams of their letters: naive Bayes over profiles, in one pass.

A profile says how often a language writes each run of one, two and three letters.  All n-grams
of a text are weighed once and none is drawn by chance, so that a text has one answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from operator import add
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

SMOOTHING = 0.5 / 10_000
"""Added to every frequency: langdetect's own weight (ALPHA_DEFAULT / BASE_FREQ)."""
STRETCH = 60
"""Letters of the stretch that is shown as evidence: some ten words."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the n-grams of a text say; figures are means by n-gram, in natural logarithms.

    ``margin`` is how far the best language is ahead of the second, ``fit`` how likely the text is
    in it beside a usual text of that language (0: as likely).  ``start`` to ``end`` is the stretch
    that speaks most for it.
    """

    language: str
    second: str
    margin: float
    fit: float
    grams: int
    start: int
    end: int


class Profiles:
    """The frequencies of n-grams by language: immutable, safe under threads."""

    def __init__(self, frequencies: Mapping[str, Mapping[str, float]]) -> None:
        """Take language → n-gram of one to three letters → its share of the n-grams of that length."""
        self._languages = tuple(frequencies)
        grams = dict.fromkeys(gram for shares in frequencies.values() for gram in shares)
        self._rows = {gram: row for row, gram in enumerate(grams)}
        table: NDArray[np.float32] = np.zeros((len(grams) + 1, len(frequencies)), np.float32)
        for column, shares in enumerate(frequencies.values()):
            table[[self._rows[gram] for gram in shares], column] = list(shares.values())
        self._logs = np.log(table + np.float32(SMOOTHING))
        # What an n-gram of a text in the language itself weighs on average: minus the entropy.
        self._usual = np.einsum("ij,ij->j", table, self._logs) / np.maximum(table.sum(0), 1)
        self._logs[-1] = 0  # what no profile has weighs nothing

    def weigh(self, text: str) -> Weighed | None:
        """Return what the n-grams of a text say, None where no profile has any of them.

        Words are runs of letters between spaces: whoever calls has made all else spaces.
        """
        text = f" {text} "
        pairs = list(map(add, text, text[1:]))
        triples = list(map(add, pairs, text[2:]))
        unknown = len(self._logs) - 1
        rows = np.array([*map(self._rows.get, (*text, *pairs, *triples), repeat(unknown))], np.intp)
        known = int(np.count_nonzero(rows != unknown))
        if not known:
            return None
        weights = self._logs[rows]
        sums = weights.sum(0)
        second, best = (int(n) for n in np.argsort(sums, kind="stable")[-2:])
        ahead = (weights[:, best] - weights[:, second]).astype(np.float64)
        by_letter = ahead[: len(text)].copy()
        by_letter[1:] += ahead[len(text) : len(text) + len(pairs)]
        by_letter[2:] += ahead[len(text) + len(pairs) :]
        return Weighed(
            self._languages[best],
            self._languages[second],
            max(0.0, float(ahead.sum())) / known,
            float(sums[best]) / known - float(self._usual[best]),
            known,
            *_stretch(text, by_letter),
        )


def _stretch(padded: str, ahead: NDArray[np.float64]) -> tuple[int, int]:
    """Return the words of a padded text that are most ahead, as offsets into the text without padding."""
    sums = np.concatenate([[0.0], np.cumsum(ahead)])
    width = min(STRETCH, len(padded))
    first = int(np.argmax(sums[width:] - sums[:-width]))
    start = padded.rfind(" ", 0, first + 1) + 1
    behind = padded.find(" ", first + width - 1)
    words = padded[start:behind]
    start += len(words) - len(words.lstrip(" "))
    return start - 1, start - 1 + len(words.strip(" "))
