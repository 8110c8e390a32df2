"""A query of the benchmark, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal[
    "rare term",
    "mid term",
    "common term",
    "AND",
    "OR",
    "phrase",
    "prefix",
    "term + date",
    "OR + date",
    "OR + facets",
    "SBG term",
    "SBG AND",
    "SBG OR",
    "SBG phrase",
]
Form = Literal["all", "any", "phrase", "prefix"]

FORMS: Mapping[str, Form] = {
    "OR": "any",
    "OR + date": "any",
    "OR + facets": "any",
    "SBG OR": "any",
    "phrase": "phrase",
    "SBG phrase": "phrase",
    "prefix": "prefix",
}
"""What the words of a kind must do: where it is not named, all of them occur."""

FACETS = ("month", "outlet", "person")
"""The facets that are counted: two of one value a document, one of many."""


@dataclass(frozen=True, slots=True)
class Query:
    """Words and how they are combined; ``days`` is the first and last day of a filter, as 19870301."""

    kind: Kind
    words: tuple[str, ...]
    days: tuple[int, int] | None = None
    facets: bool = False

    @property
    def form(self) -> Form:
        """How the words are combined."""
        return FORMS.get(self.kind, "all")

    @property
    def text(self) -> str:
        """The query as Lucene, tantivy, SQLite, Whoosh and pressmark all write it.

        >>> Query("AND", ("oil", "price")).text, Query("phrase", ("oil", "price")).text
        ('oil AND price', '"oil price"')
        """
        match self.form:
            case "phrase":
                return f'"{" ".join(self.words)}"'
            case "prefix":
                return f"{self.words[0]}*"
            case "any":
                return " OR ".join(self.words)
            case "all":
                return " AND ".join(self.words)
