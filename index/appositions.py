"""Who is described in which words: the appositions of a text, and whom "the Hamas chief" means by them.

"Hassan Kazemi-Qomi, the president's envoy", "Hamas representative in Iran Khaled al-Qaddoumi", "the
mayor, Ann Lee," and "Ann Lee is the mayor" describe a person for the rest of the article.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from index.lexicon import NO_NAMES, OCCUPATIONS, PLACES, ROLES
from index.vocabulary import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.mentions import Mention
    from index.people import Name

_BEHIND = re.compile(
    r"(?:,\s+(?:\d+,\s+)?(?:who (?:is|was|serves as) )?| (?:is|was) (?=the |an? ))"
    r"(?P<words>[^,.;:“”\"()\n]{3,120}?)(?=[,.;]|\s[–—-]\s|\n|\Z)"
)
_STOPS = ',.;:“”"()\n'
_REACH = 80
"""Characters before a name in which the words of its office begin."""
_TITLE_WORDS = 6
_WORD = re.compile(r"[^\W\d_]+(?=[’']s\b)|[^\W\d_]{2,}")
_EMPTY = words("of for was is former late who")
_STEM = 4
"""Letters that two words of one stem share: Iran and Iranian."""


class Appositions:
    """The words that stand beside the names of one text."""

    def __init__(self, text: str, names: Sequence[Name], mentions: Sequence[Mention]) -> None:
        self._described: dict[str, set[str]] = {}
        self._beside: dict[int, str] = {}
        for name in names:
            if name.is_person:
                self._describe(name.person, _apposed(text, name) + _titled(text, name))
        for one, other in pairwise(mentions):
            if one.kind == "description" and other.name and other.name.is_person:
                between = text[one.end : other.start]
                if between in {", ", " "} or (between.startswith(" of ") and between.endswith(", ")):
                    self._describe(other.name.person, content(text[one.start : other.start]))
                    self._beside[one.start] = other.name.person

    def _describe(self, person: str, words: list[str]) -> None:
        if words:
            self._described.setdefault(person, set()).update(words)

    def beside(self, mention: Mention) -> str | None:
        """Return the person named right behind a description: "his father, Abdullah Kurdi"."""
        return self._beside.get(mention.start)

    def meant(self, description: str) -> str | None:
        """Return the person whom the text describes in these words, or None.

        The head must be among the words that stand beside a name, and more than half of all words;
        of several people the one with the most of them, then the one described last.
        """
        words = content(description)
        scored = [
            (sum(_is_among(word, beside) for word in words), order, person)
            for order, (person, beside) in enumerate(self._described.items())
            if words and (words[-1] in beside or words[0] in beside)
        ]
        best = max(scored, default=None)
        return best[2] if best and 2 * best[0] > len(words) else None


def _is_among(word: str, words: set[str]) -> bool:
    return word in words or (len(word) >= _STEM and any(other[:_STEM] == word[:_STEM] for other in words))


def _apposed(text: str, name: Name) -> list[str]:
    behind = _BEHIND.match(text, name.end)
    return content(behind["words"]) if behind else []


def _titled(text: str, name: Name) -> list[str]:
    """Return the words of the office that stands before a name."""
    before = text[max(0, name.start - _REACH) : name.start]
    words = before[max(map(before.rfind, _STOPS)) + 1 :].split()[-_TITLE_WORDS:]
    last = words[-1].casefold().strip(",.") if words else ""
    return content(" ".join(words)) if last in ROLES or last in PLACES or last in OCCUPATIONS else []


def content(description: str) -> list[str]:
    """Return the folded words of a description that say something, in their order.

    >>> content("the head of our country's diplomacy")
    ['head', 'country', 'diplomacy']
    """
    words = _WORD.findall(description.casefold())
    return [word for word in words if word not in NO_NAMES and word not in _EMPTY]
