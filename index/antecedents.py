"""Whom "he", "she" or "the senator" means: the people named before, weighed.

An organisation is nobody's "he": only people, and names that speak and could be people's, are weighed.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from index.given_names import pronoun
from index.lexicon import GROUPS, NO_NAMES, PLACES
from index.names import TITLES

if TYPE_CHECKING:
    from index.reading import Reading


class Features(NamedTuple):
    """What is weighed of one person as the antecedent of one mention; distances are logs of 1 + count."""

    sentences: float  # back to the last mention
    paragraphs: float  # back to it
    here: float  # it stands in the same sentence
    first: float  # it is the first mention of its sentence
    opens: float  # it opens its sentence
    subject: float  # it is the subject of a reporting verb
    governed: float  # a preposition governs it, or it owns something
    nearness: float  # of all mentions, each halved with every second sentence
    named: float  # how often, a log
    said: float  # how often as the subject of a reporting verb, a log
    agrees: float  # the gender of title or given name is the pronoun's
    differs: float  # it is the other
    last: float  # the person said the quote before
    last_near: float  # and that one stands at most two paragraphs above
    rank: float  # people named since
    person: float  # it has the form of a person's name


WEIGHTS = Features(
    sentences=-0.61,
    paragraphs=-0.59,
    here=0.08,
    first=0.56,
    opens=0.57,
    subject=0.18,
    governed=-0.61,
    nearness=1.04,
    named=-0.20,
    said=0.37,
    agrees=0.82,
    differs=-0.94,
    last=0.31,
    last_near=0.32,
    rank=-0.04,
    person=0.60,
)
"""Fitted (conditional logistic regression, L2 of 10) on the pronouns and descriptions of 77 Wikinews
articles whose speaker is named, 57 of them with an answer.  Move the features, and these are to be
fitted anew: ``python -m tests.quality.fit speakers``."""
_BACK = 60
"""Mentions that are looked at for antecedents."""
_HALVES = 0.7
_BEFORE_NAMES = TITLES | {"spokesman", "spokeswoman"}
_NOBODY = GROUPS | PLACES | NO_NAMES
_NEAR = 4
"""Lines that are two paragraphs."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said the quote before, and where its mention stands."""

    person: str
    at: int


def candidates(reading: Reading, number: int, last: Speaker | None) -> list[tuple[str, Features]]:
    """Return the people whom mention ``number`` can mean, the one named last first."""
    mentions = reading.mentions
    one = mentions[number]
    word = reading.text[one.start : one.end].lower()
    sentence = bisect_right(reading.starts, one.start)
    line = bisect_left(reading.lines, one.start)
    places: dict[str, list[int]] = {}
    for n in range(number - 1, max(-1, number - 1 - _BACK), -1):
        name = mentions[n].name
        if name is not None and (name.is_person or _could_be(reading, n)):
            places.setdefault(name.person, []).append(n)
    if last and last.person not in places and last.at <= one.start:
        near = bisect_left(reading.mention_starts, last.at)
        if reading.people.is_person(last.person) and near < len(mentions):
            places[last.person] = [near]
    found = []
    for rank, (person, at) in enumerate(places.items()):
        recent = at[0]
        backs = [sentence - bisect_right(reading.starts, mentions[n].start) for n in at]
        lines = line - bisect_left(reading.lines, mentions[recent].start)
        gender = pronoun(person.split()[0], _title(reading, recent)) if word in {"he", "she"} else None
        spoke = last is not None and last.person == person
        near_line = last is not None and line - bisect_left(reading.lines, last.at) <= _NEAR
        opening = reading.starts[sentence - backs[0] - 1]
        found.append(
            (
                person,
                Features(
                    sentences=math.log1p(backs[0]),
                    paragraphs=math.log1p(lines),
                    here=backs[0] == 0,
                    first=recent == bisect_left(reading.mention_starts, opening),
                    opens=reading.text[opening : mentions[recent].start].count(" ") <= 1,
                    subject=recent in reading.subjects,
                    governed=reading.governed[recent],
                    nearness=sum(_HALVES**back for back in backs),
                    named=math.log1p(len(at)),
                    said=math.log1p(sum(n in reading.subjects for n in at)),
                    agrees=gender == word,
                    differs=gender is not None and gender != word,
                    last=spoke,
                    last_near=spoke and near_line,
                    rank=rank,
                    person=reading.people.is_person(person),
                ),
            )
        )
    return found


def _title(reading: Reading, number: int) -> str:
    """Return the word before a name where it is a title."""
    start = reading.mentions[number].start
    words = reading.text[max(0, start - 16) : start].split()
    return words[-1] if words and words[-1].casefold().strip(".") in _BEFORE_NAMES else ""


def _could_be(reading: Reading, number: int) -> bool:
    """Whether a lone name can be a person's: it speaks, and no word for a group or a place is in it."""
    name = reading.mentions[number].name
    if name is None or number not in reading.subjects or name.text.isupper():
        return False
    words = set(name.text.casefold().split())
    return len(words) == 1 and words.isdisjoint(_NOBODY)


def antecedent(reading: Reading, number: int, last: Speaker | None) -> tuple[str, float] | None:
    """Return whom mention ``number`` means and the probability of it; None where nobody is named before."""
    found = candidates(reading, number, last)
    if not found:
        return None
    scores = [sum(w * x for w, x in zip(WEIGHTS, row, strict=True)) for _, row in found]
    top = max(scores)
    share = 1 / sum(math.exp(score - top) for score in scores)
    return found[scores.index(top)][0], share
