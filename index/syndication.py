"""Which articles run the same text: near-copies judged by their words, and stories made of them.

Two articles are a ``copy`` where the shorter stands in the longer almost whole, a ``version`` where half of
it does.  Copies of copies are one story; versions are linked and never chained, since a story that develops
would pull in the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.signatures import WINDOW, candidates
from index.stories import Level, Link, Member
from index.syndication_kernels import shared

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.shingles import Content
    from index.signatures import Signatures


CONTAINED: dict[Level, float] = {"copy": 0.8, "version": 0.5}
"""The share of the shorter text's shingles that stand in the other, by level, the closest first."""

JACCARD = 0.25
"""Of all shingles of both texts that two must share, or their leads must tell the same.  Less alone makes one
story of a summary of the day and all that it sums up."""

LEAD = 0.4
"""The share of the words of the shorter lead that stand in the other, where two texts share less than
``JACCARD`` and the shorter is held by half: a first report and the story it grew into.  Of 64 such pairs of
the copies gold 18 were of two stories when read; this leaves one of them and 40 of the 46."""


def judge(one: Content, other: Content) -> Level | None:
    """Return how near two texts are, or None where they are two stories."""
    shortest = min(len(one.shingles), len(other.shingles))
    if not shortest:
        return None
    both = shared(one.shingles, other.shingles)
    level = next((level for level, share in CONTAINED.items() if both >= share * shortest), None)
    if level is None or both >= JACCARD * (len(one.shingles) + len(other.shingles) - both):
        return level
    led = min(len(one.lead), len(other.lead))
    return "version" if shared(one.lead, other.lead) >= max(1, LEAD * led) else None


@dataclass(frozen=True, slots=True)
class Part:
    """The documents of one segment as near-copies are looked for: n ids, signatures, days and live documents.

    ``days`` int32[n, 2] are first and last days as proleptic ordinals, 0 where undated; ``live`` bool[n];
    ``content`` reads a document's text again: only candidates are read.
    """

    ids: Sequence[str]
    signatures: Signatures
    days: NDArray[np.int32]
    live: NDArray[np.bool_]
    content: Callable[[int], Content]


_READ = 4096
"""Texts of a segment that are remembered while its candidates are judged: some 5 kB each."""


def link(new: Part, old: Sequence[Part], window: int = WINDOW) -> tuple[list[Member], list[Link]]:
    """Return the near-copies of a new segment's documents, in itself and in the old ones.

    The members are all documents that a link names, as ``Stories.updated`` wants them.
    """
    members: dict[str, Member] = {}
    links = []
    read_new = lru_cache(_READ)(new.content)
    for part in (new, *old):
        read_old = read_new if part is new else lru_cache(_READ)(part.content)
        found = candidates(new.signatures, new.days, part.signatures, part.days, window)
        for one, other, _ in found[new.live[found[:, 0]] & part.live[found[:, 1]]].tolist():
            level = judge(read_new(one), read_old(other))
            if level:
                links.append(Link(new.ids[one], part.ids[other], level))
                for each, doc in ((new, one), (part, other)):
                    members[each.ids[doc]] = member(each, doc)
    return list(members.values()), links


def member(part: Part, doc: int) -> Member:
    """Return a document as a member of a story."""
    return Member.of(part.ids[doc], int(part.days[doc, 0]), int(part.signatures.shingles[doc]))
