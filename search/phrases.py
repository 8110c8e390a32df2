"""Which documents have words in order and close together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.kernels import follow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.segment import Segment
    from search import nodes


def occurs(node: nodes.Sequence, segment: Segment, docs: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return bool[m]: in which of ``docs`` (ascending) the sequence stands."""
    (terms, _), *following = node.steps
    starts, reached = _places(node.fieldname, terms, segment, docs)
    for terms, distance in following:
        next_starts, positions = _places(node.fieldname, terms, segment, docs)
        starts, reached = follow(starts, reached, next_starts, positions, distance, node.slop)
    return np.diff(starts) > 0


def _places(
    field: str, terms: tuple[str, ...], segment: Segment, docs: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Return, document by document, the positions at which one of the terms stands."""
    found = [segment.positions(field, term, docs) for term in terms]
    if len(found) == 1:
        return found[0]
    owners = np.concatenate([np.repeat(np.arange(len(docs)), np.diff(starts)) for starts, _ in found])
    positions = np.concatenate([positions for _, positions in found])
    # Two terms of one step may be stems of one word, at one position.
    pairs = np.unique((owners << 32) | positions)
    starts = np.searchsorted(pairs, np.arange(len(docs) + 1) << 32)
    return starts, (pairs & 0xFFFFFFFF).astype(np.uint32)


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
