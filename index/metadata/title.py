"""The headline of a text or of a page's markup, or nothing.

In a text it is the line above the body that looks most like one (``headline``); in markup it is
what heading, metas and title element agree on, without the name of the site.
"""

from __future__ import annotations

import html
import math
import re
from typing import TYPE_CHECKING

from index.article import Found, Refused
from index.metadata.headline import candidates, fold, stated, weigh

if TYPE_CHECKING:
    from index.article import Level
    from index.cleaning import Page
    from index.markup import Markup


def title(page: Page) -> tuple[Found[str] | None, Page, tuple[Refused, ...]]:
    """Return the headline of a page, or None, the page without the lines that say it, and the rivals."""
    found = candidates(page)
    if not found:
        return None, page, ()
    scores = [weigh(each.features) for each in found]
    greatest = max(scores)
    odds = [math.exp(score - greatest) for score in scores]
    shares: dict[str, float] = {}  # of the lines that say the same
    for each, odd in zip(found, odds, strict=True):
        said = fold(page.lines[each.number].text)
        shares[said] = shares.get(said, 0.0) + odd / sum(odds)
    best = found[scores.index(greatest)]
    number = best.number
    line = page.lines[number].text
    value, numbers = stated(line), {number}
    if line.endswith(_GOES_ON) and number + 1 < len(page.lines):
        value = f"{line} {page.lines[number + 1].text}"
        numbers.add(number + 1)
    key = fold(line)
    longest = 2 * len(line)  # no line that says the same with other marks is longer
    numbers.update(
        n for n, other in enumerate(page.lines) if len(other.text) <= longest and fold(other.text) == key
    )
    rest = page.without(numbers)
    taken = rest.found(
        _trimmed(value),
        number,
        (0, len(line)),
        "headline",
        _confidence(shares[key], opens=bool(best.features.opens)),
    )
    others = sorted(((share, said) for said, share in shares.items() if said != key), reverse=True)
    rivals = [said for share, said in others[:_RIVALS] if share >= _RIVAL]
    texts = {fold(page.lines[each.number].text): page.lines[each.number].text for each in found}
    return taken, rest, tuple(Refused("title", texts[r], _OUTDONE) for r in rivals)


_GOES_ON = ";"
"""As "Netanyahu and Obama: a relationship; / Divided by ideology, …"."""
_RIVALS, _RIVAL = 2, 0.05
_OUTDONE = "another line looks more like the headline"

SURE = 0.9
"""A headline with this share of the odds is right on 86 of 100 web pages (168, by 5-fold cross-validation);
above an article without a menu, on 98 of 100 (652)."""


def _confidence(share: float, *, opens: bool) -> Level:
    if share < SURE:
        return "low"
    return "high" if opens else "medium"


TITLE_METAS = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title")
_SEPARATED = re.compile(r"\s+[|·•»«›:–—/-]+\s+|\s*[|»›]\s*")
_AGREED = 0.6
"""A heading says what the metas say when it shares this much of its words with one."""
_SITE_WORDS = 4
"""Words behind the last separator of a title that are the site's name."""


def marked_up(parts: Markup, sites: frozenset[str]) -> Found[str] | None:
    """Return the headline that the markup of a page gives, or None.

    The heading that says most of what a meta says wins, then the only heading, then JSON-LD, the
    metas and the title without the site's name.  ``sites`` are folded names of the site
    (``squeezed``).
    """
    linked = list(parts.linked_texts("headline"))[:1]
    metas = [content for _, content in parts.meta(*TITLE_METAS)]
    given = [*linked, *metas, *([parts.title] if parts.title else [])]
    headings = list(dict.fromkeys(h for h in parts.headings if squeezed(h) not in sites))
    agreed = [(_agreement(h, given), -n, h) for n, h in enumerate(headings)]
    best = max(agreed, default=(0.0, 0, ""))
    if best[0] > 0:
        value = _without_kicker(best[2], [*given, *(without_site(text, sites) for text in given)])
        return Found(value, method="heading", confidence="medium", origin="markup", text=best[2])
    if len(headings) == 1 and len(headings[0].split()) <= _MOST_WORDS:
        (only,) = headings
        return Found(only, method="only-heading", confidence="low", origin="markup", text=only)
    rest: list[tuple[str, str, Level]] = [
        *((text, "json-ld", "medium") for text in linked),
        *((text, "meta", "low") for text in metas),
        *((text, "title-element", "low") for text in given[-1:]),
        *((text, "heading", "low") for text in parts.headings),
    ]
    for text, method, level in rest:
        value = text if _bare(text, given) else without_site(html.unescape(text), sites)
        if value and squeezed(value) not in sites:
            return Found(value, method=method, confidence=level, origin="markup", text=text)
    return None


_MOST_WORDS = 30


def _bare(text: str, given: list[str]) -> bool:
    """Whether another of the given titles says the text and then the site: the text itself has no site.

    >>> _bare("Office – part three", ["Office – part three | The Daily"])
    True
    """
    behind = (other[len(text) :] for other in given if other.startswith(text))
    return any(_SEPARATED.match(rest) for rest in behind)


def _agreement(heading: str, given: list[str]) -> float:
    """Return how much of a heading and the best of the given titles is the same: 0 where it is too little."""
    words = set(fold(heading).split())
    if not words:
        return 0.0
    best = 0.0
    for title_ in given:
        others = set(fold(title_).split())
        shared = len(words & others)
        if shared * min(1, shared / 2) >= _AGREED * len(words):
            best = max(best, shared / len(words | others))
    return best


def _without_kicker(heading: str, given: list[str]) -> str:
    """Return the given title that a heading ends with behind a kicker, else the heading."""
    key = squeezed(heading)
    for title_ in given:
        other = squeezed(title_)
        if key != other and key.endswith(other) and 2 * len(other) >= len(key):
            return title_
    return heading


def without_site(text: str, sites: frozenset[str]) -> str:
    """Return a title without the name of the site before or behind its separators.

    >>> without_site("Storm closes harbour - The Daily - Home", frozenset({"thedaily"}))
    'Storm closes harbour - The Daily'
    >>> without_site("Storm closes harbour | The Daily", frozenset({"thedaily"}))
    'Storm closes harbour'
    """
    text = text.strip()
    cuts = list(_SEPARATED.finditer(text))
    if not cuts:
        return text
    first, last = text[: cuts[0].start()], text[cuts[-1].end() :]
    if squeezed(first) in sites:
        return text[cuts[0].end() :]
    head = text[: cuts[-1].start()]
    site = any(len(s) >= _SITE_WORDS and s in squeezed(last) for s in sites)
    if site or len(last.split()) <= min(_SITE_WORDS, len(head.split()) - 1):
        return head
    return text


def squeezed(name: str) -> str:
    """Return the letters and digits of a name, folded: "The Daily" and "the-daily" are one.

    >>> squeezed("The Daily"), squeezed("the-daily")
    ('thedaily', 'thedaily')
    """
    return fold(name).replace(" ", "").replace("_", "")


def _trimmed(headline: str) -> str:
    """Return the headline without the full stop at its end (not that of "U.S." or an ellipsis)."""
    return headline[:-1] if re.search(r"[^.\W]{3}\.\Z|[”’\"')]\.\Z", headline) else headline
