"""Which mention names the speaker of each quote: a fitted choice among candidates, and how sure it is."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.candidates import NAMES, features, pairs
from index.trees import Trees, shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.article import Level
    from index.marks import Marked
    from index.reading import Reading


_SIGNED = re.compile(r"[”\"\s]*\n\s*[-–—]+ ?(?:\w+\. )?(?=[^\n]{1,120}(?:\n|\Z))")
"""Between a quote in a line of its own and the name under it: "- Ann Lee, the mayor"."""


class Choice(NamedTuple):
    """The number of the mention that is chosen for a quote, and the share of each candidate, best first."""

    mention: int
    shares: tuple[tuple[int, float], ...]

    def share(self, reading: Reading, person: str | None) -> float:
        """Return the probability of the mention and of all other candidates that name the same person."""
        return sum(
            share
            for number, share in self.shares
            if number == self.mention or (person and _names(reading, number) == person)
        )


def _names(reading: Reading, number: int) -> str | None:
    name = reading.mentions[number].name
    return name.person if name else None


class Model(NamedTuple):
    """The fitted numbers: the trees, and the least probability of each level above ``low``."""

    trees: Trees
    medium: float
    high: float


@cache
def model() -> Model:
    """Return the numbers of ``speakers.json``, fitted by ``python -m tests.quality.fit speakers``."""
    stored = json.loads(files("index").joinpath("speakers.json").read_text())
    return Model(Trees.read(stored, NAMES), stored["medium"], stored["high"])


def choose(reading: Reading) -> dict[int, Choice]:
    """Return number of a quote → the mention that names its speaker; without candidates there is none."""
    quote, mention = pairs(reading)
    if not len(quote):
        return {}
    found = chosen(quote, mention, shares(model().trees.score(features(reading, quote, mention)), quote))
    return found | signed(reading)


def signed(reading: Reading) -> dict[int, Choice]:
    """Return number of a quote → the person's name that signs it, for quotes that have one."""
    found = {}
    for n, one in enumerate(reading.found):
        line = _SIGNED.match(reading.text, one.end)
        number = reading.before(line.end()) if line else 0
        signs = [m for m in reading.mentions[number : number + 1] if line and m.start == line.end()]
        if signs and signs[0].name is not None and signs[0].name.is_person:
            found[n] = Choice(number, ((number, 1.0),))
    return found


def is_vouched(reading: Reading, one: Marked, mention: int) -> bool:
    """Whether a verb reports that the mention speaks, and no other source is named with it.

    Without a verb a choice that looks sure is wrong in one of five (26 on Wikinews, cross-validated).  Who
    speaks where "Ann Lee said, according to the Post" is what annotators differ on: on Wikinews it is
    the first in all of 16, in PolNeAR the second in all of 8.
    """
    if mention not in reading.subjects:
        return False
    said = reading.mentions[mention]
    start = reading.sentence(min(said.start, one.outer[0]))[0]
    end = reading.sentence(max(said.end, one.outer[1]))[1]
    near = reading.cues[slice(*(bisect_left(reading.cue_starts, place) for place in (start, end)))]
    return all(cue.verb != "according to" or cue.subject in {-1, mention} for cue in near)


def chosen(
    quote: NDArray[np.int64], mention: NDArray[np.int64], share: NDArray[np.float64]
) -> dict[int, Choice]:
    """Return number of a quote → its choice, given the share of each candidate."""
    ranked: dict[int, list[tuple[int, float]]] = {}
    for row in np.lexsort((-share, quote)).tolist():
        ranked.setdefault(int(quote[row]), []).append((int(mention[row]), float(share[row])))
    return {n: Choice(rows[0][0], tuple(rows)) for n, rows in ranked.items()}


def level(probability: float) -> Level:
    """Return the level of confidence of a probability."""
    fitted = model()
    return "high" if probability >= fitted.high else "medium" if probability >= fitted.medium else "low"
