"""Which documents have words in order and close together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.segment import Segment
    from search import nodes


def occurs(node: nodes.Sequence, segment: Segment, docs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return bool[m]: in which of ``docs`` (ascending) the sequence stands."""
    places = [_places(node.fieldname, terms, segment, docs) for terms, _ in node.steps]
    distances = [distance for _, distance in node.steps]
    return np.array(
        [bool(ends([step[i] for step in places], distances, node.slop)) for i in range(len(docs))],
        dtype=np.bool_,
    )


def _places(
    field: str, terms: tuple[str, ...], segment: Segment, docs: NDArray[np.int64]
) -> list[Sequence[int]]:
    """Return, for each document, the positions at which one of the terms stands."""
    lists = [segment.positions(field, term, docs) for term in terms]
    return lists[0] if len(lists) == 1 else [sorted(set().union(*each)) for each in zip(*lists, strict=True)]


def ends(places: Sequence[Sequence[int]], distances: Sequence[int], slop: int) -> set[int]:
    """Return the positions at which an occurrence of the whole sequence ends.

    ``places[i]`` are the positions of word i, which stands ``distances[i]`` behind the word before
    it, or up to ``slop`` further.

    >>> ends([[1, 7], [2, 5]], [0, 1], 0)
    {2}
    """
    reached = set(places[0])
    for here, distance in zip(places[1:], distances[1:], strict=True):
        reached = {
            place for place in here if any(place - distance - gap in reached for gap in range(slop + 1))
        }
    return reached
