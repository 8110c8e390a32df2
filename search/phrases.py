"""Which documents have words in order and close together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.kernels import follow

if TYPE_CHECKING:
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
