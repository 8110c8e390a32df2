"""The postings of one term as Whoosh's matchers walk them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.query.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from whoosh.formats import Format


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """The postings of one term, one at a time."""

    def __init__(
        self,
        term: tuple[str, str | bytes],
        found: tuple[list[int], list[float]],
        format_: Format,
        positions: Callable[[Sequence[int]], list[Sequence[int]]],
        scorer: Any,
    ) -> None:
        """Walk the documents of a term and its weights; ``positions`` gives those in some documents."""
        self.docs, self.weights = found
        self.scorer = scorer
        self.format = format_
        self._term = term
        self._positions = positions
        self._at = 0

    # Totals are exact: Whoosh skips nothing because it cannot be among the best, and does not stop
    # to look at one side of a union because its terms cannot score enough.

    def supports_block_quality(self) -> bool:
        return False

    def max_quality(self) -> float:
        return math.inf

    def is_active(self) -> bool:
        return self._at < len(self.docs)

    def id(self) -> int:
        return self.docs[self._at]

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return True

    def skip_to(self, id: int) -> bool:  # noqa: A002 - Whoosh's signature
        if not self.is_active():
            raise ReadTooFar
        before = self._at
        self._at = int(np.searchsorted(self.docs, id))
        self._at = max(self._at, before)
        return self._at > before

    def reset(self) -> None:
        self._at = 0

    def copy(self) -> ArrayMatcher:
        other = ArrayMatcher(self._term, (self.docs, self.weights), self.format, self._positions, self.scorer)
        other._at = self._at
        return other

    def weight(self) -> float:
        return self.weights[self._at]

    def value(self) -> bytes:
        return self.format.encode(self.value_as("positions")) if self.supports("positions") else b""

    def value_as(self, astype: str) -> Any:
        if astype == "positions":
            return list(self._positions([self.id()])[0])
        if astype in {"weight", "frequency"}:
            return self.weight()
        return super().value_as(astype)

    def all_ids(self) -> Iterator[int]:
        return iter(self.docs)

    def spans(self) -> Any:
        return [Span(position) for position in self.value_as("positions")]
