"""The near-copy keys of a segment's documents: made as articles come, merged band by band."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from index.codec.strings import smallest
from index.shingles import content
from index.signatures import LEAST, Signatures, merged, sorted_band
from index.syndication_kernels import BANDS, sketched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayFile, ArrayWriter

NAME = "signatures"


class SignatureRows:
    """The signatures of a segment while it is made, 484 bytes an article; none unless they are ``made``."""

    def __init__(self, *, made: bool) -> None:
        self._made = made
        self._rows = bytearray()
        self._shingles = array("I")

    @property
    def size(self) -> int:
        """Bytes that are held."""
        return len(self._rows)

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
        long = np.flatnonzero(shingles >= LEAST).astype(np.uint32)
        _write_bands(writer, (sorted_band(rows, long, band) for band in range(BANDS)))
        writer.add(f"{NAME}/shingles", smallest(shingles))


def _write_bands(writer: ArrayWriter, bands: Iterable[tuple[NDArray[np.uint32], NDArray[np.uint32]]]) -> None:
    """Write keys and documents of each band."""
    for name in ("keys", "documents"):
        writer.append(f"{NAME}/{name}", np.empty(0, np.uint32))
    for keys, documents in bands:
        writer.append(f"{NAME}/keys", keys)
        writer.append(f"{NAME}/documents", documents)


def read(file: ArrayFile) -> Signatures:
    """Return the signatures of a segment, mapped."""
    keys, documents = file[f"{NAME}/keys"], file[f"{NAME}/documents"]
    shingles = file[f"{NAME}/shingles"]
    return Signatures(keys.reshape(BANDS, -1), documents.reshape(BANDS, -1), shingles, file.release)


def merge(
    writer: ArrayWriter, parts: Sequence[tuple[ArrayFile, NDArray[np.bool_], NDArray[np.int32]]]
) -> None:
    """Write the signatures of some files' live documents, bool[n], under their new numbers, int32[n]."""

    def bands() -> Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
        for band in merged([(read(file), live, renamed) for file, live, renamed in parts]):
            yield band
            for file, _, _ in parts:
                file.release()

    _write_bands(writer, bands())
    shingles = np.concatenate([read(file).shingles[live] for file, live, _ in parts])
    writer.add(f"{NAME}/shingles", smallest(shingles))
