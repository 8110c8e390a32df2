"""The generations of an index that a process holds open: the newest, and older ones for cursors."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import threading
import time
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING

from index.codec.commit import newest
from index.errors import CorruptIndex, NoIndex
from index.generation import Generation
from index.verified import FOLDER, forget, verify
from search.errors import EngineUnavailable, SnapshotExpired
from search.masks import Masks
from search.people import People
from search.snapshot import Snapshot
from search.vectors import Vectors

if TYPE_CHECKING:
    from pathlib import Path


_log = logging.getLogger("pressmark")


_HELD = 4
"""Older generations that a process keeps open for cursors; more are opened again when asked for."""


_MOMENT = 1_000_000_000
"""Nanoseconds after which a folder's time is sure to differ from that of its next change: file systems
count in steps of up to some milliseconds, the oldest of them of a second."""


class Opened:
    """What is open of the index in a folder; a request stats the folder once.

    ``state`` is a folder that this service may write to, or None.
    """

    def __init__(self, path: Path, state: Path | None = None) -> None:
        self._path = path
        self._marks = state / FOLDER if state else None
        self._snapshot: Snapshot | None = None
        self._older: OrderedDict[int, Snapshot] = OrderedDict()
        self._masks = Masks()
        self._people = People()
        self._vectors = Vectors()
        # What stood in the folder when it could not be read: it is tried again when that has changed.
        self._damaged: list[tuple[str, int, int]] = []
        self._opening = threading.Lock()
        # When the folder had been changed at the last look into it; never -1, which is no time.
        self._looked = -2

    @property
    def is_open(self) -> bool:
        """Whether a generation is open."""
        return self._snapshot is not None

    def snapshot(self, number: int | None = None) -> Snapshot:
        """Return the newest generation, opened, or one by its number.

        Raises ``EngineUnavailable`` where there is none, ``SnapshotExpired`` where the one asked for
        is gone.  A new generation that is damaged leaves the one before in place.
        """
        changed = self._changed()
        calm = changed == self._looked  # asked before the snapshot is taken, which is set before it
        held = self._snapshot
        if held is None or (not calm and held.generation.number != self._newest(held)):
            held = self._refresh()
        if changed >= 0 and not self._damaged:  # a file may be mended without a change of its folder
            self._looked = changed
        if number is None or number == held.generation.number:
            return held
        return self._older_snapshot(number, held)

    def let_go(self) -> None:
        """Forget a generation that is not the newest any more: the disk space of its files is given back."""
        held = self._snapshot
        if held is not None and held.generation.number != self._newest(held):
            del held
            self._snapshot = None
            self._older.clear()
            gc.unfreeze()
            gc.collect()

    def _changed(self) -> int:
        """Return when the folder was last changed: the one thing that every request asks of the disk.

        -1 where that was a moment ago: it may change again under the same time.
        """
        try:
            changed = os.stat(self._path).st_mtime_ns  # noqa: PTH116 - half the time of Path.stat
        except OSError:
            return -1
        return changed if time.time_ns() - changed > _MOMENT else -1

    def _newest(self, held: Snapshot) -> int:
        """Return the newest generation's number, or the one held where there is none that can be read."""
        try:
            found = newest(self._path)
            if found != held.generation.number and self._damaged == _state(self._path):
                return held.generation.number
        except OSError:
            return held.generation.number
        return found

    def _refresh(self) -> Snapshot:
        with self._opening:
            held = self._snapshot
            if held is not None and held.generation.number == self._newest(held):
                return held
            try:
                opened = Snapshot(self._open(held, None), self._masks, self._people, self._vectors)
            except (NoIndex, CorruptIndex, OSError) as error:
                if held is None:
                    raise EngineUnavailable(str(error)) from error
                _log.exception(
                    "generation %d stays in use: the newer one cannot be read", held.generation.number
                )
                with contextlib.suppress(OSError):
                    self._damaged = _state(self._path)
                return held
            if held is not None:
                self._keep(held)
            self._damaged = []
            self._snapshot = opened
            return opened

    def _open(self, held: Snapshot | None, number: int | None) -> Generation:
        whole = partial(verify, self._path, marks=self._marks, held=held.generation.commit if held else None)
        generation = Generation.open(self._path, held.generation if held else None, number, whole)
        if number is None and self._marks:
            forget(generation.commit, self._marks)
        return generation

    def _older_snapshot(self, number: int, newest_: Snapshot) -> Snapshot:
        with self._opening:
            older = self._older.get(number)
            try:
                older = older or Snapshot(
                    self._open(newest_, number), self._masks, self._people, self._vectors
                )
            except (CorruptIndex, OSError) as error:
                raise SnapshotExpired(
                    f"The index has moved on from generation {number} to {newest_.generation.number}."
                ) from error
            self._keep(older)
            return older

    def _keep(self, snapshot: Snapshot) -> None:
        self._older[snapshot.generation.number] = snapshot
        self._older.move_to_end(snapshot.generation.number)
        while len(self._older) > _HELD:
            self._older.popitem(last=False)


def _state(path: Path) -> list[tuple[str, int, int]]:
    """Return the names, sizes and times of a folder's files."""
    with os.scandir(path) as entries:
        found = [(entry.name, entry.stat()) for entry in entries]
    return sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)
