"""The passages of a hit that show why it matched.

Where the words of a query stand is read from the postings that found it.  Only the pieces of the text
that hold them are analysed again: so a snippet costs what its matches cost, not what its article does.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.compiled import kernel
from search.highlight import apart, matches
from search.offsets import hashed, holding, pieces
from search.places import extents, occurrences, places
from search.results import Snippet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from index.analysis import Analyzer
    from index.codec.postings import FieldPostings
    from index.segment import Segment
    from search.highlight import Marks, Span

MOST = 3
"""Snippets a hit has at most."""

_WIDTH = 200
"""Code points of a snippet, about two lines of a terminal."""

_MARGIN = 40
"""Code points before a snippet's first match."""


class Finder:
    """Finds what a query marks in the documents of a segment."""

    def __init__(self, segment: Segment, marks: Mapping[str, Marks]) -> None:
        self._segment = segment
        self._words = segment.file.words["text"]  # titles and bodies, one behind the other
        body = _Sought.of(marks["body"], self._words)
        self._body = body
        self._title = body if marks["title"] == marks["body"] else _Sought.of(marks["title"], self._words)

    def snippets(self, doc: int, analyzer: Analyzer) -> tuple[Snippet, ...]:
        """Return at most ``MOST`` snippets: the title where it matches, then the body's best passages."""
        file, result = self._segment.file, list[Snippet]()
        begins = file.body_begins.item(doc)
        body = self._body.stand(self._words, doc)
        title = body if self._title is self._body else self._title.stand(self._words, doc)
        first = title.between(0, begins)
        if first.found or self._title.marks.forms:
            text = self._segment.shown(doc).title or ""
            encoded = text.encode("utf-8", "surrogatepass")
            spans = _spans(encoded, text, self._title, first, analyzer)
            if spans:
                result.append(Snippet("title", 0, len(text), text, tuple(span for span, _ in spans)))
        rest = body.between(begins, _END)
        if rest.found or self._body.marks.forms:
            encoded = file.bodies[doc]
            text = encoded.decode("utf-8", "surrogatepass")
            spans = _spans(encoded, text, self._body, rest, analyzer)
            result += passages(text, spans, MOST - len(result))
        return tuple(result)


_END = 1 << 32
"""Behind the last position that there may be."""


class _Standing(NamedTuple):
    """Positions of terms, ascending, and those of the steps of each sequence."""

    terms: NDArray[np.uint32]
    sequences: list[list[NDArray[np.uint32]]]

    @property
    def found(self) -> bool:
        """Whether there are any."""
        return len(self.terms) > 0 or any(all(map(len, steps)) for steps in self.sequences)

    def between(self, first: int, last: int) -> _Standing:
        """Return the positions from one to before another, counted from there."""
        return _Standing(
            _between(self.terms, first, last),
            [[_between(step, first, last) for step in steps] for steps in self.sequences],
        )


def _between(places: NDArray[np.uint32], first: int, last: int) -> NDArray[np.uint32]:
    if not len(places) or (not first and places[-1] < last):
        return places
    low, high = places.searchsorted([first, last])
    return places[low:high] - first


class _Sought(NamedTuple):
    """What is marked in a field, and where the postings of it stand in a segment."""

    marks: Marks
    terms: NDArray[np.int64]
    steps: list[list[NDArray[np.int64]]]
    forms: NDArray[np.uint64]

    @classmethod
    def of(cls, marks: Marks, words: FieldPostings) -> _Sought:
        """Look up the terms."""
        steps = [[extents(words, terms) for terms, _ in one.steps] for one in marks.sequences]
        return cls(marks, extents(words, marks.terms), steps, hashed(marks.forms))

    def stand(self, words: FieldPostings, doc: int) -> _Standing:
        """Return where all of it stands in a document, title and body one behind the other."""
        sequences = [[places(words, step, doc) for step in steps] for steps in self.steps]
        return _Standing(places(words, self.terms, doc), sequences)


def _spans(encoded: bytes, text: str, sought: _Sought, standing: _Standing, analyzer: Analyzer) -> list[Span]:
    """Return the spans of a text, given encoded as well, that match, in order and not overlapping."""
    wanted, chunk = sought.marks, analyzer.chunk
    terms, forms = wanted.terms, wanted.forms
    shown = _shown(wanted, standing)
    positions = standing.terms
    if shown:
        positions = np.union1d(positions, np.fromiter(shown, dtype=np.uint32, count=len(shown)))
    data = np.frombuffer(encoded, dtype=np.uint8)
    cut = pieces(data, sought.forms, lambda start, end: chunk(text[start:end])[0])
    alone: list[Span] = []
    together: list[Span] = []
    met: set[int] = set()
    for at, end, position in holding(cut, positions).tolist():
        for offset, term, form, low, high in chunk(text[at:end])[1]:
            if term in terms:
                met.add(position + offset)
            elif shown and term in shown.get(position + offset, ()):
                met.add(position + offset)
                together.append(((at + low, at + high), term))
                continue
            elif form not in forms:
                continue
            alone.append(((at + low, at + high), term))
    if not met.issuperset(positions.tolist()):  # indexed by other rules than the analyzer's of today
        return matches(text, wanted, analyzer)
    return apart(alone + together)


def _shown(wanted: Marks, standing: _Standing) -> dict[int, set[str]]:
    """Return the terms that sequences show, by position."""
    shown: dict[int, set[str]] = {}
    for sequence, steps in zip(wanted.sequences, standing.sequences, strict=True):
        for (terms, _), kept in zip(sequence.steps, occurrences(sequence, steps), strict=True):
            for place in kept.tolist():
                shown.setdefault(place, set()).update(terms)
    return shown


def passages(text: str, spans: Sequence[Span], most: int) -> list[Snippet]:
    """Return the passages that show the most different words, then the most matches, in text order."""
    if not spans:
        return []
    starts = [start for (start, _), _ in spans]
    numbers: dict[str, int] = {}
    terms = np.array([numbers.setdefault(term, len(numbers)) for _, term in spans])
    worth = _worth(np.array(starts), terms, len(numbers), _WIDTH - _MARGIN)
    chosen: list[tuple[int, int]] = []
    for number in np.argsort(-worth, kind="stable").tolist():
        match = spans[number][0]
        if any(low <= match[0] < high for low, high in chosen):
            continue
        start, end = _window(text, match)
        if all(end <= low or high <= start for low, high in chosen):
            chosen.append((start, end))
            if len(chosen) == most:
                break
    return [
        _cut(text, start, end, spans[bisect_left(starts, start) : bisect_left(starts, end)])
        for start, end in sorted(chosen)
    ]


@kernel
def _worth(
    starts: NDArray[np.int64], terms: NDArray[np.int64], different: int, reach: int
) -> NDArray[np.int64]:
    """Return the worth of a passage that begins at each match: different words first, then matches."""
    worth = np.empty(len(starts), dtype=np.int64)
    inside = np.zeros(different, dtype=np.int64)
    behind = 0
    words = 0
    for first in range(len(starts)):
        while behind < len(starts) and starts[behind] < starts[first] + reach:
            words += inside[terms[behind]] == 0
            inside[terms[behind]] += 1
            behind += 1
        worth[first] = words << 32 | (behind - first)
        inside[terms[first]] -= 1
        words -= inside[terms[first]] == 0
    return worth


def _window(text: str, match: tuple[int, int]) -> tuple[int, int]:
    """Return the bounds of a passage around a match: whole words, whole match, within the paragraph."""
    low = max(text.rfind("\n", 0, match[0]) + 1, match[0] - _MARGIN)
    high = text.find("\n", match[1])
    high = min(len(text) if high < 0 else high, max(low + _WIDTH, match[1]))
    if low > 0 and not text[low - 1].isspace():
        space = text.find(" ", low, match[0])
        low = space + 1 if space >= 0 else low
    if high < len(text) and not text[high].isspace():
        space = text.rfind(" ", match[1], high)
        high = space if space >= 0 else high
    return low, high


def _cut(text: str, start: int, end: int, spans: Sequence[Span]) -> Snippet:
    inside = tuple((low - start, high - start) for (low, high), _ in spans if high <= end)
    return Snippet("body", start, end, text[start:end], inside)
