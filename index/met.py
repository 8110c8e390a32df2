"""The ids that a commit has brought: eight bytes each, however many there are."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Met:
    """Says whether an id may have been met: by its name since ``pack``, by a hash of 64 bits before.

    >>> met = Met()
    >>> met.add("a")
    >>> met.pack()
    >>> "a" in met, "b" in met, met.holds("a")
    (True, False, False)
    """

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._hashes: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)

    def add(self, id_: str) -> None:
        """Note an id."""
        self._names.add(id_)

    def __contains__(self, id_: str) -> bool:
        """Whether an id may have been met: true of all that were, and of few others."""
        if id_ in self._names:
            return True
        if not len(self._hashes):
            return False
        wanted = _hash(id_)
        place = int(np.searchsorted(self._hashes, wanted))
        return place < len(self._hashes) and bool(self._hashes[place] == wanted)

    def holds(self, id_: str) -> bool:
        """Return whether an id was met since ``pack``."""
        return id_ in self._names

    def pack(self) -> None:
        """Forget the names of what was met."""
        new = np.fromiter(map(_hash, self._names), dtype=np.uint64, count=len(self._names))
        self._hashes = np.sort(np.concatenate([self._hashes, new]))
        self._names = set()


def _hash(id_: str) -> np.uint64:
    digest = blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))
