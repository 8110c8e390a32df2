"""What is said without marks: behind "said:", and behind the plain verb of a named speaker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.reporting import FILL, PLAIN_VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.article import Kind
    from index.reading import Reading

_SAYS = re.compile(r"(?:\s+(?:that|reporters|on \w+day))*\s*:\s+|(?:\s+that)?\s+(?=[\w])")
"""What stands between a plain verb and words that are said without marks."""
_MARK = re.compile(rf"{FILL}|''")
"""A quote, or two apostrophes for a mark: its words are not without marks."""
_LEAST = 4
"""Words of a statement."""
_LONGEST = 4000
"""Characters of a statement, so that a page of nothing but "said:" takes linear time."""
_CLAUSE = 400
"""Characters before a verb in which its subject opens."""


def unmarked(reading: Reading) -> Iterator[tuple[int, int, Kind, int, int]]:
    """Yield (start, end, kind, mention, cue) of what is said in sentences without a quote."""
    text = reading.text
    for number, cue in enumerate(reading.cues):
        begin = _SAYS.match(text, cue.end) if cue.verb in PLAIN_VERBS else None
        if begin is None:
            continue
        colon = ":" in begin[0]
        first, end = reading.sentence(cue.start)
        start, stop = begin.end(), reading.line_end(cue.end) if colon else end
        stop = min(stop, start + _LONGEST)
        words = text[start:stop].rstrip(" .")
        mention = _opening(reading, first, min(cue.start, first + _CLAUSE)) if colon else cue.subject
        if mention < 0 or _MARK.search(text, first, stop) or len(words.split()) < _LEAST:
            continue
        name = reading.mentions[mention].name
        if colon or (name is not None and name.is_person):
            yield start, start + len(words), "direct" if colon else "indirect", mention, number


def _opening(reading: Reading, start: int, end: int) -> int:
    """Return the first mention of a sentence that nothing governs, or -1."""
    found = range(*(reading.before(place) for place in (start, end)))
    return next((n for n in found if not reading.governed[n] and reading.mentions[n].end <= end), -1)
