"""How likely each day that a page prints is to be that of publication.

The dates of one day stand together against those of other days and against "none"; a second linear judge
says how likely the best day is to be right: a list of teasers takes odds from a day without making it
doubtful.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from index.metadata.printed import LONGEST, TIME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from index.cleaning import Page
    from index.metadata.printed import Candidate

_ISSUE = re.compile(r"©|\bn[ro]\b\.?|№|\brevision\b|\bausgabe\b|\bedici|газет|\bden\b", re.IGNORECASE)


class Standing(NamedTuple):
    """What is weighed of a day, for which its best date speaks; counts are natural logarithms of 1 + n."""

    score: float  # log-odds of its best date against "none"
    odds: float  # log-odds of all its dates against all others and "none"
    ahead: float  # how far its best date is ahead of that of any other day
    rival: float  # the greatest share of the odds that another day has
    days: float  # days that the page prints
    same: float  # dates of this day, not as a logarithm
    headed: float  # the headline is known
    time: float  # a time of day stands in its line
    place: float  # share of the page's lines above it
    lines: float  # lines of the page
    latest: float  # no date of the page is later
    issue: float  # its line tells of an issue, a revision, an owner: a day of print or of the site


STANDING = Standing(
    score=0.58,
    odds=0.66,
    ahead=0.20,
    rival=-1.73,
    days=-0.02,
    same=-0.04,
    headed=-1.16,
    time=0.23,
    place=-0.34,
    lines=0.27,
    latest=-0.41,
    issue=-2.73,
)
BIAS = -0.31


def _shares(found: Sequence[Candidate], weights: Sequence[float]) -> dict[date, float]:
    """Return for each day the share of the odds that its dates have against all others and "none"."""
    greatest = max(0.0, *weights) if weights else 0.0
    odds = [math.exp(weight - greatest) for weight in weights]
    total = sum(odds) + math.exp(-greatest)
    shares_: dict[date, float] = {}
    for each, odd in zip(found, odds, strict=True):
        shares_[each.day] = shares_.get(each.day, 0.0) + odd / total
    return shares_


_ALONE = -3.0
"""The log-odds of no other day."""


def standings(
    page: Page, found: Sequence[Candidate], weights: Sequence[float], *, headed: bool
) -> dict[date, Standing]:
    """Return what is weighed of each day.

    ``weights`` are the log-odds of the dates, ``headed`` says whether the headline is known.
    """
    best: dict[date, int] = {}
    for n, each in enumerate(found):
        if each.day not in best or weights[n] > weights[best[each.day]]:
            best[each.day] = n
    share = _shares(found, weights)
    counts = Counter(each.day for each in found)
    last = max(best, default=None)
    table = {}
    for day, n in best.items():
        line = page.lines[found[n].number].text[:LONGEST]
        others = [other for other in best if other != day]
        table[day] = Standing(
            score=weights[n],
            odds=math.log(share[day] / (1 - share[day])),
            ahead=weights[n] - max((weights[best[other]] for other in others), default=_ALONE),
            rival=max((share[other] for other in others), default=0.0),
            days=math.log1p(len(best)),
            same=counts[day],
            headed=headed,
            time=TIME.search(line) is not None,
            place=found[n].number / len(page.lines),
            lines=math.log1p(len(page.lines)),
            latest=day == last,
            issue=_ISSUE.search(line) is not None,
        )
    return table


def chance(standing: Standing) -> float:
    """Return how likely a day is to be that of publication."""
    score = BIAS + sum(w * x for w, x in zip(STANDING, standing, strict=True))
    return (1 + math.tanh(score / 2)) / 2
