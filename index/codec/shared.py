"""A string for each document where many have the same: each string is kept once, and numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec.strings import Strings, narrow
from index.codec.uniting import chosen
from index.codec.values import cell_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.codec.arrays import ArrayFile, ArrayWriter


class SharedStrings:
    """Document ``d`` has the string ``kept[cells[d]]``; ``cells`` is uint16[n] or uint32[n]."""

    def __init__(self, kept: Strings, cells: NDArray[Any]) -> None:
        self.kept, self.cells = kept, cells
        self._numbers = cells.data

    @classmethod
    def read(cls, file: ArrayFile, name: str) -> SharedStrings:
        """Return the strings that ``write_shared`` or ``merge_shared`` put under a name."""
        return cls(Strings.read(file, name), file[f"{name}/cells"])

    def text(self, doc: int) -> str:
        """Return the string of a document."""
        return self.kept.text(self._numbers[doc])

    def raw(self, doc: int) -> bytes:
        """Return the bytes of it."""
        return self.kept.raw(self._numbers[doc])


def write_shared(writer: ArrayWriter, name: str, strings: Sequence[str]) -> None:
    """Put the strings of some documents under a name, in the order in which they come first."""
    numbers: dict[str, int] = {}
    cells = [numbers.setdefault(each, len(numbers)) for each in strings]
    Strings.of(numbers).write(writer, name)
    writer.add(f"{name}/cells", np.array(cells, dtype=cell_type(len(numbers))))


def merge_shared(writer: ArrayWriter, name: str, parts: Sequence[tuple[SharedStrings, NDArray[Any]]]) -> None:
    """Put the strings of some documents of each part under a name; what two parts have is there twice."""
    used = [np.bincount(part.cells[docs], minlength=len(part.kept)) > 0 for part, docs in parts]
    sizes, cells, count = [np.zeros(1, dtype=np.int64)], [], 0
    whole = cell_type(sum(int(own.sum()) for own in used))
    for own, (part, docs) in zip(used, parts, strict=True):
        left = chosen(part.kept, np.flatnonzero(own))
        writer.append(f"{name}/blob", left.blob)
        sizes.append(np.diff(left.starts).astype(np.int64))
        numbers: NDArray[Any] = (np.cumsum(own) + (count - 1)).astype(whole)
        cells.append(numbers[part.cells[docs]])
        count += len(left)
    writer.add(f"{name}/starts", narrow(np.cumsum(np.concatenate(sizes))))
    writer.add(f"{name}/cells", np.concatenate(cells))
