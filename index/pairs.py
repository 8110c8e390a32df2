"""Which names can be one person's by their spelling: those filed under one last name are compared."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from index.likeness import Names, words
from index.names import skeleton

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

SURE = 0.8
"""Likeness from which on a spelling is enough: precision .99 at recall .72 on the pairs that are fitted on,
.93 at .67 on those of another make, with no word of the shorter name left over and both last names paired."""

SOUND = 0.6
"""How alike the words of every pair are at least, and more, for the spelling alone to do.  Of 84 persons that
were joined from 5,072 names of the news, this parts five of eight that were two people (Winston, Weinstein;
Doll, Toll), and a slip of the pen that now needs a witness (Pelosi, Pelsoi)."""

WITNESSED = 0.5
"""Likeness from which on a witness is needed, and is enough: one person is likelier than two."""

CROWDED = 300
"""Names of one block that are all compared: 45,000 pairs, .25 s.  Of more, those of one sound of first name,
and of these no more either."""

COUNT, LEFT_ONE, LEFT_OTHER, LEAST, LAST_ONE, LAST_OTHER, CROSSED = 2, 10, 11, 13, 19, 20, 21
"""Columns of ``likeness_kernels.features``."""


def pairs_of(names: Sequence[str]) -> Iterator[tuple[str, str, float, bool]]:
    """Yield the pairs of names that can be one person's by their words, the likeliest first.

    Beside their likeness stands whether their spelling alone is enough.
    """
    number = {name: n for n, name in enumerate(names)}
    found = {
        tuple(sorted((number[one], number[other])))
        for block in _blocks(names)
        for one, other in combinations(block, 2)
    }
    pairs = np.array(sorted(found), np.int64).reshape(-1, 2)
    compared = Names(names)
    seen = compared.features(pairs)
    fit = _fit(seen) & (seen[:, CROSSED] == 0)
    pairs, sound = pairs[fit], seen[fit, LEAST] > SOUND
    odds = compared.likeness(pairs)
    sure = sound & (odds >= SURE)
    for at in np.argsort(-odds, kind="stable").tolist():
        yield names[pairs[at, 0]], names[pairs[at, 1]], float(odds[at]), bool(sure[at])


def fitting_of(candidates: Mapping[str, Sequence[str]]) -> Mapping[str, list[str]]:
    """Return for each name those of its candidates that it can be short for."""
    fitting: dict[str, list[str]] = defaultdict(list)
    pairs = [(name, other) for name, others in candidates.items() for other in others]
    compared = Names([name for pair in pairs for name in pair])
    numbers = np.arange(2 * len(pairs)).reshape(-1, 2)
    fit = _fit(compared.features(numbers)) & (compared.likeness(numbers) >= WITNESSED)
    for at in np.flatnonzero(fit).tolist():
        fitting[pairs[at][0]].append(pairs[at][1])
    return fitting


def _fit(seen: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which pairs have no word of the shorter name left over, and both last names paired."""
    left = np.minimum(seen[:, LEFT_ONE], seen[:, LEFT_OTHER])
    fit = (seen[:, COUNT] > 0) & (left == 0) & (seen[:, LAST_ONE] == 0) & (seen[:, LAST_OTHER] == 0)
    return np.asarray(fit, np.bool_)


def _blocks(names: Sequence[str]) -> Iterator[Collection[str]]:
    """Yield names filed under one last name; of many, those that also share the sound of the first."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for key in sorted(last_names(name)):
            blocks[key].append(name)
    for block in blocks.values():
        if len(block) <= CROWDED:
            yield block
            continue
        finer: dict[str, list[str]] = defaultdict(list)
        for name in block:
            finer[skeleton(words(name)[0])].append(name)
        yield from (part[:CROWDED] for part in finer.values())


def last_names(name: str) -> set[str]:
    """Return the folded last names that a name can be filed under: its last word, and its last two as one."""
    found = words(name)
    return {skeleton(found[-1]), skeleton("".join(found[-2:]))} if found else set()


def initials(name: str) -> list[str]:
    """Return the first letters of the words before the last name."""
    return [word[0] for word in words(name)[:-1]]
