"""Which line of a plain page is its headline, by what it says of the text and what stands around it.

Every short line down to the third of the body is a candidate.  A small linear judge weighs where
it stands, which of its words the text says, where else the page says it, and its neighbours.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from index.metadata import written
from index.prose import RUBBLE, core, word_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.cleaning import Page


class Features(NamedTuple):
    """What is weighed of a candidate; lengths and distances are natural logarithms of 1 + n."""

    odd_length: float  # |ln(words / 9)|: headlines have some nine words
    distance: float  # lines to the first paragraph that was kept anywhere on the page
    inside: float  # it stands behind that paragraph
    behind: float  # lines behind the first paragraph of the core
    told: float  # how often the core says its longer words: mean of ln(1 + occurrences)
    told_words: float  # share of its longer words that the core says, times its length
    told_next: float  # share of its longer words that the next paragraphs say, times its length
    next: float  # lines to the next paragraph
    paragraphs: float  # paragraphs before it
    open_end: float  # it ends in a comma or colon
    period: float
    repeated: float  # other lines that say the same, 2 at most
    first_said: float  # it is the first of them
    part: float  # other lines that say it and more, 2 at most
    date_near: float  # a date or time in one of the next four lines
    dated: float  # it holds a date itself
    byline: float  # it is one, or one of the next two lines
    rubble: float
    menu: float  # it and its neighbours have three words at most
    arrows: float  # marks of menus, crumbs and "next" links
    upper: float  # it begins with a capital or with no letter
    colon: float
    long: float  # more than 20 words
    before: float  # length of the line before
    around: float  # mean length of the five lines before
    first: float  # it is the first line of a page with a menu: often the name of the site
    opens: float  # it is the first line of one without
    below_one: float  # the line behind is
    above_any: float  # the line before is a candidate
    below_any: float
    below_told: float


WEIGHTS = Features(
    odd_length=-1.24,
    distance=-0.52,
    inside=-0.82,
    behind=-0.66,
    told=1.02,
    told_words=0.71,
    told_next=0.67,
    next=-0.21,
    paragraphs=-0.96,
    open_end=-5.33,
    period=-2.20,
    repeated=0.20,
    first_said=0.46,
    part=0.78,
    date_near=1.39,
    dated=-0.33,
    byline=1.17,
    rubble=-0.64,
    menu=-1.31,
    arrows=-0.81,
    upper=1.44,
    colon=0.80,
    long=-2.61,
    before=-0.41,
    around=-0.62,
    first=-4.29,
    opens=1.62,
    below_one=0.12,
    above_any=-0.40,
    below_any=-0.35,
    below_told=0.41,
)

MOST_WORDS = 40
_LONG_HEADLINE = 20
_REACH = 250
"""Lines above the body that are looked at: menus of portals are that long."""
_PARAGRAPH = 14
"""A kept line of so many words may be the first paragraph."""
_MENU_WORDS = 3
_TYPICAL_WORDS = 9
_LONG_WORD = 4
_FAR = 30
"""Lines to the next paragraph beyond which all is alike."""
_NEXT = 4
"""Paragraphs behind a line that say what it announces."""
_MANY_LETTERS = 12
"""Letters of a line that is looked for within other lines."""
_MENU = 5
"""Lines above the first paragraph from which on there is a menu."""
_ODD = 1.2

_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b")
_BYLINE = re.compile(r"(?:by|von|por|par|di|door|autor|author|redaktion|posted)\b", re.IGNORECASE)
_ARROWS = re.compile(r"[←→|]|[»›](?=.*\w)|\A\W*[«‹<>]|[‹>]\W*\Z")
_DIGIT = re.compile(r"\d")

_PLAIN_WORDS = "the a an said says was were is are has have had been he she it they this that these his her"
PLAIN_WORDS = frozenset(_PLAIN_WORDS.split())
"""English words that sentences have and headlines leave out."""
TOLD_WORDS = frozenset(["said", "told", "was", "were", "had", "has", "have", "been"])
"""English words that make a first line with a full stop a lead: headlines tell in the present."""
_MOST_PLAIN = 0.11
"""Share of plain words up to which a line with a full stop can be a headline."""
_SENTENCE_WORDS = 12
"""Words from which a line with a full stop is a sentence in any language: of 576 headlines, most of them not
English, 8 have a full stop, and 2 so many words before it."""
_TITLE_CASE = 0.6
_BESIDE_DATE = 4
"""Words beside a date that leave the line a date line: weekday, time, zone."""
_FULL_STOP = re.compile(r"[^.]\.[\"”’)]*\Z")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that can be the headline."""

    number: int
    features: Features


def weigh(features: Features) -> float:
    """Return how much a line looks like the headline: a log-odds against the page's other candidates."""
    return sum(w * x for w, x in zip(WEIGHTS, features, strict=True))


def fold(text: str) -> str:
    """Return the words of a headline without case and punctuation.

    >>> fold("Israel ‘loser’ in war on Gaza: Iran")
    'israel loser in war on gaza iran'
    """
    return " ".join(re.findall(r"\w+", text.casefold()))


def candidates(page: Page) -> list[Candidate]:
    """Return the lines that can be a headline, with what is weighed of each."""
    lines = [line.text for line in page.lines]
    counts = [word_count(line) for line in lines]
    kept = [line.start is not None for line in page.lines]
    paragraph = [k and n >= _PARAGRAPH - 2 for k, n in zip(kept, counts, strict=True)]
    start, end = core(counts, paragraph, [False] * len(lines))
    paragraphs = [n for n, k in enumerate(kept) if k and counts[n] >= _PARAGRAPH]
    body = next((n for n in paragraphs if start <= n < end), start)
    numbers = range(max(0, body - _REACH), min(end - 1, body + 3))
    if not numbers:
        return []
    return _Lines(lines, counts, kept, (start, end), paragraphs, body).candidates(numbers)


class _Lines:
    """The lines of a page, and what all of its candidates are compared with."""

    def __init__(
        self,
        lines: Sequence[str],
        counts: Sequence[int],
        kept: Sequence[bool],
        run: tuple[int, int],
        paragraphs: Sequence[int],
        body: int,
    ) -> None:
        self.lines, self.counts, self.kept, self.run = lines, counts, kept, run
        self.paragraphs, self.body = paragraphs, body
        self.top = paragraphs[0] if paragraphs else body
        self.keys = [fold(line) for line in lines]
        self.words = [{w for w in key.split() if len(w) >= _LONG_WORD} for key in self.keys]
        self.told = Counter(w for n in range(*run) if kept[n] for w in self.words[n])
        self.said = Counter(self.keys)
        self.page = "\n".join(self.keys)
        self.logs = [math.log1p(n) for n in counts]
        capped = (math.log1p(min(n, _LONG_HEADLINE)) for n in counts)
        self.sums = list(accumulate(capped, initial=0.0))

    def candidates(self, numbers: range) -> list[Candidate]:
        around = range(numbers.start, min(numbers.stop + 5, len(self.lines)))
        dated = {n for n in around if _DIGIT.search(self.lines[n]) and _DATE.search(self.lines[n])}
        bylines = {n for n in around if _BYLINE.match(self.lines[n])}
        seen: set[str] = set()
        alone = {}
        for n in numbers:
            key = self.keys[n]
            if key and self.counts[n] <= MOST_WORDS and not _no_headline(self.lines[n], first=n == 0):
                alone[n] = self._features(n, dated, bylines, first_said=key not in seen)
            seen.add(key)
        return [Candidate(n, self._beside(f, alone.get(n - 1), alone.get(n + 1))) for n, f in alone.items()]

    def _features(self, n: int, dated: set[int], bylines: set[int], *, first_said: bool) -> Features:
        line, key, count, words = self.lines[n], self.keys[n], self.counts[n], self.words[n]
        own = 1 if self.run[0] <= n < self.run[1] and self.kept[n] else 0
        times = [max(0, self.told[word] - own) for word in words]
        length = self.logs[n]
        behind = bisect_right(self.paragraphs, n)
        following = self.paragraphs[behind : behind + _NEXT]
        announced = sum(any(w in self.words[m] for m in following) for w in words)
        repeated = self.said[key] - 1
        low = max(0, n - 5)
        return Features(
            odd_length=abs(math.log(max(count, 1) / _TYPICAL_WORDS)),
            distance=math.log1p(max(0, self.top - n)),
            inside=n > self.top,
            behind=math.log1p(max(0, n - self.body)),
            told=sum(map(math.log1p, times)) / len(times) if times else 0.0,
            told_words=sum(map(bool, times)) / len(times) * length if times else 0.0,
            told_next=announced / len(words) * length if words else 0.0,
            next=math.log1p(min(following[0] - n if following else _FAR, _FAR)),
            paragraphs=math.log1p(behind),
            open_end=line[-1] in ",:",
            period=line[-1] == ".",
            repeated=min(repeated, 2),
            first_said=repeated > 0 and first_said,
            part=min(self.page.count(key) - repeated - 1, 2) if len(key) >= _MANY_LETTERS else 0,
            date_near=any(m in dated for m in range(n + 1, n + 5)),
            dated=n in dated,
            byline=any(m in bylines for m in range(n, n + 3)),
            rubble=not RUBBLE.isdisjoint(key.split()),
            menu=max(self.counts[max(0, n - 1) : n + 2]) <= _MENU_WORDS,
            arrows=_ARROWS.search(line) is not None,
            upper=line[0].isupper() or not line[0].isalpha(),
            colon=":" in line,
            long=count > _LONG_HEADLINE,
            before=self.logs[n - 1] if n else 0.0,
            around=(self.sums[n] - self.sums[low]) / 5,
            first=n == 0 and self.top > _MENU,
            opens=n == 0 and self.top <= _MENU,
            below_one=0.0,
            above_any=0.0,
            below_any=0.0,
            below_told=0.0,
        )

    @staticmethod
    def _beside(own: Features, above: Features | None, below: Features | None) -> Features:
        """Return the features with what the neighbours add: a standfirst looks like a headline too."""
        return own._replace(
            below_one=below is not None and _likely(below),
            above_any=above is not None,
            below_any=below is not None,
            below_told=below.told_next if below else 0.0,
        )


def _likely(line: Features) -> bool:
    return line.odd_length < _ODD and not (line.dated or line.rubble or line.arrows)


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
    # Not English, as far as a first line tells: agencies end headlines with a full stop.
    foreign = line.upper() == line.lower() if first else PLAIN_WORDS.isdisjoint(lower)
    if len(words) > (_SENTENCE_WORDS - 1 if foreign else _LONG_HEADLINE):
        return True
    if first:
        return not TOLD_WORDS.isdisjoint(lower)
    plain = sum(word in PLAIN_WORDS for word in lower)
    return plain > _MOST_PLAIN * len(words)


# What stands before the headline in a line of crumbs: "Home » Europe » Storm closes harbour".
_CRUMBS = re.compile(r"(?:[^»›>/|]{1,40}(?: [»›>/] |[»›])){2,}(?P<headline>\S.+)\Z")
_JOINTS = " \t,;:|·•–—-/"
_FEWEST = 3
"""Words that remain of a headline without the date beside it."""


def stated(line: str) -> str:
    """Return the headline that a line states: without crumbs, dates at its ends, and itself once more.

    >>> stated("Home » Weather » Storm closes the harbour")
    'Storm closes the harbour'
    >>> stated("24.05.2021 | Storm closes harbour"), stated("Storm closes harbour Storm closes harbour")
    ('Storm closes harbour', 'Storm closes harbour')
    """
    crumbs = _CRUMBS.match(line)
    if crumbs:
        line = crumbs["headline"]
    half = len(line) // 2
    if len(line) % 2 and line[half].isspace() and line[:half] == line[half + 1 :]:
        line = line[:half]
    for day in written.days(line):
        head, tail = line[: day.start].rstrip(_JOINTS), line[day.end :].lstrip(_JOINTS)
        if not head and len(tail.split()) >= _FEWEST:
            return tail
        if not tail and len(head.split()) >= _FEWEST and line[day.start - 1] in _JOINTS:
            return head if not _DAY_OF.search(head) else line
    return line


# A headline may end in the day of what it tells: "Minutes of the meeting of 10 October 2019".
_DAY_OF = re.compile(
    r"\b(?:of|on|from|since|until|by|in|vom|am|ab|bis|seit|zum|den|du|le|del|el|al|il|dal)\Z", re.IGNORECASE
)
