"""Many strings in two arrays: their UTF-8 bytes one behind the other, and where each begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from index.codec.kernels import rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayFile, ArrayWriter


def narrow(starts: NDArray[np.integer[Any]]) -> NDArray[Any]:
    """Return starts as they are written: int32, where they fit, as nearly always; else int64.

    >>> narrow(np.array([0, 7])).dtype, narrow(np.array([0, 1 << 31])).dtype
    (dtype('int32'), dtype('int64'))
    """
    return starts.astype(starts_type(int(starts[-1])), copy=False)


def starts_type(last: int) -> type[Any]:
    """Return the type in which starts are written of which this is the last."""
    return np.int32 if last < 1 << 31 else np.int64


def starts_of(sizes: Iterable[NDArray[Any]]) -> Iterator[NDArray[np.int64]]:
    """Yield the starts of what has these sizes, in parts.

    >>> [each.tolist() for each in starts_of([np.array([2, 3]), np.array([1])])]
    [[0], [2, 5], [6]]
    """
    last = np.int64(0)
    yield np.zeros(1, dtype=np.int64)
    for part in sizes:
        if len(part):
            starts = last + np.cumsum(part, dtype=np.int64)
            last = starts[-1]
            yield starts


def smallest(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return numbers, not negative, as they are written where the largest decides: uint8, uint16 or uint32.

    >>> [smallest(np.array([0, most])).dtype.name for most in (255, 256, 65_536)]
    ['uint8', 'uint16', 'uint32']
    """
    return numbers.astype(smallest_type([numbers]))


def smallest_type(parts: Iterable[NDArray[Any]]) -> np.dtype[Any]:
    """Return that type of numbers that come in parts."""
    return np.min_scalar_type(max((int(part.max(initial=0)) for part in parts), default=0))


class Strings(Sequence[str]):
    """Strings that stay where they are mapped until one is asked for.

    ``blob`` is uint8[bytes]; ``starts`` int64[n + 1], or int32 where they are read from a file.
    """

    def __init__(self, blob: NDArray[np.uint8], starts: NDArray[np.int64]) -> None:
        self.blob = blob
        self.starts = starts
        # Views give Python's own numbers and bytes, several times faster than arrays do.
        self._view, self._bounds = blob.data, starts.data

    @classmethod
    def of(cls, strings: Iterable[str]) -> Strings:
        """Return strings as arrays."""
        return cls.from_bytes([text.encode("utf-8", "surrogatepass") for text in strings])

    @classmethod
    def from_bytes(cls, parts: Sequence[bytes]) -> Strings:
        """Return encoded strings as arrays."""
        starts = np.fromiter(accumulate(map(len, parts), initial=0), dtype=np.int64, count=len(parts) + 1)
        return cls(np.frombuffer(b"".join(parts), dtype=np.uint8), starts)

    @classmethod
    def read(cls, file: ArrayFile, name: str) -> Strings:
        """Return the strings that ``write`` put under a name."""
        return cls(file[f"{name}/blob"], file[f"{name}/starts"])

    def write(self, writer: ArrayWriter, name: str) -> None:
        """Put the strings under a name."""
        writer.add(f"{name}/blob", self.blob)
        writer.add(f"{name}/starts", narrow(self.starts))

    def raw(self, number: int) -> bytes:
        """Return the bytes of one string."""
        bounds = self._bounds
        return bytes(self._view[bounds[number] : bounds[number + 1]])

    def text(self, number: int) -> str:
        """Return one string, by a number from 0 on."""
        bounds = self._bounds
        return str(self._view[bounds[number] : bounds[number + 1]], "utf-8", "surrogatepass")

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [*map(self.text, range(*number.indices(len(self))))]
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        return self.text(number % len(self))

    def find(self, text: str) -> int:
        """Return the number of a string among sorted ones, -1 where it is not."""
        place = self.rank(text.encode("utf-8", "surrogatepass"))
        return place if place < len(self) and self[place] == text else -1

    def beginning(self, prefix: str) -> tuple[int, int]:
        """Return the numbers, first and behind the last, of the sorted strings that begin with a prefix."""
        return (
            self.rank(prefix.encode("utf-8", "replace")),
            self.rank(f"{prefix}\U0010ffff".encode("utf-8", "replace")),
        )

    def rank(self, key: bytes) -> int:
        """Return how many of the strings, sorted by their bytes, are smaller than a key."""
        return int(rank(self.blob, self.starts, np.frombuffer(key, dtype=np.uint8)))
