"""What the benchmark asks of an engine, and what an engine answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bench.workload import Query


@dataclass(frozen=True, slots=True)
class Answer:
    """The ids of the best ten, how many documents match, and counts by facet and value."""

    ids: list[str]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Engine(Protocol):
    """An open index."""

    name: str

    def search(self, query: Query) -> Answer:
        """Answer a query as a caller would have it: hits with id, title and date, and an exact total."""
        ...

    def close(self) -> None:
        """Let go of files and processes."""
        ...
