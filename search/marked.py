"""Texts with what a query marks in them, and the passages that show it.

What a mark covers is seen in the text, mostly; only what is shown is analysed again.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.highlight import apart, matches
from search.offsets import (
    BEGIN,
    BEHIND,
    BYTE,
    END,
    FIRST,
    HIGH,
    LOW,
    PLACE,
    START,
    TERM,
    TEXT,
    hashed,
    located,
)
from search.passages import chosen
from search.places import TERMS, Chains, chains, extents
from search.results import Snippet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from index.analysis import Analyzer
    from index.codec.postings import FieldPostings
    from search.highlight import Marks, Span


class Sought(NamedTuple):
    """What is marked in a field, and where the postings of it stand in a segment."""

    marks: Marks
    numbers: dict[str, int]
    extents: NDArray[np.int64]
    alone: NDArray[np.bool_]
    chains: Chains
    forms: NDArray[np.uint64]

    @classmethod
    def of(cls, marks: Marks, words: FieldPostings) -> Sought:
        """Look up the terms."""
        steps = [term for one in marks.sequences for terms, _ in one.steps for term in terms]
        numbers, found = extents(words, [*marks.terms, *steps])
        alone = np.array([term in marks.terms for term in numbers], dtype=np.bool_)
        return cls(marks, numbers, found, alone, chains(marks.sequences, numbers), hashed(marks.forms))


class Texts:
    """Some texts with what is marked in them."""

    def __init__(
        self,
        sought: Sought,
        encoded: Sequence[bytes],
        rows: tuple[NDArray[np.int64], NDArray[np.int64]],
        analyzers: Sequence[Analyzer],
    ) -> None:
        self._marks = sought.marks
        self._encoded = encoded
        self._rows = rows
        self._analyzers = analyzers
        self._decoded: dict[int, str] = {}
        self._seen: dict[Analyzer, set[tuple[str, str]]] = {}  # words that have a term
        self._alone: dict[tuple[Analyzer, str], list[Span]] = {}
        self._numbers = dict(sought.numbers)
        self._data = np.frombuffer(b"".join(encoded), dtype=np.uint8)
        self._bounds = np.array([*accumulate(map(len, encoded), initial=0)], dtype=np.int64)
        places, ends = located(self._data, self._bounds, rows, sought.forms, self._width)
        # Texts that were indexed by other rules than the analyzer's of today.
        self._strange = set((ends < rows[0][1:]).nonzero()[0].tolist())
        self._places = self._told(places)
        firsts = self._places[:, TEXT].searchsorted(np.arange(len(encoded) + 1))
        self._first_places, self._firsts = firsts, firsts.tolist()
        self._terms = list(self._numbers)

    def _text(self, number: int) -> str:
        known = self._decoded.get(number)
        if known is None:
            known = self._decoded[number] = self._encoded[number].decode("utf-8", "surrogatepass")
        return known

    def _width(self, number: int, start: int, end: int) -> int:
        return self._analyzers[number].chunk(self._text(number)[start:end])[0]

    def _told(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places with what the analyzer tells of those that are not clear by themselves."""
        unclear = (places[:, TERM] < 0).nonzero()[0]
        if not len(unclear):
            return places
        told: list[Sequence[int]] = []
        more = []
        for row in places[unclear].tolist():
            told.append(_NOWHERE)
            text, start = self._text(row[TEXT]), row[START]
            for number, ((low, high), term) in enumerate(self._spans(row, text[start : row[END]])):
                ahead = len(text[start : start + low].encode("utf-8", "surrogatepass")) if low else 0
                known = self._numbers.setdefault(term, len(self._numbers))
                found = start + low, start + high, row[BYTE] + ahead, known
                if number == 0:
                    told[-1] = found
                else:
                    more.append([*row[:LOW], *found, *row[BEGIN:]])
        places[unclear, LOW : TERM + 1] = told
        if more:
            places = np.concatenate((places, np.array(more, dtype=np.int64)))
            places = places[np.lexsort((places[:, LOW], places[:, TEXT]))]
        return places[places[:, TERM] >= 0]

    def _spans(self, row: Sequence[int], piece: str) -> list[Span]:
        """Return the spans of a piece that match, in order and not overlapping, counted from its first."""
        own, first = self._analyzers[row[TEXT]], row[FIRST]
        if row[BEGIN] == row[BEHIND]:  # nothing but a form may be there
            known = self._alone.get((own, piece))
            if known is None:
                known = self._alone[own, piece] = self._marked(own, piece, first, set())[0]
            return known
        sought = set(self._rows[1][row[BEGIN] : row[BEHIND]].tolist())
        spans, met = self._marked(own, piece, first, sought)
        if not met.issuperset(each // TERMS for each in sought):
            self._strange.add(row[TEXT])
        return spans

    def _marked(
        self, own: Analyzer, piece: str, first: int, sought: AbstractSet[int]
    ) -> tuple[list[Span], set[int]]:
        """Return the spans, and the positions at which there is one of the terms."""
        alone: list[Span] = []
        together: list[Span] = []
        met = set()
        terms, forms = self._marks.terms, self._marks.forms
        for offset, term, form, low, high in own.chunk(piece)[1]:
            place = first + offset
            if term in terms:
                alone.append(((low, high), term))
                met.add(place)
            elif place * TERMS + self._numbers.get(term, _UNKNOWN) in sought:
                together.append(((low, high), term))
                met.add(place)
            elif form in forms:
                alone.append(((low, high), term))
        found = alone + together
        return apart(found) if len(found) > 1 else found, met

    def title(self, number: int) -> tuple[Snippet, ...]:
        """Return the whole text with its marks, if it has any."""
        first, behind = self._firsts[number], self._firsts[number + 1]
        if first == behind and number not in self._strange:
            return ()
        marks = self._shown(number, first, behind)
        if marks is None:
            found = [span for span, _ in matches(self._text(number), self._marks, self._analyzers[number])]
        else:
            found = [span for span, _ in marks]
        text = self._text(number) if found else ""
        return (Snippet("title", 0, len(text), text, tuple(found)),) if found else ()

    def passages(self, most: Sequence[int]) -> list[tuple[Snippet, ...]]:
        """Return the best passages of each text, at most so many of it."""
        found: list[list[Snippet]] = [[] for _ in most]
        best = chosen(
            self._data, self._bounds, self._places, self._first_places, len(self._numbers), np.array(most)
        )
        for number, start, end, first, behind in best.tolist():
            marks = self._shown(number, first, behind)
            if marks is None:
                self._strange.add(number)
            else:
                found[number].append(_cut(self._text(number), start, end, marks))
        for number in self._strange:
            if most[number]:
                text = self._text(number)
                found[number] = passages(
                    text, matches(text, self._marks, self._analyzers[number]), most[number]
                )
        return list(map(tuple, found))

    def _shown(self, number: int, first: int, behind: int) -> list[Span] | None:
        """Return some marks of a text as spans, None where the analyzer finds other words there."""
        if number in self._strange:
            return None
        own, text, names = self._analyzers[number], self._text(number), self._terms
        seen = self._seen.setdefault(own, set())
        spans = []
        for low, high, _, at in self._places[first:behind, LOW : TERM + 1].tolist():
            word = text[low:high], names[at]
            if word not in seen:
                if all(place[1] != word[1] for place in own.chunk(word[0])[1]):
                    return None
                seen.add(word)
            spans.append(((low, high), word[1]))
        return spans


_NOWHERE = (0, 0, 0, -1)
"""The columns from ``LOW`` to ``TERM`` of a place in which there is nothing."""

_UNKNOWN = TERMS - 1
"""The number of a term that was not looked for."""


def passages(text: str, spans: Sequence[Span], most: int) -> list[Snippet]:
    """Return the passages that show the most different words, then the most matches, in text order."""
    encoded = text.encode("utf-8", "surrogatepass")
    numbers: dict[str, int] = {}
    marks = np.zeros((len(spans), PLACE), dtype=np.int64)
    at = byte = 0
    for row, ((low, high), term) in zip(marks, spans, strict=True):
        byte += len(text[at:low].encode("utf-8", "surrogatepass"))
        at = low
        row[[LOW, HIGH, BYTE, TERM]] = low, high, byte, numbers.setdefault(term, len(numbers))
    best = chosen(
        np.frombuffer(encoded, dtype=np.uint8),
        np.array([0, len(encoded)]),
        marks,
        np.array([0, len(spans)]),
        len(numbers),
        np.array([most]),
    )
    return [_cut(text, start, end, spans[first:behind]) for _, start, end, first, behind in best.tolist()]


def _cut(text: str, start: int, end: int, spans: Sequence[Span]) -> Snippet:
    inside = [(low - start, high - start) for (low, high), _ in spans if high <= end]
    return Snippet("body", start, end, text[start:end], tuple(inside))
