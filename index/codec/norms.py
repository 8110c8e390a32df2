"""Norms: the length of a field in one byte, as Whoosh keeps it, some 3 % apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.util.numeric import byte_to_length

from index.codec.postings import Norms
from index.codec.strings import smallest_type
from index.codec.weights import IMPACT_B, IMPACT_K1

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayWriter

LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float64)
"""The length that each byte stands for: the smallest that is not below the exact one."""


def write_norms(
    writer: ArrayWriter, field: str, lengths: Callable[[], Iterable[NDArray[np.integer[Any]]]]
) -> Norms:
    """Write a field's exact lengths and their bytes, and return what impacts need of them.

    ``lengths`` yields them in parts, each time it is called.
    """
    total = present = 0
    for part in lengths():
        total += int(part.sum(dtype=np.int64))
        present += int(np.count_nonzero(part))
    norms: list[NDArray[np.uint8]] = [np.empty(0, dtype=np.uint8)]

    def normed() -> Iterator[NDArray[np.integer[Any]]]:
        for part in lengths():
            norms.append(np.searchsorted(LENGTHS, np.minimum(part, LENGTHS[-1])).astype(np.uint8))
            yield part

    writer.put(f"{field}/lengths", smallest_type(lengths()), normed())
    whole = np.concatenate(norms)
    writer.add(f"{field}/norms", whole)
    return Norms(whole, LENGTHS / (total / present if present else 1.0), IMPACT_K1, IMPACT_B)
