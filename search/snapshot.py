"""A generation with what all requests to it share: plans, names, people, stories."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from index.analysis import fold
from index.codec import bits
from index.codec.quotes import KINDS, Quotes
from search import collect, naming, suggest
from search.carried import Archive
from search.counting import people_counted
from search.deadline import hold, late
from search.directory import Directory
from search.expand import expand
from search.grouping import Grouping, Standing
from search.leaves import Scope
from search.masks import Masks
from search.people import People
from search.plan import Plan, plan
from search.request import Request
from search.spelled import spelled
from search.statistics import Statistics
from search.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from whoosh import query

    from index.article import Level
    from index.generation import Generation
    from index.speakers import Speakers
    from search.grouping import Numbering
    from search.vocabulary import Spelled


_PLANS = 1024
"""Plans that a generation remembers before it forgets them: a few KB each, 60 KB with a wide prefix.

Making one takes 70 to 250 µs, as long as the search that follows.
"""


class Snapshot:
    """A generation with what questions to it share; the vocabulary that plans are made against."""

    of = "article"
    """What it has."""

    def __init__(
        self,
        generation: Generation,
        masks: Masks | None = None,
        people: People | None = None,
        vectors: Vectors | None = None,
    ) -> None:
        self.generation = generation
        self.statistics = Statistics(generation)
        self._masks = masks or Masks()
        self._people = people or People()
        self.vectors = vectors or Vectors()
        self._spellings: dict[str, Spelled] = {}
        self._named: dict[str, naming.Naming] = {}
        self._directories: dict[tuple[Level, str], Directory] = {}
        self._plans: dict[tuple[object, ...], Plan] = {}
        self._deadline = 0
        self.grouping = Grouping(generation)

    @property
    def language(self) -> str:
        """The archive's main language."""
        return self.generation.language

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the articles, the main one first."""
        return tuple(dict.fromkeys([self.language, *sorted(self.generation.counts("language"))]))

    def spellings(self, field: str) -> Spelled:
        """Return the names of a value field; raise OutOfTime where the deadline has passed."""
        hold(self._deadline)
        known = self._spellings.get(field)
        if known is None:
            known = self.persons if field == "speaker" else self._spelled(field)
            self._spellings[field] = known
        return known

    def _spelled(self, field: str) -> Spelled:
        return spelled(field, self.generation.counts(field))

    def names(self, field: str) -> Collection[str]:
        """Return all names of a value field, in every spelling; raise OutOfTime."""
        hold(self._deadline)
        return self.generation.counts(field).keys()

    def people(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return what people are called in this archive, each once."""
        if not names:
            return ()
        canonical = self.spellings("speaker").canonical
        return (canonical(names[0]),) if len(names) == 1 else tuple(dict.fromkeys(map(canonical, names)))

    def named(self, field: str) -> naming.Naming:
        """Return what the values of a field are called in this archive."""
        known = self._named.get(field)
        if known is None:
            columns = {segment.name: segment.columns.values[field] for segment in self.statistics.segments}
            known = self._named[field] = naming.naming(columns, self.spellings(field))
        return known

    @cached_property
    def proposed(self) -> tuple[suggest.Name, ...]:
        """The names of outlets and people, the most frequent first."""
        kinds: tuple[Literal["outlet", "speaker"], ...] = ("outlet", "speaker")
        found = []
        for kind in kinds:
            counts: Counter[str] = Counter()
            for name, count in self.generation.counts(kind).items():
                counts[self.spellings(kind).canonical(name)] += count
            found += [suggest.Name(fold(name), name, kind, count) for name, count in counts.items()]
        return tuple(sorted(found, key=lambda each: (-each.count, each.text)))

    def counting(self, request: Request) -> Numbering | None:
        """Return by which groups facets count, None where they count what is found."""
        return self.grouping if request.facet_count == "stories" else None

    def members(self, story: str) -> frozenset[str]:
        """Return the articles of the story that an id leads to."""
        return self.grouping.members(story)

    def expand(self, node: query.Query) -> tuple[str, ...]:
        """Return the surface forms that a prefix, wildcard or fuzzy node means."""
        return expand(node, self.generation.segments, self._deadline)

    def plan(self, request: Request) -> Plan:
        """Return the plan of a request; pages, facets and sorts of one query share it.

        Raises OutOfTime where the request's deadline comes first.
        """
        filters = tuple(sorted(request.filters.items()))
        key = (
            *(request.q, request.match, request.syntax, filters),
            *(request.date, request.date_match, request.min_confidence, request.story),
        )
        known = self._plans.get(key)
        if known is None:
            if len(self._plans) >= _PLANS:
                self._plans.clear()
            known = self._plans[key] = plan(request, self._until(request.deadline), quotes=self.of == "quote")
        return known

    def _until(self, deadline: int) -> Snapshot:
        """Return the same vocabulary for one request, which knows when to stop."""
        vocabulary = copy.copy(self)
        vocabulary._deadline = deadline  # noqa: SLF001 - its own
        return vocabulary

    @cached_property
    def persons(self) -> Speakers:
        """The people quoted in it."""
        return self._people.of(self.generation)

    def directory(self, level: Level, count: str) -> Directory:
        """Return the list of people, counted from a level on, in the order of their articles or stories."""
        known = self._directories.get((level, count))
        if known is None:
            request = Request(facets=("speaker",), min_confidence=level)
            stories = replace(request, facet_count="stories")
            asked = ((self, request), (self.quotes, request), (self, stories))
            counts = [people_counted(each, request) for each, request in asked]
            known = Directory(self.persons.persons.values(), counts, count)
            self._directories[level, count] = known
        return known

    @cached_property
    def quotes(self) -> QuoteSnapshot:
        """What was said in its articles."""
        return QuoteSnapshot(self)

    def parts(self, planned: Plan, wanted: collect.Wanted, deadline: int) -> list[collect.Part]:
        """Return what each segment has to offer until the deadline."""
        parts: list[collect.Part] = []
        best: list[float] = []
        for segment in self.statistics.segments:
            if late(deadline):
                parts.append(collect.missed(segment))
                continue
            passing = segment.passing
            for node in planned.split.filters if planned.split else ():
                passing = bits.both(passing, self._masks.of(node, segment, self.statistics))
            filters = {
                field: self._masks.of(node, segment, self.statistics)
                for field, node in planned.filters.items()
            }
            # What scores less than as many hits of the segments before is no hit.
            least = best[wanted.limit - 1] if len(best) >= wanted.limit else -np.inf
            scope = Scope(segment, self.statistics, passing, deadline)
            found = collect.part(planned, scope, filters, wanted, least)
            if len(self.statistics.segments) > 1:
                best = sorted([*best, *found.scores.tolist()], reverse=True)[: wanted.limit]
            parts.append(found)
        return parts


class QuoteSnapshot(Snapshot):
    """What was said in the articles of a generation, under the names that their archive knows."""

    of = "quote"

    def __init__(self, articles: Snapshot) -> None:
        super().__init__(articles.generation, articles._masks, articles._people)  # noqa: SLF001 - its own
        self.statistics = articles.statistics.quotes
        self._spellings = articles._spellings  # noqa: SLF001
        self._standing: dict[str, Standing] = {}

    @cached_property
    def archive(self) -> Archive:
        """All quotes, and where their words ran."""
        return Archive([each for each in self.statistics.segments if isinstance(each, Quotes)])

    def counting(self, request: Request) -> Numbering | None:
        """Return by which groups facets count, None where they count quotes."""
        count = request.facet_count
        if count == "hits":
            return None
        known = self._standing.get(count)
        if known is None:
            segments = [each for each in self.statistics.segments if isinstance(each, Quotes)]
            known = self._standing[count] = Standing(segments, self.grouping if count == "stories" else None)
        return known

    def _spelled(self, field: str) -> Spelled:
        return spelled(field, dict.fromkeys(KINDS, 1)) if field == "kind" else super()._spelled(field)
