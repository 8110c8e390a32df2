"""The passages of a hit that show why it matched.

Where the words of a query stand is read from the postings that found it.  What a mark covers is seen in
the text, mostly, and only what is shown is analysed again: a snippet costs what its matches cost, not
what its article does.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from search.deadline import late
from search.marked import Sought, Texts
from search.places import standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from index.analysis import Analyzer
    from index.segment import Segment
    from search.highlight import Marks
    from search.results import Snippet

MOST = 3
"""Snippets a hit has at most."""

_AT_ONCE = 20_000
"""Words of articles whose snippets are made at once: more than ten articles of a page have, and few enough
for a look at the clock every millisecond."""

_END = 1 << 32
"""Behind the last position that there may be."""


class Finder:
    """Finds what a query marks in the documents of a segment."""

    def __init__(self, segment: Segment, marks: Mapping[str, Marks]) -> None:
        self._segment = segment
        self._words = segment.file.words["text"]  # titles and bodies, one behind the other
        self._body = Sought.of(marks["body"], self._words)
        same = marks["title"] == marks["body"]
        self._title = self._body if same else Sought.of(marks["title"], self._words)

    def snippets(
        self, docs: Sequence[int], analyzers: Sequence[Analyzer], deadline: int = 0
    ) -> list[tuple[Snippet, ...]]:
        """Return at most ``MOST`` snippets of each document, none from the deadline on.

        The title, where it matches, then the body's best passages.
        """
        lengths = self._segment.columns.lengths["text"]
        found: list[tuple[Snippet, ...]] = []
        while len(found) < len(docs):
            if late(deadline):
                return found + [()] * (len(docs) - len(found))
            last, words = first, _ = len(found), 0
            while last < len(docs) and (last == first or words < _AT_ONCE):
                words += lengths.item(docs[last])
                last += 1
            found += self._found(docs[first:last], analyzers[first:last])
        return found

    def _found(self, docs: Sequence[int], analyzers: Sequence[Analyzer]) -> Iterator[tuple[Snippet, ...]]:
        """Yield the snippets of some documents."""
        begins = self._segment.file.body_begins[list(docs)].tolist()
        parts = [(at, 0, begin) for at, begin in enumerate(begins)]
        parts += [(at, begin, _END) for at, begin in enumerate(begins)]
        count = len(docs)
        if self._title is self._body:
            titles = bodies = self._texts(self._body, docs, parts, analyzers)
            behind = count
        else:
            titles = self._texts(self._title, docs, parts[:count], analyzers)
            bodies = self._texts(self._body, docs, parts[count:], analyzers)
            behind = 0
        heads = [titles.title(number) for number in range(count)]
        most = [0] * behind + [MOST - len(head) for head in heads]
        rest = bodies.passages(most)
        return (head + rest[behind + number] for number, head in enumerate(heads))

    def _texts(
        self,
        sought: Sought,
        docs: Sequence[int],
        parts: Sequence[tuple[int, int, int]],
        analyzers: Sequence[Analyzer],
    ) -> Texts:
        """Read the parts in which there is something to mark; a part is a place in ``docs`` and positions."""
        rows = standing(
            *(self._words, sought.extents, sought.alone, sought.chains),
            *(np.array(docs, dtype=np.int64), np.array(parts, dtype=np.int64)),
        )
        whole = bool(sought.marks.forms)
        encoded = [
            (self._read(docs[at], title=last != _END) if whole or first < behind else b"")
            for (at, _, last), (first, behind) in zip(parts, pairwise(rows[0].tolist()), strict=True)
        ]
        return Texts(sought, encoded, rows, [*analyzers, *analyzers])

    def _read(self, doc: int, *, title: bool) -> bytes:
        return self._segment.columns.titles.raw(doc) if title else self._segment.file.bodies[doc]
