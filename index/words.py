"""The words of a text, and the reporting verbs among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.reporting import VERBS

_WORD = re.compile(r"\w[\w’'-]*")
_OWN = re.compile(r"[’'](?:s|re|ve|d|ll|m)?\Z")


@dataclass(frozen=True, slots=True)
class Verb:
    """A reporting verb, or "according to", between two offsets; ``word`` is its number among the words."""

    start: int
    end: int
    text: str
    word: int


class Words:
    """The words of a text: where each starts and ends, as written, and in lower case without "'s"."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(_WORD.finditer(text))
        self.starts = [match.start() for match in found]
        self.ends = [match.end() for match in found]
        self.written = [match[0] for match in found]
        self.lower = [
            _OWN.sub("", word.lower()) if "’" in word or "'" in word else word.lower()
            for word in self.written
        ]
        self._adjoin = [
            next_ - end == 1 and text[end] in " \xa0"
            for end, next_ in zip(self.ends, self.starts[1:], strict=False)
        ]
        self._adjoin.append(False)  # behind the last word, and before the first

    def adjoin(self, number: int) -> bool:
        """Whether nothing but a space stands between a word and the next; False for -1."""
        return self._adjoin[number]

    def is_lower(self, number: int) -> bool:
        """Whether a word opens in lower case."""
        return self.written[number][0].islower()


def verbs(words: Words) -> list[Verb]:
    """Return the reporting verbs of a text in their order.

    >>> [verb.text for verb in verbs(Words("According to Ann Lee, Bob said so."))]
    ['according to', 'said']
    """
    found = []
    for n, word in enumerate(words.lower):
        if word in VERBS:
            found.append(Verb(words.starts[n], words.ends[n], word, n))
        elif word == "according" and words.lower[n + 1 : n + 2] == ["to"]:
            found.append(Verb(words.starts[n], words.ends[n + 1], "according to", n))
    return found
