"""The outlet that an article names as its publisher: in its markup, its address or its own words.

Words count only in places where an outlet speaks of itself: a licence or copyright line, the
dateline of an agency, a note on the staff.  A broadcaster that is only quoted ("in an interview
with Press TV") is not the outlet.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index import outlets
from index.article import Found, Refused
from index.metadata.imprint import imprint

if TYPE_CHECKING:
    from index.cleaning import Page
    from index.markup import Markup

SITE_METAS = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "citation_publisher")
"""Names of metas that give the outlet, best first."""
LINKED_PATHS = (("publisher", "name"), ("isPartOf", "name"), ("sourceOrganization", "name"))

_CARRIERS = """
archive blogger blogspot facebook feedburner flipboard github google googleusercontent instagram issuu
linkedin livejournal medium msn news over-blog pressreader reddit scribd smartnews substack t tumblr
twitter typepad webcache wordpress x yahoo youtube
"""
CARRIERS = frozenset(_CARRIERS.split())
"""Sites, by the label of their domain, that carry what others publish."""


def outlet(
    page: Page, title: str, url: str | None, marked: Found[str] | None
) -> tuple[Found[str] | None, tuple[Refused, ...]]:
    """Return the outlet of an article, or None, and the outlet in its words that its address speaks against.

    ``marked``, what the markup says, is believed first, then the address, then the words; the words before
    the address of a site that carries what others publish.
    """
    said = imprint(page)
    found = marked or addressed(url, f"{title}\n{page.body}")
    if found is None or (said and found.confidence == "low"):
        return said or found, ()
    if said and outlets.fold(said.value) != outlets.fold(found.value):
        return found, (Refused("outlet", said.value, f"{found.method} names {found.value}"),)
    return found, ()


def marked_up(parts: Markup) -> Found[str] | None:
    """Return the outlet that the markup of a page names, or None."""
    for name, content in parts.meta(SITE_METAS[0]):
        return Found(content, method=name, confidence="high", origin="markup", text=content)
    for path in LINKED_PATHS:
        for content in parts.linked_texts(*path):
            return Found(content, method="json-ld", confidence="high", origin="markup", text=content)
    for name, content in parts.meta(*SITE_METAS[1:]):
        return Found(content, method=name, confidence="medium", origin="markup", text=content)
    return None


def addressed(url: str | None, text: str = "") -> Found[str] | None:
    """Return the outlet at an address: by its known name, by the name that the text spells, else by its host.

    A site that carries what others publish tells little.

    >>> addressed("https://www.nytimes.com/2021/05/24/a").value
    'The New York Times'
    >>> addressed("https://example-times.org/a", "Subscribe to the Example Times today").value
    'Example Times'
    >>> addressed("https://www.example.org/2021/05/24/a").value
    'example.org'
    """
    host = host_of(url)
    if "." not in host:
        return None
    owner = outlets.label(host)
    known = outlets.at(host)
    if known:
        return Found(known.name, method="host", confidence="high", origin="url", text=host)
    if owner in CARRIERS or not any(c.isalpha() for c in owner):
        return Found(host, method="host", confidence="low", origin="url", text=host)
    spelled = _spelled(owner).search(text) if len(owner) >= _LEAST_SPELLED else None
    value = " ".join(spelled[0].split()) if spelled else host
    return Found(value, method="host", confidence="medium", origin="url", text=host)


_LEAST_SPELLED = 4
"""Letters of a label that a name in the text is looked for by: fewer stand in any text by chance."""


def _spelled(owner: str) -> re.Pattern[str]:
    """Return what finds a label in a text as a name is written: Example-Times for exampletimes."""
    letters = owner.replace("-", "")
    first, rest = letters[0].upper(), letters[1:]
    between = r"[ .’'&-]{0,2}"
    spaced = between.join(f"[{re.escape(c.upper())}{re.escape(c)}]" for c in rest)
    return re.compile(rf"(?<!\w){re.escape(first)}{between}{spaced}(?![\w@])")


def host_of(url: str | None) -> str:
    """Return the host of an address without ``www.``, or an empty string."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def site_names(parts: Markup, url: str | None) -> list[str]:
    """Return all names of the site that the markup and the address give."""
    host = host_of(url)
    linked = [name for path in LINKED_PATHS for name in parts.linked_texts(*path)]
    return [*(content for _, content in parts.meta(*SITE_METAS)), *linked, host, host.split(".")[0]]
