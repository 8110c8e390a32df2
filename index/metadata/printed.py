"""The day of publication among the dates that a page prints outside its sentences.

A line that a machine printed, a byline, and the opening of a paragraph hold candidates.  A small
linear judge weighs where each stands, what its line says beside it, and what other dates the page
has.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from index.metadata import written
from index.prose import word_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from index.cleaning import Page
    from index.metadata.written import Written


class Features(NamedTuple):
    """What is weighed of a date; distances and counts are natural logarithms of 1 + n."""

    given: float  # it is a date, and not "none"
    below: float  # lines below the headline
    above: float  # lines above the headline
    beside: float  # it stands in one of the two lines behind the headline
    lead: float  # lines to the first paragraph of the body, on either side
    behind: float  # lines behind the last paragraph of the body
    words: float  # words of its line beside it
    published: float  # the words before it say "published"
    updated: float
    other: float  # a day of something else: an event, a copyright
    amended: float  # it is an update, and an earlier date stands beside it
    byline: float
    comment: float  # it stands behind the body with a time of day and a name
    before: float  # dates printed before it
    same: float  # other dates in lines of the same shape: comments, teasers
    latest: float  # no date of the page is later
    earliest: float
    late_above: float  # it is the latest of several, and stands above the headline: the day of the visit
    next: float  # it is the first date behind the headline
    opening: float  # it opens a paragraph
    alone: float  # the page has no other day
    alone_behind: float
    alone_beside: float
    stale: float  # years between it and the last year that the page names


WEIGHTS = Features(
    given=2.38,
    below=-0.34,
    above=-0.19,
    beside=0.52,
    lead=-0.16,
    behind=-0.27,
    words=-0.30,
    published=0.73,
    updated=0.47,
    other=-1.26,
    amended=-1.16,
    byline=0.27,
    comment=0.75,
    before=-0.07,
    same=-0.31,
    latest=1.18,
    earliest=1.16,
    late_above=-0.33,
    next=0.17,
    opening=-0.17,
    alone=-1.41,
    alone_behind=0.50,
    alone_beside=-0.78,
    stale=-0.34,
)

LABELS = {
    "published": re.compile(
        r"publish|\bposted\b|veröffentlicht|\berstellt|erschienen|publi[ée]|public|pubblicat|opublikowan|"
        r"geplaatst|\bcreated\b|опубликовано|verfasst|geschrieben|eingetragen|\bwritten|δημοσι|zveřejn|megjelen|"
        r"掲載|公開|发布|yayın|diterbitkan",
        re.IGNORECASE,
    ),
    "updated": re.compile(
        r"update|modified|edited|aktualis|editiert|mis à jour|modifié|actuali|aggiorna|geändert|\bstand\b|"
        r"bijgewerkt|\blast\b|\bletzte|zuletzt|обновл|更新|güncel|bearbeitet|atuali|ενημ",
        re.IGNORECASE,
    ),
    # a day of something else: an event, a protocol, a law
    "other": re.compile(
        r"\b(?:termin|gültig|bis|seit|until|since|ab|ergebnisse|protokoll|copyright|zugriff|retrieved|abgerufen|"
        r"geboren|born|joined|registriert|premiere|kinostart)\b|©",
        re.IGNORECASE,
    ),
}
_BYLINE = re.compile(r"\b(?:by|von|por|par|di|door|autor|author|redaktion|автор)\b", re.IGNORECASE)
TIME = re.compile(r"(?<![\d:.])[012]?\d(?:[:.h][0-5]\d){1,2}(?!\d)(?: ?[ap]\.? ?m\b\.?)?", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\W{0,3}\Z", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


MOST_WORDS = 16
"""A line that a machine printed has no more: date, time, author, section."""
_FEWEST_OF_SENTENCE = 8
_SENTENCE = re.compile(r"(?<!\b[ap]\.m)[.!?]\Z")
LONGEST = 320
"""Letters of a line that a machine printed."""
_OPENING = 80
"""Letters in which a paragraph is opened."""
_OPENING_WORDS = 6
"""Words before the date there: a name, "Press release of"."""
_NEAR = 2
_SHORT = 30
"""Letters of a line that may name the date in the next: "Published on"."""
_PARAGRAPH = 14
# What stands behind the date that opens a paragraph: a mark, or the capital of a new sentence.
_OPENED = re.compile(r"\s*(?:[|–—/:·•\-]|[“„\"«(]?[A-ZÄÖÜÉ])")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date that a page prints in line ``number``, read as ``day``; ``opens`` where it opens a paragraph."""

    number: int
    written: Written
    day: date
    opens: bool


def weigh(features: Features) -> float:
    """Return how much a date looks like the day of publication: log-odds against "none"."""
    return sum(w * x for w, x in zip(WEIGHTS, features, strict=True))


def candidates(page: Page, *, month_first: bool | None) -> list[Candidate]:
    """Return the dates of a page that are not inside a sentence; ``month_first`` decides 3/4/2021.

    Where it is None, such a date has the day first, and whoever asks must not believe it.
    """
    return [
        Candidate(number, one, one.other if one.other and month_first else one.day, opens)
        for number, line in enumerate(page.lines)
        if written.YEARISH.search(line.text, 0, LONGEST)
        for one, opens in _outside_sentences(line.text)
    ]


def features(page: Page, found: Sequence[Candidate], headline: int | None, latest: date) -> list[Features]:
    """Return what is weighed of each candidate; ``headline`` is the number of its line."""
    if not found:
        return []
    lines = [line.text for line in page.lines]
    years = {int(year) for line in lines for year in _YEAR.findall(line)}
    newest = max((year for year in years if year <= latest.year), default=0)
    kept = [n for n, line in enumerate(page.lines) if line.start is not None]
    paragraphs = [n for n in kept if word_count(lines[n]) >= _PARAGRAPH] or kept or [0]
    lead, end = paragraphs[0], paragraphs[-1]
    centre = lead if headline is None else headline
    shapes = Counter(_shape(lines[each.number]) for each in found)
    days = {each.day for each in found}
    alone = len(days) == 1
    first, last = min(days, default=None), max(days, default=None)
    next_ = next((each.number for each in found if each.number > centre), None)
    table = []
    for count, each in enumerate(found):
        n, day, line = each.number, each.day, lines[each.number]
        label = _label(lines, found, count)[:LONGEST]
        rest = f"{line[: each.written.start]} {line[each.written.end :]}"[:LONGEST]
        words = word_count(rest)
        updated = LABELS["updated"].search(label) is not None
        beside = headline is not None and 0 < n - centre <= _NEAR
        behind = math.log1p(max(0, n - end))
        table.append(
            Features(
                given=1,
                below=math.log1p(max(0, n - centre)),
                above=math.log1p(max(0, centre - n)),
                beside=beside,
                lead=math.log1p(abs(n - lead)),
                behind=behind,
                words=math.log1p(min(words, MOST_WORDS)),
                published=LABELS["published"].search(label) is not None,
                updated=updated,
                other=LABELS["other"].search(label) is not None,
                amended=updated
                and any(
                    other.day < day and abs(other.number - n) <= _NEAR
                    for other in found[max(0, count - _NEAR) : count + _NEAR + 1]
                ),
                byline=_BYLINE.search(rest) is not None,
                comment=n > end and words > 1 and TIME.search(rest) is not None,
                before=math.log1p(count),
                same=math.log1p(shapes[_shape(line)] - 1),
                latest=day == last,
                earliest=day == first,
                late_above=n < centre and day == last and not alone,
                next=n == next_,
                opening=each.opens,
                alone=alone,
                alone_behind=alone * behind,
                alone_beside=alone and beside,
                stale=math.log1p(max(0, newest - day.year)),
            )
        )
    return table


def _label(lines: Sequence[str], found: Sequence[Candidate], count: int) -> str:
    """Return the words that name a date: those before it, else those behind it in its line."""
    each = found[count]
    line = lines[each.number]
    beside = [
        other.written
        for other in found[max(0, count - 1) : count + 2]
        if other is not each and other.number == each.number
    ]
    start = max((w.end for w in beside if w.end <= each.written.start), default=0)
    end = min((w.start for w in beside if w.start >= each.written.end), default=len(line))
    label = line[start : each.written.start]
    above = lines[each.number - 1] if each.number and not start else ""
    if len(above) <= _SHORT:
        label = f"{above} {label}"
    if end == len(line) and not any(kind.search(label) for kind in LABELS.values()):
        return line[each.written.end :]
    return label


def _outside_sentences(line: str) -> Iterator[tuple[Written, bool]]:
    """Yield the dates of a printed line or byline, and the date that opens a paragraph, and which it is."""
    if len(line) <= LONGEST:
        days = list(written.days(line))
        if not days:
            return
        rest = _without(line, days)
        words = word_count(rest)
        if words <= MOST_WORDS and not (words > _FEWEST_OF_SENTENCE and _SENTENCE.search(line)):
            yield from ((w, False) for w in days if not _COPYRIGHT.search(line[: w.start]))
            return
    for w in written.days(line[:_OPENING]):
        if _OPENED.match(line, w.end) and word_count(line[: w.start]) <= _OPENING_WORDS:
            yield w, True
        return


def _without(line: str, days: Sequence[Written]) -> str:
    """Return the line without its dates and times."""
    ends = [0, *(w.end for w in days)]
    starts = [*(w.start for w in days), len(line)]
    return TIME.sub(" ", " ".join(line[a:b] for a, b in zip(ends, starts, strict=True)))


def _shape(line: str) -> str:
    """Return what the lines of a list of comments or teasers have in common."""
    return re.sub(r"[^\W\d]+", "a", re.sub(r"\d+", "0", line))[:40]
