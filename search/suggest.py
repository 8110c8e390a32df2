"""What a query that is being typed may become, and what one that finds little was probably meant to be.

Words are completed from titles, where the words are that an archive is searched for; they are corrected
from all surface forms.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from rapidfuzz.distance import OSA
from whoosh import query

from index.analysis import analyze_pattern, fold
from search import nodes
from search.deadline import hold
from search.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from index.segment import Segment

LITTLE = 3
"""Hits below which a query has found little: less than a screen of them, and more than a slip finds."""

_ALTERNATIVES = 3
"""Corrections that are proposed at most: the third is right for few (Norvig's list: 1 in 50)."""

_TIMES = 10
"""A word that is there is a slip of one that so many times as many articles have."""

_SHORTEST, _LONG = 4, 6
"""Characters from which on a word is corrected, and from which on by two slips."""

_TEXTS = ("text", "title", "body")


@dataclass(frozen=True, slots=True)
class Completion:
    """A query, or the name of an outlet or speaker, and how many articles have the last word, or it."""

    text: str
    kind: Literal["word", "outlet", "speaker"]
    count: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A query with its words put right, and how many articles it finds."""

    text: str
    total: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Completions and corrections, held against one generation."""

    generation: int
    completions: tuple[Completion, ...]
    corrections: tuple[Correction, ...]
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A name that articles have, as it is compared and as it is shown."""

    folded: str
    text: str
    kind: Literal["outlet", "speaker"]
    count: int


def words(q: str, segments: Sequence[Segment], most: int) -> list[Completion]:
    """Complete the last word of a query; the most frequent come first."""
    last = q.rpartition(" ")[2]
    beginning = analyze_pattern(last)
    if not beginning or not last[:1].isalnum():
        return []
    counts: Counter[str] = Counter()
    for segment in segments:
        forms = segment.file.forms["title_forms"]
        first, behind = forms.terms.beginning(beginning)
        frequencies = np.diff(forms.starts[first : behind + 1])
        # Those of a segment that can be among the first of all, but for ties of rare words.
        for number in np.argsort(-frequencies, kind="stable")[: 4 * most].tolist():
            counts[forms.terms[first + number]] += int(frequencies[number])
    kept = q[: len(q) - len(last)]
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Completion(kept + form, "word", count) for form, count in ranked[:most]]


def names(q: str, known: Iterable[Name], most: int) -> list[Completion]:
    """Return the names that a query begins, whole or from one of their words on.

    ``known`` are in the order in which they are proposed.
    """
    wanted = fold(q).strip()
    if not wanted:
        return []
    found = (name for name in known if name.folded.startswith(wanted) or f" {wanted}" in name.folded)
    return [Completion(name.text, name.kind, name.count) for name, _ in zip(found, range(most), strict=False)]


def merged(*kinds: Sequence[Completion], most: int) -> tuple[Completion, ...]:
    """Return completions of several kinds, the most frequent first, each text once."""
    ranked = sorted((each for kind in kinds for each in kind), key=lambda each: (-each.count, each.text))
    once = {each.text.casefold(): each for each in reversed(ranked)}
    return tuple(each for each in ranked if once[each.text.casefold()] is each)[:most]


def corrected(q: str, segments: Sequence[Segment], deadline: int) -> list[str]:
    """Return queries with the words of ``q`` put right that look wrong, the likeliest first.

    Raises OutOfTime.  A word that no article has is wrong; one that few have may be.
    """
    options = [
        (start, end, found) for start, end, form in _words(q) if (found := _near(form, segments, deadline))
    ]
    ranks = range(min(_ALTERNATIVES, max((len(found) for *_, found in options), default=0)))
    return list(dict.fromkeys(_replaced(q, options, rank) for rank in ranks))


def _words(q: str) -> list[tuple[int, int, str]]:
    """Return the plain words of a query with their places, as surface forms."""
    found = []
    for leaf in parse(q, strict=False, max_length=len(q)).leaves():
        if type(leaf) is query.Term and leaf.fieldname in _TEXTS and leaf.startchar is not None:
            place = q.rfind(leaf.text, leaf.startchar, leaf.endchar)
            form = analyze_pattern(leaf.text)
            if place >= 0 and len(form) >= _SHORTEST and form.isalpha():
                found.append((place, place + len(leaf.text), form))
    return found


def _near(form: str, segments: Sequence[Segment], deadline: int) -> list[str]:
    """Return the surface forms that a form is probably a slip of, the likeliest first.

    Those alone that begin with its first letter or, where that was put or swapped before it, with its second:
    few slips are at the first.
    """
    own = _frequency(form, segments)
    slips = 1 if len(form) < _LONG else 2
    close: set[str] = set()
    for segment in segments:
        for first in {*form[:2]}:
            for part in segment.near(nodes.TEXT, form, slips, first):
                hold(deadline)
                close |= part
    counts: Mapping[str, tuple[int, int]] = {
        other: (OSA.distance(form, other), -frequency)
        for other in close
        if (frequency := _frequency(other, segments)) > _TIMES * own and other != form
    }
    return sorted(counts, key=lambda other: (counts[other], other))[:_ALTERNATIVES]


def _frequency(form: str, segments: Sequence[Segment]) -> int:
    """Return how many articles, deleted ones included, have a surface form in their title or body."""
    numbers = [
        [forms.count(number) for forms in segment.file.forms.values() if (number := forms.number(form)) >= 0]
        for segment in segments
    ]
    return sum(max(each, default=0) for each in numbers)


def _replaced(q: str, options: Sequence[tuple[int, int, list[str]]], rank: int) -> str:
    """Return the query with each word's choice of a rank, or its last."""
    for start, end, found in reversed(options):
        q = q[:start] + found[min(rank, len(found) - 1)] + q[end:]
    return q
