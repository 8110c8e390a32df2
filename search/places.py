"""Where words stand in one document, read from the postings that found it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.codec.kernels import BLOCK_BITS, positions_at, roomy
from index.compiled import kernel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from index.codec.postings import FieldPostings
    from search import nodes

TERMS = 1 << 20
"""More terms than a query has."""


def extents(words: FieldPostings, terms: Sequence[str]) -> tuple[dict[str, int], NDArray[np.int64]]:
    """Return numbers for those terms that the field has, and where the postings of each stand: int64[t, 5].

    A row has the first posting, the first block and the one behind the last, the first jump and byte.
    """
    found = {term: one for term in terms if (one := words.find(term)) is not None}
    rows = [(one.start, one.chunk, one.chunks, one.jump, one.byte) for one in found.values()]
    numbers = {term: number for number, term in enumerate(found)}
    return numbers, np.array(rows, dtype=np.int64).reshape(len(rows), 5)


class Chains(NamedTuple):
    """Sequences of words as arrays.

    ``firsts``: where the steps of each begin, int64[s + 1]; ``slops``: int64[s]; ``steps``: where the
    terms of each step begin and end in ``terms``, and its distance from the one before, int64[n, 3].
    """

    firsts: NDArray[np.int64]
    slops: NDArray[np.int64]
    steps: NDArray[np.int64]
    terms: NDArray[np.int64]


def chains(sequences: Sequence[nodes.Sequence], numbers: Mapping[str, int]) -> Chains:
    """Return sequences as arrays; ``numbers`` has the number of each term that is there at all."""
    steps: list[tuple[int, int, int]] = []
    terms: list[int] = []
    firsts = [0]
    for sequence in sequences:
        for words, distance in sequence.steps:
            known = [numbers[word] for word in words if word in numbers]
            steps.append((len(terms), len(terms) + len(known), distance))
            terms += known
        firsts.append(len(steps))
    return Chains(
        np.array(firsts, dtype=np.int64),
        np.array([sequence.slop for sequence in sequences], dtype=np.int64),
        np.array(steps, dtype=np.int64).reshape(len(steps), 3),
        np.array(terms, dtype=np.int64),
    )


def standing(
    words: FieldPostings,
    extents: NDArray[np.int64],
    alone: NDArray[np.bool_],
    chains: Chains,
    docs: NDArray[np.int64],
    parts: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where terms stand in parts of documents: where the rows of each part begin, and all rows.

    A part is the place of its document in ``docs``, a first position and one behind the last: int64[p, 3].
    A row is a position, counted from the part's first, times ``TERMS``, plus the number of the term: one that
    is marked ``alone``, wherever it stands, or one of ``chains`` where it takes part in an occurrence.  Rows
    ascend.
    """
    arrays = words.low, words.chunk_blocks, words.chunk_ends, words.bytes, words.samples
    return _standing(*arrays, extents, alone, *chains, docs, parts)


@kernel
def _standing(
    low: NDArray[np.uint16],
    blocks: NDArray[np.uint16],
    ends: NDArray[np.uint32],
    data: NDArray[np.uint8],
    samples: NDArray[np.uint32],
    extents: NDArray[np.int64],
    alone: NDArray[np.bool_],
    firsts: NDArray[np.int64],
    slops: NDArray[np.int64],
    steps: NDArray[np.int64],
    terms: NDArray[np.int64],
    docs: NDArray[np.int64],
    parts: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows: see ``standing``, and ``index.codec.postings`` for the arrays of postings."""
    count = len(extents)
    bounds, found = _found(low, blocks, ends, data, samples, extents, docs)
    starts = np.zeros(len(parts) + 1, dtype=np.int64)
    rows = np.empty(len(found) + 16, dtype=np.int64)
    inside = np.empty((count, 2), dtype=np.int64)
    filled = 0
    for part in range(len(parts)):
        at, first, behind = parts[part]
        for term in range(count):
            left, right = bounds[at * count + term], bounds[at * count + term + 1]
            while left < right and found[left] < first:
                left += 1
            while left < right and found[right - 1] >= behind:
                right -= 1
            inside[term, 0], inside[term, 1] = left, right
            if alone[term]:
                rows, filled = _listed(rows, filled, found[left:right], first, term)
        for chain in range(len(slops)):
            one = steps[firsts[chain] : firsts[chain + 1]]
            kept = [_together(found, inside, terms[step[0] : step[1]]) for step in one]
            for step in range(1, len(kept)):
                distance = one[step, 2]
                kept[step] = _near(kept[step], kept[step - 1], -distance - slops[chain], -distance)
            for step in range(len(kept) - 1, 0, -1):
                distance = one[step, 2]
                kept[step - 1] = _near(kept[step - 1], kept[step], distance, distance + slops[chain])
            for step in range(len(kept)):
                for term in terms[one[step, 0] : one[step, 1]]:
                    own = found[inside[term, 0] : inside[term, 1]]
                    rows, filled = _listed(rows, filled, _near(own, kept[step], 0, 0), first, term)
        if len(slops) or count > 1:
            filled = in_order(rows, starts[part], filled)
        starts[part + 1] = filled
    return starts, rows[:filled]


@kernel
def _found(
    low: NDArray[np.uint16],
    blocks: NDArray[np.uint16],
    ends: NDArray[np.uint32],
    data: NDArray[np.uint8],
    samples: NDArray[np.uint32],
    extents: NDArray[np.int64],
    docs: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Return the positions of each term in each document: where those of a pair begin, and all."""
    bounds = np.zeros(len(docs) * len(extents) + 1, dtype=np.int64)
    found = np.empty(256, dtype=np.uint32)
    wanted = np.empty(1, dtype=np.int64)
    filled = pair = 0
    for doc in docs:
        for term in range(len(extents)):
            start, chunk, last, jump, byte = extents[term]
            wanted[0] = posting(low, blocks, ends, start, chunk, last, doc)
            if wanted[0] >= 0:
                _, more = positions_at(data, byte, samples[jump:], wanted)
                found = roomy(found, filled, len(more))
                found[filled : filled + len(more)] = more
                filled += len(more)
            pair += 1
            bounds[pair] = filled
    return bounds, found[:filled]


@kernel
def _listed(
    rows: NDArray[np.int64], filled: int, places: NDArray[np.uint32], first: int, term: int
) -> tuple[NDArray[np.int64], int]:
    """Write the rows of a term behind those that are there: the rows, longer where they did not suffice."""
    rows = roomy(rows, filled, len(places))
    for place in places:
        rows[filled] = (np.int64(place) - first) * TERMS + term
        filled += 1
    return rows, filled


@kernel
def in_order(rows: NDArray[np.int64], first: int, behind: int) -> int:
    """Sort ``rows[first:behind]``, keep each once, and return where they end."""
    rows[first:behind].sort()
    kept = first
    for at in range(first, behind):
        if kept == first or rows[at] != rows[kept - 1]:
            rows[kept] = rows[at]
            kept += 1
    return kept


@kernel
def _together(
    found: NDArray[np.uint32], bounds: NDArray[np.int64], terms: NDArray[np.int64]
) -> NDArray[np.uint32]:
    """Return the positions of some terms, distinct and ascending; ``bounds`` is where each one's are."""
    whole = np.empty(0, dtype=np.uint32)
    for term in terms:
        whole = np.concatenate((whole, found[bounds[term, 0] : bounds[term, 1]]))
    return whole if len(terms) == 1 else np.unique(whole)


@kernel
def posting(
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
