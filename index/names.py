"""One person under many spellings: folding of names, and the decision whether two name one person.

A name is folded to tokens without titles, articles and particles, a token to its consonants with
transliterations made one (Qaddoumi, Kadumi and Qadoumi are all ``ktm``).  Folded last names find
what may be one person, the tokens as written decide.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import Indel

if TYPE_CHECKING:
    from collections.abc import Iterator

_TITLES = """
mr mrs ms miss dr prof sir dame lord lady sen senator rep representative gov governor president prime
minister gen general maj major col colonel lt lieutenant capt captain sgt sergeant adm admiral brig
brigadier judge justice rev reverend fr father pope king queen prince princess sheikh shaykh sheik
sayyed sayyid seyed seyyed ayatollah imam hajj haji hojatoleslam mullah maulana minister chancellor
ambassador secretary chairman speaker jr sr ii iii iv phd md
"""
TITLES = frozenset(_TITLES.split())
"""Words before and behind a name that are no part of it."""

_PARTICLES = "al el ul bin ibn ben bint the as ad ar az ash at an"
PARTICLES = frozenset(_PARTICLES.split())
"""Articles and particles that one spelling has and the next leaves out."""

_TRANSLITERATIONS = (
    ("sch", "s"), ("tch", "k"), ("kh", "k"), ("gh", "k"), ("dh", "t"), ("th", "t"), ("ph", "f"),
    ("sh", "s"), ("ch", "k"), ("ck", "k"), ("ts", "s"), ("tz", "s"), ("tx", "s"), ("dj", "j"), ("zh", "j"),
    ("x", "ks"), ("q", "k"), ("w", "v"), ("c", "k"), ("g", "k"), ("d", "t"), ("z", "s"),
)  # fmt: skip
_VOWELS = re.compile("[aeiouy]")
_DOUBLED = re.compile(r"(.)\1+")
_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("’'`ʿʾ´‘", "")
)


@lru_cache(maxsize=1 << 18)
def tokens(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded, without titles and particles (all words, where none remain).

    >>> tokens("Ayatollah Seyed Ebrahim Raeisi")
    ('ebrahim', 'raeisi')
    """
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", plain)
    return tuple(w for w in words if w not in TITLES and w not in PARTICLES) or tuple(words)


@lru_cache(maxsize=1 << 18)
def skeleton(token: str) -> str:
    """Return the consonants of a folded token, transliterations made one.

    >>> skeleton("qaddoumi"), skeleton("kadumi"), skeleton("baqeri")
    ('ktm', 'ktm', 'bkr')
    """
    for written, sound in _TRANSLITERATIONS:
        token = token.replace(written, sound)
    first = "a" if _VOWELS.match(token) else ""
    return _DOUBLED.sub(r"\1", first + _VOWELS.sub("", token)) or token


LEAST_ALIKE = 0.66
"""Two tokens of one skeleton are one name at this ratio of common letters (qaddoumi, kadumi: .71)."""


@lru_cache(maxsize=1 << 18)
def alike(a: str, b: str) -> bool:
    """Whether two folded tokens spell one name."""
    return a == b or (skeleton(a) == skeleton(b) and Indel.normalized_similarity(a, b) >= LEAST_ALIKE)


def same_person(one: str, other: str) -> bool:
    """Whether two names can name one person: last names alike, and no given name against it.

    >>> same_person("Hossein Amirabdollahian", "Amir Abdullahian")
    True
    >>> same_person("Mohammad Baqer Qalibaf", "Mohammad Baqeri")
    False
    """
    return any(
        alike(last, last_) and _given_agree(given, given_)
        for last, given in _readings(tokens(one))
        for last_, given_ in _readings(tokens(other))
    )


def _readings(words: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (last name, given names): the last word, or the last two as one."""
    if words:
        yield words[-1], words[:-1]
    if len(words) > 1:
        yield words[-2] + words[-1], words[:-2]


def _given_agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the first given names are alike, one the initial of the other, or absent."""
    if not one or not other:
        return True
    a, b = one[0], other[0]
    return a[0] == b[0] if min(len(a), len(b)) == 1 else alike(a, b)
