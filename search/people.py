"""The people of each generation of an archive: sorted anew when somebody is quoted more or less often."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.sightings import sightings
from index.speakers import Speakers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.generation import Generation
    from index.speakers import Decided


@dataclass(frozen=True, slots=True)
class _Known:
    """A table, and what it was made of."""

    counts: Mapping[str, int]
    decided: Decided
    speakers: Speakers


class People:
    """Shared by threads and generations: an article that quotes nobody costs nothing."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._sorting = threading.Lock()

    def of(self, generation: Generation) -> Speakers:
        """Return the people of a generation."""
        counts = generation.counts("speaker")
        with self._sorting:
            known = self._known
            if known is None or (known.counts, known.decided) != (counts, generation.decided):
                speakers = Speakers(sightings(generation.segments), generation.decided)
                known = self._known = _Known(counts, generation.decided, speakers)
            return known.speakers
