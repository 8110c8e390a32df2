"""One hit for each story: the best article stands for it, and facets may count stories instead of articles.

Only articles that have copies are looked at; all others are stories of one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from index.codec import bits
from index.codec.quotes import Quotes
from search.best import best_of
from search.collect import Ranked, order_of
from search.naming import Linking
from search.results import Cluster, Telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from index.generation import Generation
    from index.segment import Segment
    from index.stories import Stories, Story
    from search.collect import Part, Wanted
    from search.results import Entry


class Grouping:
    """The stories of a generation that have several articles, by number; cached, and shared by threads."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._columns: dict[str, NDArray[np.int32]] = {}

    @property
    def _stories(self) -> Stories:
        return self._generation.stories

    def cluster(self, article: str) -> Cluster | None:
        """Return the story of an article, None where no other one runs its text."""
        found = self._stories.of.get(article)
        return self.shown(self._stories.stories[found]) if found else None

    def shown(self, story: Story) -> Cluster | None:
        """Return a story as it is shown beside an article."""
        return Cluster(story.id, len(story.members)) if len(story.members) > 1 else None

    def telling(self, id_: str) -> Telling | None:
        """Return the story that an id leads to with its articles, and those of its versions."""
        story = self._stories.resolve(id_)
        if story is None:
            return None
        versions = [entry for near in self._stories.versions(story.id) for entry in self._entries(near)]
        return Telling(self._generation.number, story.id, tuple(self._entries(story)), tuple(versions))

    def _entries(self, story: Story) -> Iterator[Entry]:
        for member in story.members:
            for segment in self._generation.segments:
                doc = segment.find(member.id)
                if doc is not None:
                    yield segment.shown(doc)

    def members(self, id_: str) -> frozenset[str]:
        """Return the articles of the story that an id leads to."""
        story = self._stories.resolve(id_)
        return frozenset(member.id for member in story.members) if story else frozenset()

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        """The number of each article's story, of those that have several."""
        several = [story for story in self._stories.stories.values() if len(story.members) > 1]
        return {member.id: number for number, story in enumerate(several) for member in story.members}

    def column(self, segment: Segment) -> NDArray[np.int32]:
        """Return the number of each document's story, -1 where it stands alone: int32[n]."""
        known = self._columns.get(segment.name)
        if known is None:
            numbers, ids = self._numbers, segment.columns.ids
            known = np.full(segment.size, -1, np.int32)
            if numbers:
                known[:] = [numbers.get(ids.text(doc), -1) for doc in range(segment.size)]
            self._columns[segment.name] = known
        return known


class Numbering(Protocol):
    """Groups of documents, by number."""

    def column(self, segment: Segment) -> NDArray[np.int32]:
        """Return the number of each document's group, -1 where it stands alone: int32[n]."""
        ...


class Standing:
    """Quotes by what they stand in: articles, or the stories of these; cached, and shared by threads."""

    def __init__(self, segments: Sequence[Quotes], stories: Grouping | None) -> None:
        sizes = [each.articles.size for each in segments]
        self._bases = dict(zip((each.name for each in segments), accumulate(sizes, initial=0), strict=False))
        self._most = sum(sizes)
        self._stories = stories
        self._columns: dict[str, NDArray[np.int32]] = {}

    def column(self, segment: Segment) -> NDArray[np.int32]:
        """Return the number of each quote's article or story, -1 where it is the only quote: int32[q]."""
        known = self._columns.get(segment.name)
        if known is None:
            assert isinstance(segment, Quotes)
            documents = segment.own.article
            known = np.where(
                segment.articles.columns.quotes[documents] > 1, documents + self._bases[segment.name], -1
            ).astype(np.int32)
            if self._stories is not None:
                stories = self._stories.column(segment.articles)[documents]
                known = np.where(stories >= 0, self._most + stories, known).astype(np.int32)
            self._columns[segment.name] = known
        return known


class Linked(NamedTuple):
    """The documents of a part that have copies: int32[m] their stories and numbers, and float64[m] worth."""

    stories: NDArray[np.int32]
    docs: NDArray[np.int32]
    worth: NDArray[np.float64]


def linked(part: Part, grouping: Numbering, without: str | None = None) -> Linked:
    """Return what of a part's documents has copies and passes all filters, or all but one."""
    stories = grouping.column(part.segment)[part.matching]
    kept = (stories >= 0) & bits.has(part.passing(without), part.matching)
    worth = part.worth[kept] if len(part.worth) else np.zeros(int(kept.sum()))
    return Linked(stories[kept], part.matching[kept], worth)


def one_each(parts: Sequence[Part], grouping: Grouping, wanted: Wanted) -> list[Part]:
    """Return the parts with the best article of each story alone, counted and in order.

    The parts list all of their documents with what each is worth.
    """
    found = [linked(part, grouping) for part in parts]
    leading = _leading(parts, found)
    made = []
    for number, (part, own) in enumerate(zip(parts, found, strict=True)):
        behind = np.setdiff1d(own.docs, leading[number])
        others = bits.others(bits.of_docs(behind.astype(np.int32), part.segment.size), part.segment.size)
        order = order_of(part.segment, wanted, -np.inf)
        total, docs, scores = best_of(part.matching, part.worth, bits.both(part.passing(), others), order)
        made.append(replace(part, total=total, docs=docs, scores=scores))
    return made


def _leading(parts: Sequence[Part], found: Sequence[Linked]) -> list[list[int]]:
    """Return for each part the documents that stand for their stories: the best, then the first by id."""
    best: dict[int, tuple[float, int, int]] = {}
    for number, (part, own) in enumerate(zip(parts, found, strict=True)):
        order = np.lexsort((part.segment.columns.ranks[own.docs], -own.worth, own.stories))
        stories = own.stories[order]
        first = order[np.flatnonzero(np.diff(stories, prepend=-1))]
        for story, doc, worth in zip(
            own.stories[first].tolist(), own.docs[first].tolist(), own.worth[first].tolist(), strict=True
        ):
            before = best.get(story)
            if before is None or _ranked(parts, worth, number, doc).key < _ranked(parts, *before).key:
                best[story] = worth, number, doc
    leading: list[list[int]] = [[] for _ in parts]
    for _, number, doc in best.values():
        leading[number].append(doc)
    return leading


def _ranked(parts: Sequence[Part], worth: float, number: int, doc: int) -> Ranked:
    return Ranked(worth, parts[number].segment, doc)


def behind(page: Sequence[Ranked], parts: Sequence[Part], grouping: Grouping) -> list[list[Ranked]]:
    """Return for each hit of a page the other articles of its story that were found, in their order."""
    heads = [int(grouping.column(hit.segment)[hit.doc]) for hit in page]
    groups: dict[int, list[Ranked]] = defaultdict(list)
    for part in parts:
        own = linked(part, grouping)
        for at in np.flatnonzero(np.isin(own.stories, heads)).tolist():
            groups[int(own.stories[at])].append(Ranked(float(own.worth[at]), part.segment, int(own.docs[at])))
    return [
        sorted((each for each in groups[head] if each.id != hit.id), key=lambda each: each.key)
        if head >= 0
        else []
        for head, hit in zip(heads, page, strict=True)
    ]


def once(
    parts: Sequence[Part],
    grouping: Numbering,
    without: str | None,
    kind: Callable[[Segment, NDArray[np.int32]], NDArray[np.int64]],
) -> list[Part]:
    """Return the parts with one article of each story and kind, so that counting articles counts stories.

    ``kind`` gives the kind of some documents of a segment: int64[m] from int32[m].
    """
    seen: set[tuple[int, int]] = set()
    made = []
    for part in parts:
        alone = grouping.column(part.segment)[part.matching] < 0
        own = linked(part, grouping, without)
        pairs = zip(own.stories.tolist(), kind(part.segment, own.docs).tolist(), strict=True)
        kept = [doc for doc, pair in zip(own.docs.tolist(), pairs, strict=True) if _first(pair, seen)]
        docs = np.union1d(part.matching[alone], np.array(kept, np.int32)).astype(np.int32)
        made.append(replace(part, matching=docs))
    return made


def _first(pair: tuple[int, int], seen: set[tuple[int, int]]) -> bool:
    known = len(seen)
    seen.add(pair)
    return len(seen) > known


def beside(parts: Sequence[Part], grouping: Numbering, without: str | None) -> list[Linking]:
    """Return the documents that have copies and pass all filters, or all but one."""
    found = [(part.segment, linked(part, grouping, without)) for part in parts]
    return [Linking(segment, own.stories, own.docs) for segment, own in found]


def alone(parts: Sequence[Part], grouping: Numbering) -> list[Part]:
    """Return the parts without the documents that have copies."""
    return [
        replace(part, matching=part.matching[grouping.column(part.segment)[part.matching] < 0])
        for part in parts
    ]
