"""What a reporting verb's place beside a quote says of who spoke: how far it is, in weighed characters."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from index.reporting import END, FILL, PLAIN_VERBS

if TYPE_CHECKING:
    from index.cues import Cue
    from index.marks import Marked
    from index.reading import Reading

# What a cue costs beside the characters between it and the quote (set by hand on half of the articles).
OTHER_QUOTE = 40.0
NEW_SENTENCE = 60.0
SENTENCE_BETWEEN = 150.0
NO_COLON = 25.0
LINE_BETWEEN = 50.0
OTHER_VERB = 40.0
FARTHEST = 260.0
_FAR, _FAR_WITH_QUOTES = 600, 4000
_ADJACENT = 3.0
_LINES_ABOVE = 3
"""Characters above a paragraph in which a cue with a colon may stand."""
_CUES_NEAR = 8
"""Cues on either side of a quote that are weighed."""
_PRONOUN = re.compile(r"(?:he|she|they|it|i|we|who)\b", re.IGNORECASE)
_CUE_BEHIND = re.compile(
    rf"(?:[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){{0,5}}|[Tt]he [\w’' -]{{1,40}}?)\s+"
    rf"(?:{'|'.join(sorted(PLAIN_VERBS))})\b"
)


def costs(reading: Reading, one: Marked) -> dict[int, float]:
    """Return for a quote the mentions that are subjects of verbs near it, with the cost of the best verb."""
    line_start, line_end = reading.text.rfind("\n", 0, one.start) + 1, reading.line_end(one.end)
    found: dict[int, float] = {}
    near = bisect_right(reading.cue_starts, one.start)
    for cue in reading.cues[max(0, near - _CUES_NEAR) : near + _CUES_NEAR]:
        if cue.end <= line_start - _LINES_ABOVE or cue.start >= line_end or cue.subject < 0:
            continue
        cost = _cost(reading, one, cue, line_start)
        if cost is not None and cost < found.get(cue.subject, FARTHEST * 2):
            found[cue.subject] = cost
    return found


def _cost(reading: Reading, one: Marked, cue: Cue, line_start: int) -> float | None:
    """Return how far a cue is from a quote in characters, weighed; None where it is too far."""
    behind = cue.start >= one.end
    a, b = (one.outer[1], cue.start) if behind else (cue.end, one.outer[0])
    if b - a > (_FAR if reading.text.find(FILL, a, b) < 0 else _FAR_WITH_QUOTES):
        return None
    between = reading.text[a:b]
    ends = len(END.findall(between + " X"))
    cost = float(len(between.replace(FILL, ""))) + OTHER_QUOTE * (FILL in between)
    if behind:
        own = reading.body[one.start : one.end].rstrip().endswith((".", "!", "?"))
        cost += NEW_SENTENCE * (own and not between.startswith(",") and opens_sentence(reading.text, one))
        cost += SENTENCE_BETWEEN * ends
    else:
        cost += NO_COLON * (between.strip() not in {":", ",", "", "that"})
        cost += NEW_SENTENCE * between.rstrip().endswith((".", "!", "?"))
        cost += SENTENCE_BETWEEN * max(0, ends - 1)
        if cue.end <= line_start:
            if not reading.text[cue.end : line_start].rstrip().endswith(":"):
                return None
            cost += LINE_BETWEEN
    if cue.verb not in PLAIN_VERBS and cost > _ADJACENT:
        cost += OTHER_VERB
    return cost if cost <= (FARTHEST if behind or ends else 2 * FARTHEST) else None


def opens_sentence(text: str, one: Marked) -> bool:
    """Whether what stands behind a quote is a sentence of its own, not its cue ("Ann Lee said")."""
    after = text[one.outer[1] : one.outer[1] + 60].lstrip()
    return after[:1].isupper() and not _PRONOUN.match(after) and not _CUE_BEHIND.match(after)
