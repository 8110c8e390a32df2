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
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
    """The band keys of the s of n documents that can be near-copies, 964 bytes each: what a segment keeps.

    ``keys`` uint32[BANDS, s]: the keys of each band, ascending; ``documents`` uint32[BANDS, s]: whose each
    is; ``shingles`` uint32[n]: how many distinct shingles a document has, in the order of documents.
    Documents of fewer than ``LEAST`` shingles have no keys.
    """

    keys: NDArray[np.uint32]
    documents: NDArray[np.uint32]
    shingles: NDArray[np.uint32]
    release: Callable[[], object] = tuple
    """Lets go of what was read of them, where they are mapped."""

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
        long = np.flatnonzero(shingles >= LEAST).astype(np.uint32)
        bands = [sorted_band(rows, long, band) for band in range(BANDS)]
        keys, documents = (np.array(each, np.uint32) for each in zip(*bands, strict=True))
        return cls(keys, documents, shingles)


def sorted_band(
    rows: NDArray[np.uint32], documents: NDArray[np.uint32], band: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the keys that some documents have in a band, ascending, and whose each is."""
    keys = rows[documents, band]
    order = np.argsort(keys, kind="stable")
    return keys[order], documents[order]


def merged(
    parts: Sequence[tuple[Signatures, NDArray[np.bool_], NDArray[np.int32]]],
) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """Yield keys and documents of each band of several segments as one.

    A part has its live documents, bool[n], and what each is called in the merged one, int32[n].
    Memory is that of one band.
    """
    for band in range(BANDS):
        kept = [live[part.documents[band]] for part, live, _ in parts]
        keys = np.concatenate([part.keys[band][own] for (part, _, _), own in zip(parts, kept, strict=True)])
        documents = np.concatenate(
            [names[part.documents[band][own]] for (part, _, names), own in zip(parts, kept, strict=True)]
        )
        order = np.argsort(keys, kind="stable")
        yield keys[order], documents[order].astype(np.uint32)


_AT_ONCE = 8
"""Bands whose pairs are held before they are made distinct: ten thousand copies of one text have 32 pairs
each in every band, and the same ones."""


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
    pairs, counts = np.empty(0, np.uint64), np.empty(0, np.int64)
    for first in range(0, BANDS, _AT_ONCE):
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
            for band in range(first, first + _AT_ONCE)
        ]
        new.release()
        old.release()
        pairs, counts = _counted(
            np.concatenate([pairs, *found]),
            np.concatenate([counts, np.ones(sum(map(len, found)), np.int64)]),
        )
    one, other = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    return np.stack([one, other, counts], axis=1)


def _counted(
    pairs: NDArray[np.uint64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the distinct pairs, ascending, with the sum of their counts."""
    distinct, places = np.unique(pairs, return_inverse=True)
    return distinct, np.bincount(places, weights=counts, minlength=len(distinct)).astype(np.int64)
