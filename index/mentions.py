"""The words of a text that can name a speaker: names, pronouns, and phrases such as "the Hamas chief"."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from index.phrases import described, subjects
from index.vocabulary import words as table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.people import Name
    from index.words import Verb, Words

PRONOUNS = table("he she they it i we who you")
PERSONAL = table("he she")


@dataclass(frozen=True, slots=True)
class Mention:
    """The words that can name a speaker, between two offsets; ``name`` where they are a name."""

    start: int
    end: int
    kind: str  # name, pronoun, description
    name: Name | None = None


def mentions(words: Words, names: Iterable[Name], verbs: Sequence[Verb]) -> list[Mention]:
    """Return what can name a speaker, in the order of the text, nothing in it twice.

    A description wins over a name in it ("the Hamas chief"), a name over a pronoun.
    """
    phrases = chain(described(words), subjects(words, verbs))
    candidates = chain(
        (Mention(start, end, "description") for start, end in phrases),
        (Mention(name.start, name.end, "name", name) for name in names),
        _pronouns(words),
    )
    taken = bytearray(len(words.text))
    found = []
    for one in candidates:
        if taken.find(1, one.start, one.end) < 0:
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _pronouns(words: Words) -> Iterator[Mention]:
    for n, word in enumerate(words.lower):
        if word in PRONOUNS and words.written[n] not in {"i", "YOU"}:
            yield Mention(words.starts[n], words.starts[n] + len(word), "pronoun")
