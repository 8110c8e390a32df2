"""The passages of a hit that show why it matched.

Where the words of a query stand is read from the postings that found it.  Only the pieces of the text
that hold them are analysed again: so a snippet costs what its matches cost, not what its article does.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from index.compiled import kernel
from search.highlight import apart, matches
from search.offsets import hashed, pieces, standing
from search.places import extents, occurrences
from search.places import places as places_of
from search.results import Snippet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from index.analysis import Analyzer
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
        self._title, self._body = marks["title"], marks["body"]
        words = self._words = segment.file.words["text"]  # titles and bodies, one behind the other
        self._in_bodies = extents(words, self._body.terms)
        same = self._title.terms == self._body.terms
        self._in_titles = self._in_bodies if same else extents(words, self._title.terms)
        self._forms = hashed(self._body.forms)
        self._sequences = [
            (sequence, [extents(words, terms) for terms, _ in sequence.steps])
            for sequence in (*self._body.sequences, *self._title.sequences)
        ]

    def snippets(self, doc: int, analyzer: Analyzer) -> tuple[Snippet, ...]:
        """Return at most ``MOST`` snippets: the title where it matches, then the body's best passages."""
        words, begins = self._words, self._segment.file.body_begins.item(doc)
        places = places_of(words, self._in_bodies, doc)
        named = places if self._in_titles is self._in_bodies else places_of(words, self._in_titles, doc)
        steps = [[places_of(words, one, doc) for one in each] for _, each in self._sequences]
        titled = bool(self._title.forms) or any(
            len(one) and one[0] < begins for one in (named, *chain(*steps))
        )
        title = self._segment.shown(doc).title if titled else None
        result: list[Snippet] = []
        if title:
            spans = matches(title, self._title, analyzer)
            if spans:
                result.append(Snippet("title", 0, len(title), title, tuple(span for span, _ in spans)))
        shown = self._shown([[_behind(one, begins) for one in each] for each in steps])
        places = _behind(places, begins)
        if not (len(places) or shown or self._body.forms):
            return tuple(result)
        body = self._segment.file.bodies[doc]
        text = body.decode("utf-8", "surrogatepass")
        return (
            *result,
            *passages(text, self._found(body, text, places, shown, analyzer), MOST - len(result)),
        )

    def _shown(self, steps: Sequence[Sequence[NDArray[np.uint32]]]) -> dict[int, set[str]]:
        """Return the terms that sequences show in the body, by position."""
        shown: dict[int, set[str]] = {}
        for sequence, places in zip(self._body.sequences, steps, strict=False):
            for (terms, _), kept in zip(sequence.steps, occurrences(sequence, places), strict=True):
                for place in kept.tolist():
                    shown.setdefault(place, set()).update(terms)
        return shown

    def _found(
        self,
        body: bytes,
        text: str,
        places: NDArray[np.uint32],
        shown: Mapping[int, set[str]],
        analyzer: Analyzer,
    ) -> list[Span]:
        """Return the spans of a body, bytes and text, that match, in order and not overlapping."""
        wanted, chunk = self._body, analyzer.chunk
        if shown:
            places = np.union1d(places, np.fromiter(shown, dtype=np.uint32, count=len(shown)))
        data = np.frombuffer(body, dtype=np.uint8)
        cut = pieces(data, self._forms, lambda start, end: chunk(text[start:end])[0])
        alone: list[Span] = []
        together: list[Span] = []
        met: set[int] = set()
        for at, end, position in standing(cut, places).tolist():
            for offset, term, form, low, high in chunk(text[at:end])[1]:
                if term in wanted.terms:
                    met.add(position + offset)
                elif shown and term in shown.get(position + offset, ()):
                    met.add(position + offset)
                    together.append(((at + low, at + high), term))
                    continue
                elif form not in wanted.forms:
                    continue
                alone.append(((at + low, at + high), term))
        if not met.issuperset(places.tolist()):  # indexed by other rules than the analyzer's of today
            return matches(text, wanted, analyzer)
        return apart(alone + together)


def _behind(places: NDArray[np.uint32], begins: int) -> NDArray[np.uint32]:
    """Return the positions from a body's first one on, counted from there."""
    return places[np.searchsorted(places, begins) :] - begins if len(places) else places


def passages(text: str, spans: Sequence[Span], most: int) -> list[Snippet]:
    """Return the passages that show the most different words, then the most matches, in text order."""
    if not spans:
        return []
    starts = np.array([start for (start, _), _ in spans])
    numbers: dict[str, int] = {}
    terms = np.array([numbers.setdefault(term, len(numbers)) for _, term in spans])
    worth = _worth(starts, terms, len(numbers), _WIDTH - _MARGIN)
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
    return [_cut(text, start, end, spans) for start, end in sorted(chosen)]


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
    inside = tuple((low - start, high - start) for (low, high), _ in spans if start <= low and high <= end)
    return Snippet("body", start, end, text[start:end], inside)
