"""The values of a write over HTTP: the lines of a job, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Action = Literal["put", "delete"]

DONE: tuple[str, ...] = ("created", "replaced", "unchanged", "deleted")
"""What may become of a line that succeeds; any other result is the code of a problem."""

REFUSED, CONFLICT, MISSING = "invalid-article", "precondition-failed", "not-found"
"""What may become of a line that fails: it is no article, its condition does not hold, nothing to delete."""

ANY, NONE = "*", "-"
"""Conditions: there is an article with this id, whatever its version; there is none."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a job: an article to put, as a JSON object, or the id of one to delete.

    ``number`` counts the lines of the request from 1.  ``condition`` is ``ANY``, ``NONE``, versions joined
    by commas, of which the article must have one, or empty: the line takes effect whatever there is.
    """

    number: int
    id: str
    action: Action
    raw: bytes = b""
    condition: str = ""

    def holds(self, version: str | None) -> bool:
        """Return whether the condition holds of an article of this version, None where there is none.

        >>> Line(1, "a", "put", condition="v1,v2").holds("v2"), Line(1, "a", "put", condition="*").holds(None)
        (True, False)
        """
        if not self.condition:
            return True
        if version is None:
            return self.condition == NONE
        return self.condition == ANY or version in self.condition.split(",")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line: ``result`` is one of ``DONE``, or the code of a problem, with its ``detail``.

    ``version`` is that of the article now, where there is one.
    """

    line: int
    id: str | None
    result: str
    detail: str = ""
    version: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the line had no effect, and why is told."""
        return self.result not in DONE


@dataclass(frozen=True, slots=True)
class Job:
    """A job as far as it is done: ``waiting`` are lines and ids that the index does not hold yet.

    Times are seconds since 1970.  ``generation`` holds all that is done.  ``ignored`` are unknown keys of the
    articles, with how many lines had them.
    """

    id: str
    received: float
    finished: float | None
    generation: int | None
    ignored: Mapping[str, int]
    outcomes: tuple[Outcome, ...]
    waiting: tuple[tuple[int, str], ...]
