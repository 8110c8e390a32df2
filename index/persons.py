"""What is known of the people of an archive: names as they are seen, what is said of them, and persons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b

from index.likeness import words

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sighting:
    """What an archive knows of a name as written, and in how many articles it is quoted.

    ``roles`` are folded words ("hamas", "representative"), ``beside`` other names quoted in the same
    articles, ``stories`` ids of stories; all of them may be left empty.  Names quoted in one article are no
    evidence that they are one person's, whatever story it tells.
    """

    name: str
    count: int
    roles: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    stories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """A person whom ``speakers.jsonl`` names."""

    name: str
    spellings: tuple[str, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What ``speakers.jsonl`` says: people, and pairs of names that are or are not one person's."""

    known: tuple[Known, ...] = ()
    same: tuple[Pair, ...] = ()
    different: tuple[Pair, ...] = ()

    def joined(self, newer: Decided) -> Decided:
        """Return what is said by both; of one person, or one pair, the newer word counts."""
        named = {each.name for each in newer.known}
        paired = {frozenset(pair) for pair in (*newer.same, *newer.different)}
        return Decided(
            (*(each for each in self.known if each.name not in named), *newer.known),
            (*(pair for pair in self.same if frozenset(pair) not in paired), *newer.same),
            (*(pair for pair in self.different if frozenset(pair) not in paired), *newer.different),
        )


@dataclass(frozen=True, slots=True)
class Person:
    """One person: the name used most, all spellings, the most used first, and articles that quote them."""

    id: str
    name: str
    spellings: tuple[str, ...]
    count: int


def person_id(name: str, times: int = 0) -> str:
    """Return the id of a person after a name: of its folded words, so that titles and accents do not count.

    ``times`` tells people apart who have one name, and are said to be different.

    >>> person_id("Dr. José Muñoz") == person_id("jose munoz")
    True
    """
    key = "\0".join([" ".join(words(name)) or name, *([str(times)] if times else [])])
    return "p" + blake2b(key.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


ID = re.compile("p[0-9a-f]{12}")
"""The shape of such an id."""


def is_full(name: str) -> bool:
    """Whether a name has a given name that is more than an initial."""
    found = words(name)
    return len(found) > 1 and len(found[0]) > 1
