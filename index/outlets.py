"""One outlet under many spellings: "The Guardian", "guardian" and "GUARDIAN (UK)" are one name."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# As in "CNN (Web News)" and "The Washington Post [online]".
_SUFFIX = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*\Z")
_ARTICLE = re.compile(r"\Athe\s+(?=\S)")
_DOMAIN = re.compile(r"\A(?:https?://)?(?:www\.)?(?P<name>[\w-]+)\.(?:com|org|net|co\.uk|info|news|tv)/?\Z")


@lru_cache(maxsize=1 << 14)
def fold(outlet: str) -> str:
    """Return the normal form of an outlet's name: what two spellings of one outlet share.

    >>> fold("CNN (Web News)"), fold("The Press-TV"), fold("www.cnn.com")
    ('cnn', 'presstv', 'cnn')
    """
    name = _SUFFIX.sub("", outlet.casefold().strip()) or outlet.casefold()
    domain = _DOMAIN.match(name)
    name = _ARTICLE.sub("", domain["name"] if domain else name)
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", plain) or name


class OutletSpellings:
    """The outlets of an archive under their normal forms: immutable, and the same for the same names."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        spellings: dict[str, list[str]] = defaultdict(list)
        for name in sorted(counts, key=lambda n: (-counts[n], n)):
            spellings[fold(name)].append(name)
        self._spellings = {key: tuple(names) for key, names in spellings.items()}

    def matching(self, query: str) -> frozenset[str]:
        """Return all spellings of this outlet in the archive."""
        return frozenset(self._spellings.get(fold(query), ()))

    def canonical(self, name: str) -> str:
        """Return the spelling that the archive uses most, or the name where it is unknown."""
        return self._spellings.get(fold(name), (name,))[0]
