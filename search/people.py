"""The people of each generation of an archive: names are sorted anew where something of them is new."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.sightings import sightings
from index.speakers import Speakers, kindreds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.generation import Generation
    from index.persons import Decided, Sighting


@dataclass(frozen=True, slots=True)
class _Known:
    """A table, and what it was made of."""

    seen: Mapping[str, Sighting]
    decided: Decided
    kindreds: Sequence[tuple[str, ...]]
    speakers: Speakers


class People:
    """Shared by threads and generations: what an article brings costs what is akin to its names."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._sorting = threading.Lock()

    def of(self, generation: Generation) -> Speakers:
        """Return the people of a generation: the same whatever was asked before."""
        seen = {each.name: each for each in sightings(generation.segments, generation.stories)}
        with self._sorting:
            known = self._known
            if known is None or (known.seen, known.decided) != (seen, generation.decided):
                known = self._known = _sorted(seen, generation.decided, known)
            return known.speakers


def _sorted(seen: Mapping[str, Sighting], decided: Decided, before: _Known | None) -> _Known:
    groups = [tuple(sorted(group)) for group in kindreds(seen, decided)]
    if before is None or before.decided != decided:
        return _Known(seen, decided, groups, Speakers(seen.values(), decided))
    old = set(before.kindreds)
    new = {
        name
        for group in groups
        if group not in old or any(seen.get(name) != before.seen.get(name) for name in group)
        for name in group
    }
    gone = new | (before.seen.keys() - seen.keys())
    kept = [each for each in before.speakers.persons.values() if gone.isdisjoint(each.spellings)]
    some = replace(
        decided,
        known=tuple(each for each in decided.known if not new.isdisjoint((each.name, *each.spellings))),
    )
    again = Speakers([seen[name] for name in sorted(new & seen.keys())], some)
    return _Known(seen, decided, groups, Speakers.of_persons([*again.persons.values(), *kept]))
