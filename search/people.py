"""The people of each generation of an archive: sorted anew when a name comes that was not there before."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.sightings import sightings
from index.speakers import Speakers

if TYPE_CHECKING:
    from index.generation import Generation


@dataclass(frozen=True, slots=True)
class _Known:
    """A table, and the names that it was made of."""

    names: frozenset[str]
    speakers: Speakers


class People:
    """Shared by threads and generations: an article that quotes nobody new costs nothing."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._sorting = threading.Lock()

    def of(self, generation: Generation) -> Speakers:
        """Return the people of a generation."""
        names = frozenset(generation.counts("speaker"))
        with self._sorting:
            known = self._known
            if known is None or known.names != names:
                known = self._known = _Known(names, Speakers(sightings(generation.segments)))
            return known.speakers
