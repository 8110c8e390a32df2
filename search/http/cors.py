"""Which pages of other sites may read the answers in a browser: those whose origins are listed, no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_READABLE = (
    "Allow, Accept-Query, Content-Disposition, ETag, Idempotency-Replayed, Link, Location, RateLimit, "
    "RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-ID"
)
"""Headers of an answer that a page may read, besides those that any may."""

_SENDABLE = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID"
"""Headers that a page may send, besides those that any may."""

_DAY = "86400"
"""Seconds for which a browser need not ask again."""


@dataclass(frozen=True, slots=True)
class Cors:
    """The origins that are listed, such as ``https://example.org``; ``*`` is any."""

    origins: Collection[str] = ()

    @property
    def varies(self) -> bool:
        """Return whether an answer's headers depend on who asks."""
        return bool(self.origins) and "*" not in self.origins

    def headers(self, origin: str | None) -> dict[str, str]:
        """Return what lets a page of an origin read an answer: nothing where it may not.

        >>> Cors(["https://a.org"]).headers("https://b.org")
        {}
        """
        if origin is None or not ("*" in self.origins or origin in self.origins):
            return {}
        allowed = "*" if "*" in self.origins else origin
        return {"Access-Control-Allow-Origin": allowed, "Access-Control-Expose-Headers": _READABLE}

    def preflight(self, origin: str | None, methods: str) -> dict[str, str]:
        """Return what lets a page of an origin send a request with some methods."""
        if not self.headers(origin):
            return {}
        return {
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": _SENDABLE,
            "Access-Control-Max-Age": _DAY,
        }
