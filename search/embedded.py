"""Answers from an index in a directory: the embedded engine's search half.

A request stats the directory once and holds the newest generation; what a generation knows is
shared by all threads of a process.
"""

from __future__ import annotations

import threading
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from index.analysis import analyzer
from index.article import UNDETERMINED
from index.errors import CorruptIndex, NoIndex
from index.generation import Generation, newest
from index.stats import Stats, stats
from search import collect, histogram
from search.errors import EngineUnavailable, SnapshotExpired
from search.evaluate import Matches, Scope, evaluate
from search.expand import expand
from search.highlight import marks, snippets
from search.plan import Plan, plan
from search.results import Facet, Hit, Results
from search.spelled import spelled
from search.statistics import Statistics

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from whoosh import query

    from index.article import Article
    from index.segment import Segment
    from search.searcher import Request
    from search.vocabulary import Spelled


class Snapshot:
    """A generation with what questions to it share; the vocabulary that plans are made against."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.statistics = Statistics(generation)
        self._spellings: dict[str, Spelled] = {}
        self._named: dict[tuple[str, str], collect.Named] = {}

    @property
    def language(self) -> str:
        """The archive's main language."""
        return self.generation.language

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the articles, the main one first."""
        return tuple(dict.fromkeys([self.language, *sorted(self.generation.counts("language"))]))

    def spellings(self, field: str) -> Spelled:
        """Return the names of a value field."""
        known = self._spellings.get(field)
        if known is None:
            known = self._spellings[field] = spelled(field, self.generation.counts(field))
        return known

    def names(self, field: str) -> Collection[str]:
        """Return all names of a value field, in every spelling."""
        return self.generation.counts(field).keys()

    def named(self, field: str, segment: Segment) -> collect.Named:
        """Return what the values of a field are called in this archive, for one segment."""
        known = self._named.get((field, segment.name))
        if known is None:
            known = collect.named(segment.columns.values[field], self.spellings(field))
            self._named[field, segment.name] = known
        return known

    def expand(self, node: query.Query) -> tuple[str, ...]:
        """Return the surface forms that a prefix, wildcard or fuzzy node means."""
        return expand(node, self.generation.segments)

    def select(self, planned: Plan) -> list[collect.Selection]:
        """Return what each segment has to offer."""
        return [self._select(planned, segment) for segment in self.generation.segments]

    def _select(self, planned: Plan, segment: Segment) -> collect.Selection:
        scope = Scope(segment, self.statistics)
        masks = {field: _mask(evaluate(node, scope), segment) for field, node in planned.filters.items()}
        return collect.Selection(segment, evaluate(planned.tree, scope), masks)


class EmbeddedSearcher:
    """The embedded engine's half of ``search.searcher.Searcher``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._snapshot: Snapshot | None = None
        self._opening = threading.Lock()

    def snapshot(self) -> Snapshot:
        """Return the newest generation, opened; raise EngineUnavailable where there is none.

        A generation that cannot be read leaves the one before in place.
        """
        held = self._snapshot
        if held is not None and held.generation.number == newest(self._path):
            return held
        with self._opening:
            held = self._snapshot
            if held is None or held.generation.number != newest(self._path):
                try:
                    held = self._snapshot = Snapshot(
                        Generation.open(self._path, held.generation if held else None)
                    )
                except (NoIndex, CorruptIndex) as error:
                    if held is None:
                        raise EngineUnavailable(str(error)) from error
            return held

    def generation(self) -> int:
        """Return the newest generation that can be read."""
        return self.snapshot().generation.number

    def article(self, id: str) -> tuple[int, Article] | None:  # noqa: A002 - the contract's own name
        """Return the generation and the article with this id, or None."""
        generation = self.snapshot().generation
        for segment in generation.segments:
            doc = segment.find(id)
            if doc is not None:
                return generation.number, segment.article(doc)
        return None

    def search(self, request: Request) -> Results:
        """Return the ranked, counted answer."""
        snapshot = self.snapshot()
        number = snapshot.generation.number
        if request.after is not None and request.after.generation != number:
            raise SnapshotExpired(
                f"The index has moved on from generation {request.after.generation} to {number}."
            )
        planned = plan(request, snapshot)
        selections = snapshot.select(planned)
        total = sum(len(selection.docs()) for selection in selections)
        sort = request.sort or ("relevance" if request.q.strip() else "-date")
        # One more than asked for tells whether there is a next page.
        ranked = collect.top(selections, sort, request.limit + 1, request.after)
        page = ranked[: request.limit]
        return Results(
            generation=number,
            total=total,
            hits=tuple(_hits(page, sort, planned, request, snapshot)),
            facets={field: _facet(field, selections, planned, request, snapshot) for field in request.facets},
            next=page[-1].key if len(ranked) > len(page) else None,
            parsed=planned.parsed,
            warnings=planned.warnings if total else (*planned.warnings, *_blame(planned, snapshot)),
        )

    def stats(self) -> Stats:
        """Return what the index holds."""
        return stats(self.snapshot().generation)


def _mask(matches: Matches, segment: Segment) -> np.ndarray:
    mask = np.zeros(segment.size, dtype=np.bool_)
    mask[matches.docs] = True
    return mask


def _hits(
    page: Sequence[collect.Ranked], sort: str, planned: Plan, request: Request, snapshot: Snapshot
) -> list[Hit]:
    found = marks(planned.tree)
    speakers = snapshot.spellings("speaker")
    hits = []
    for ranked in page:
        article = ranked.segment.article(ranked.doc)
        language = article.language.value
        chosen = analyzer(snapshot.language if language == UNDETERMINED else language)
        hits.append(
            Hit(
                article=article,
                score=ranked.score if sort == "relevance" else None,
                snippets=snippets(article, found, chosen) if request.highlight else (),
                speakers=tuple(
                    dict.fromkeys(speakers.canonical(speaker.value) for speaker in article.speakers)
                ),
            )
        )
    return hits


def _facet(
    field: str, selections: Sequence[collect.Selection], planned: Plan, request: Request, snapshot: Snapshot
) -> Facet:
    asked = collect.FacetRequest(request.facet_size, planned.level, multi=request.facet_mode == "multi")
    if field == "date":
        return histogram.dates(selections, request.interval, asked)
    chosen = planned.selected.get(field, frozenset())
    return collect.values(field, selections, partial(snapshot.named, field), chosen, asked)


def _blame(planned: Plan, snapshot: Snapshot) -> list[str]:
    """Return which clause, or which filter, left no article: the first in the order they were given."""
    clauses = [*planned.clauses, *((f"the filter {field}", node) for field, node in planned.filters.items())]
    left = [np.flatnonzero(segment.live) for segment in snapshot.generation.segments]
    for text, node in clauses:
        matching = [
            evaluate(node, Scope(segment, snapshot.statistics)).docs
            for segment in snapshot.generation.segments
        ]
        remaining = [np.intersect1d(one, other) for one, other in zip(left, matching, strict=True)]
        if not any(len(docs) for docs in remaining):
            alone = not any(len(docs) for docs in matching)
            return [
                f"No article matches {text}."
                if alone
                else f"{text} removed the last hit: no article matches it together with the rest."
            ]
        left = remaining
    return []
