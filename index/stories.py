"""Stories: which articles run one text, under ids that outlive additions, updates and deletions.

A story is a component of the graph of copies.  It is named after its founder, the article that stood first
when the story was found; so any of its members' names leads to it after a rebuild as well.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from itertools import count
from typing import TYPE_CHECKING, Literal

import orjson

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

Level = Literal["version", "copy"]


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """An article of a story, in the order in which articles stand for it: earliest, then longest, then by id.

    ``day`` is its first day as a proleptic ordinal; ``UNDATED`` comes last.  ``size`` is minus its shingles.
    """

    day: int
    size: int
    id: str

    @classmethod
    def of(cls, id_: str, day: int, shingles: int) -> Member:
        """Return the member for an article; its day is 0 where it has no date."""
        return cls(day or UNDATED, -shingles, id_)


UNDATED = 1 << 30
"""The day of an article without a date: it stands for a story only where no member has one."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two articles whose texts are near: ``one`` was indexed after ``other``."""

    one: str
    other: str
    level: Level


@dataclass(frozen=True, slots=True)
class Story:
    """The articles that run one text; ``members`` come in the order of ``Member``, the first stands for all.

    ``born`` is the generation in which it was founded.
    """

    id: str
    born: int
    founder: str
    members: tuple[Member, ...]


def story_id(founder: str, times: int = 0) -> str:
    """Return the id of a story that an article founds, having founded others that live on without it.

    >>> story_id("000")
    'c77186470e34b'
    """
    name = f"{times}\0{founder}" if times else founder
    return "c" + blake2b(name.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Stories:
    """The stories of a generation: a value, made from the one before it and what has changed.

    Only articles that are linked are in it.  ``stories`` are by id; an article that is no copy of any other
    and a version of some has a story of its own.  ``links`` are of articles that are there, ``retired`` maps
    the ids of stories that joined another to that one.
    """

    stories: Mapping[str, Story] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    retired: Mapping[str, str] = field(default_factory=dict)

    def updated(
        self, generation: int, removed: Collection[str], added: Iterable[Member], links: Iterable[Link]
    ) -> Stories:
        """Return the stories after a commit.

        ``removed`` are the ids of articles that went or were replaced, ``added`` those that have a new link,
        ``links`` what was judged of the new against one another and against the old.  Only stories that
        the change touches are made anew.  Where two join, the one founded in the earlier generation keeps
        its id (of one generation: the one whose first member stands first).  Where one falls apart, the part
        with its founder keeps the id, or the one with its first member where the founder went.
        """
        new, gone = tuple(links), set(removed)
        kept = tuple(link for link in self.links if link.one not in gone and link.other not in gone)
        every = tuple(dict.fromkeys(kept + new))
        linked = {id_ for link in every for id_ in (link.one, link.other)}
        touched = gone | {id_ for link in new for id_ in (link.one, link.other)}
        untouched = {
            story.id: story
            for story in self.stories.values()
            if all(member.id in linked and member.id not in touched for member in story.members)
        }
        members = {
            member.id: member
            for story in self.stories.values()
            if story.id not in untouched
            for member in story.members
            if member.id not in gone
        }
        members.update((member.id, member) for member in added)
        parts = components(linked & set(members), every)
        ordered = [tuple(sorted(members[id_] for id_ in part)) for part in parts]
        stories = untouched | self._named(ordered, untouched, gone, generation)
        return Stories(dict(sorted(stories.items())), every, self._retire(stories, gone))

    def _named(
        self, parts: list[tuple[Member, ...]], kept: Collection[str], gone: set[str], generation: int
    ) -> dict[str, Story]:
        """Give each part the id of the oldest story that it continues, or that of its first member."""
        claims: dict[str, list[tuple[bool, tuple[Member, ...]]]] = defaultdict(list)
        for part in parts:
            ids = {member.id for member in part} - gone
            for before in {self.of[id_] for id_ in ids if id_ in self.of}:
                claims[before].append((self.stories[before].founder not in ids, part))
        heirs: dict[tuple[Member, ...], list[Story]] = defaultdict(list)
        for before, each in claims.items():
            heirs[min(each)[1]].append(self.stories[before])
        made = {}
        for part, stories in heirs.items():
            oldest = min(stories, key=lambda story: (story.born, story.members))
            made[oldest.id] = Story(oldest.id, oldest.born, oldest.founder, part)
        for part in sorted(set(parts) - set(heirs)):
            founder = part[0].id
            names = (story_id(founder, times) for times in count())
            name = next(name for name in names if name not in made and name not in kept)
            made[name] = Story(name, generation, founder, part)
        return made

    def _retire(self, stories: Mapping[str, Story], gone: set[str]) -> dict[str, str]:
        """Return where the ids lead that no story has any more; one whose members all went is forgotten."""
        homes = {member.id: story.id for story in stories.values() for member in story.members}
        now = {
            old: next((homes[m.id] for m in story.members if m.id in homes and m.id not in gone), "")
            for old, story in self.stories.items()
            if old not in stories
        }
        before = {old: now.get(to, to) for old, to in self.retired.items() if old not in stories}
        return {old: to for old, to in sorted((before | now).items()) if to}

    @cached_property
    def of(self) -> Mapping[str, str]:
        """The story of each article that has one, by its id."""
        return {member.id: story.id for story in self.stories.values() for member in story.members}

    @cached_property
    def _by_member(self) -> Mapping[str, str]:
        return {story_id(member.id): story.id for story in self.stories.values() for member in story.members}

    def resolve(self, id_: str) -> Story | None:
        """Return the story that an id means: its own, that of one that joined it, or that of a member."""
        found = next(
            (to for to in (id_, self.retired.get(id_), self._by_member.get(id_)) if to in self.stories), None
        )
        return self.stories[found] if found else None

    def versions(self, id_: str) -> tuple[Story, ...]:
        """Return the stories that are versions of a story, one step away, that of the first member first."""
        return tuple(
            sorted((self.stories[each] for each in self._near.get(id_, ())), key=lambda story: story.members)
        )

    @cached_property
    def _near(self) -> Mapping[str, set[str]]:
        near: dict[str, set[str]] = defaultdict(set)
        for link in self.links:
            one, other = self.of[link.one], self.of[link.other]
            if one != other:
                near[one].add(other)
                near[other].add(one)
        return near

    def pack(self) -> bytes:
        """Return the stories as the file of a generation holds them, JSON of some 100 bytes a linked article.

        Keys: ``articles`` [[id, day, size], …] sorted by id; ``stories`` [[id, born, founder, [article, …]],
        …] and ``links`` [[article, article, level], …] with articles by their number; ``retired``.
        """
        members = sorted((m for story in self.stories.values() for m in story.members), key=lambda m: m.id)
        number = {member.id: n for n, member in enumerate(members)}
        return orjson.dumps(
            {
                "articles": [[m.id, m.day, m.size] for m in members],
                "stories": [
                    [s.id, s.born, s.founder, [number[m.id] for m in s.members]]
                    for s in self.stories.values()
                ],
                "links": [[number[x.one], number[x.other], x.level] for x in self.links],
                "retired": dict(self.retired),
            }
        )

    @classmethod
    def unpack(cls, data: bytes) -> Stories:
        """Return the stories that ``pack`` made the bytes of."""
        raw = orjson.loads(data)
        members = [Member(day, size, id_) for id_, day, size in raw["articles"]]
        stories = [
            Story(id_, born, founder, tuple(members[n] for n in numbers))
            for id_, born, founder, numbers in raw["stories"]
        ]
        links = (Link(members[one].id, members[other].id, level) for one, other, level in raw["links"])
        return cls({story.id: story for story in stories}, tuple(links), raw["retired"])


def components(ids: set[str], links: Iterable[Link]) -> list[list[str]]:
    """Return the articles that copies connect: every id in one list."""
    root = {id_: id_ for id_ in ids}

    def find(id_: str) -> str:
        while root[id_] != id_:
            root[id_] = root[root[id_]]
            id_ = root[id_]
        return id_

    for link in links:
        if link.level == "copy" and link.one in root and link.other in root:
            root[find(link.one)] = find(link.other)
    parts: dict[str, list[str]] = defaultdict(list)
    for id_ in sorted(ids):
        parts[find(id_)].append(id_)
    return list(parts.values())
