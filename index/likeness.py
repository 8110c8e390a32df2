"""How likely two names are one person's: words paired by sound, what is left over weighed, trees decide.

The numbers are fitted on spellings of one person against the most similar other people
(``tests/quality/fit/names.py``) and stand in ``likeness.json``.  A common word says little and a rare one
much; an archive that is large enough says itself which are common.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from index.likeness_kernels import WORDS, features, votes
from index.transliteration import ALPHABET, key, plain, symbols

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

_TITLES = """
mr mrs ms miss dr doctor prof professor sir dame lord lady sen senator rep representative gov governor
president prime minister gen general maj major col colonel lt lieutenant capt captain sgt sergeant adm
admiral brig brigadier commander judge justice rev reverend fr father pope king queen prince princess sheikh
shaykh sheik shaikh sayyed sayyid seyed seyyed sayed ayatollah imam hajj haji hajji hojatoleslam mullah mulla
maulana maulavi mawlawi qari mufti chancellor ambassador secretary chairman speaker engineer jr sr ii iii iv
phd md
"""
TITLES = frozenset(_TITLES.split())
"""Words beside a name that are no part of it."""

_PARTICLES = """
al el ul ur bin ibn ben bint the as ad ar az ash at an de da do del la las los le van von der den dos e y
"""
PARTICLES = frozenset(_PARTICLES.split())
"""Articles and particles that one spelling has and the next leaves out."""

_ARTICLE = r"(?: (?:al|el|ul|ur|ol|ar|as|ad|az))?"
_SERVANT = re.compile(rf"\babd(?:[aeou]l|oul|[aeou]r)?{_ARTICLE} (?=\w)")
_SERVANT_JOINED = re.compile(r"\babd(?:[aeou]l(?=\w{3})|[aeou](?=rr|ss)|[aeou]r(?=r)|[aeou]s(?=s))")
_FATHER = re.compile(rf"\bab(?:u|ou|o){_ARTICLE} (?=\w)")
"""Servant of, father of: one name with the word behind ("Abd al-Rahman", "Abdur Rahman", "Abdulrahman")."""

_PATRONYMIC = re.compile(r"\w{3,}(?:[iy]t?ch|[iy]c|[vw]n[ay]|[iu]na)a?\Z")


@lru_cache(maxsize=1 << 16)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell people apart, at most eight (all, where none remain).

    >>> words("Sheikh Abd al-Rahman bin Abu Bakr"), words("the")
    (('abdrahman', 'abubakr'), ('the',))
    """
    written = " ".join(plain(name))
    joined = _FATHER.sub("abu", _SERVANT_JOINED.sub("abd", _SERVANT.sub("abd", written)))
    found = [word for word in joined.split() if word not in TITLES and word not in PARTICLES]
    return tuple((found or written.split())[:WORDS])


@dataclass(frozen=True, slots=True)
class Model:
    """What is fitted: odds of symbols, how often words are met, trees: as ``likeness_kernels`` takes it."""

    joint: NDArray[np.float64]
    common: Mapping[str, int]
    people: int
    columns: NDArray[np.int16]
    splits: NDArray[np.float64]
    children: NDArray[np.int32]
    roots: NDArray[np.int32]
    bias: float


@lru_cache(maxsize=1)
def shipped() -> Model:
    """Return the numbers of ``likeness.json``."""
    return model(json.loads(files("index").joinpath("likeness.json").read_text("utf-8")))


def model(raw: Mapping[str, Any]) -> Model:
    """Return the numbers of a JSON object."""
    trees = raw["trees"]
    return Model(
        np.array(raw["joint"]),
        raw["common"],
        raw["people"],
        np.array(trees["columns"], np.int16),
        np.array(trees["splits"], np.float64),
        np.array(trees["children"], np.int32).reshape(-1, 2),
        np.array(trees["roots"], np.int32),
        raw["bias"],
    )


LEAST_PEOPLE = 2000
"""Names from which on an archive has a say in which words are common; the gold has 3,000."""

LEAST = 0.2
"""What the commonest word still says."""

_LATIN = frozenset(ALPHABET.lower())


class Names:
    """Names as arrays, ready to be compared in any pairs."""

    def __init__(self, names: Sequence[str], fitted: Model | None = None) -> None:
        self.model = fitted or shipped()
        self.words = [words(name) for name in names]
        flat = [word for each in self.words for word in each]
        encoded = [symbols(word) for word in flat]
        self._names = _starts(map(len, self.words))
        self._starts = _starts(map(len, encoded))
        self._symbols = np.frombuffer(b"".join(encoded), np.uint8)
        rare = self._rare(flat)
        self._weights = np.array([rare[word] for word in flat])
        self._patronymics = np.array([float(bool(_PATRONYMIC.match(word))) for word in flat])
        self._foreign = np.array([not _LATIN.issuperset("".join(each)) for each in self.words], np.bool_)

    def _rare(self, flat: Iterable[str]) -> dict[str, float]:
        """Return how rare each word is, 1 the rarest: the more common of the gold and of a large archive."""
        shares = [(self.model.common, self.model.people)]
        if len(self.words) >= LEAST_PEOPLE:
            here = Counter(each for name in self.words for each in set(map(key, name)))
            shares.append((here, len(self.words)))
        return {
            word: max(
                LEAST,
                min(
                    1 - math.log(common.get(key(word), 0) + 1) / math.log(people + 1)
                    for common, people in shares
                ),
            )
            for word in set(flat)
        }

    def features(self, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what the trees look at, of pairs int64[p, 2] of names' numbers: float64[p, FEATURES]."""
        return features(
            pairs,
            self._names,
            self._starts,
            self._symbols,
            self._weights,
            self._patronymics,
            self.model.joint,
        )

    def likeness(self, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how likely each pair of names is one person's: float64[p], from 0 to 1.

        Names with letters that have no sound here are one person's where they are the same.
        """
        fitted = self.model
        said = votes(self.features(pairs), fitted.columns, fitted.splits, fitted.children, fitted.roots)
        odds = 1 / (1 + np.exp(-(said + fitted.bias)))
        for at in np.flatnonzero(self._foreign[pairs].any(axis=1)):
            one, other = pairs[at]
            odds[at] = float(self.words[one] == self.words[other])
        return odds


@lru_cache(maxsize=1 << 14)
def likeness(one: str, other: str) -> float:
    """Return how likely two names are one person's, from 0 to 1, the same both ways round."""
    return float(Names([one, other]).likeness(np.array([[0, 1]]))[0])


def _starts(lengths: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(accumulate(lengths, initial=0), np.int64)
