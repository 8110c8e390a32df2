"""What a generation knows of its articles, by their ids: looked up where it stands, never held."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping
from typing import TYPE_CHECKING

from index.codec.columns import ORIGINS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.segment import Segment
    from index.writer import Origin

_WINDOW = 1 << 14
"""Documents after which the pages that were read are let go of."""


class Known(Mapping[str, "tuple[str, Origin]"]):
    """id → (digest, origin) of every live article; an id costs a binary search, 25 µs in a million."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments

    def __getitem__(self, id_: str) -> tuple[str, Origin]:
        for segment in self._segments:
            doc = segment.find(id_)
            if doc is not None:
                return _row(segment, doc)
        raise KeyError(id_)

    def __iter__(self) -> Iterator[str]:
        for segment, doc in self._documents():
            yield segment.columns.ids.text(doc)

    def __len__(self) -> int:
        return sum(segment.documents for segment in self._segments)

    def items(self) -> ItemsView[str, tuple[str, Origin]]:
        """Return all ids with what is known of them."""
        return _Items(self)

    def rows(self) -> Iterator[tuple[str, tuple[str, Origin]]]:
        """Yield what is known of all, one after the other."""
        for segment, doc in self._documents():
            yield segment.columns.ids.text(doc), _row(segment, doc)

    def _documents(self) -> Iterator[tuple[Segment, int]]:
        for segment in self._segments:
            for first in range(0, segment.size, _WINDOW):
                for doc in segment.live[first : first + _WINDOW].nonzero()[0].tolist():
                    yield segment, first + doc
                segment.file.file.release()


class _Items(ItemsView[str, "tuple[str, Origin]"]):
    _mapping: Known

    def __iter__(self) -> Iterator[tuple[str, tuple[str, Origin]]]:
        return self._mapping.rows()


def _row(segment: Segment, doc: int) -> tuple[str, Origin]:
    columns = segment.columns
    return columns.digests.text(doc), ORIGINS[columns.origins.item(doc)]
