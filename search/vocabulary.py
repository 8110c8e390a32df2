"""What a plan needs to know of a generation: its languages, its names, its surface forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from whoosh import query


class Spelled(Protocol):
    """Names, and which of them mean the same person or outlet."""

    def matching(self, name: str) -> frozenset[str]:
        """Return all spellings of whom or what ``name`` means, empty where nobody is known by it."""
        ...

    def canonical(self, name: str) -> str:
        """Return the spelling that stands for all."""
        ...


class Vocabulary(Protocol):
    """The words and names of a generation."""

    @property
    def language(self) -> str:
        """The archive's main language."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its articles, the main one first."""
        ...

    def spellings(self, field: str) -> Spelled:
        """Return the names of a value field."""
        ...

    def names(self, field: str) -> Collection[str]:
        """Return all names of a value field, in every spelling."""
        ...

    def members(self, story: str) -> frozenset[str]:
        """Return the articles of the story that an id leads to, empty where there is none."""
        ...

    def expand(self, node: query.Query) -> tuple[str, ...]:
        """Return the surface forms that a prefix, wildcard or fuzzy node means; raise QueryTooComplex."""
        ...
