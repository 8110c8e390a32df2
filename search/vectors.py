"""What documents are about: which terms they have, and how often, stop words aside.

Nothing of this is on disk, where it would take as much room as the postings do: a title and the head of a
body are read and tokenised as they were when they were indexed, and their terms are remembered.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.analysis import analyzer
from index.article import UNDETERMINED
from index.codec.chunks import Chunks
from index.codec.weights import TITLE_WEIGHT
from index.compiled import kernel
from search.deadline import OutOfTime, hold, left

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.analysis import Analyzer
    from index.segment import Segment

_AT_ONCE = 25
"""Documents that are read between two looks at the clock: a millisecond or two, and where no word is of ASCII
and each is new, at 25 µs a word, a fifth of a second."""

_REMEMBERED = 1_000
"""Documents whose terms are remembered: of ten pools, 2 KB each."""

_STRINGS = 1 << 19
"""Bytes of chunks and forms that are remembered, 15 MB with all that is known of them: those of the heads of
10,000 articles; with four times as many a search takes as long.  Not how many chunks: where no spaces
stand between words, a chunk is a sentence."""

_HEAD = 2_000
"""Bytes of a body that are read: news tells the most important first.

On judged collections the mean nDCG@10 is the same as with whole bodies, of known news stories .5 % higher;
it takes half the time.
"""


class Terms(NamedTuple):
    """The terms of a document by number, each once, int32[m], and their weighted frequencies, int32[m]."""

    numbers: NDArray[np.int32]
    counts: NDArray[np.int32]


class Vectors:
    """Reads and remembers the terms of documents; shared by threads and generations.

    Numbers of terms mean the same in one answer of ``of``, and need not in another one.
    """

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._chunks = Chunks()
        self._stops: list[frozenset[str]] = []
        self._stopped = np.zeros((0, 0), dtype=np.bool_)
        self._known: dict[tuple[str, int], Terms] = {}

    def of(self, docs: Sequence[tuple[Segment, int]], main: str, deadline: int = 0) -> list[Terms]:
        """Return the terms of documents; ``main`` is the language of those whose own is not known.

        Raises OutOfTime where the deadline comes first.
        """
        # Who reads for another answer may have longer than this one.
        if not self._reading.acquire(timeout=left(deadline)):
            raise OutOfTime
        try:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            if self._chunks.size > _STRINGS:
                self._forget()
            asked = [each for each in docs if (each[0].name, each[1]) not in self._known]
            for first in range(0, len(asked), _AT_ONCE):
                hold(deadline)
                self._read(asked[first : first + _AT_ONCE], main)
            return [self._known[segment.name, doc] for segment, doc in docs]
        finally:
            self._reading.release()

    def _read(self, docs: Sequence[tuple[Segment, int]], main: str) -> None:
        texts: list[bytes] = []
        tags: list[int] = []
        for segment, doc in docs:
            title = (segment.shown(doc).title or "").encode("utf-8", "surrogatepass")
            texts += [head(title), head(segment.file.bodies[doc])]
            language, *_ = segment.columns.values["language"].of(doc)
            tags += [self._tag(analyzer(main if language == UNDETERMINED else language))] * 2
        chunks = self._chunks
        numbers, ends = chunks.numbers(texts, tags)
        self._stop()
        languages = np.array(tags[::2], dtype=np.int64)
        held = chunks.firsts, chunks.sizes, chunks.terms
        starts, terms, counts = _count(numbers, ends, *held, languages, self._stopped)
        for place, (segment, doc) in enumerate(docs):
            own = slice(starts[place], starts[place + 1])
            self._known[segment.name, doc] = Terms(terms[own].copy(), counts[own].copy())

    def _tag(self, chosen: Analyzer) -> int:
        tag = self._chunks.tag(chosen)
        if tag == len(self._stops):
            self._stops.append(chosen.stopped)
            self._stopped = np.zeros((tag + 1, 0), dtype=np.bool_)
        return tag

    def _stop(self) -> None:
        """Note which of the new terms are stop words of which language: bool[languages, terms]."""
        known = self._stopped.shape[1]
        new = self._chunks.names[known:]
        more = np.array([[name in stops for name in new] for stops in self._stops], dtype=np.bool_)
        self._stopped = np.concatenate((self._stopped, more.reshape(len(self._stops), len(new))), axis=1)


def head(body: bytes) -> bytes:
    """Return the beginning of a text in UTF-8; its last word may be half of one.

    >>> head(b"a" * 1999 + "غزة".encode()) == b"a" * 1999
    True
    """
    end = min(_HEAD, len(body))
    while 0 < end < len(body) and body[end] & 0xC0 == 0x80:  # the middle of a character  # noqa: PLR2004
        end -= 1
    return body[:end]


@kernel
def _count(
    numbers: NDArray[np.uint32],
    ends: NDArray[np.int64],
    firsts: NDArray[np.uint32],
    sizes: NDArray[np.uint32],
    terms: NDArray[np.int32],
    languages: NDArray[np.int64],
    stopped: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Return where the terms of each document begin, int64[d + 1], the terms, and how often each is there.

    A document is two texts, title and body, of chunks: see ``index.codec.chunks``.
    """
    times = np.zeros(stopped.shape[1], dtype=np.int32)
    starts = np.zeros(len(languages) + 1, dtype=np.int64)
    room = 0
    for at in range(len(numbers)):
        room += sizes[numbers[at]]
    found = np.empty(room, dtype=np.int32)
    counts = np.empty(room, dtype=np.int32)
    at = filled = 0
    for text in range(len(ends)):
        doc = text // 2
        weight = 1 if text % 2 else TITLE_WEIGHT
        while at < ends[text]:
            chunk = numbers[at]
            for piece in range(firsts[chunk], firsts[chunk] + sizes[chunk]):
                term = terms[piece]
                if term >= 0 and not stopped[languages[doc], term]:
                    if times[term] == 0:
                        found[filled] = term
                        filled += 1
                    times[term] += weight
            at += 1
        if text % 2:
            for place in range(starts[doc], filled):
                counts[place] = times[found[place]]
                times[found[place]] = 0
            starts[doc + 1] = filled
    return starts, found[:filled], counts[:filled]
