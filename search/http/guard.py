"""Who may do what, and how often: API keys and rate limits, both only where they are configured.

A key comes as ``Authorization: Bearer KEY``.  Keys are compared by their digests, in a time that tells
nothing of them; a log tells keys apart by the head of that digest.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Self

from search.http.problems import refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import falcon

    from search.http.limits import Limits

_CHALLENGE = 'Bearer realm="pressmark"'

UNIX = "unix"
"""Stands for a client, or a proxy, on a socket of this machine: it has no address."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The digests of the keys that may write (and read), and of those that may only read.

    Without a key that may write nobody may; without one that may only read anybody may read.
    """

    write: tuple[bytes, ...] = ()
    read: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, write: Iterable[str], read: Iterable[str]) -> Self:
        """Return the keys of these texts."""
        return cls(tuple(map(_digest, write)), tuple(map(_digest, read)))

    def known(self, key: str | None) -> tuple[str | None, bool]:
        """Return a name for a key, None where it is none of these, and whether it may write.

        >>> Keys.of(["a-key-that-may-write"], []).known("another")
        (None, False)
        """
        if key is None:
            return None, False
        digest = _digest(key)
        may_write = _among(digest, self.write)
        return (digest.hex()[:8], may_write) if may_write or _among(digest, self.read) else (None, False)


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets a request in, or refuses it before its body is read; ``proxies`` are believed about clients."""

    keys: Keys = Keys()
    limits: Limits | None = None
    proxies: Collection[str] = ()

    def admit(self, req: falcon.Request, resp: falcon.Response, *, writes: bool) -> None:
        """Raise Refused for a request that may not be answered; say how many more may follow."""
        name, may_write = self.keys.known(_bearer(req))
        req.context.key = name
        if self.limits:
            taken = self.limits.take(name or self.client(req))
            resp.set_headers(self.limits.headers(taken))
            if taken.wait:
                raise refuse(
                    "rate-limited",
                    f"This client may send {self.limits.policy}; more in {taken.wait} s.",
                    Retry_After=str(taken.wait),
                )
        if writes and not self.keys.write:
            raise refuse("forbidden", "Writing over HTTP is off: no key for it is set.")
        if name is None and (writes or self.keys.read):
            detail = "The key is not known." if req.get_header("Authorization") else "This needs a key."
            raise refuse("unauthenticated", detail, WWW_Authenticate=_CHALLENGE)
        if writes and not may_write:
            raise refuse("forbidden", "This key may read, and not write.")

    def client(self, req: falcon.Request) -> str:
        """Return the address of the client: behind a proxy that is believed, the one that it names."""
        address = req.remote_addr if req.env.get("REMOTE_ADDR") else UNIX
        named = [one.strip() for one in (req.get_header("X-Forwarded-For") or "").split(",")]
        while address in self.proxies and named and named[-1]:
            address = named.pop()[:64]
        return address


def _bearer(req: falcon.Request) -> str | None:
    scheme, _, key = (req.get_header("Authorization") or "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def _digest(key: str) -> bytes:
    return blake2b(key.encode("utf-8", "surrogateescape"), digest_size=32).digest()


def _among(digest: bytes, known: Iterable[bytes]) -> bool:
    """Whether a digest is one of those known; all are compared."""
    return sum(hmac.compare_digest(digest, one) for one in known) > 0
