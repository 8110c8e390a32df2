"""One writer at a time: a lock file that says who holds it.

The operating system frees the lock when its holder ends, however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from typing import TYPE_CHECKING

from index.errors import IndexLocked

if TYPE_CHECKING:
    from pathlib import Path

_PAUSE = 0.05
"""Seconds between two tries: short beside the seconds that a commit takes."""


class WriteLock:
    """Held from construction to ``release``; raises ``IndexLocked`` after ``timeout`` seconds."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._wait(path, timeout)
        except BaseException:
            os.close(self._handle)
            raise
        self._say(f"{os.getpid()}\n")

    def _wait(self, path: Path, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while not self._taken():
            if time.monotonic() >= deadline:
                holder = os.pread(self._handle, 32, 0).decode(errors="replace").strip() or "unknown"
                raise IndexLocked(
                    f"{path}: another writer (process {holder}) holds the index; waited {timeout:g} s"
                )
            time.sleep(_PAUSE)

    def _taken(self) -> bool:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _say(self, holder: str) -> None:
        with contextlib.suppress(OSError):  # who holds it is a courtesy; a full disk does not stop the holder
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, holder.encode(), 0)

    @property
    def held(self) -> bool:
        """Whether the lock was not released yet."""
        return self._handle >= 0

    def release(self) -> None:
        """Let the next writer in; the file stays, so that two waiters never lock two files."""
        if self.held:
            self._say("")
            # Closing alone would leave the lock with a child that was forked meanwhile.
            fcntl.flock(self._handle, fcntl.LOCK_UN)
            os.close(self._handle)
            self._handle = -1
