"""The postings of one field: a sorted dictionary of terms, and for each its documents.

Documents are kept by blocks of 65,536, as the block once and 16 bits a document; frequencies in a
byte; positions in bytes that end themselves.  Fields of surface forms have documents alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from index.codec.kernels import BLOCK_BITS, IMPACT, SAMPLE, pack, positions_at
from index.codec.kernels import impacts as best_of_runs
from index.codec.strings import Strings, starts_of, starts_type

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.codec.arrays import ArrayFile, ArrayWriter


@dataclass(frozen=True, slots=True)
class Batch:
    """Postings of some terms, in the order of the terms and of the documents.

    ``counts`` int64[t] postings a term; ``docs`` uint32[p]; ``tf`` int32[p], ``data`` uint8 and
    ``sizes`` uint32[p] (bytes of positions a posting) where the field has them.
    """

    terms: Strings
    counts: NDArray[np.int64]
    docs: NDArray[np.uint32]
    tf: NDArray[np.int32] | None = None
    data: NDArray[np.uint8] | None = None
    sizes: NDArray[np.uint32] | None = None


@dataclass(frozen=True, slots=True)
class Norms:
    """What a posting's score needs of its document: the length byte of each, and what bytes stand for.

    ``relative`` float64[256] is the length that a byte stands for over the segment's average.
    """

    bytes: NDArray[np.uint8]
    relative: NDArray[np.float64]
    k1: float
    b: float


class PostingsWriter:
    """Writes a field, batch by batch, in ascending order of terms."""

    def __init__(self, writer: ArrayWriter, field: str, norms: Norms | None) -> None:
        self._writer = writer
        self._field = field
        self._norms = norms
        self._counts: dict[str, list[NDArray[np.uint32]]] = {name: [] for name in _STARTS}
        self._postings = 0

    def add(self, batch: Batch) -> None:
        """Write the postings of the next terms."""
        tf, sizes = batch.tf, batch.sizes
        packed = pack(
            batch.counts,
            batch.docs,
            np.empty(0, dtype=np.int32) if tf is None else tf,
            np.empty(0, dtype=np.uint32) if sizes is None else sizes,
        )
        self._count("terms/starts", np.diff(batch.terms.starts))
        self._put("terms/blob", batch.terms.blob[batch.terms.starts[0] : batch.terms.starts[-1]])
        self._count("starts", batch.counts)
        self._count("chunk_starts", packed.chunks)
        self._put("low", packed.low)
        self._put("chunk_blocks", packed.blocks)
        self._put("chunk_ends", packed.ends)
        if tf is not None:
            self._put("tf", packed.tf)
            self._put("long_at", packed.long_at + self._postings)
            self._put("long_tf", packed.long_tf)
            self._put_impacts(batch, tf)
        if batch.data is not None:
            self._count("byte_starts", packed.bytes)
            self._put("bytes", batch.data)
            self._put("samples", packed.samples)
        self._postings += len(batch.docs)

    def close(self) -> None:
        """Write where everything of each term begins."""
        for name, counts in self._counts.items():
            last = sum(int(part.sum(dtype=np.int64)) for part in counts)
            dtype = _STARTS[name] or starts_type(last)
            self._writer.put(f"{self._field}/{name}", dtype, starts_of(counts))
            counts.clear()
        for name, stream in _STREAMS.items():
            self._put(name, np.empty(0, dtype=stream))

    def _count(self, name: str, counts: NDArray[Any]) -> None:
        self._counts[name].append(counts.astype(np.uint32))

    def _put(self, name: str, array: NDArray[Any]) -> None:
        self._writer.append(f"{self._field}/{name}", array)

    def _put_impacts(self, batch: Batch, tf: NDArray[np.int32]) -> None:
        if self._norms is not None:
            norms = self._norms
            self._put(
                "impacts",
                best_of_runs(batch.counts, batch.docs, tf, norms.bytes, norms.relative, norms.k1, norms.b),
            )


_STARTS: dict[str, type[Any] | None] = {
    "terms/starts": None,
    "starts": None,
    "chunk_starts": np.uint32,
    "byte_starts": None,
}
"""Where what a term has begins, and its type where that does not depend on the last: a writer holds 16 bytes
a term until it is closed."""

_STREAMS: dict[str, type[Any]] = {
    "terms/blob": np.uint8,
    "low": np.uint16,
    "chunk_blocks": np.uint16,
    "chunk_ends": np.uint32,
    "tf": np.uint8,
    "long_at": np.int64,
    "long_tf": np.int32,
    "impacts": np.uint16,
    "bytes": np.uint8,
    "samples": np.uint32,
}
"""The streamed arrays of a field; one that a field has no use for is empty."""


class Lists(NamedTuple):
    """The postings of a field as compiled loops read them: see FORMAT.md."""

    low: NDArray[np.uint16]
    tf: NDArray[np.uint8]
    chunk_blocks: NDArray[np.uint16]
    chunk_ends: NDArray[np.uint32]
    long_at: NDArray[np.int64]
    long_tf: NDArray[np.int32]
    impacts: NDArray[np.uint16]


class Extent(NamedTuple):
    """Where the postings of a term stand.

    ``start`` is the first of ``documents`` postings, deleted ones included; ``chunk:chunks`` are its
    blocks, ``jump`` its first among ``samples``, ``impact`` its first run among ``impacts``, ``byte``
    where its positions begin.
    """

    start: int
    documents: int
    chunk: int
    chunks: int
    jump: int
    impact: int
    byte: int


class FieldPostings:
    """Reads a field: all arrays stay mapped, a term costs a binary search once."""

    def __init__(self, file: ArrayFile, field: str) -> None:
        self.terms = Strings.read(file, f"{field}/terms")
        self.starts = file[f"{field}/starts"]
        self.chunk_starts = file[f"{field}/chunk_starts"]
        self.byte_starts = file[f"{field}/byte_starts"]
        self.low, self.tf = file[f"{field}/low"], file[f"{field}/tf"]
        self.chunk_blocks, self.chunk_ends = file[f"{field}/chunk_blocks"], file[f"{field}/chunk_ends"]
        self.long_at, self.long_tf = file[f"{field}/long_at"], file[f"{field}/long_tf"]
        self.impacts, self.bytes = file[f"{field}/impacts"], file[f"{field}/bytes"]
        self.samples = file[f"{field}/samples"]
        self._numbers: dict[str, int] = {}
        self._extents: dict[str, Extent | None] = {}

    @cached_property
    def lists(self) -> Lists:
        """The arrays that loops over postings read."""
        return Lists(
            self.low, self.tf, self.chunk_blocks, self.chunk_ends, self.long_at, self.long_tf, self.impacts
        )

    @cached_property
    def _long(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The terms that have jumps, ascending, and where those and the impacts of each begin.

        Some 3 in 100 terms: starts for all would be the largest thing that a process has for itself.
        """
        counts = np.diff(self.starts)
        terms = np.flatnonzero(counts > SAMPLE)
        runs = np.where(counts[terms] > IMPACT, -(-counts[terms] // IMPACT), 0)
        return terms, cumulated((counts[terms] - 1) // SAMPLE), cumulated(runs)

    def extent(self, number: int) -> Extent:
        """Return where the postings of a term stand."""
        terms, jumps, runs = self._long
        place = int(np.searchsorted(terms, number))
        long = place < len(terms) and terms[place] == number
        first, last = int(self.starts[number]), int(self.starts[number + 1])
        return Extent(
            start=first,
            documents=last - first,
            chunk=int(self.chunk_starts[number]),
            chunks=int(self.chunk_starts[number + 1]),
            jump=int(jumps[place]) if long else 0,
            impact=int(runs[place]) if long else 0,
            byte=int(self.byte_starts[number]) if len(self.byte_starts) > 1 else 0,
        )

    def find(self, term: str) -> Extent | None:
        """Return where the postings of a term stand, None where the field has no such term."""
        try:
            return self._extents[term]
        except KeyError:
            if len(self._extents) >= _REMEMBERED:
                self._extents.clear()
            number = self.terms.find(term)
            found = self._extents[term] = self.extent(number) if number >= 0 else None
            return found

    def number(self, term: str) -> int:
        """Return the number of a term, -1 where the field has no such term."""
        number = self._numbers.get(term)
        if number is None:
            if len(self._numbers) >= _REMEMBERED:
                self._numbers.clear()
            number = self._numbers[term] = self.terms.find(term)
        return number

    def count(self, number: int) -> int:
        """Return how many documents, deleted ones included, have a term."""
        return int(self.starts[number + 1] - self.starts[number])

    def docs(self, number: int) -> NDArray[np.int64]:
        """Return the documents of a term, ascending: int64[p]."""
        first, last = self.chunk_starts[number], self.chunk_starts[number + 1]
        ends = self.chunk_ends[first:last].astype(np.int64)
        blocks = np.repeat(self.chunk_blocks[first:last].astype(np.int64), np.diff(ends, prepend=0))
        docs: NDArray[np.int64] = (blocks << BLOCK_BITS) | self.low[
            self.starts[number] : self.starts[number + 1]
        ]
        return docs

    def frequencies(self, number: int) -> NDArray[np.int64]:
        """Return the exact weighted frequencies of a term: int64[p]."""
        start, end = self.starts[number], self.starts[number + 1]
        tf = self.tf[start:end].astype(np.int64)
        first, last = np.searchsorted(self.long_at, [start, end])
        tf[self.long_at[first:last] - start] = self.long_tf[first:last]
        return tf

    def positions(
        self, number: int, postings: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """Return the positions in some postings of a term, or in all: where each one's begin, and all.

        ``postings`` count from the term's first and ascend.
        """
        chosen = np.arange(self.count(number)) if postings is None else postings
        extent = self.extent(number)
        return positions_at(self.bytes, extent.byte, self.samples[extent.jump :], chosen)


_REMEMBERED = 1 << 16
"""Numbers of terms that a reader keeps before it forgets all of them."""


def cumulated(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return counts as starts: int64[n + 1].

    >>> cumulated(np.array([2, 3])).tolist()
    [0, 2, 5]
    """
    starts = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts
