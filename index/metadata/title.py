"""The headline of an article: supplied, marked up, or a line that stands above the body by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.article import Found
    from index.cleaning import Page

WORDS = (3, 30)
"""Headlines of messy_text have 3 to 30 words in 97 of 100 pages."""


def title(page: Page) -> tuple[Found[str], frozenset[int]] | None:
    """Return the headline above the body and the numbers of all lines that repeat it, or None."""
    lead = page.lead
    candidates = [n for n in range(lead) if _is_headline(page.lines[n].text)]
    if not candidates:
        return None
    best = candidates[-1]
    text = page.lines[best].text
    key = fold(text)
    repeats = frozenset(n for n, line in enumerate(page.lines) if fold(line.text) == key)
    return page.found(text, best, (0, len(text)), "line-above-body", "medium"), repeats


def fold(text: str) -> str:
    """Return the words of a headline without case and punctuation.

    >>> fold("Israel ‘loser’ in war on Gaza: Iran")
    'israel loser in war on gaza iran'
    """
    return " ".join(re.findall(r"\w+", text.casefold()))


def _is_headline(line: str) -> bool:
    words = line.split()
    return WORDS[0] <= len(words) <= WORDS[1] and not line.endswith((",", ";", ":"))


def numbers_like(page: Page, headline: str) -> Iterable[int]:
    """Yield the numbers of the lines that repeat a headline."""
    key = fold(headline)
    return (n for n, line in enumerate(page.lines) if key and fold(line.text) == key)
