"""How the clause in which somebody reports lies in its sentence: set off, at its end, or with another inside.

"The dam, Ann Lee said, holds", "the dam holds, said Ann Lee" and "Ann Lee said that Bob Roe
holds it" differ in what stands right before and behind the subject and its verb.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

from index.reporting import FILL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.reading import Reading

_SET_OFF = frozenset(f",”\"“’'—–-{FILL}")
_LEFT, _REACH = 30, 40
"""Characters before and behind a clause in which the next mark is looked for."""
_UP_TO_MARK = re.compile(rf"([^,.;:!?\n“”\"{FILL}]*)[,.;:!?\n“”\"]")
_FAR = 9
"""Words to a mark that is not near."""
_THAT = re.compile(r"(?: \w+){0,3}? that\b")
_DIRECT = re.compile(rf"(?: \w+){{0,3}}?[,:]? ?[“”\"„‘]*{FILL}")
_MOST = 3
"""Clauses of others that are counted."""


def of_mentions(reading: Reading) -> dict[str, NDArray[np.int64]]:
    """Return what the clause of each mention's first reporting verb is, 0 where it is no subject.

    ``reported``: verbs of others that stand before the mention in its sentence; ``set off``: a comma or a
    mark stands before the clause; ``closes``: words from its end to the next mark; ``depth``: verbs before
    its own in the sentence; ``that`` and ``direct``: a clause or a quote follows the verb.
    """
    text, n = reading.text, len(reading.mentions)
    found = {name: np.zeros(n, np.int64) for name in NAMES}
    for cue in reversed(reading.cues):
        at = cue.subject
        if at < 0:
            continue
        start, end = reading.sentence(cue.start)
        first, last = reading.before(cue.end), reading.before(end)
        found["reported"][first:last] += 1
        found["reported"][at] -= first <= at < last
        one = reading.mentions[at]
        opens, stops = min(one.start, cue.start), max(one.end, cue.end)
        before = text[max(start, opens - _LEFT) : opens].rstrip(" \xa0")
        behind = _UP_TO_MARK.match(text, stops, stops + _REACH)
        found["set off"][at] = before[-1:] in _SET_OFF
        found["closes"][at] = len(behind[1].split()) if behind else _FAR
        found["depth"][at] = bisect_left(reading.cue_starts, cue.start) - bisect_left(
            reading.cue_starts, start
        )
        found["that"][at] = _THAT.match(text, cue.end) is not None
        found["direct"][at] = _DIRECT.match(text, cue.end) is not None
    found["reported"] = np.minimum(found["reported"], _MOST)
    return found


NAMES = ("reported", "set off", "closes", "depth", "that", "direct")
"""The columns."""
