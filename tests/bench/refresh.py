"""What one more article costs: from the writer to the first search that finds it.

It is added to a copy of the index whose files are links: segments never change.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.request import Request
from search.warm import warm
from tests.bench.corpus import Document
from tests.bench.engines.ours import FACETS, ready
from tests.bench.race import quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from index.article import Article

COMMITS = 9
"""Articles that are added, a commit each; a few of the commits merge small segments."""

STEPS = ("add", "reopen", "search", "facets")
"""Put and commit; open the new generation; find the article; the next query, with three facets."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU and of wall: medians over the commits, and the most CPU that one took."""

    cpu: float
    wall: float
    most: float


def refresh(index: Path, copy: Path) -> Mapping[str, Cost]:
    """Return what each step costs, by name, and of ``all`` but the facets together."""
    copy.mkdir()
    for file in index.iterdir():
        if file.is_file():
            os.link(file, copy / file.name)
    warm()  # compiles what a merge needs
    searcher = EmbeddedSearcher(copy)
    faceted = Request(q="the", facets=tuple(FACETS), highlight=False)
    searcher.search(faceted)
    spent = []
    for number in range(COMMITS):
        word = f"refreshed{number}x"
        article = ready(Document(f"refresh-{number}", "One more", f"It says {word}.", "2001-02-03", "Bench"))

        def add(article: Article = article) -> None:
            writer = open_writer(copy, language="en")
            writer.put(article, "build")
            writer.commit()

        def find(word: str = word) -> None:
            if searcher.search(Request(q=word, highlight=False)).total != 1:
                raise RuntimeError(f"the search after the commit does not find {word}")

        actions: tuple[Callable[[], object], ...] = (
            add,
            searcher.generation,
            find,
            lambda: searcher.search(faceted),
        )
        spent.append({step: _clocked(action) for step, action in zip(STEPS, actions, strict=True)})
    return {
        name: _cost([[one[step] for step in steps] for one in spent])
        for name, steps in (("all", STEPS[:-1]), *((step, (step,)) for step in STEPS))
    }


def _clocked(action: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of CPU of all threads, and of wall."""
    cpu, wall = time.process_time(), time.perf_counter()
    action()
    return time.process_time() - cpu, time.perf_counter() - wall


def _cost(commits: list[list[tuple[float, float]]]) -> Cost:
    cpu, wall = ([sum(step[clock] for step in commit) for commit in commits] for clock in (0, 1))
    return Cost(quantile(cpu, 0.5), quantile(wall, 0.5), max(cpu))
