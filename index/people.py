"""The people of one article: the names that stand in it, and who is meant by a last name.

Names are runs of capitals without titles, leading country names and the like.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.lexicon import GROUPS, NATIONAL, NO_NAMES, OCCUPATIONS, PLACES, ROLES
from index.names import TITLES, same_person, skeleton, tokens
from index.vocabulary import words

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪĬİĶŁŃŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ]"
_INITIAL = rf"(?:{_CAPITAL}|Jr|Sr|St|Dr|Mr|Mrs|Ms|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Maj|Prof)\."
_NAME_WORD = (
    rf"(?:(?:al|el|Al|El|ul|d|D|O|de|L|l)[-’']{_CAPITAL}[\w’'-]*|{_INITIAL}|"
    rf"{_CAPITAL}(?:[\w-]|[’'](?!s\b)(?=\w))*)"
)
_JOIN = r"(?:[ \xa0]+(?:(?:de|da|di|du|van|von|der|den|la|le|bin|ibn|al|el|ben|del|dos)[ \xa0]+){0,2})"
RUN = re.compile(rf"{_NAME_WORD}(?:{_JOIN}{_NAME_WORD})*")
"""A run of capitals: "Hamas", "Khaled al-Qaddoumi", "Judiciary Chief Ayatollah Seyed Ebrahim Raeisi"."""


_SURNAMES = words("king bishop pope judge prince major dean page")
"""Words of offices that are last names as well: "Larry King"."""
_LOOKED_BACK = 50
"""Names that are looked at for whom "he" means: further back nobody is remembered."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in the text, and the name of the person, in full where the text has it."""

    start: int
    end: int
    text: str
    person: str
    is_person: bool


class People:
    """The names of a text in their order, and whom its last names and descriptions mean."""

    def __init__(self, text: str) -> None:
        raw = _real(text, list(_names(text)))
        self._persons = _persons(raw, text)
        self.names = tuple(
            Name(a, b, text[a:b], self._persons.get(text[a:b], text[a:b]), text[a:b] in self._persons)
            for a, b in raw
        )
        self._starts = [name.start for name in self.names]

    def within(self, start: int, end: int) -> list[Name]:
        """Return the names between two offsets."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end, first)
        return [name for name in self.names[first:last] if name.end <= end]

    def before(self, position: int) -> Iterator[Name]:
        """Yield the people named before an offset, the last first: as many as are worth looking at."""
        last = bisect_left(self._starts, position)
        for name in reversed(self.names[max(0, last - _LOOKED_BACK) : last]):
            if name.is_person and name.end <= position:
                yield name

    def person(self, name: str) -> str:
        """Return the name of the person in full, or the name itself."""
        return self._persons.get(name, name)

    def is_person(self, name: str) -> bool:
        """Whether the name is a person's."""
        return name in self._persons


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of names: runs of capitals, offices and countries before them split off."""
    for run in RUN.finditer(text):
        before = _before_name(run[0])
        if before is None:
            continue
        start, end = run.start() + before, run.end()
        while text[end - 1] in ".-’'" and not _ENDS_DOTTED.search(text, start, end):
            end -= 1
        yield start, end


@lru_cache(maxsize=1 << 14)
def _before_name(run: str) -> int | None:
    """Return the characters of a run of capitals before its name; None where it has none."""
    written = run.split()
    first = _first(written, [word.casefold().strip(".’'") for word in written])
    if first is None:
        return None
    start = 0
    for word in written[:first]:
        start = run.index(word, start) + len(word)
    return run.index(written[first], start)


def _real(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans without parties, and without lone words that only opening a sentence makes capitals.

    One that opens a sentence is a word where the text has it in lower case too, or where it ends as an adverb
    or participle, unless it is the last name of a full name or a name within a sentence too.
    """
    lower = set(_LOWER.findall(text))
    names = [text[start:end] for start, end in spans]
    opens = [not start or _OPENS.search(text, max(0, start - 4), start) is not None for start, _ in spans]
    known = {
        name.rsplit(" ", 1)[-1]
        for name, opening in zip(names, opens, strict=True)
        if not opening or " " in name
    }

    def is_word(name: str) -> bool:
        return " " not in name and name not in known and (name.lower() in lower or name.endswith(_ADVERBIAL))

    return [
        span
        for span, name, opening in zip(spans, names, opens, strict=True)
        if not (opening and is_word(name)) and not _PARTY.match(text, span[0] - 1)
    ]


_ADVERBIAL = ("ly", "ing", "wise")
_LOWER = re.compile(r"(?<![\w’'-])[a-zß-ÿ]+")
_OPENS = re.compile('[.!?:;\n“”"‘’\ue000–—-][ \xa0”’"]*\\Z')
_PARTY = re.compile(r"\([A-Z]{1,4}(?:[-–][^()]{1,20})?\)")
"""A party and a state behind the name of a politician: "(D-Wis.)"."""
_ENDS_DOTTED = re.compile(r"\b(?:Jr|Sr|[A-Z])\.\Z")
_TWO = 2
"""Words of a name with a given name."""


def _first(written: list[str], folded: list[str]) -> int | None:
    """Return the number of the word of a run of capitals at which its name begins; None where it has none.

    >>> _first("Judiciary Chief Ebrahim Raeisi".split(), "judiciary chief ebrahim raeisi".split())
    2
    """
    count = len(folded)
    first = next((n for n in range(count) if folded[n] not in NO_NAMES), count)
    if count - first > _TWO and folded[first] in OCCUPATIONS:  # "Actor Brendan Fraser" opens a sentence
        first += 1
    role = next((n for n in range(count - 1, first - 1, -1) if folded[n] in ROLES), -1)
    if role == count - 1 and count - first > 1 and folded[role] not in _SURNAMES:
        return None  # "House Speaker" names an office
    if first <= role < count - 1:
        first = role + 1
    elif count - first > _TWO and folded[first] in PLACES and folded[-1] not in GROUPS:
        first += 1
    while first < count - 1 and _is_acronym(written[first]) and not _is_acronym(written[first + 1]):
        first += 1
    rest = folded[first:]
    lone = len(rest) == 1 and (rest[0] in ROLES or len(rest[0]) == 1)
    return None if lone or all(word in NATIONAL for word in rest) else first


def _is_acronym(word: str) -> bool:
    """Whether a word is one of three capitals or more: "MSNBC" before a name is no part of it."""
    return len(word) > _TWO and word.isalpha() and word.isupper()


def _persons(spans: list[tuple[int, int]], text: str) -> dict[str, str]:
    """Return name as written → the person's full name, for the names that can be a person's."""
    counts = Counter(text[a:b] for a, b in spans)
    full = [name for name in counts if len(tokens(name)) > 1 and _can_be_person(name)]
    by_last: dict[str, list[str]] = defaultdict(list)
    for name in full:
        by_last[tokens(name)[-1]].append(name)
    by_skeleton: dict[str, list[str]] = defaultdict(list)
    for name in full:
        by_skeleton[skeleton(tokens(name)[-1])].append(name)
    titled = {
        text[a:b]
        for a, b in spans
        if _is_titled(text[max(0, a - 20) : a]) and not _PLACE_BEHIND.match(text, b)
    }
    persons = {name: _longest(name, by_last[tokens(name)[-1]]) for name in full}
    for name in counts:
        words = tokens(name)
        if name in persons or len(words) != 1 or not _can_be_person(name):
            continue
        near = by_last.get(words[0]) or by_skeleton.get(skeleton(words[0]), [])
        same = next((other for other in near if same_person(name, other)), None)
        if same:
            persons[name] = persons[same]
        elif name in titled:
            persons[name] = name
    return persons


def _longest(name: str, others: list[str]) -> str:
    """Return the fullest name among those that name the same person."""
    same = [other for other in others if same_person(name, other)]
    return max(same, key=lambda other: (len(tokens(other)), -others.index(other)))


_NOBODY = GROUPS | PLACES


def _can_be_person(name: str) -> bool:
    words = tokens(name)
    return not (
        words[-1] in _NOBODY
        or words[0] in {"united", "new", "north", "south", "west", "east", "white", "supreme"}
        or (len(words) == 1 and words[0] in NO_NAMES)
        or name.isupper()
        or len(words) > 5  # noqa: PLR2004 - nobody has six names in the news
    )


_PLACE_BEHIND = re.compile(
    r" (?:neighbou?rhood|area|district|street|mosque|city|province|region|camp|crossing|square|road|avenue|"
    r"airport|quarter|village|town|bridge|school|university|hospital|stadium|park|county|river|island|mountain)s?\b"
)
"""What stands behind the name of a place: "the Sheikh Jarrah neighborhood"."""


_TITLED = ROLES | TITLES


def _is_titled(before: str) -> bool:
    """Whether the text before a name ends in a title or an office."""
    words = before.split()
    return bool(words) and before[-1].isspace() and words[-1].casefold().strip(".") in _TITLED
