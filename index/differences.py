"""What was changed between two members of a story: the words that one has and the other lacks, with spans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import Indel

from index.analysis.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

LONGEST = 20_000
"""Words of a text that are compared: two texts of this length take a second."""

STRAY = 3
"""Words in common between two changes from which on they are told apart: the odd "of the" is no agreement."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A run of words that was replaced, or added or cut where one of the spans is empty.

    ``one`` and ``other`` are offsets in code points, ``before`` and ``after`` the words there.
    """

    one: Span
    other: Span
    before: str
    after: str


def differences(one: str, other: str) -> list[Difference]:
    """Return what was changed from one text to the other, in its order.  Case and punctuation do not count.

    >>> [(d.before, d.after) for d in differences("He was not sure, he said", "He was sure, she said")]
    [('not sure, he', 'sure, she')]
    """
    spans = [[match.span() for match in _WORD.finditer(text)][:LONGEST] for text in (one, other)]
    words = [
        [fold(text[a:b]).replace("'", "") for a, b in places]
        for text, places in zip((one, other), spans, strict=True)
    ]
    found = []
    for (a, b), (c, d) in _changes(*words):
        here, there = _place(spans[0], a, b), _place(spans[1], c, d)
        found.append(Difference(here, there, one[slice(*here)], other[slice(*there)]))
    return found


def _changes(one: list[str], other: list[str]) -> Iterator[tuple[Span, Span]]:
    """Yield the ranges of words between the runs that both have."""
    kept = [
        (block.a, block.b, block.size)
        for block in Indel.opcodes(one, other).as_matching_blocks()
        if block.size
    ]
    at = (0, 0)
    whole = [
        each
        for n, each in enumerate(kept)
        if each[2] >= STRAY or each[:2] == (0, 0) or _ends(each, one, other)
    ]
    for a, b, size in [*whole, (len(one), len(other), 0)]:
        if (a, b) != at:
            yield (at[0], a), (at[1], b)
        at = a + size, b + size


def _ends(block: tuple[int, int, int], one: list[str], other: list[str]) -> bool:
    a, b, size = block
    return (a + size, b + size) == (len(one), len(other))


def _place(spans: list[Span], first: int, last: int) -> Span:
    """Return where words stand in their text; where there are none, the end of the word before them."""
    if first < last:
        return spans[first][0], spans[last - 1][1]
    before = spans[first - 1][1] if first else 0
    return before, before
