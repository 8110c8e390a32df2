"""The order of an answer: the first pass over all documents, its best once more, and pages of both."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from search.collect import Again, Ranked, ordered, top
from search.deadline import OutOfTime
from search.rescoring import POOL, gains
from search.vouching import POOL as DEEP
from search.vouching import Circle, circle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from search.collect import Part, Wanted
    from search.plan import Plan
    from search.snapshot import Snapshot


class Ranking(NamedTuple):
    """The first documents in order, the parts that they are of, and whether time was too short for all."""

    parts: list[Part]
    first: list[Ranked]
    cut: bool


class Second(NamedTuple):
    """A second look: at how many of the best, and what they score then, in their order.

    It takes nothing from a score, so that those that it looks at stay before all others.  ``score``
    raises OutOfTime where it takes too long.
    """

    pool: int
    score: Score


class Score(Protocol):
    """What makes the second scores of documents."""

    def __call__(self, found: Sequence[Ranked], wanted: Wanted) -> list[Ranked]:
        """Return documents in their new order."""
        ...


def second(rank: str, planned: Plan, snapshot: Snapshot, deadline: int) -> Second | None:
    """Return the second look that a way of ranking takes, None where it takes none."""
    if rank == "deep":
        return Second(DEEP, partial(_deep, planned, snapshot, deadline))
    if rank == "keyword" and planned.words:
        return Second(POOL, partial(_again, planned, snapshot))
    return None


def ranking(find: Callable[[Wanted], list[Part]], wanted: Wanted, look: Second | None) -> Ranking:
    """Return the documents that are wanted, in order; ``find`` gives the parts of a first pass.

    Where the best of it are looked at again, a page behind the last of them goes on in the order of
    the first pass.
    """
    after = wanted.after
    if wanted.sort != "relevance" or look is None:
        parts = find(wanted)
        return Ranking(parts, top(parts, wanted.limit), _cut(parts))
    limit = look.pool + wanted.limit if after else max(look.pool, wanted.limit)
    parts = find(replace(wanted, limit=limit, after=None))
    found = top(parts, limit)
    cut = _cut(parts)
    try:
        pool = look.score(found[: look.pool], wanted)
    except OutOfTime:
        pool, cut = found[: look.pool], True
    if after is None:
        return Ranking(parts, [*pool, *found[look.pool :]][: wanted.limit], cut)
    before = (after.key, after.id)
    if not pool or before <= pool[-1].key:
        behind = [hit for hit in (*pool, *found[look.pool :]) if hit.key > before]
        return Ranking(parts, behind[: wanted.limit], cut)
    rest = find(replace(wanted, listed=False))
    return Ranking(parts, top(rest, wanted.limit), cut or _cut(rest))


def _cut(parts: Sequence[Part]) -> bool:
    return any(part.cut for part in parts)


def _again(planned: Plan, snapshot: Snapshot, found: Sequence[Ranked], wanted: Wanted) -> list[Ranked]:
    """Return documents in their order by what they score, and gain by where words stand in them."""
    pool = []
    for segment in dict.fromkeys(hit.segment for hit in found):
        own = [hit for hit in found if hit.segment is segment]
        docs = np.array([hit.doc for hit in own], dtype=np.int32)
        gained = gains(segment, docs, snapshot.statistics, planned.words)
        if wanted.recency:
            gained *= wanted.recency.weights(segment, docs)
        pool += [
            Ranked(hit.score + more, segment, hit.doc, _LOOKED_AT)
            for hit, more in zip(own, gained.tolist(), strict=True)
        ]
    return ordered(pool, len(pool))


_LOOKED_AT = Again()


def _deep(
    planned: Plan, snapshot: Snapshot, deadline: int, found: Sequence[Ranked], wanted: Wanted
) -> list[Ranked]:
    """Return documents in their order by what they score, and gain by where words stand and by neighbours."""
    pool = _again(planned, snapshot, found, wanted) if planned.words else list(found)
    if not pool:
        return pool
    docs = [(hit.segment, hit.doc) for hit in pool]
    known = circle(snapshot.vectors.of(docs, snapshot.language, deadline))
    gained = known.gains(np.array([hit.score for hit in pool]))
    vouched = [
        hit._replace(score=hit.score + more, again=Again(partial(_neighbours, pool, known, place)))
        for place, (hit, more) in enumerate(zip(pool, gained.tolist(), strict=True))
    ]
    return ordered(vouched, len(vouched))


def _neighbours(pool: Sequence[Ranked], known: Circle, place: int) -> list[tuple[Ranked, float]]:
    return [(pool[other], near) for other, near in known.of(place)]
