"""What the benchmark asks of an engine, and what an engine answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.bench.query import Query


@dataclass(frozen=True, slots=True)
class Answer:
    """The ids of the best ten, how many documents match (None where the engine cannot say), and facets.

    ``cpu`` are the seconds of CPU that an engine in another process measured by itself.
    """

    ids: list[str]
    total: int | None
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    cpu: float | None = None


class Engine:
    """An open index."""

    name: ClassVar[str]
    every: ClassVar[int] = 1
    """Of the queries of a kind, which part is asked: a slow engine gets each fifth, say."""

    def search(self, query: Query) -> Answer:
        """Answer a query as a caller would have it: hits with id, title and date, and an exact total."""
        raise NotImplementedError

    def answers(self, query: Query) -> bool:
        """Whether the engine can answer this query."""
        del query
        return True

    def prepare(self, queries: Sequence[Query]) -> None:
        """Get as fast as the engine can be; nothing of it is measured."""
        del queries

    def begin(self) -> None:
        """Begin a round; nothing of it is measured."""

    def close(self) -> None:
        """Let go of files and processes."""
