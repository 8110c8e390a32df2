"""Which coding an answer is sent in: gzip or zstd where the client accepts one and it pays.

Python's own gzip and zlib headers differ in nothing that a client sees; both codings are made in
one call, without state, so that threads share nothing.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any

import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable

THRESHOLD = 1_000
"""Bytes below which an answer fits into one packet with its headers: smaller would not be sooner."""

_WEIGHT = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(data)


def _gzip(data: bytes) -> bytes:
    gzip = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return gzip.compress(data) + gzip.flush()


STREAMS: dict[str, Callable[[], Any]] = {
    "zstd": lambda: zstandard.ZstdCompressor(level=3).compressobj(),
    "gzip": lambda: zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS),
}
"""What packs a stream piece by piece, with ``compress`` and ``flush``."""

CODINGS: dict[str, Callable[[bytes], bytes]] = {"zstd": _zstd, "gzip": _gzip}
"""The codings, the preferred one first where a client weighs them the same."""


def coding(accepted: str) -> str | None:
    """Return the coding that an Accept-Encoding header likes best, or None for none at all.

    Plain answers need no mention; a header that weighs them above every coding gets one.

    >>> coding("gzip, deflate, br, zstd"), coding("gzip;q=1, zstd;q=0.5"), coding("*;q=0")
    ('zstd', 'gzip', None)
    >>> coding("identity, gzip;q=0.5"), coding("identity, gzip")
    (None, 'gzip')
    """
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, said = part.replace(" ", "").replace("\t", "").partition(";q=")
        if not said:
            weights[name] = 1.0
        elif _WEIGHT.fullmatch(said):
            weights[name] = float(said)
    best = max(CODINGS, key=lambda name: weights.get(name, weights.get("*", 0.0)))
    weight = weights.get(best, weights.get("*", 0.0))
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None
