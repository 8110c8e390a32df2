"""The outlet that an article names as its publisher, in its own words or in its markup.

A broadcaster that is only quoted ("in an interview with Press TV") is not the outlet.  The
first row of the table that speaks wins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.article import Found, Level
    from index.cleaning import Page

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
