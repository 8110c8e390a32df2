"""From segments to stories: what a commit brought is held against itself and against all that was there.

Nothing old is read again but the texts of candidates, and no segment is rewritten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.codec.signatures import read
from index.shingles import content
from index.syndication import Part, link

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from index.segment import Segment
    from index.stories import Stories


class Before(Protocol):
    """The stories of the generation before, read when they are asked for."""

    @property
    def stories(self) -> Stories:
        """The stories."""
        ...

    def may_name(self, ids: Collection[str]) -> bool:
        """Return whether one of some articles may be in a story."""
        ...


def part(segment: Segment, live: NDArray[np.bool_]) -> Part:
    """Return a segment as near-copies are looked for in it, with the documents that live, bool[n]."""
    file = segment.file
    return Part(
        ids=file.columns.ids,
        signatures=read(file.file),
        days=np.stack([file.columns.starts[:], file.columns.ends[:]], axis=1),
        live=live,
        content=lambda doc: content(file.bodies[doc].decode("utf-8", "surrogatepass")),
    )


def linked(
    before: Before,
    generation: int,
    removed: Collection[str],
    new: Sequence[Part],
    old: Sequence[Part],
) -> Stories | None:
    """Return the stories of a generation from those before it, None where they are the same.

    Those before are not read where nothing of them can change.  ``removed`` are the ids of articles that
    went or were replaced, ``new`` the segments of the commit, ``old`` those before it with what still lives
    of them.
    """
    members, links = [], []
    for number, each in enumerate(new):
        found, near = link(each, (*old, *new[:number]))
        members += found
        links += near
    if not links and not (before.may_name(removed) and before.stories.of.keys() & set(removed)):
        return None
    return before.stories.updated(generation, removed, members, links)
