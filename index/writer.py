"""The protocol of a writer: what every engine's index half does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from index.article import Article
    from index.speakers import Decided

Origin = Literal["build", "add"]
"""Which command brought an article: ``build`` only removes what ``build`` brought."""


class Writer(Protocol):
    """Collects changes and makes them visible all at once.

    Nothing is visible before ``commit`` returns, and nothing of it after ``cancel``.
    """

    def known(self) -> Mapping[str, tuple[str, Origin]]:
        """Return id → (digest, origin) of every article of the last generation."""
        ...

    def put(self, article: Article, origin: Origin) -> None:
        """Insert the article, or replace the one that has its id.

        This and ``commit`` raise Unwritable where an article that was put before is at fault.
        """
        ...

    def decide(self, decided: Decided, *, beside: bool = False) -> bool:
        """Take what ``speakers.jsonl`` says, and return whether it changes what is known.

        ``beside`` keeps what was said before and is not said otherwise.
        """
        ...

    def delete(self, ids: Iterable[str]) -> list[str]:
        """Delete the articles and return the ids that were there."""
        ...

    def commit(self) -> int:
        """Make all changes visible and durable, and return the new generation."""
        ...

    def cancel(self) -> None:
        """Forget all changes."""
        ...
