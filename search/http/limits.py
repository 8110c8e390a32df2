"""How many requests a client may send: a bucket for each, which fills evenly.

Each worker counts for itself, so that a service of several lets through as many times as much at most.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

_CLIENTS = 10_000
"""Clients that a worker remembers; one that it forgot begins with a full bucket."""

_UNITS = {1: "second", 60: "minute", 3600: "hour"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What a request left: how many may follow at once, seconds until all may, seconds to wait (0: none)."""

    remaining: int
    full: int
    wait: int


@dataclass(frozen=True, slots=True)
class Limits:
    """``quota`` requests in ``window`` seconds for each client; any number of threads may ask."""

    quota: int
    window: int
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def policy(self) -> str:
        """The limit in words."""
        return f"{self.quota:,} requests a {_UNITS.get(self.window, f'{self.window} s')}"

    def take(self, client: str, now: float | None = None) -> Taken:
        """Count one request of a client.

        >>> limits = Limits(2, 60)
        >>> [limits.take("a", now).wait for now in (0, 1, 2, 32)]
        [0, 0, 28, 0]
        """
        now = time.monotonic() if now is None else now
        pace = self.quota / self.window
        with self._lock:
            left, since = self._left.pop(client, (float(self.quota), now))
            left = min(float(self.quota), left + (now - since) * pace)
            wait = 0 if left >= 1 else math.ceil((1 - left) / pace)
            left -= 0 if wait else 1
            self._left[client] = left, now
            if len(self._left) > _CLIENTS:
                self._left.popitem(last=False)
        return Taken(int(left), math.ceil((self.quota - left) / pace), wait)

    def headers(self, taken: Taken) -> dict[str, str]:
        """Return the policy and what is left, in the headers of draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"default";q={self.quota};w={self.window}',
            "RateLimit": f'"default";r={taken.remaining};t={taken.full}',
        }
