"""Searches interleaved over engines, and what is told of their times."""

from __future__ import annotations

import math
import random
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from tests.bench.query import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.bench.engines.engine import Engine
    from tests.bench.query import Query

Clock = Literal["cpu", "wall"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One search: seconds of wall and of CPU of the thread, and how many documents matched."""

    engine: str
    query: Query
    wall: float
    cpu: float
    total: int | None


def race(engines: Sequence[Engine], queries: Sequence[Query], rounds: int, seed: int) -> list[Sample]:
    """Ask every engine its queries, ``rounds`` times, all in random order, after one round unmeasured.

    Each query meets all engines one after the other, so that whatever else the machine does
    falls on all of them alike.
    """
    chance = random.Random(seed)
    asked = {engine.name: _asked(engine, queries) for engine in engines}
    for engine in engines:
        engine.prepare(queries)
    samples = []
    for number in range(rounds + 1):
        for engine in engines:
            engine.begin()
        for query in chance.sample(queries, len(queries)):
            for engine in chance.sample(engines, len(engines)):
                if query in asked[engine.name]:
                    sample = _ask(engine, query)
                    if number:
                        samples.append(sample)
    return samples


def _asked(engine: Engine, queries: Sequence[Query]) -> set[Query]:
    """Return the queries that an engine gets: of each kind those that it can answer, a part if it is slow."""
    kinds = defaultdict(list)
    for query in queries:
        if engine.answers(query):
            kinds[query.kind].append(query)
    return {query for found in kinds.values() for query in found[:: engine.every]}


def _ask(engine: Engine, query: Query) -> Sample:
    wall, cpu = time.perf_counter(), time.thread_time()
    answer = engine.search(query)
    cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
    return Sample(engine.name, query, wall, cpu if answer.cpu is None else answer.cpu, answer.total)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie: of 1 to 100, .99 gives 99.

    >>> quantile(range(1, 101), 0.99), quantile([3, 1, 2], 0.5)
    (99, 2)
    """
    return sorted(values)[math.ceil(share * len(values)) - 1]


def medians(samples: Sequence[Sample], clock: Clock) -> Mapping[str, Mapping[Query, float]]:
    """Return the median over the rounds, by engine and query."""
    rounds: dict[tuple[str, Query], list[float]] = defaultdict(list)
    for sample in samples:
        rounds[sample.engine, sample.query].append(getattr(sample, clock))
    found: dict[str, dict[Query, float]] = defaultdict(dict)
    for (engine, query), values in rounds.items():
        found[engine][query] = quantile(values, 0.5)
    return found


@dataclass(frozen=True, slots=True)
class Times:
    """What one engine needs for the queries of a kind: seconds, and how ours compares on the same ones."""

    queries: int
    p50: float
    p99: float
    ratio50: float
    ratio99: float


def times(samples: Sequence[Sample], clock: Clock, ours: str) -> Mapping[str, Mapping[str, Times]]:
    """Return the times by kind and engine; a ratio below 1 says that ``ours`` is faster."""
    by_engine = medians(samples, clock)
    found: dict[str, dict[str, Times]] = {}
    for kind in get_args(Kind):
        for engine, by_query in by_engine.items():
            queries = [query for query in by_query if query.kind == kind]
            if queries:
                theirs = [by_query[query] for query in queries]
                mine = [by_engine[ours][query] for query in queries]
                p50, p99 = quantile(theirs, 0.5), quantile(theirs, 0.99)
                ratios = quantile(mine, 0.5) / p50, quantile(mine, 0.99) / p99
                found.setdefault(kind, {})[engine] = Times(len(queries), p50, p99, *ratios)
    return found
