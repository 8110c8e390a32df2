"""The follower beside the service: a process that empties the inbox, started anew when it dies.

It belongs to the parent of the workers, asks every moment whether that still lives, and ends with it.
"""

from __future__ import annotations

import logging.config
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from index.cli import follow
from index.errors import PressmarkError
from index.settings import load
from search.http import logs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from index.settings import Settings

_FORWARDED = ("index", "state")
"""Settings that the service may have from its command line; the follower reads all others as it did."""

_PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds until the next start, by the number of starts that did not last."""

_LASTED = 60.0
"""Seconds after which a start has lasted."""

_GRACE = 10.0
"""Seconds that a follower has to end; a batch that it breaks off waits in the inbox as before."""


class Keeper:
    """Keeps a follower running; ``keep`` is called every second or so, in one process alone."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._flags = [f"--{name}={getattr(settings, name)}" for name in _FORWARDED]
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._failed = 0

    def keep(self) -> None:
        """Start a follower where there is none, unless the last ones died too soon."""
        now = self._clock()
        if self._process is not None:
            if self._process.poll() is None:
                return
            self._failed = 1 if now - self._started > _LASTED else self._failed + 1
            logs.EVENTS.warning("the follower ended; another one is started")
            self._process = None
        if self._failed and now - self._started < _PAUSES[min(self._failed, len(_PAUSES)) - 1]:
            return
        command = [sys.executable, "-m", __name__, str(os.getpid()), *self._flags]
        self._started = now
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program

    def end(self) -> None:
        """End the follower."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main(arguments: list[str]) -> int:
    """Empty the inbox until the process that ``arguments`` begin with is not the parent any more."""
    parent = int(arguments[0])
    flags: Mapping[str, str] = dict(one.removeprefix("--").split("=", 1) for one in arguments[1:])
    logging.config.dictConfig(logs.configuration("WARNING"))
    try:
        follow(load(flags), logs.EVENTS.info, lambda: os.getppid() == parent)
    except (PressmarkError, OSError) as error:
        logs.EVENTS.error("the inbox cannot be emptied: %s", error)
        return 1
    return 0


if __name__ == "__main__":
    import contextlib
    import signal

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
