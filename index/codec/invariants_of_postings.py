"""What holds in the postings of every segment: order, frequencies, positions, lengths and impacts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec.kernels import BLOCK_BITS, IMPACT, LONG, MORE, SAMPLE, positions_at
from index.codec.norms import LENGTHS
from index.codec.weights import TITLE_GAP, TITLE_WEIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from index.codec.postings import FieldPostings
    from index.segment import SegmentFile

    Numbers = NDArray[Any]

_BATCH = 1 << 20
"""Postings that are decoded at once: some 100 MB."""


def fields(file: SegmentFile) -> Iterator[str]:
    """Yield what does not hold in the postings of a segment."""
    lines = list(postings(file, lambda doc: f"article {file.columns.ids[doc]!r}"))
    yield from lines or _titles(file)


def postings(file: SegmentFile, label: Callable[[int], str]) -> Iterator[str]:
    """Yield what does not hold in the first field that is not sound; ``label`` names a document."""
    for field, words in (*file.words.items(), *file.forms.items()):
        lines = list(_dictionary(words)) or list(_documents(words, file.size))
        if field in file.words:
            lines = lines or list(_positions(words)) or list(_Scored(file, field, label).broken())
        yield from (f"{field}: {line}" for line in lines)
        if lines:
            return


def _dictionary(words: FieldPostings) -> Iterator[str]:
    """Compare the terms, and where each one's postings, blocks and bytes start."""
    count = len(words.terms)
    if not ascend([words.terms.raw(number) for number in range(count)]):
        yield "terms do not ascend"
    extents = {
        "starts": (words.starts, len(words.low)),
        "chunk_starts": (words.chunk_starts.astype(np.int64), len(words.chunk_ends)),
    }
    for name, (starts, total) in extents.items():
        if len(starts) != count + 1 or not are_starts(starts, total) or np.any(np.diff(starts) == 0):
            yield f"{name} do not give each term a posting"
    if len(words.chunk_blocks) != len(words.chunk_ends):
        yield "chunk_blocks and chunk_ends differ in length"


def _documents(words: FieldPostings, size: int) -> Iterator[str]:
    """Compare the blocks of each term, and the order of its documents."""
    counts = np.diff(words.starts)
    firsts = np.zeros(len(words.chunk_ends), dtype=np.bool_)
    firsts[words.chunk_starts[:-1]] = True
    ends = words.chunk_ends.astype(np.int64)
    sizes = ends - np.where(firsts, 0, np.roll(ends, 1))
    if np.any(sizes <= 0) or not np.array_equal(ends[words.chunk_starts[1:].astype(np.int64) - 1], counts):
        yield "chunk_ends do not divide the documents of a term"
        return
    if np.any((np.diff(words.chunk_blocks.astype(np.int64)) <= 0) & ~firsts[1:]):
        yield "chunk_blocks do not ascend"
    for first, last in _batches(words.starts):
        docs = _docs(words, first, last)
        begins = np.zeros(len(docs), dtype=np.bool_)
        begins[words.starts[first:last] - words.starts[first]] = True
        if np.any(docs >= size):
            yield f"a posting is of a document beyond the last, {size:,}"
        if np.any((np.diff(docs) <= 0) & ~begins[1:]):
            yield "documents of a term do not ascend"


def _positions(words: FieldPostings) -> Iterator[str]:
    """Compare the bytes of positions with the postings that they are of, before anything decodes them."""
    counts = np.diff(words.starts)
    if len(words.byte_starts) != len(words.starts) or not are_starts(words.byte_starts, len(words.bytes)):
        yield "byte_starts do not divide bytes"
        return
    ends = _posting_ends(words.bytes)
    if len(ends) != len(words.low) or (len(words.bytes) and words.bytes[-1] >= MORE):
        yield f"bytes hold the positions of {len(ends):,} postings, not {len(words.low):,}"
        return
    starts = np.concatenate([[0], ends])
    if not np.array_equal(starts[words.starts], words.byte_starts):
        yield "byte_starts are not where the positions of terms begin"
    within = np.arange(len(words.low)) - np.repeat(words.starts[:-1], counts)
    jumped = np.flatnonzero((within % SAMPLE == 0) & (within > 0))
    term = np.searchsorted(words.starts, jumped, side="right") - 1
    if not np.array_equal(words.samples, starts[jumped] - words.byte_starts[term]):
        yield "samples do not lead to the positions of their postings"
    long = np.flatnonzero(words.tf == LONG)
    if not np.array_equal(long, words.long_at) or len(long) != len(words.long_tf):
        yield "long_at is not where frequencies do not fit a byte"
    elif np.any(words.long_tf < LONG) or np.any(words.tf == 0):
        yield "a frequency is too small"


@dataclass(slots=True)
class _Scored:
    """A field with frequencies, compared with positions, lengths and impacts."""

    file: SegmentFile
    field: str
    label: Callable[[int], str]

    def broken(self) -> Iterator[str]:
        """Yield what does not hold."""
        words, columns = self.file.words[self.field], self.file.columns
        total = np.zeros(self.file.size)
        impacts = 0
        for first, last in _batches(words.starts):
            counts = np.diff(words.starts[first : last + 1])
            docs, tf = _docs(words, first, last), _tf(words, first, last)
            start, no_jumps = int(words.byte_starts[first]), words.samples[:0]
            starts, positions = positions_at(words.bytes, start, no_jumps, np.arange(len(docs)))
            yield from self._fits(docs, tf, starts, positions)
            total += np.bincount(docs, weights=tf, minlength=self.file.size)
            expected = self._impacts(counts, docs, tf)
            found = words.impacts[impacts : impacts + len(expected)]
            impacts += len(expected)
            if len(found) != len(expected) or not np.all(expected.best == expected.of(found)):
                yield "impacts are not the best scores of their runs"
        if impacts != len(words.impacts):
            yield "impacts are not one a run"
        for doc in np.flatnonzero(total != columns.lengths[self.field])[:_SHOWN].tolist():
            known = columns.lengths[self.field][doc]
            yield f"{self.label(doc)} has {total[doc]:g} words and a length of {known}"

    def _fits(self, docs: Numbers, tf: Numbers, starts: Numbers, positions: Numbers) -> Iterator[str]:
        """Compare frequencies with positions."""
        of = np.repeat(np.arange(len(docs)), np.diff(starts))
        again = np.zeros(len(positions), dtype=np.bool_)
        again[starts[:-1]] = True
        if np.any((np.diff(positions.astype(np.int64)) <= 0) & ~again[1:]):
            yield "positions of a posting do not ascend"
        begins = self.file.body_begins[docs[of]]
        titled = (positions < begins) | (self.field == "title")
        if np.any(titled & (positions.astype(np.int64) + TITLE_GAP >= begins)):
            yield "a position lies between title and body"
        worth = np.where(titled, 1 if self.field == "title" else TITLE_WEIGHT, 1)
        if not np.array_equal(np.bincount(of, weights=worth, minlength=len(docs)), tf):
            yield "frequencies are not those of the positions"

    def _impacts(self, counts: Numbers, docs: Numbers, tf: Numbers) -> _Runs:
        """Return the runs of some terms that are long enough to have impacts."""
        columns, meta = self.file.columns, self.file.file.meta
        lengths = columns.lengths[self.field]
        average = float(lengths[lengths > 0].mean(dtype=np.float64)) if np.any(lengths) else 1.0
        norms = columns.norms[self.field][docs]
        relative = 1 - meta["b"] + meta["b"] * (LENGTHS / average)[norms]
        scores = tf / (tf + meta["k1"] * relative)
        codes = (np.minimum(tf, LONG) << 8) | norms
        within = np.arange(len(docs)) - np.repeat(np.cumsum(counts) - counts, counts)
        kept = np.repeat(counts > IMPACT, counts)
        return _Runs(codes[kept], scores[kept], np.flatnonzero(within[kept] % IMPACT == 0))


@dataclass(frozen=True, slots=True)
class _Runs:
    """Postings in runs: (frequency << 8 | norm) and score of each, and where runs begin."""

    codes: Numbers
    scores: Numbers
    starts: Numbers

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def best(self) -> Numbers:
        """The best score of each run."""
        return np.maximum.reduceat(self.scores, self.starts) if len(self) else np.zeros(0)

    def of(self, impacts: Numbers) -> Numbers:
        """Return the best score in each run of a posting with the run's impact, 0 where there is none."""
        sizes = np.diff(self.starts, append=len(self.codes))
        same = np.where(self.codes == np.repeat(impacts, sizes), self.scores, 0)
        return np.maximum.reduceat(same, self.starts) if len(self) else np.zeros(0)


_SHOWN = 10
"""Articles that are named where many have the same fault."""


def _titles(file: SegmentFile) -> Iterator[str]:
    """Compare the postings of titles with those of the text: a title's words are found in both."""
    text, title = file.words["text"], file.words["title"]
    numbers = [text.number(title.terms[number]) for number in range(len(title.terms))]
    if -1 in numbers:
        yield f"title: the term {title.terms[numbers.index(-1)]!r} is not one of the text"
        return
    for number, other in enumerate(numbers):
        docs, found = title.docs(number), text.docs(other)
        places = np.searchsorted(found, docs)
        if not np.array_equal(found[np.minimum(places, len(found) - 1)], docs):
            yield f"title: {title.terms[number]!r} stands in a title that the text lacks"
        elif np.any(text.frequencies(other)[places] < TITLE_WEIGHT * title.frequencies(number)):
            yield f"title: {title.terms[number]!r} is more frequent than in the text"


def _batches(starts: Numbers) -> Iterator[tuple[int, int]]:
    """Yield ranges of terms with some ``_BATCH`` postings each."""
    first, terms = 0, len(starts) - 1
    while first < terms:
        last = int(np.searchsorted(starts, starts[first] + _BATCH, side="right")) - 1
        last = min(max(last, first + 1), terms)
        yield first, last
        first = last


def _docs(words: FieldPostings, first: int, last: int) -> Numbers:
    """Return the documents of a range of terms: int64[p]."""
    chunk, beyond = int(words.chunk_starts[first]), int(words.chunk_starts[last])
    own = words.chunk_starts[first:last].astype(np.int64) - chunk
    sizes = words.chunk_ends[chunk:beyond].astype(np.int64)
    inner = np.ones(len(sizes), dtype=np.bool_)
    inner[own] = False
    sizes[inner] -= words.chunk_ends[chunk:beyond][np.flatnonzero(inner) - 1]
    low = words.low[int(words.starts[first]) : int(words.starts[last])]
    docs: Numbers = (np.repeat(words.chunk_blocks[chunk:beyond].astype(np.int64), sizes) << BLOCK_BITS) | low
    return docs


def _tf(words: FieldPostings, first: int, last: int) -> Numbers:
    """Return the exact frequencies of a range of terms: int64[p]."""
    start, end = int(words.starts[first]), int(words.starts[last])
    tf: Numbers = words.tf[start:end].astype(np.int64)
    one, other = np.searchsorted(words.long_at, [start, end])
    tf[words.long_at[one:other] - start] = words.long_tf[one:other]
    return tf


def _posting_ends(data: Numbers) -> Numbers:
    """Return where the positions of each posting end: int64[p]."""
    ends = np.flatnonzero(data < MORE) + 1
    lows = data[np.concatenate([[0], ends[:-1]])] if len(ends) else data[:0]
    last: Numbers = (lows & 1) == 1
    found: Numbers = ends[last]
    return found


def are_starts(starts: Numbers, total: int) -> bool:
    """Return whether numbers ascend from 0 to a total."""
    return bool(len(starts) and starts[0] == 0 and starts[-1] == total and np.all(np.diff(starts) >= 0))


def ascend(listed: Sequence[Any]) -> bool:
    """Return whether strings or numbers ascend, each once."""
    return all(one < other for one, other in pairwise(listed))
