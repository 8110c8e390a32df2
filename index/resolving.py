"""Whose name a mention stands for: a name in full, a pronoun's antecedent, a description's person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from index.antecedents import Speaker, antecedent
from index.appositions import Appositions
from index.lexicon import GROUPS
from index.mentions import PERSONAL
from index.phrases import DOCUMENTS
from index.reporting import VERBS
from index.vocabulary import words

if TYPE_CHECKING:
    from index.mentions import Mention
    from index.reading import Reading

_COMPLEMENT = re.compile(
    r"\s+(?:of|for)\s+(?:(?:the|our|its|his|her|their)\s+)?[\w’'-]+(?:[ \xa0](?:of\s+)?[\w’'-]+){0,6}"
)
_DEFINITE = words("the this that")
_MANY = words(
    """people men women police staff couple family campaign camp side team squad company firm crew"""
)
_DESCRIBED = 0.9
"""How sure a description is that the text gives a person in the same words (7 of 7 on Wikinews)."""


class Resolved(NamedTuple):
    """A person's name, and how sure it is that the mention means this person."""

    name: str | None
    share: float


class Resolver:
    """Resolves the mentions of one text in their order, and remembers who spoke last."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._appositions = Appositions(reading.text, reading.people.names, reading.mentions)
        self._last: Speaker | None = None

    def speaks(self, number: int) -> Resolved:
        """Return whom a mention means, and take this person for the one who spoke last."""
        resolved = self.meant(number)
        if resolved.name and self._reading.people.is_person(resolved.name):
            self._last = Speaker(resolved.name, self._reading.mentions[number].start)
        return resolved

    def meant(self, number: int) -> Resolved:
        """Return whom a mention means."""
        one = self._reading.mentions[number]
        if one.name is not None:
            return Resolved(one.name.person, 1.0)
        words = self._reading.text[one.start : one.end].lower().split()
        if one.kind == "description":
            return self._described(number, one, words)
        if words[0] in PERSONAL or words[0] == "who":
            found = antecedent(self._reading, number, self._last)
            return Resolved(*found) if found else Resolved(None, 1.0)
        return Resolved(None, 1.0)

    def _described(self, number: int, one: Mention, words: list[str]) -> Resolved:
        beside = self._appositions.beside(one)
        if beside:
            return Resolved(beside, 1.0)
        written = self._reading.text[one.start : one.end] + self._complement(one.end)
        person = self._appositions.meant(written)
        if person:
            return Resolved(person, _DESCRIBED)
        if words[0] in _DEFINITE and is_one_person(words[-1]):
            found = antecedent(self._reading, number, self._last)
            if found:
                return Resolved(*found)
        return Resolved(None, 1.0)

    def _complement(self, position: int) -> str:
        """Return what follows a description as "of our country's diplomacy", up to a verb that reports."""
        behind = _COMPLEMENT.match(self._reading.text, position)
        words = behind[0].split() if behind else []
        stop = next(
            (n for n, word in enumerate(words) if word in VERBS or word in {"in", "who", "and"}), len(words)
        )
        return " ".join(["", *words[:stop]])


def is_one_person(head: str) -> bool:
    """Whether the head of a description can mean one person: "senator", not "officials" or "report".

    >>> is_one_person("senator"), is_one_person("officials"), is_one_person("report")
    (True, False, False)
    """
    return (
        head not in GROUPS
        and head not in DOCUMENTS
        and head not in _MANY
        and not (head.endswith("s") and not head.endswith("ss"))
    )
