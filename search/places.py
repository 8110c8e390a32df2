"""Where words stand in one document, read from the postings that found it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.codec.kernels import BLOCK_BITS, positions_at
from index.compiled import kernel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from index.codec.postings import FieldPostings
    from search import nodes

NOWHERE: NDArray[np.uint32] = np.empty(0, dtype=np.uint32)
"""The positions of a word that does not occur."""


def extents(words: FieldPostings, terms: Iterable[str]) -> NDArray[np.int64]:
    """Return where the postings of some terms stand, of those that the field has: int64[t, 5].

    A row has the first posting, the first block and the one behind the last, the first jump and byte.
    """
    found = [one for term in terms if (one := words.find(term)) is not None]
    rows = [(one.start, one.chunk, one.chunks, one.jump, one.byte) for one in found]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 5)


def places(words: FieldPostings, extents: NDArray[np.int64], doc: int) -> NDArray[np.uint32]:
    """Return the positions at which a document has one of some terms, distinct and ascending."""
    if not len(extents):
        return NOWHERE
    return _places(words.low, words.chunk_blocks, words.chunk_ends, words.bytes, words.samples, extents, doc)


@kernel
def _places(
    low: NDArray[np.uint16],
    blocks: NDArray[np.uint16],
    ends: NDArray[np.uint32],
    data: NDArray[np.uint8],
    samples: NDArray[np.uint32],
    extents: NDArray[np.int64],
    doc: int,
) -> NDArray[np.uint32]:
    """Return the positions of all terms: see ``index.codec.postings``."""
    found = np.empty(0, dtype=np.uint32)
    wanted = np.empty(1, dtype=np.int64)
    for term in range(len(extents)):
        start, chunk, last, jump, byte = extents[term]
        wanted[0] = _posting(low, blocks, ends, start, chunk, last, doc)
        if wanted[0] >= 0:
            _, more = positions_at(data, byte, samples[jump:], wanted)
            found = more if not len(found) else np.concatenate((found, more))
    if len(extents) == 1:
        return found
    found.sort()
    kept = 0
    for at in range(len(found)):
        # Two terms may be stems of one word, at one position.
        if not kept or found[at] != found[kept - 1]:
            found[kept] = found[at]
            kept += 1
    return found[:kept]


@kernel
def _posting(
    low: NDArray[np.uint16],
    blocks: NDArray[np.uint16],
    ends: NDArray[np.uint32],
    start: int,
    chunk: int,
    last: int,
    doc: int,
) -> int:
    """Return a document's number among the postings of a term, -1 where the document lacks it."""
    for at in range(chunk, last):
        if blocks[at] == doc >> BLOCK_BITS:
            left = np.int64(ends[at - 1]) if at > chunk else np.int64(0)
            right = np.int64(ends[at])
            wanted = doc & ((1 << BLOCK_BITS) - 1)
            stop = right
            while left < right:
                middle = (left + right) // 2
                if low[start + middle] < wanted:
                    left = middle + 1
                else:
                    right = middle
            return left if left < stop and low[start + left] == wanted else np.int64(-1)
    return np.int64(-1)


def occurrences(sequence: nodes.Sequence, places: Sequence[NDArray[np.uint32]]) -> list[NDArray[np.uint32]]:
    """Return which of the positions of each step, ascending, take part in an occurrence of the sequence."""
    slop = sequence.slop
    kept = [places[0]]
    for here, (_, distance) in zip(places[1:], sequence.steps[1:], strict=True):
        kept.append(_near(here, kept[-1], -distance - slop, -distance))
    for step in range(len(kept) - 1, 0, -1):
        _, distance = sequence.steps[step]
        kept[step - 1] = _near(kept[step - 1], kept[step], distance, distance + slop)
    return kept


@kernel
def _near(
    places: NDArray[np.uint32], others: NDArray[np.uint32], least: int, most: int
) -> NDArray[np.uint32]:
    """Return the places from which another one lies ``least`` to ``most`` positions on; both ascend."""
    kept = np.empty(len(places), dtype=np.uint32)
    filled = 0
    other = 0
    for at in range(len(places)):
        place = np.int64(places[at])
        while other < len(others) and np.int64(others[other]) < place + least:
            other += 1
        if other < len(others) and np.int64(others[other]) <= place + most:
            kept[filled] = places[at]
            filled += 1
    return kept[:filled]
