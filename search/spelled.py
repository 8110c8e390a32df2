"""Which names of a field mean the same: outlets and languages by their spellings, and people by theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.outlets import OutletSpellings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from search.vocabulary import Spelled


class Codes:
    """Codes, such as those of languages, in one spelling: case does not matter."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._known = frozenset(counts)

    def matching(self, name: str) -> frozenset[str]:
        """Return the code where it is known."""
        return self._known & {name.strip().lower()}

    def canonical(self, name: str) -> str:
        """Return the code."""
        return name.strip().lower()


_TABLES: dict[str, Callable[[Mapping[str, int]], Spelled]] = {
    "outlet": OutletSpellings,
    "language": Codes,
    "kind": Codes,
}


def spelled(field: str, counts: Mapping[str, int]) -> Spelled:
    """Return the names of a field, from how many articles have each; those of people are ``People``'s."""
    return _TABLES[field](counts)
