"""Which words say that somebody spoke: each reporting verb of a text with its subject."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.lexicon import NATIONAL, NO_NAMES, PLACES
from index.phrases import ADVERBS
from index.reporting import FILL, PLAIN_VERBS
from index.vocabulary import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.mentions import Mention
    from index.words import Verb, Words

_PREPOSITIONS = words(
    """of in on at for from with by about against between as into over under after before during since until
    like than near to through including toward towards among around"""
)
_DETERMINERS = words("the a an his her its their")
_COUNTRIES = PLACES - NATIONAL
"""Before a name they are what the preposition governs: "Hamas representative in Iran Khaled al-Qaddoumi"."""
_SUBJECTS = words("he she they i we who")
"""Pronouns in the case of a subject: no preposition governs them, as in "even as he asked"."""
_BETWEEN = 2
"""Words between a preposition and the mention that it governs, a determiner left out."""
_BE = words("is are was were be been being am get got gets")
_CLOSES = re.compile(r"(?: (?:of|from|at|in|on|with|to)\b[^,.;:\n\ue000]{0,60})?(?:[,.;\n]|\Z)")
_OWNS = re.compile(r"[’']s?\b")
_MODIFIES = re.compile(r"[ \xa0](?:[a-z][\w’'-]*[ \xa0]){1,3}[A-ZÀ-Þ]")
_BEHIND = 80
"""Characters behind a verb in which an inverted subject begins."""
_MARKS = " \xa0”“\"’‘',.!?…—–-"
_LEADING = 5
"""Words of an office between a verb and the name behind it."""
_CLAUSE = 400
"""Characters before a verb in which its subject is looked for."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A reporting verb, and the number of the mention that is its subject, or -1."""

    start: int
    end: int
    verb: str
    subject: int


class Cues:
    """Finds the subjects of verbs in one text."""

    def __init__(
        self, words: Words, mentions: Sequence[Mention], starts: Sequence[int], ends: Sequence[int]
    ) -> None:
        self._words, self._text = words, words.text
        self._mentions = mentions
        self._at = [one.start for one in mentions]
        self._starts, self._ends = starts, ends
        self.governed = [self._is_governed(one) for one in mentions]

    def _is_governed(self, one: Mention) -> bool:
        """Whether a preposition governs the mention, or it only modifies the name or thing behind it."""
        first = bisect_left(self._words.starts, one.start)
        if one.kind == "pronoun" and self._words.lower[first] in _SUBJECTS:
            return False
        if self._behind_preposition(first):
            return True
        if one.kind == "pronoun":
            return False
        return _OWNS.match(self._text, one.end) is not None

    def _behind_preposition(self, number: int) -> bool:
        """Whether a preposition stands before a word, with two words and a determiner between at most."""
        lower, adjoin = self._words.lower, self._words.adjoin
        if number and lower[number - 1] in _COUNTRIES:
            return False
        for back in range(1, _BETWEEN + 3):
            if back > number or not adjoin(number - back):
                return False
            if lower[number - back] in _PREPOSITIONS:
                return back <= _BETWEEN + 1 or lower[number - back + 1] in _DETERMINERS
        return False

    def of(self, verb: Verb) -> Cue:
        """Return the verb with its subject: before it, or, inverted, behind it."""
        number = bisect_right(self._starts, verb.start) - 1
        start, end = max(self._starts[number], verb.start - _CLAUSE), self._ends[number]
        behind = self._first(verb.end, min(end, verb.end + _BEHIND))
        if verb.text == "according to":
            return Cue(verb.start, verb.end, verb.text, behind)
        quoted = max(start, self._text.rfind(FILL, start, verb.start) + 1)
        if self._is_passive(verb):
            by = self._words.lower[verb.word + 1 : verb.word + 2] == ["by"]
            return Cue(verb.start, verb.end, verb.text, behind if by else -1)
        before = self._text[quoted : verb.start]
        bare = not before.strip(_MARKS) or (
            before.rstrip().endswith(",") and behind >= 0 and self._closes(behind, verb)
        )
        inverted = bare and behind >= 0 and not verb.text.endswith("ing")
        if inverted and _leads(self._text[verb.end : self._at[behind]]):
            return Cue(verb.start, verb.end, verb.text, behind)
        return Cue(verb.start, verb.end, verb.text, self._before(start, verb.start))

    def _is_passive(self, verb: Verb) -> bool:
        """Whether somebody is told or asked: a form of "be" stands before the verb, adverbs left out."""
        if verb.text.endswith("ing"):
            return False
        number = verb.word - 1
        while self._words.adjoin(number) and (
            self._words.lower[number].endswith("ly") or self._words.lower[number] in ADVERBS
        ):
            number -= 1
        return self._words.adjoin(number) and self._words.lower[number] in _BE

    def _closes(self, number: int, verb: Verb) -> bool:
        """Whether a mention right behind a plain verb ends its clause: "…, said Ann Lee of the council."."""
        return verb.text in PLAIN_VERBS and _CLOSES.match(self._text, self._mentions[number].end) is not None

    def _first(self, start: int, end: int) -> int:
        """Return the first mention behind a verb that does not modify another ("UCL astronomer A. Lee")."""
        first, last = bisect_left(self._at, start), bisect_left(self._at, end)
        for n in range(first, last):
            one = self._mentions[n]
            if one.end <= end and not (
                one.kind == "name"
                and n + 1 < last
                and (_MODIFIES.match(self._text, one.end) or _OWNS.match(self._text, one.end))
            ):
                return n
        return first if first < last else -1

    def _before(self, start: int, end: int) -> int:
        """Return the subject of a verb: the nearest mention before it that nothing governs.

        Where a comma stands before the verb, an apposition ends there, and the subject opens the clause.
        """
        found = range(bisect_left(self._at, start), bisect_left(self._at, end))
        free = [n for n in found if not self.governed[n]] or list(found)
        if not free:
            return -1
        last = self._mentions[free[-1]]
        if last.kind == "pronoun":
            if self._text[last.start : last.end].lower() != "who":
                return free[-1]
            return self._antecedent(free[-1], free)
        if self._text[start:end].rstrip().endswith(","):
            return next((n for n in free if self._mentions[n].kind == "name"), free[0])
        return free[-1]

    def _antecedent(self, who: int, free: Sequence[int]) -> int:
        """Return whom "who" goes on from: the mention right before it, behind a comma the last name."""
        if who == 0:
            return who
        nearest = self._mentions[who - 1]
        between = self._text[nearest.end : self._mentions[who].start].strip()
        if not between or (between == "," and nearest.name is not None and nearest.name.is_person):
            return who - 1
        before = [n for n in free if n < who]
        return next(
            (n for n in reversed(before) if self._mentions[n].kind == "name"), before[-1] if before else who
        )


def _leads(between: str) -> bool:
    """Whether words between a verb and a mention only lead up to it: "said lead author Professor A. Lee"."""
    words = between.split()
    return (
        len(words) <= _LEADING and "," not in between and NO_NAMES.isdisjoint(words[words[:1] == ["the"] :])
    )
