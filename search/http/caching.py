"""Whether a client already has the answer: weak ETags, and the requests that name them.

A tag stands for the generation, the normalised request and the shape of the answer, so that it is
known before anything is evaluated.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson

from search.http.representation import VERSION

if TYPE_CHECKING:
    import falcon

_SAFE = {"GET", "HEAD", "QUERY"}


def tag(key: bytes, *parts: Any) -> str:
    """Return the weak ETag of an answer made of these JSON values.

    The key tells indexes apart: one that is made anew counts its generations anew.
    """
    digest = hashlib.blake2b(orjson.dumps([VERSION, *parts]), key=key[:64], digest_size=12)
    return f'W/"{digest.hexdigest()}"'


def names_tags(req: falcon.Request) -> bool:
    """Whether the request names answers that the client has, rather than any answer (``*``)."""
    return req.method in _SAFE and (req.get_header("If-None-Match") or "*").strip() != "*"


def unchanged(req: falcon.Request, tag: str) -> bool:
    """Whether the request says that the client has the answer with this tag (RFC 9110, 13.1.2)."""
    named = req.get_header("If-None-Match") if req.method in _SAFE else None
    if not named:
        return False
    return named.strip() == "*" or tag in {f"W/{one.strip().removeprefix('W/')}" for one in named.split(",")}
