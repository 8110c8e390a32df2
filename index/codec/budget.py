"""How much memory writing takes: one bound, shared out among all that it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

MEMORY = 512 << 20
"""The bound where none is set."""

_IDLE = 136 << 20
"""What a process takes that has loaded all kernels of writing, 116 to 120 MB, and the articles of a batch."""

_LEAST = 48 << 20
"""What is shared out at least: below, a bound of fewer bytes makes more work and saves nothing."""

_DOCUMENT = 64
"""Bytes that a merge holds for each document of a window of columns."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Bytes for each thing that a writer holds.

    ``run`` is what is collected of a segment before it is written and what writing it takes, ``known`` the
    strings of the words that are remembered from segment to segment (a tenth of what that takes), ``window``
    what is sorted or merged at once, ``largest`` the file of a merged segment: of each of its documents a
    merge holds some 20 bytes, and of each of its terms 16.
    """

    run: int
    known: int
    window: int
    largest: int

    @classmethod
    def of(cls, memory: int = MEMORY) -> Self:
        """Share out so many bytes.

        >>> {name: getattr(Budget.of(), name) >> 20 for name in ("run", "known", "window", "largest")}
        {'run': 188, 'known': 9, 'window': 56, 'largest': 6144}
        """
        free = max(memory - _IDLE, _LEAST)
        return cls(run=free // 2, known=free // 40, window=free * 15 // 100, largest=12 * memory)

    @property
    def documents(self) -> int:
        """How many documents' columns are merged at once."""
        return max(self.window // _DOCUMENT, 1024)
