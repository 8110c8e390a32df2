"""The compiled loops of writing: tokens sorted into postings, postings into bytes.

A posting's positions are bytes: the distance from the position before (the first: from 0), times
two, plus one at the posting's last; seven bits a byte, lowest first, the high bit where more
follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from index.compiled import kernel, loop

if TYPE_CHECKING:
    from numpy.typing import NDArray

MORE = 128
"""The bit of a byte that another one follows."""

SAMPLE = 64
"""Postings between two places in the positions that a reader can jump to."""

IMPACT = 128
"""Postings whose best score is known without reading them."""

LONG = 255
"""A frequency that does not fit its byte: the exact one stands in a list beside."""


BLOCK_BITS = 16
"""Documents of one block share all but so many bits."""


class Packed(NamedTuple):
    """Postings as they are kept: see FORMAT.md.

    A number a posting (``low``, ``tf``), a block of a term (``blocks``, ``ends``), a term (``chunks``, how
    many blocks; ``bytes``, of positions), a long frequency (``long_at``, from the first posting given;
    ``long_tf``) or a place that a reader can jump to (``samples``).
    """

    low: NDArray[np.uint16]
    blocks: NDArray[np.uint16]
    ends: NDArray[np.uint32]
    chunks: NDArray[np.int64]
    tf: NDArray[np.uint8]
    long_at: NDArray[np.int64]
    long_tf: NDArray[np.int32]
    bytes: NDArray[np.int64]
    samples: NDArray[np.uint32]


def pack(
    counts: NDArray[np.int64], docs: NDArray[np.uint32], tf: NDArray[np.int32], sizes: NDArray[np.uint32]
) -> Packed:
    """Return postings, ``counts`` of each term, as they are kept; forms have no ``tf`` and ``sizes``."""
    long = int(np.count_nonzero(tf >= LONG))
    room = Packed(
        np.empty(len(docs), dtype=np.uint16),
        np.empty(len(docs), dtype=np.uint16),
        np.empty(len(docs), dtype=np.uint32),
        np.zeros(len(counts), dtype=np.int64),
        np.empty(len(tf), dtype=np.uint8),
        np.empty(long, dtype=np.int64),
        np.empty(long, dtype=np.int32),
        np.zeros(len(counts), dtype=np.int64),
        np.empty(len(sizes) // SAMPLE + 1, dtype=np.uint32),
    )
    jumps = _pack(counts, docs, tf, sizes, room)
    filled = int(room.chunks.sum())
    return room._replace(blocks=room.blocks[:filled], ends=room.ends[:filled], samples=room.samples[:jumps])


@loop
def _pack(
    counts: NDArray[np.int64],
    docs: NDArray[np.uint32],
    tf: NDArray[np.int32],
    sizes: NDArray[np.uint32],
    out: Packed,
) -> int:
    """Write postings as they are kept, and return how many places a reader can jump to."""
    low, blocks, ends, chunks, short = out.low, out.blocks, out.ends, out.chunks, out.tf
    long_at, long_tf, bytes_, samples = out.long_at, out.long_tf, out.bytes, out.samples
    posting = filled = longer = jumps = np.int64(0)
    for term in range(len(counts)):
        first, end, size = posting, posting + counts[term], np.int64(0)
        while posting < end:
            doc = docs[posting]
            low[posting] = doc & np.uint32((1 << BLOCK_BITS) - 1)
            if posting == first or doc >> BLOCK_BITS != docs[posting - 1] >> BLOCK_BITS:
                blocks[filled] = doc >> BLOCK_BITS
                filled += 1
                chunks[term] += 1
            ends[filled - 1] = posting + 1 - first
            if len(tf):
                short[posting] = min(tf[posting], LONG)
                if tf[posting] >= LONG:
                    long_at[longer], long_tf[longer] = posting, tf[posting]
                    longer += 1
            if len(sizes):
                if posting > first and (posting - first) % SAMPLE == 0:
                    samples[jumps] = size
                    jumps += 1
                size += sizes[posting]
            posting += 1
        bytes_[term] = size
    return int(jumps)


def impacts(
    counts: NDArray[np.int64],
    docs: NDArray[np.uint32],
    tf: NDArray[np.int32],
    norms: NDArray[np.uint8],
    lengths: NDArray[np.float64],
    k1: float,
    b: float,
) -> NDArray[np.uint16]:
    """Return, for each run of ``IMPACT`` postings of a term, the frequency and norm that score best.

    ``norms`` are the documents' length bytes, ``lengths`` float64[256] what the bytes stand for,
    relative to the segment's average.  Terms with fewer than two runs have none.
    """
    several = counts[counts > IMPACT]
    out = np.empty(int((-(-several // IMPACT)).sum()), dtype=np.uint16)
    _impacts(counts, docs, tf, norms, lengths, np.array([k1, b]), out)
    return out


@loop
def _impacts(
    counts: NDArray[np.int64],
    docs: NDArray[np.uint32],
    tf: NDArray[np.int32],
    norms: NDArray[np.uint8],
    lengths: NDArray[np.float64],
    parameters: NDArray[np.float64],
    out: NDArray[np.uint16],
) -> None:
    k1, b = parameters
    filled = 0
    posting = 0
    for count in counts:
        if count <= IMPACT:
            posting += count
            continue
        end = posting + count
        while posting < end:
            best = -1.0
            code = 0
            for each in range(posting, min(posting + IMPACT, end)):
                norm = norms[docs[each]]
                capped = min(tf[each], LONG)
                score = tf[each] / (tf[each] + k1 * (1 - b + b * lengths[norm]))
                if score > best:
                    best = score
                    code = (capped << 8) | norm
            out[filled] = code
            filled += 1
            posting = min(posting + IMPACT, end)


@kernel
def count_live(
    terms: NDArray[np.int64],
    starts: NDArray[np.int64],
    chunk_starts: NDArray[np.uint32],
    chunk_blocks: NDArray[np.uint16],
    chunk_ends: NDArray[np.uint32],
    low: NDArray[np.uint16],
    data: NDArray[np.uint8],
    byte_starts: NDArray[np.int64],
    live: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many live postings each of some terms has, and how many bytes their positions take.

    A term of -1 has none; ``byte_starts`` is empty where the field has no positions.
    """
    counts = np.zeros(len(terms), np.int64)
    sizes = np.zeros(len(terms), np.int64)
    for at in range(len(terms)):
        term = terms[at]
        if term < 0:
            continue
        posting = starts[term]
        byte = byte_starts[term] if len(byte_starts) > 1 else 0
        for chunk in range(chunk_starts[term], chunk_starts[term + 1]):
            base = np.int64(chunk_blocks[chunk]) << 16
            end = starts[term] + chunk_ends[chunk]
            while posting < end:
                first = byte
                if len(byte_starts) > 1:
                    byte = _skip(data, byte)
                if live[base + low[posting]]:
                    counts[at] += 1
                    sizes[at] += byte - first
                posting += 1
    return counts, sizes


@kernel
def copy_live(
    terms: NDArray[np.int64],
    starts: NDArray[np.int64],
    chunk_starts: NDArray[np.uint32],
    chunk_blocks: NDArray[np.uint16],
    chunk_ends: NDArray[np.uint32],
    low: NDArray[np.uint16],
    tf: NDArray[np.uint8],
    long_at: NDArray[np.int64],
    long_tf: NDArray[np.int32],
    data: NDArray[np.uint8],
    byte_starts: NDArray[np.int64],
    live: NDArray[np.bool_],
    renamed: NDArray[np.int32],
    posting_at: NDArray[np.int64],
    byte_at: NDArray[np.int64],
    out_docs: NDArray[np.uint32],
    out_tf: NDArray[np.int32],
    out_data: NDArray[np.uint8],
    out_sizes: NDArray[np.uint32],
) -> None:
    """Copy the live postings of some terms, each term's from ``posting_at`` and ``byte_at`` on.

    Documents are ``renamed``; the two places are moved behind what was copied.
    """
    for at in range(len(terms)):
        term = terms[at]
        if term < 0:
            continue
        posting = starts[term]
        byte = byte_starts[term] if len(byte_starts) > 1 else 0
        for chunk in range(chunk_starts[term], chunk_starts[term + 1]):
            base = np.int64(chunk_blocks[chunk]) << 16
            end = starts[term] + chunk_ends[chunk]
            while posting < end:
                first = byte
                if len(byte_starts) > 1:
                    byte = _skip(data, byte)
                doc = base + low[posting]
                if live[doc]:
                    out = posting_at[at]
                    out_docs[out] = renamed[doc]
                    if len(tf) > 0:
                        out_tf[out] = tf[posting]
                        if tf[posting] == LONG:
                            out_tf[out] = long_tf[np.searchsorted(long_at, posting)]
                    if len(byte_starts) > 1:
                        size = byte - first
                        out_data[byte_at[at] : byte_at[at] + size] = data[first:byte]
                        out_sizes[out] = size
                        byte_at[at] += size
                    posting_at[at] += 1
                posting += 1


@kernel
def _skip(data: NDArray[np.uint8], byte: int) -> int:
    """Return where the next posting's positions begin."""
    last = False
    while not last:
        last = bool(data[byte] & 1)
        while data[byte] >= MORE:
            byte += 1
        byte += 1
    return byte


@kernel
def positions_at(
    data: NDArray[np.uint8], start: int, samples: NDArray[np.uint32], postings: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Return the positions in some postings of a term, ascending: where each one's begin, and all.

    ``start`` is the term's first byte, ``samples`` where every ``SAMPLE``-th posting begins behind it;
    postings without a gap between them, from the first on, need none.
    """
    starts = np.zeros(len(postings) + 1, np.int64)
    positions = np.empty(4 * len(postings) + 16, np.uint32)
    filled = 0
    byte = start
    current = 0
    for number in range(len(postings)):
        target = postings[number]
        jump = target // SAMPLE
        if jump > current // SAMPLE:
            byte = start + samples[jump - 1]
            current = jump * SAMPLE
        while current < target:
            byte = _skip(data, byte)
            current += 1
        place = np.uint32(0)
        last = False
        while not last:
            value = np.uint64(0)
            shift = np.uint64(0)
            while data[byte] >= MORE:
                value |= np.uint64(data[byte] & (MORE - 1)) << shift
                shift += np.uint64(7)
                byte += 1
            value |= np.uint64(data[byte]) << shift
            byte += 1
            last = bool(value & np.uint64(1))
            place += np.uint32(value >> np.uint64(1))
            if filled == len(positions):
                grown = np.empty(2 * len(positions), np.uint32)
                grown[:filled] = positions
                positions = grown
            positions[filled] = place
            filled += 1
        current += 1
        starts[number + 1] = filled
    return starts, positions[:filled]


@kernel
def rank(blob: NDArray[np.uint8], starts: NDArray[np.int64], key: NDArray[np.uint8]) -> int:
    """Return how many of the byte strings, sorted, are smaller than a key."""
    low, high = 0, len(starts) - 1
    while low < high:
        middle = (low + high) // 2
        first, last = starts[middle], starts[middle + 1]
        size = min(last - first, len(key))
        at = 0
        while at < size and blob[first + at] == key[at]:
            at += 1
        smaller = last - first < len(key) if at == size else blob[first + at] < key[at]
        if smaller:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def roomy(array: NDArray[Any], filled: int, more: int) -> NDArray[Any]:
    """Return an array that has room for ``more`` behind what fills it: itself, or a copy twice as long."""
    if filled + more <= len(array):
        return array
    grown = np.empty(2 * (filled + more), dtype=array.dtype)
    grown[:filled] = array[:filled]
    return grown
