"""One person under many spellings: folding of names, and the decision whether two name one person.

A name is folded to tokens without titles, articles and particles, a token to its consonants with
transliterations made one (Qaddoumi, Kadumi and Qadoumi are all ``ktm``).  Folded last names find
what may be one person, the tokens as written decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import Indel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


class Spellings:
    """The names of an archive, sorted into persons: immutable, and the same for the same names.

    Names with given names are one person where ``same_person`` says so of the name that is used
    most; what could be two people (a last name alone, an initial) belongs to a person only where
    nobody else has that last name.  Building looks at each name beside those of its last name
    only: 100,000 names take some seconds.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = dict(counts)
        self._persons: dict[str, str] = {}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._last: dict[str, list[str]] = defaultdict(list)
        self._alone: dict[str, list[str]] = defaultdict(list)
        ordered = sorted(self._counts, key=lambda name: (-self._counts[name], -len(name), name))
        sure = [name for name in ordered if _is_sure(name)]
        firsts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for name in sure:
            words = tokens(name)
            block = firsts[skeleton(words[-1]), skeleton(words[0])]
            person = next((p for p in block if same_person(name, p)), None)
            if person is None:
                block.append(name)
                self._last[skeleton(words[-1])].append(name)
            self._join(name, person or name)
        split = [name for name in sure if len(tokens(name)) == 2]  # noqa: PLR2004 - "Amir Abdullahian"
        for name in split:
            joined = "".join(tokens(name))
            others = [p for p in self._last.get(skeleton(joined), ()) if alike(tokens(p)[-1], joined)]
            if len(others) == 1 and self._persons[name] == name:
                for member in self._names.pop(name):
                    self._join(member, others[0])
                self._last[skeleton(tokens(name)[-1])].remove(name)
        for name in ordered:
            if not _is_sure(name):
                others = self._with_last_name(name)
                self._join(name, others[0] if len(others) == 1 else name)
                if len(others) != 1:
                    for key in _keys(name):
                        self._alone[key].append(name)
        self._canonical = {person: self._best(names) for person, names in self._names.items()}

    def matching(self, query: str) -> frozenset[str]:
        """Return all names of the archive that name this person, in any spelling.

        A last name alone finds everybody who has it.
        """
        if query in self._persons and _is_sure(query):
            return frozenset(self._names[self._persons[query]])
        persons = self._with_last_name(query)
        alone: set[str] = set()
        if not _is_sure(query) or len(persons) == 1:
            near = {name for key in _keys(query) for name in self._alone.get(key, ())}
            alone.update(name for name in near if same_person(query, name))
        return frozenset(alone).union(*(self._names[person] for person in persons))

    def canonical(self, name: str) -> str:
        """Return the name that the archive uses most for this person, or the name where it has none."""
        person = self._persons.get(name)
        if person is None:
            others = self._with_last_name(name)
            person = others[0] if len(others) == 1 else None
        return self._canonical[person] if person else name

    def _with_last_name(self, name: str) -> list[str]:
        """Return the persons with given names whom the name can mean, most used first."""
        near = {person for key in _keys(name) for person in self._last.get(key, ())}
        found = {person for person in near if same_person(name, person)}
        return sorted(found, key=lambda person: (-self._counts[person], person))

    def _join(self, name: str, person: str) -> None:
        self._persons[name] = person
        self._names[person].append(name)

    def _best(self, names: list[str]) -> str:
        """Return the name used most among those with given names, the longest of equals."""
        full = [name for name in names if _is_sure(name)] or names
        return min(full, key=lambda name: (-self._counts[name], -len(name), name))


def _is_sure(name: str) -> bool:
    """Whether a name has a given name that is more than an initial."""
    words = tokens(name)
    return len(words) > 1 and len(words[0]) > 1


def _keys(name: str) -> set[str]:
    """Return the folded last names that a name can be filed under."""
    return {skeleton(last) for last, _ in _readings(tokens(name))}
