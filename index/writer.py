"""The protocol of a writer: what every engine's index half does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from index.article import Article
    from index.persons import Decided

Origin = Literal["build", "add"]
"""Which command brought an article: ``build`` only removes what ``build`` brought."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far an inbox is emptied: the last of its lines whose effect a generation holds."""

    inbox: str
    """Which inbox: one that is made anew counts its jobs anew."""
    job: int
    line: int


class Putting(Protocol):
    """What takes articles."""

    def put(self, article: Article, origin: Origin) -> None:
        """Take an article; raise Unwritable where one that was put before is at fault.

        InvalidArticle says that this one cannot be shown, and that others can still be put.
        """
        ...


class Maker(Putting, Protocol):
    """Does a writer's work on some articles in another process; nothing is visible before the commit."""

    def made(self) -> Any:
        """Return what was made of the articles put since the last call, picklable; raise as ``put``."""
        ...


class Writer(Putting, Protocol):
    """Collects changes and makes them visible all at once.

    Nothing is visible before ``commit`` returns, and nothing of it after ``cancel``.
    """

    def known(self) -> Mapping[str, tuple[str, Origin]]:
        """Return id → (digest, origin) of every article of the last generation."""
        ...

    def digest(self, id: str) -> str | None:  # noqa: A002 - the contract's own name
        """Return the digest of an article of the last generation, unless it was put or deleted since."""
        ...

    def emptied(self) -> Position | None:
        """Return how far the inbox is emptied in the last generation."""
        ...

    def put(self, article: Article, origin: Origin) -> None:
        """Insert the article, or replace the one that has its id.

        This and ``commit`` raise Unwritable where an article that was put before is at fault, and this one
        InvalidArticle where the article cannot be shown; others can still be put then.
        """
        ...

    def apart(self, jobs: int) -> Callable[[], Maker] | None:
        """Return what opens a maker in each of so many processes, picklable; None where there is none."""
        ...

    def enter(self, made: Any, ids: Iterable[str]) -> None:
        """Put what a maker made of the articles with these ids, in the order of the calls."""
        ...

    def decide(self, decided: Decided, *, beside: bool = False) -> bool:
        """Take what ``speakers.jsonl`` says, and return whether it changes what is known.

        ``beside`` keeps what was said before and is not said otherwise.
        """
        ...

    def delete(self, ids: Iterable[str]) -> list[str]:
        """Delete the articles and return the ids that were there."""
        ...

    def merge(self) -> bool:
        """Have ``commit`` rewrite the index into as few parts as may be; return whether that is worth it."""
        ...

    def commit(self, emptied: Position | None = None) -> int:
        """Make all changes visible and durable, and return the new generation.

        ``emptied`` says with it how far the inbox is emptied; None: as far as before.
        """
        ...

    def cancel(self) -> None:
        """Forget all changes."""
        ...
