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
    >>> Codes({"Klingon": 1}).matching("klingon")
    frozenset({'Klingon'})
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._codes = frozenset(map(_code, counts))
        self._spelled = {
            code: frozenset(name for name in counts if _code(name) == code) for code in self._codes
        }

    def matching(self, name: str) -> frozenset[str]:
        """Return the spellings of a code that are known."""
        return self._spelled.get(self.canonical(name), frozenset())

    def canonical(self, name: str) -> str:
        """Return the code: of ``en-GB``, a language in its country, the language where that is known."""
        code = _code(name)
        language = code.replace("_", "-").partition("-")[0]
        return language if language in self._codes and code not in self._codes else code


def _code(name: str) -> str:
    return name.strip().lower()


_TABLES: dict[str, Callable[[Mapping[str, int]], Spelled]] = {
    "outlet": OutletSpellings,
    "language": Codes,
    "kind": Codes,
}


def spelled(field: str, counts: Mapping[str, int]) -> Spelled:
    """Return the names of a field, from how many articles have each; those of people are ``People``'s."""
    return _TABLES[field](counts)
