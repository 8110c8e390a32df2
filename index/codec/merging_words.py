"""The postings of several segments become one's, term by term, in batches that fit in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec.kernels import copy_live, count_live
from index.codec.postings import Batch, PostingsWriter, cumulated
from index.codec.strings import Strings
from index.codec.uniting import chosen, united

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayWriter
    from index.codec.budget import Budget
    from index.codec.parts import Part
    from index.codec.postings import FieldPostings, Norms

_POSTING = 26
"""Bytes that a batch holds for a posting beside its positions, of which it holds one."""

_TERM, _NUMBER = 40, 24
"""Bytes that a window of dictionaries holds for each term, and for each term and dictionary."""


def merge_postings(
    writer: ArrayWriter,
    field: str,
    sources: Sequence[tuple[FieldPostings, Part]],
    norms: Norms | None,
    budget: Budget,
) -> None:
    """Write a field's postings."""
    postings = PostingsWriter(writer, field, norms)
    dictionaries = [words.terms for words, _ in sources]
    most = budget.window // (len(sources) * (_TERM + _NUMBER * len(sources)))
    for firsts, lasts in _windows(dictionaries, max(most, 1)):
        extents = list(zip(firsts, lasts, strict=True))
        names, numbers = united([_slice(d, *own) for d, own in zip(dictionaries, extents, strict=True)])
        weights = sum(
            _weights(words, *own)[each]
            for (words, _), own, each in zip(sources, extents, numbers, strict=True)
        )
        # A term that a segment lacks stays -1.
        numbers = [
            np.where(each < 0, each, each + first) for each, first in zip(numbers, firsts, strict=True)
        ]
        for first, last in ranges(np.asarray(weights), budget.window):
            own = [each[first:last] for each in numbers]
            postings.add(_batch(_slice(names, first, last), own, sources, scored=norms is not None))
            for _, part in sources:
                part.release()
    postings.close()


def ranges(counts: NDArray[np.int64], size: int) -> list[tuple[int, int]]:
    """Return ranges of what has some ``size`` together each, or is one that has more.

    >>> ranges(np.array([3, 1, 9, 2]), 4)
    [(0, 2), (2, 3), (3, 4)]
    """
    sums = cumulated(counts)
    found, first = [], 0
    while first < len(counts):
        last = int(np.searchsorted(sums, sums[first] + size, side="right")) - 1
        last = max(last, first + 1)
        found.append((first, last))
        first = last
    return found


def _windows(dictionaries: Sequence[Strings], most: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield where to begin and to end in each dictionary: at the same terms in all, ``most`` of each."""
    firsts = [0] * len(dictionaries)
    while any(first < len(each) for first, each in zip(firsts, dictionaries, strict=True)):
        ahead = [
            each.raw(first + most)
            for first, each in zip(firsts, dictionaries, strict=True)
            if first + most < len(each)
        ]
        lasts = [each.rank(min(ahead)) if ahead else len(each) for each in dictionaries]
        yield firsts, lasts
        firsts = lasts


def _slice(strings: Strings, first: int, last: int) -> Strings:
    starts = strings.starts[first : last + 1].astype(np.int64)
    return Strings(strings.blob[starts[0] : starts[-1]], starts - starts[0])


def _weights(words: FieldPostings, first: int, last: int) -> NDArray[np.int64]:
    """Return the bytes that a batch holds for each of some terms, and 0 for one that is not there."""
    weights = np.zeros(last - first + 1, dtype=np.int64)
    weights[:-1] = np.diff(words.starts[first : last + 1]) * _POSTING
    if len(words.byte_starts) > 1:
        weights[:-1] += np.diff(words.byte_starts[first : last + 1])
    return weights


def _batch(
    names: Strings,
    numbers: Sequence[NDArray[np.int64]],
    sources: Sequence[tuple[FieldPostings, Part]],
    *,
    scored: bool,
) -> Batch:
    """Return the live postings of some terms, under their new numbers."""
    found = [
        count_live(own, *_extents(words), words.bytes, words.byte_starts, part.live)
        for own, (words, part) in zip(numbers, sources, strict=True)
    ]
    counts = np.sum([count for count, _ in found], axis=0)
    sizes = np.sum([size for _, size in found], axis=0)
    posting_at, byte_at = cumulated(counts)[:-1], cumulated(sizes)[:-1]
    docs = np.empty(int(counts.sum()), dtype=np.uint32)
    tf = np.empty(len(docs) if scored else 0, dtype=np.int32)
    data = np.empty(int(sizes.sum()), dtype=np.uint8)
    lengths = np.empty(len(docs) if scored else 0, dtype=np.uint32)
    for own, (words, part) in zip(numbers, sources, strict=True):
        copy_live(
            own,
            *_extents(words),
            words.tf,
            words.long_at,
            words.long_tf,
            words.bytes,
            words.byte_starts,
            part.live,
            part.renamed,
            posting_at,
            byte_at,
            docs,
            tf,
            data,
            lengths,
        )
    used = np.flatnonzero(counts)
    kept = chosen(names, used)
    return Batch(kept, counts[used], docs, tf, data, lengths) if scored else Batch(kept, counts[used], docs)


def _extents(
    words: FieldPostings,
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    return words.starts, words.chunk_starts, words.chunk_blocks, words.chunk_ends, words.low
