"""Which names of a field mean the same: outlets and languages by their spellings, and people by theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.outlets import OutletSpellings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from search.vocabulary import Spelled


class Codes:
    """Codes, such as those of languages, in one spelling: case and what follows a hyphen do not matter.

    >>> Codes({"en": 2}).matching("EN"), Codes({"en": 2}).canonical("en-GB")
    (frozenset({'en'}), 'en')
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._known = frozenset(counts)

    def matching(self, name: str) -> frozenset[str]:
        """Return the code where it is known."""
        return self._known & {self.canonical(name)}

    def canonical(self, name: str) -> str:
        """Return the code: of ``en-GB``, a language in its country, the language where that is known."""
        code = name.strip().lower()
        language = code.partition("-")[0]
        return language if language in self._known and code not in self._known else code


_TABLES: dict[str, Callable[[Mapping[str, int]], Spelled]] = {
    "outlet": OutletSpellings,
    "language": Codes,
    "kind": Codes,
}


def spelled(field: str, counts: Mapping[str, int]) -> Spelled:
    """Return the names of a field, from how many articles have each; those of people are ``People``'s."""
    return _TABLES[field](counts)
