"""The near-copy keys of a segment as arrays, and the pairs of documents that may be near-copies by them.

Articles whose texts share much agree in a band with a probability that their Jaccard decides; a new segment
is held against the keys of an old one by searching sorted lists, so that nothing old is read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.syndication_kernels import BANDS, agreeing, sketched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from index.shingles import Content

WINDOW = 7
"""Days between two dates that can be of one story.  Of the copies gold, five of six pairs lie on one day or
the next; a week leaves room for weeklies, and keeps reports of a season apart that are made from one
template."""

LEAST = 8
"""Shingles of a text that can be a near-copy (12 words): below, "Read more in our next issue" is a story."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """The band keys of n documents, 964 bytes each: what a segment keeps, memory-mapped.

    ``keys`` uint32[BANDS, n]: the keys of each band, ascending; ``documents`` uint32[BANDS, n]: whose each
    is; ``shingles`` uint32[n]: how many distinct shingles a document has, in the order of documents.
     Documents of fewer than ``LEAST`` shingles have rows as well, and are never paired.
    """

    keys: NDArray[np.uint32]
    documents: NDArray[np.uint32]
    shingles: NDArray[np.uint32]

    @classmethod
    def of(cls, texts: Iterable[Content]) -> Signatures:
        """Return the signatures of texts, in their order."""
        rows, counts = [], []
        for found in texts:
            rows.append(sketched(found.shingles))
            counts.append(len(found.shingles))
        return cls.from_rows(np.array(rows, np.uint32).reshape(len(rows), BANDS), np.array(counts, np.uint32))

    @classmethod
    def from_rows(cls, rows: NDArray[np.uint32], shingles: NDArray[np.uint32]) -> Signatures:
        """Return signatures from keys uint32[n, BANDS] in the order of documents."""
        order = np.argsort(rows, axis=0, kind="stable")
        keys = np.ascontiguousarray(np.take_along_axis(rows, order, axis=0).T)
        return cls(keys, np.ascontiguousarray(order.T.astype(np.uint32)), shingles)

    def rows(self) -> NDArray[np.uint32]:
        """Return the keys in the order of documents: uint32[n, BANDS], for a merge."""
        rows = np.empty((len(self.shingles), BANDS), np.uint32)
        np.put_along_axis(rows, self.documents.T.astype(np.int64), self.keys.T, axis=0)
        return rows

    @classmethod
    def merged(cls, parts: Sequence[tuple[Signatures, NDArray[np.bool_]]]) -> Signatures:
        """Return the signatures of the live documents (bool[n] each) of several segments, in their order."""
        return cls.from_rows(
            np.concatenate([part.rows()[live] for part, live in parts]),
            np.concatenate([part.shingles[live] for part, live in parts]),
        )


def candidates(
    new: Signatures,
    new_days: NDArray[np.int32],
    old: Signatures,
    old_days: NDArray[np.int32],
    window: int = WINDOW,
) -> NDArray[np.int64]:
    """Return the pairs that may be near-copies, int64[p, 3]: new document, old document, bands they agree in.

    With ``old is new`` each pair of the segment comes once, the later document first.  Days are int32[n, 2],
    first and last as proleptic ordinals, 0 where undated; dated documents more than ``window`` days apart are
    no pair.  Pairs ascend.
    """
    same = old is new
    found = [
        agreeing(
            new.keys[band],
            new.documents[band],
            new_days,
            old.keys[band],
            old.documents[band],
            old_days,
            window,
            same,
        )
        for band in range(BANDS)
    ]
    pairs, counts = np.unique(np.concatenate(found), return_counts=True)
    one, other = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    long = (new.shingles[one] >= LEAST) & (old.shingles[other] >= LEAST)
    return np.stack([one, other, counts], axis=1)[long]
