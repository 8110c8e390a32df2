"""What holds in signatures and stories: each sentence of FORMAT.md about near-copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.codec.signatures import NAME, read
from index.shingles import content
from index.signatures import LEAST, Signatures
from index.stories import Member, components
from index.syndication_kernels import BANDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.generation import Generation
    from index.segment import SegmentFile


def signatures(file: SegmentFile) -> Iterator[str]:
    """Yield what does not hold in the signatures of a segment."""
    arrays = file.file
    shingles = arrays[f"{NAME}/shingles"]
    signed = np.flatnonzero(shingles >= LEAST).astype(np.uint32)
    sizes = {name: len(arrays[f"{NAME}/{name}"]) for name in ("keys", "documents")}
    if len(shingles) != file.size or set(sizes.values()) != {BANDS * len(signed)}:
        yield f"{NAME}: keys, documents and shingles are not of as many documents"
        return
    kept = read(arrays)
    if np.any(np.sort(kept.documents, axis=1) != signed):
        yield f"{NAME}: a band does not have each document once"
        return
    texts = [
        file.bodies[doc].decode("utf-8", "surrogatepass") if shingles[doc] else "" for doc in range(file.size)
    ]
    made = Signatures.of(map(content, texts))
    if not np.array_equal(made.shingles, shingles):
        yield f"{NAME}: shingles are not those of the texts"
    elif not np.array_equal(made.keys, kept.keys) or not np.array_equal(made.documents, kept.documents):
        yield f"{NAME}: keys are not those of the texts, in their order"


def untrue(generation: Generation) -> Iterator[str]:
    """Yield what does not hold in the stories of a generation."""
    stories = generation.stories
    alive = {
        segment.columns.ids[doc]: (segment, doc)
        for segment in generation.segments
        for doc in np.flatnonzero(segment.live).tolist()
    }
    members = [member for story in stories.stories.values() for member in story.members]
    for member in members:
        segment, doc = alive.get(member.id, (None, 0))
        if segment is None:
            yield f"article {member.id!r} has a story and is not there"
            continue
        day, shingles = int(segment.columns.starts[doc]), int(segment.file.file[f"{NAME}/shingles"][doc])
        if member != Member.of(member.id, day, shingles):
            yield f"article {member.id!r} is listed with another day or length"
    if len({member.id for member in members}) != len(members):
        yield "an article has two stories"
    parts = components({id_ for link in stories.links for id_ in (link.one, link.other)}, stories.links)
    if sorted(map(sorted, parts)) != sorted(
        sorted(m.id for m in s.members) for s in stories.stories.values()
    ):
        yield "stories are not what copies connect"
    if any(list(story.members) != sorted(story.members) for story in stories.stories.values()):
        yield "members are not in their order"
    if any(old in stories.stories or to not in stories.stories for old, to in stories.retired.items()):
        yield "an id that was retired leads to no story"
