"""Which segments are merged: those of a tier of size that has grown too full.

So a document is rewritten once a tier, and a search meets few segments.  None becomes larger than what a
merge can hold in memory: an archive beyond that has a segment more for each so many bytes.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from index.codec.budget import Budget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.codec.commit import SegmentEntry

MOST = 8
"""Segments of a generation, but for merges put off: each costs a search some microseconds."""

_TIER = 8
"""A tier holds segments of up to so many times the size of those in the tier below."""

_FULL = 4
"""Segments of one tier that are merged."""

ROOM = 4 * 64 * _TIER**2
"""Documents that any commit may rewrite: those of a full third tier, .3 s of CPU on Reuters-21578."""

_EACH = 8
"""Documents that a commit may rewrite besides for each that it brings: a build merges whatever is full."""

EVER = 2 * MOST
"""Segments that a generation has at most, whatever it takes: merges that small commits put off end here."""


def room(brought: int) -> int:
    """Return how many documents a commit that brings so many may rewrite: not much more work than its own."""
    return ROOM + _EACH * brought


def plan(entries: Sequence[SegmentEntry], room: int, largest: int = Budget.of().largest) -> tuple[int, ...]:
    """Return the numbers of the segments that should become one, none where all is well.

    All of them after a commit that brings half of the documents, as a build does, and more than ``ROOM``:
    of one segment, a search takes half the time that it takes of four.  Else the smallest full tier, of
    ``_FULL`` segments, that has room; else, where more than ``MOST`` segments have room and are of no full
    tier, the smallest two.  Above ``EVER`` segments there is room for all.  What is written has no
    more than ``largest`` bytes: a segment of more than half as many is left alone.
    """
    growing = [n for n, entry in enumerate(entries) if entry.file.length <= largest // 2]
    growing.sort(key=lambda number: entries[number].documents)
    documents = sum(entry.documents for entry in entries)
    if len(growing) > 1 and room >= ROOM + _EACH * max(ROOM, documents // 2):
        return tuple(sorted(_fitting(entries, growing, largest)))
    if len(growing) > EVER:
        room = documents
    tiers: dict[int, list[int]] = {}
    for number in growing:
        tiers.setdefault(_tier(entries[number].documents), []).append(number)
    full = {tier: own for tier, own in tiers.items() if len(own) >= _FULL}
    for tier in sorted(full):
        chosen = _fitting(entries, full[tier], largest)
        if sum(entries[number].documents for number in chosen) <= room:
            return tuple(sorted(chosen))
    put_off = {number for own in full.values() for number in own}
    small = [n for n in growing if n not in put_off and entries[n].documents <= room]
    if len(small) > MOST and sum(entries[number].documents for number in small[:2]) <= room:
        return tuple(sorted(small[:2]))
    return ()


def _fitting(entries: Sequence[SegmentEntry], numbers: Sequence[int], largest: int) -> Sequence[int]:
    """Return the first of some segments, two or more, that have no more than so many bytes together."""
    lengths = accumulate(entries[number].file.length for number in numbers)
    return [number for number, length in zip(numbers, lengths, strict=True) if length <= largest]


def _tier(documents: int) -> int:
    tier, bound = 0, 64
    while documents > bound:
        tier, bound = tier + 1, bound * _TIER
    return tier
