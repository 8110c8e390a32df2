"""The headline of a text: the line above the body that looks most like one, or nothing.

Every short line down to the third of the body is a candidate.  A small linear judge ranks them
by where they stand, what they say of the body, and what stands beside them.  A sentence that
ends in a full stop is a lead, not a headline, unless it is written like one.
"""

from __future__ import annotations

import html
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from index.article import Found
from index.metadata import written
from index.prose import RUBBLE, core, word_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.article import Level
    from index.cleaning import Page
    from index.markup import Markup


class Features(NamedTuple):
    """What is weighed of a candidate; lengths and distances are natural logarithms of 1 + n."""

    odd_length: float  # |ln(words / 9)|: headlines have some nine words
    distance: float  # lines to the first paragraph that was kept anywhere on the page
    inside: float  # it stands behind that paragraph
    told: float  # how often the core says its longer words: mean of ln(1 + occurrences)
    told_words: float  # share of its longer words that the core says, times its length
    open_end: float  # it ends in a comma or colon
    period: float
    repeated: float  # other lines that say the same, 2 at most
    date_near: float  # a date or time in one of the next four lines
    rubble: float
    menu: float  # it and its neighbours have three words at most
    upper: float  # it begins with a capital or with no letter
    before: float  # length of the line before
    long: float  # more than 20 words
    byline: float  # it is one, or one of the next two lines
    dated: float  # it holds a date itself


WEIGHTS = Features(
    odd_length=-1.22,
    distance=-0.72,
    inside=-2.28,
    told=1.48,
    told_words=1.03,
    open_end=-5.35,
    period=-2.86,
    repeated=0.36,
    date_near=1.35,
    rubble=-1.15,
    menu=-1.51,
    upper=2.08,
    before=-0.46,
    long=-3.15,
    byline=1.55,
    dated=-0.66,
)
"""Fitted together (softmax over the candidates of a page, L2 of 1) by ``python -m tests.quality.fit titles``
on the 508 of 576 web pages, as plain text, whose headline is a candidate; by 5-fold cross-validation .63 of
the 576 are met exactly, where "short line before a long one" meets .28."""

MOST_WORDS = 40
_LONG_HEADLINE = 20
_REACH = 250
"""Lines above the body that are looked at: menus of portals are that long."""
_PARAGRAPH = 14
"""A kept line of so many words may be the first paragraph."""
_MENU_WORDS = 3
_TYPICAL_WORDS = 9

_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
_BYLINE = re.compile(r"(?:by|von|por|par|di|door|autor|author|redaktion|posted)\b", re.IGNORECASE)

_PLAIN_WORDS = "the a an said says was were has have had been is are he she it they this that these his her"
PLAIN_WORDS = frozenset(_PLAIN_WORDS.split())
"""English words that sentences have and headlines leave out."""
TOLD_WORDS = frozenset(["said", "told", "was", "were", "had", "has", "have", "been"])
"""English words that make a first line with a full stop a lead: headlines tell in the present."""
_MOST_PLAIN = 0.11
"""Share of plain words up to which a line with a full stop can be a headline."""
_TITLE_CASE = 0.6
_BESIDE_DATE = 4
"""Words beside a date that leave the line a date line: weekday, time, zone."""
_FULL_STOP = re.compile(r"[^.]\.[\"”’)]*\Z")


def title(page: Page) -> tuple[Found[str] | None, Page]:
    """Return the headline of a page, or None, and the page without the lines that say it."""
    ranked = sorted(((_weigh(line), -n) for n, line in candidates(page)), reverse=True)
    if not ranked:
        return None, page
    score, last = ranked[0]
    number = -last
    value = page.lines[number].text
    numbers = {number}
    if value.endswith(";"):  # "Netanyahu and Obama: a relationship; / Divided by ideology, …"
        value = f"{value} {page.lines[number + 1].text}"
        numbers.add(number + 1)
    key = fold(page.lines[number].text)
    numbers.update(n for n, line in enumerate(page.lines) if fold(line.text) == key)
    rest = page.without(numbers)
    confidence = _confidence(score - (ranked[1][0] if len(ranked) > 1 else -math.inf))
    span = (0, len(page.lines[number].text))
    return rest.found(_trimmed(value), number, span, "headline", confidence), rest


SURE_MARGIN = 2.0
"""A headline this far ahead of the next candidate counts as medium, any other as low."""


def _confidence(margin: float) -> Level:
    return "medium" if margin >= SURE_MARGIN else "low"


TITLE_METAS = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title")
_SEPARATED = re.compile(r"\s+[|·•»«›:–—/-]+\s+|\s*[|»›]\s*")
_AGREED = 0.6
"""A heading says what the metas say when it shares this much of its words with one."""
_SITE_WORDS = 4
"""Words behind the last separator of a title that are the site's name."""


def marked_up(parts: Markup, sites: frozenset[str]) -> Found[str] | None:
    """Return the headline that the markup of a page gives, or None.

    The heading that says most of what a meta says wins, then JSON-LD, then the metas and the
    title without the site's name.  ``sites`` are folded names of the site (``squeezed``).
    """
    linked = list(parts.linked_texts("headline"))[:1]
    metas = [content for _, content in parts.meta(*TITLE_METAS)]
    given = [*linked, *metas, *([parts.title] if parts.title else [])]
    heading = max(
        ((_agreement(h, given), -n, h) for n, h in enumerate(parts.headings) if squeezed(h) not in sites),
        default=None,
    )
    if heading and heading[0] > 0:
        value = _without_kicker(heading[2], given)
        return Found(value, method="heading", confidence="high", origin="markup", text=heading[2])
    rest: list[tuple[str, str, Level]] = [
        *((text, "json-ld", "high") for text in linked),
        *((text, "meta", "medium") for text in metas),
        *((text, "title-element", "medium") for text in given[-1:]),
        *((text, "heading", "low") for text in parts.headings),
    ]
    for text, method, level in rest:
        value = without_site(html.unescape(text), sites)
        if value and squeezed(value) not in sites:
            return Found(value, method=method, confidence=level, origin="markup", text=text)
    return None


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


def _weigh(line: Features) -> float:
    return sum(w * x for w, x in zip(WEIGHTS, line, strict=True))


def _trimmed(headline: str) -> str:
    """Return the headline without the full stop at its end (not that of "U.S." or an ellipsis)."""
    return headline[:-1] if re.search(r"[^.\W]{3}\.\Z|[”’\"')]\.\Z", headline) else headline


def fold(text: str) -> str:
    """Return the words of a headline without case and punctuation.

    >>> fold("Israel ‘loser’ in war on Gaza: Iran")
    'israel loser in war on gaza iran'
    """
    return " ".join(re.findall(r"\w+", text.casefold()))


def candidates(page: Page) -> Iterator[tuple[int, Features]]:
    """Yield the numbers of the lines that can be a headline, with what is weighed of each."""
    lines = [line.text for line in page.lines]
    kept = [line.start is not None for line in page.lines]
    counts = [word_count(line) for line in lines]
    paragraph = [k and n >= _PARAGRAPH - 2 for k, n in zip(kept, counts, strict=True)]
    first, last = core(counts, paragraph, [False] * len(lines))
    body = next((n for n in range(first, last) if kept[n] and counts[n] >= _PARAGRAPH), first)
    top = next((n for n, line in enumerate(lines) if kept[n] and counts[n] >= _PARAGRAPH), body)
    told = Counter(word for n in range(first, last) if kept[n] for word in set(_long_words(lines[n])))
    said = Counter(fold(line) for line in lines)
    for n in range(max(0, body - _REACH), min(last - 1, body + 3)):
        key = fold(lines[n])
        if not key or counts[n] > MOST_WORDS or _no_headline(lines[n], first=n == 0):
            continue
        own = 1 if first <= n < last and kept[n] else 0
        words = _long_words(lines[n])
        times = [told[word] - own for word in words]
        length = math.log1p(counts[n])
        near = lines[n + 1 : n + 5]
        yield (
            n,
            Features(
                odd_length=abs(math.log(max(counts[n], 1) / _TYPICAL_WORDS)),
                distance=math.log1p(max(0, top - n)),
                inside=n > top,
                told=sum(math.log1p(max(t, 0)) for t in times) / len(times) if times else 0.0,
                told_words=sum(t > 0 for t in times) / len(times) * length if times else 0.0,
                open_end=lines[n][-1] in ",:",
                period=lines[n][-1] == ".",
                repeated=min(said[key] - 1, 2),
                date_near=any(_DATE.search(line) for line in near),
                rubble=not RUBBLE.isdisjoint(key.split()),
                menu=counts[n] <= _MENU_WORDS
                and all(m <= _MENU_WORDS for m in [*counts[max(0, n - 1) : n], *counts[n + 1 : n + 2]]),
                upper=lines[n][0].isupper() or not lines[n][0].isalpha(),
                before=math.log1p(counts[n - 1]) if n else 0.0,
                long=counts[n] > _LONG_HEADLINE,
                byline=any(_BYLINE.match(line) for line in lines[n : n + 3]),
                dated=_DATE.search(lines[n]) is not None,
            ),
        )


def _long_words(line: str) -> list[str]:
    return [word for word in re.findall(r"\w+", line.casefold()) if len(word) >= 4]  # noqa: PLR2004 - as fitted


def _no_headline(line: str, *, first: bool) -> bool:
    """Whether the line is a date, or a sentence of a text rather than a headline with a full stop.

    >>> _no_headline("The official said the operations have confounded them.", first=True)
    True
    >>> _no_headline("Governor Vetoes Bill on Water Rights.", first=False)
    False
    """
    for day in written.days(line):
        return word_count(line[: day.start] + line[day.end :]) <= _BESIDE_DATE
    if not _FULL_STOP.search(line):
        return False
    words = line.split()
    if sum(word[0].isupper() or word[0].isdigit() for word in words) >= _TITLE_CASE * len(words):
        return False
    lower = [word.casefold().strip(".,;:“”\"'") for word in words]
    if first:
        return len(words) > _LONG_HEADLINE or not TOLD_WORDS.isdisjoint(lower)
    plain = sum(word in PLAIN_WORDS for word in lower)
    return plain > _MOST_PLAIN * len(words) or len(words) > _LONG_HEADLINE
