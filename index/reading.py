"""What one text holds that bears on who said what: its quotes, sentences, people, mentions and cues.

Everything is found once and kept in the order of the text; the numbers of one list point into
another.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from index.cues import Cues
from index.mentions import mentions
from index.names import tokens
from index.people import People
from index.reporting import FILL, sentences
from index.rules import costs
from index.words import Words, verbs

if TYPE_CHECKING:
    from index.cues import Cue
    from index.marks import Marked


class Reading:
    """A text with its quotes filled, and everything found in it."""

    def __init__(self, body: str, found: list[Marked]) -> None:
        self.body = body
        self.found = found
        self.text = mask(body, found)
        self.people = People(self.text)
        self.starts, self.ends = sentences(self.text)
        self.lines = [m.start() for m in re.finditer("\n", self.text)]
        self.words = Words(self.text)
        reporting = verbs(self.words)
        self.mentions = mentions(self.words, self.people.names, reporting)
        self.mention_starts = [one.start for one in self.mentions]
        cues = Cues(self.words, self.mentions, self.starts, self.ends)
        self.governed = cues.governed
        self.cues = [cues.of(verb) for verb in reporting]
        self.cue_starts = [cue.start for cue in self.cues]
        self._cues_of: dict[int, list[tuple[int, Cue]]] = {}
        for n, cue in enumerate(self.cues):
            if cue.subject >= 0:
                self._cues_of.setdefault(cue.subject, []).append((n, cue))
        self.subjects = self._cues_of.keys()
        self.costs = [costs(self, one) for one in found]
        self.chosen = [min(cost, key=lambda n: cost[n]) if cost else -1 for cost in self.costs]
        persons: dict[str, int] = {}
        self.who = [
            persons.setdefault(one.name.person, len(persons)) if one.name else -1 for one in self.mentions
        ]
        self.last_names = [tokens(one.name.text)[-1] if one.name else "" for one in self.mentions]
        self.said = [set(re.findall(r"\w+", body[one.start : one.end].lower())) for one in found]

    def sentence(self, position: int) -> tuple[int, int]:
        """Return the bounds of the sentence around a position."""
        number = bisect_right(self.starts, position) - 1
        return self.starts[number], self.ends[number]

    def before(self, position: int) -> int:
        """Return how many mentions start before a position."""
        return bisect_left(self.mention_starts, position)

    def cues_of(self, mention: int) -> list[tuple[int, Cue]]:
        """Return the reporting verbs of which a mention is the subject, with their numbers."""
        return self._cues_of.get(mention, [])

    def line_end(self, position: int) -> int:
        """Return where the line of a position ends."""
        number = bisect_left(self.lines, position)
        return self.lines[number] if number < len(self.lines) else len(self.text)


def mask(body: str, found: list[Marked]) -> str:
    """Return the body with every character of a quote filled."""
    parts, position = [], 0
    for one in found:
        parts += [body[position : one.start], FILL * (one.end - one.start)]
        position = one.end
    return "".join([*parts, body[position:]])
