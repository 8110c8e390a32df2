"""What an archive knows of the names of people: how often each is quoted, and beside whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from index.speakers import Sighting, is_full

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.segment import Segment


def sightings(segments: Iterable[Segment]) -> list[Sighting]:
    """Return the names under which live articles quote people, sorted.

    Who is quoted beside it is told of a name that could be several people's, such as a last name alone:
    nobody asks it of the others.
    """
    counts: Counter[str] = Counter()
    beside: dict[str, set[str]] = defaultdict(set)
    for segment in segments:
        counts.update(segment.counts("speaker"))
        if segment not in _COMPANIES:
            _COMPANIES[segment] = list(_company(segment))
        for short, company in _COMPANIES[segment]:
            beside[short].update(company)
    return [
        Sighting(name, count, beside=frozenset(beside.get(name, set()) - {name}))
        for name, count in sorted(counts.items())
    ]


_COMPANIES: WeakKeyDictionary[Segment, list[tuple[str, list[str]]]] = WeakKeyDictionary()
"""What ``_company`` says of segments, which most generations share with the one before."""


def _company(segment: Segment) -> Iterator[tuple[str, list[str]]]:
    """Yield each name that is not full, with all names of an article that has it."""
    column = segment.columns.values["speaker"]
    short = np.array([not is_full(name) for name in column.values], dtype=np.bool_)
    sets = np.unique(column.sets[short[column.ordinals]])
    used = sets[np.bincount(column.cells[segment.live], minlength=len(column.starts) - 1)[sets] > 0]
    for each in used.tolist():
        numbers = column.ordinals[column.starts[each] : column.starts[each + 1]].tolist()
        names = [column.values.text(number) for number in numbers]
        yield from ((name, names) for name, number in zip(names, numbers, strict=True) if short[number])
