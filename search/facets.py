"""All values of a facet, page by page: the most frequent first, periods in their order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from index.analysis import fold

if TYPE_CHECKING:
    from search.request import After
    from search.results import Bucket, Facet

Key = tuple[float, str]
"""A value's place in the order: smaller comes first."""


@dataclass(frozen=True, slots=True)
class FacetPage:
    """Some values of a field under a query, held against one generation.

    ``distinct`` counts the values of all pages, ``total`` the articles counted; ``next`` is the place
    of the last value where more follow.
    """

    generation: int
    total: int
    facet: Facet
    distinct: int
    next: Key | None
    parsed: str
    warnings: tuple[str, ...]
    relation: Literal["eq", "gte"] = "eq"
    partial: bool = False


def page(facet: Facet, prefix: str, after: After | None, size: int) -> tuple[Facet, int, Key | None]:
    """Return the values behind ``after`` that a prefix leaves, how many it leaves in all, and where they end.

    A prefix is of a value, or of a word in it, written in any case.
    """
    kept = [bucket for bucket in facet.values if _begins(bucket.value, prefix)]
    behind = [bucket for bucket in kept if after is None or _place(bucket, facet) > (after.key, after.id)]
    listed = behind[:size]
    following = _place(listed[-1], facet) if len(behind) > size else None
    return replace(facet, values=tuple(listed)), len(kept), following


def _place(bucket: Bucket, facet: Facet) -> Key:
    return (0.0 if facet.interval else -float(bucket.count), bucket.value)


def _begins(value: str, prefix: str) -> bool:
    wanted = fold(prefix).strip()
    known = fold(value)
    return not wanted or known.startswith(wanted) or f" {wanted}" in known
