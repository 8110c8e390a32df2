"""One outlet under many spellings: "The Guardian", "guardian" and "theguardian.com" are one name.

What no rule of spelling can know (AP is the Associated Press, nytimes.com The New York Times) is in
``outlets.json``: name → other spellings (``also``), domains (``at``), and whether it is an ``agency``,
whose dispatches others print.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

# As in "CNN (Web News)" and "The Washington Post [online]".
_SUFFIX = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*\Z")
# As in "The Week - Opinion" and "Fox News Opinion".
_SECTION = re.compile(
    r"(?:\s+[-–—|/]\s+(?:web |online )?(?:news|opinion|editorial|online|blogs?|home)|"
    r"\s+(?:opinion|editorial(?: board)?|online))\s*\Z"
)
_ARTICLE = re.compile(r"\Athe\s+(?=\S)")
_JOINED_ARTICLE = re.compile(r"\Athe(?=[\w-]{3})")
# As in "NPR Online News".
_ONLINE = re.compile(r"\s(?:online|web)(?=\snews\Z)")
# As in "Breitbart News", which is Breitbart; but a "Daily News" is no "Daily".
_NEWS = re.compile(r"\A(?!(?:daily|morning|evening|sunday|weekly|world|business)\b)(?P<name>\S+) news\Z")
_DOMAIN = re.compile(r"\A(?:https?://)?(?P<host>(?:[\w-]+\.)+[a-z]{2,})/?\Z")
_SECOND_LEVEL = frozenset(["ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "or", "org"])
"""What stands before a country in the domains that it sells, as in bbc.co.uk."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet that is known by name; an ``agency`` is printed by others."""

    name: str
    agency: bool


@lru_cache(maxsize=1 << 14)
def fold(outlet: str) -> str:
    """Return the normal form of an outlet's name: what all spellings of one outlet share.

    >>> fold("CNN (Web News)"), fold("The Press-TV"), fold("www.cnn.com")
    ('cnn', 'presstv', 'cnn')
    >>> fold("AP") == fold("The Associated Press") == fold("apnews.com")
    True
    """
    domain = _DOMAIN.match(outlet.strip().casefold())
    found = at(domain["host"]) if domain else known(outlet)
    if found:
        return _plain(found.name)
    return _plain(_JOINED_ARTICLE.sub("", label(domain["host"])) if domain else outlet)


def known(name: str) -> Outlet | None:
    """Return the outlet of this name or abbreviation, or None where the table does not know it.

    >>> known("MNA").name, known("Example Times")
    ('Mehr News Agency', None)
    """
    return _table()[0].get(_plain(name))


def at(host: str) -> Outlet | None:
    """Return the outlet that publishes at a host or a domain above it, or None.

    >>> at("thecaucus.blogs.nytimes.com").name
    'The New York Times'
    """
    parts = host.casefold().split(".")
    hosts = _table()[1]
    above = (".".join(parts[n:]) for n in range(len(parts) - 1))
    return next((hosts[domain] for domain in above if domain in hosts), None)


def label(host: str) -> str:
    """Return the part of a host that its owner chose.

    >>> label("www.news.example.co.uk"), label("blogs.example.org"), label("localhost")
    ('example', 'example', 'localhost')
    """
    parts = host.casefold().split(".")
    if len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _SECOND_LEVEL:  # noqa: PLR2004 - of a country
        return parts[-3]
    return parts[-2] if len(parts) > 1 else host


def is_domain(name: str) -> bool:
    """Whether a name is a domain, as Townhall.com."""
    return _DOMAIN.match(name.strip().casefold()) is not None


@cache
def _table() -> tuple[Mapping[str, Outlet], Mapping[str, Outlet]]:
    """Return the known outlets by normal form and by domain."""
    names: dict[str, Outlet] = {}
    hosts: dict[str, Outlet] = {}
    rows = orjson.loads(Path(__file__).with_suffix(".json").read_bytes())
    for name, row in rows.items():
        outlet = Outlet(name, row.get("agency", False))
        for spelling in (name, *row.get("also", ())):
            names.setdefault(_plain(spelling), outlet)
        hosts.update(dict.fromkeys(row.get("at", ()), outlet))
    return names, hosts


def _plain(name: str) -> str:
    """Return a name without its article, section and punctuation, in small letters."""
    small = name.casefold().strip()
    short = _SECTION.sub("", _SUFFIX.sub("", small)) or small
    short = _ARTICLE.sub("", _ONLINE.sub("", short))
    of_news = _NEWS.match(short)
    short = of_news["name"] if of_news else short
    plain = "".join(c for c in unicodedata.normalize("NFKD", short) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", plain) or name.casefold()


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
