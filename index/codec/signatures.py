"""The near-copy keys of a segment's documents: made as articles come, merged band by band."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from index.codec.strings import smallest
from index.shingles import content
from index.signatures import Signatures, merged
from index.syndication_kernels import BANDS, sketched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayFile, ArrayWriter

NAME = "signatures"


class SignatureRows:
    """The signatures of a segment while it is made, 484 bytes an article; none unless they are ``made``."""

    def __init__(self, *, made: bool) -> None:
        self._made = made
        self._rows = bytearray()
        self._shingles = array("I")

    def following(self) -> SignatureRows:
        """Return the rows of the next segment."""
        return SignatureRows(made=self._made)

    def add(self, body: str) -> None:
        """Add an article."""
        if not self._made:
            self._shingles.append(0)
            return
        shingles = content(body).shingles
        self._rows += sketched(shingles).data.cast("B")
        self._shingles.append(len(shingles))

    def write(self, writer: ArrayWriter) -> None:
        """Write what was added."""
        shingles = np.array(self._shingles, np.uint32)
        rows = np.frombuffer(self._rows, np.uint32).reshape(-1, BANDS)
        made = Signatures.from_rows(
            rows if self._made else np.zeros((len(shingles), BANDS), np.uint32), shingles
        )
        writer.add(f"{NAME}/keys", made.keys.ravel())
        writer.add(f"{NAME}/documents", made.documents.ravel())
        writer.add(f"{NAME}/shingles", smallest(shingles))


def read(file: ArrayFile) -> Signatures:
    """Return the signatures of a segment, mapped."""
    keys, documents = file[f"{NAME}/keys"], file[f"{NAME}/documents"]
    return Signatures(keys.reshape(BANDS, -1), documents.reshape(BANDS, -1), file[f"{NAME}/shingles"])


def merge(
    writer: ArrayWriter, parts: Sequence[tuple[ArrayFile, NDArray[np.bool_], NDArray[np.int64]]]
) -> None:
    """Write the signatures of some files' live documents, bool[n], under their new numbers, int64[n]."""
    known = [(read(file), live, renamed) for file, live, renamed in parts]
    for name in ("keys", "documents"):
        writer.append(f"{NAME}/{name}", np.empty(0, np.uint32))
    for keys, documents in merged(known):
        writer.append(f"{NAME}/keys", keys)
        writer.append(f"{NAME}/documents", documents)
    writer.add(f"{NAME}/shingles", np.concatenate([own.shingles[live] for own, live, _ in known]))
