"""Sets of documents as bits: document d is bit ``d % 64`` of word ``d // 64``, uint64[n // 64 + 1]."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.compiled import kernel
from index.machine import lowest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.codec.postings import Lists

ALL: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)
"""No bits at all: every document passes."""


def none(size: int) -> NDArray[np.uint64]:
    """Return no document of ``size``."""
    return np.zeros(size // 64 + 1, dtype=np.uint64)


def of_mask(mask: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return a mask, bool[n], as bits."""
    words = none(len(mask))
    packed = np.packbits(mask, bitorder="little")
    words.view(np.uint8)[: len(packed)] = packed
    return words


def of_docs(docs: NDArray[np.int32], size: int) -> NDArray[np.uint64]:
    """Return documents as bits, of ``size`` documents."""
    words = none(size)
    add(docs, words)
    return words


def both(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the bits of two sets that both have."""
    if not len(left) or not len(right):
        return left if len(left) else right
    return left & right


def others(words: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """Return the documents of ``size`` that a set does not have."""
    found = ~words
    found[size // 64] &= np.uint64((1 << size % 64) - 1)
    return found


@kernel
def add(docs: NDArray[np.int32], words: NDArray[np.uint64]) -> None:
    """Set the bits of some documents."""
    for doc in docs:
        words[doc >> 6] |= np.uint64(1) << np.uint64(doc & 63)


@kernel
def mark(
    numbers: NDArray[np.int64],
    lists: Lists,
    starts: NDArray[np.int64],
    chunk_starts: NDArray[np.uint32],
    words: NDArray[np.uint64],
) -> None:
    """Set the bits of the documents of some terms."""
    for number in numbers:
        posting = starts[number]
        for chunk in range(chunk_starts[number], chunk_starts[number + 1]):
            base = np.int64(lists.chunk_blocks[chunk]) << 16
            end = starts[number] + lists.chunk_ends[chunk]
            while posting < end:
                doc = base + lists.low[posting]
                words[doc >> 6] |= np.uint64(1) << np.uint64(doc & 63)
                posting += 1


@kernel
def has(words: NDArray[np.uint64], docs: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which of some documents a set has: bool[m]."""
    found = np.ones(len(docs), np.bool_)
    if len(words) > 0:
        for at in range(len(docs)):
            doc = docs[at]
            found[at] = bool((words[doc >> 6] >> np.uint64(doc & 63)) & np.uint64(1))
    return found


@kernel
def docs_of(words: NDArray[np.uint64]) -> NDArray[np.int32]:
    """Return the documents of a set, ascending."""
    docs = np.empty(count(words), np.int32)
    filled = 0
    for at in range(len(words)):
        word = words[at]
        while word:
            docs[filled] = (at << 6) + lowest(word)
            filled += 1
            word &= word - np.uint64(1)
    return docs


@kernel
def count(words: NDArray[np.uint64]) -> int:
    """Return how many documents a set has."""
    total = 0
    for word in words:
        left = word
        while left:
            left &= left - np.uint64(1)
            total += 1
    return total
