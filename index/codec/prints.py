"""What tells whose words are the same, or nearly so: a print of each quote, and a few keys of it.

Quotes of the same folded words have one print; quotes that share a stretch of words share a key.
"""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec.postings import cumulated
from index.winnowing import keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayFile, ArrayWriter

FIELD = "quoted"

_BASE = 0x9E3779B97F4A7C15
"""An odd number whose powers tell places apart."""


class Keys:
    """The keys of a segment's quotes while it is made."""

    def __init__(self) -> None:
        self._keys, self._counts = array("I"), array("I")

    def add(self, text: str) -> None:
        """Add a quote."""
        own = keys(text)
        self._keys.frombytes(own.tobytes())
        self._counts.append(len(own))

    def ordered(self) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """Return the keys of all quotes, ascending, and the quotes that have them."""
        counts = np.array(self._counts, np.int64)
        return _ordered(np.array(self._keys, np.uint32), np.repeat(np.arange(len(counts)), counts))

    def write(self, writer: ArrayWriter) -> None:
        """Write the keys of all quotes."""
        _write_keys(writer, *self.ordered())


def _ordered(
    keys: NDArray[np.uint32], quotes: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Return keys, ascending, and their quotes; those of one key ascend."""
    order = np.lexsort((quotes, keys))
    return keys[order], quotes[order].astype(np.int32)


def _write_keys(writer: ArrayWriter, keys: NDArray[np.uint32], quotes: NDArray[np.int32]) -> None:
    writer.add(f"{FIELD}/keys", keys)
    writer.add(f"{FIELD}/keyed", quotes)


def write_prints(writer: ArrayWriter, prints: NDArray[np.uint64]) -> None:
    """Write the prints of all quotes, uint64[q], in their order."""
    order = np.argsort(prints, kind="stable")
    places = np.empty(len(order), np.int32)
    places[order] = np.arange(len(order), dtype=np.int32)
    writer.add(f"{FIELD}/prints", prints[order])
    writer.add(f"{FIELD}/alike", order.astype(np.int32))
    writer.add(f"{FIELD}/places", places)


def printed(
    names: Iterable[str], numbers: NDArray[np.int64], docs: NDArray[np.int64], size: int
) -> NDArray[np.uint64]:
    """Return the print of each of some quotes, uint64[size]; 0 where one has no words.

    ``names`` are folded words, ``numbers`` int64[m] those of all quotes, one behind the other, and ``docs``
    int64[m] the quote of each.  A polynomial of 64-bit hashes of the words: of a million quotes, two of
    different words have one print with odds of 1 to 30 million.
    """
    encoded = [name.encode("utf-8", "replace") for name in names]
    hashes = np.array(
        [int.from_bytes(blake2b(name, digest_size=8).digest(), "little") for name in encoded], dtype=np.uint64
    )
    begins = cumulated(np.bincount(docs, minlength=size))
    places = np.arange(len(docs)) - begins[docs]
    longest = int(places.max(initial=0)) + 1
    powers = np.multiply.accumulate(np.full(longest, _BASE, dtype=np.uint64))
    sums = np.zeros(len(places) + 1, dtype=np.uint64)
    np.cumsum(hashes[numbers] * powers[places], out=sums[1:])
    return sums[begins[1:]] - sums[begins[:-1]]


class Prints:
    """The prints and keys of a segment's q quotes, mapped.

    ``prints`` uint64[q] ascend, ``alike`` int32[q] are the quotes that have them, and ``places`` int32[q]
    leads from each quote to its own; ``keys`` uint32[k] ascend, ``keyed`` int32[k] are their quotes.
    """

    def __init__(self, file: ArrayFile) -> None:
        self.prints: NDArray[np.uint64] = file[f"{FIELD}/prints"]
        self.alike: NDArray[np.int32] = file[f"{FIELD}/alike"]
        self.places: NDArray[np.int32] = file[f"{FIELD}/places"]
        self.keys: NDArray[np.uint32] = file[f"{FIELD}/keys"]
        self.keyed: NDArray[np.int32] = file[f"{FIELD}/keyed"]

    def of(self, quote: int) -> int:
        """Return the print of a quote, 0 where it has no words."""
        return self.prints.item(self.places.item(quote))

    def same(self, prints: NDArray[np.uint64]) -> Iterator[tuple[int, NDArray[np.int32]]]:
        """Yield the place of each print that quotes have, and these, deleted ones included; none has 0."""
        found = _met(self.prints, self.alike, prints, 0)
        return (each for each in found if prints[each[0]])

    def near(
        self, keys: NDArray[np.uint32], own: NDArray[np.int64]
    ) -> Iterator[tuple[int, NDArray[np.int32]]]:
        """Yield the place of each key that more than so many quotes have, and these, deleted ones too."""
        return _met(self.keys, self.keyed, keys, own)


def _met(
    ascending: NDArray[Any], quotes: NDArray[np.int32], wanted: NDArray[Any], more: NDArray[np.int64] | int
) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """Yield the places of what ``more`` than so many quotes have, with these."""
    first = ascending.searchsorted(wanted)
    last = first + more  # of the quotes that have it the last that do not count, and one behind it
    there = (last < len(ascending)).nonzero()[0]
    there = there[ascending[last[there]] == wanted[there]]
    if not len(there):
        return
    ends = ascending.searchsorted(wanted[there], "right")
    for at, start, end in zip(there.tolist(), first[there].tolist(), ends.tolist(), strict=True):
        yield at, quotes[start:end]


def merge(writer: ArrayWriter, parts: Sequence[tuple[Prints, NDArray[np.bool_], NDArray[np.int32]]]) -> None:
    """Write prints and keys of some segments' live quotes, bool[q], under their new numbers, int32[q]."""
    write_prints(writer, np.concatenate([own.prints[own.places[live]] for own, live, _ in parts]))
    kept = [live[own.keyed] for own, live, _ in parts]
    keys = [own.keys[those] for (own, _, _), those in zip(parts, kept, strict=True)]
    quotes = [renamed[own.keyed[those]] for (own, _, renamed), those in zip(parts, kept, strict=True)]
    _write_keys(writer, *_ordered(np.concatenate(keys), np.concatenate(quotes)))
