"""The outlet that an article names as its publisher, in its own words or in its markup.

A broadcaster that is only quoted ("in an interview with Press TV") is not the outlet.  The
first row of the table that speaks wins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.article import Found

if TYPE_CHECKING:
    from index.article import Level
    from index.cleaning import Page
    from index.markup import Markup

_AGENCY = r"(?:[Nn]ews [Aa]gency|[Pp]ress [Aa]gency|[Nn]ews [Nn]etwork|[Nn]ewspaper)"

PLACES: tuple[tuple[str, re.Pattern[str], Level], ...] = (
    # "All Content by Mehr News Agency is licensed under a Creative Commons …"
    ("licence-line", re.compile(r"\bAll [Cc]ontent by (?P<outlet>[^.]{2,60}?) is licensed under"), "high"),
    # "According to the foreign policy group of rahnam news agency, Hossein …"
    (
        "according-to-agency",
        re.compile(rf"\AAccording to (?:the [^.,]{{1,60}}? of )?(?P<outlet>\w[\w ]{{1,40}}? {_AGENCY}),"),
        "medium",
    ),
)


def outlet(page: Page) -> Found[str] | None:
    """Return the outlet that a line of the page names, or None."""
    for method, place, confidence in PLACES:
        for number, line in enumerate(page.lines):
            if method == "according-to-agency" and line.start != 0:
                continue
            found = place.search(line.text)
            if found:
                return page.found(found["outlet"], number, found.span("outlet"), method, confidence)
    return None


SITE_METAS = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "citation_publisher")
"""Names of metas that give the outlet, best first."""
LINKED_PATHS = (("publisher", "name"), ("isPartOf", "name"), ("sourceOrganization", "name"))


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


def addressed(url: str | None) -> Found[str] | None:
    """Return the host of an address as the outlet, of low confidence: the host is known, its name is not.

    >>> addressed("https://www.example.org/2021/05/24/a").value
    'example.org'
    """
    host = host_of(url)
    return Found(host, method="host", confidence="low", origin="url", text=host) if "." in host else None


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
