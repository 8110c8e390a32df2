"""The order of an answer: the first pass over all documents, its best once more, and pages of both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.collect import Ranked, ordered, top
from search.rescoring import POOL, gains

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from search.collect import Part, Wanted
    from search.plan import Plan
    from search.statistics import Statistics


class Ranking(NamedTuple):
    """The first documents in order, the parts that they are of, and whether time was too short for all."""

    parts: list[Part]
    first: list[Ranked]
    cut: bool


def ranking(
    find: Callable[[Wanted], list[Part]],
    planned: Plan,
    wanted: Wanted,
    statistics: Statistics,
    *,
    again: bool = True,
) -> Ranking:
    """Return the documents that are wanted, in order; ``find`` gives the parts of a first pass.

    ``again``: the best of it are looked at again.

    The best of the first pass gain by being looked at again, so they stay before all others: a page
    behind the last of them goes on in the order of the first pass.
    """
    after = wanted.after
    if wanted.sort != "relevance" or not planned.words or not again:
        parts = find(wanted)
        return Ranking(parts, top(parts, wanted.limit), _cut(parts))
    limit = POOL + wanted.limit if after else max(POOL, wanted.limit)
    parts = find(replace(wanted, limit=limit, after=None))
    found = top(parts, limit)
    pool = _again(found[:POOL], planned, wanted, statistics)
    if after is None:
        return Ranking(parts, [*pool, *found[POOL:]][: wanted.limit], _cut(parts))
    before = (after.key, after.id)
    if not pool or before <= pool[-1].key:
        behind = [hit for hit in (*pool, *found[POOL:]) if hit.key > before]
        return Ranking(parts, behind[: wanted.limit], _cut(parts))
    rest = find(replace(wanted, listed=False))
    return Ranking(parts, top(rest, wanted.limit), _cut([*parts, *rest]))


def _cut(parts: Sequence[Part]) -> bool:
    return any(part.cut for part in parts)


def _again(found: Sequence[Ranked], planned: Plan, wanted: Wanted, statistics: Statistics) -> list[Ranked]:
    """Return documents in their order by what they score and gain."""
    pool = []
    for segment in dict.fromkeys(hit.segment for hit in found):
        own = [hit for hit in found if hit.segment is segment]
        docs = np.array([hit.doc for hit in own], dtype=np.int32)
        gained = gains(segment, docs, statistics, planned.words)
        if wanted.recency:
            gained *= wanted.recency.weights(segment, docs)
        pool += [
            Ranked(hit.score + more, segment, hit.doc, again=True)
            for hit, more in zip(own, gained.tolist(), strict=True)
        ]
    return ordered(pool, len(pool))
