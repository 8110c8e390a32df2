"""What the headers of a request that writes say: under which condition it holds, and which key names it.

A condition speaks of an article's version, which is the last part of its ETag and changes only with the
article: tags are compared by it, weak or not.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

from index.jobs import ANY, NONE
from search.errors import Fault
from search.http.problems import refuse

if TYPE_CHECKING:
    import falcon

    from search.http.problems import Refused

KEY_LENGTH = 255
"""Characters of the longest idempotency key."""

_TAG = r'(?:W/)?"[^"\s]*"'
_TAGS = re.compile(rf"\s*{_TAG}\s*(?:,\s*{_TAG}\s*)*")
_VERSION = re.compile(r'(?:[^"]*\.)?([0-9a-f]{32})')

_NEVER = "!"
"""The condition of tags of which none has a version, or of both headers: no article fulfils it."""


def version_tag(tag: str, version: str) -> str:
    """Return the ETag of an article's answer, with the version of the article as its last part.

    >>> version_tag('W/"5f2a"', "d41d8cd98f00b204e9800998ecf8427e")
    'W/"5f2a.d41d8cd98f00b204e9800998ecf8427e"'
    """
    return f'{tag[:-1]}.{version}"'


def condition(req: falcon.Request) -> str:
    """Return the condition of ``If-Match`` or ``If-None-Match: *``, as ``index.jobs.Line`` has it."""
    match, none = req.get_header("If-Match"), req.get_header("If-None-Match")
    if none is not None:
        if none.strip() != "*":
            raise _wrong("If-None-Match", "*, for an article that is not there yet")
        return NONE if match is None else _NEVER
    if match is None:
        return ""
    if match.strip() == "*":
        return ANY
    if not _TAGS.fullmatch(match):
        raise _wrong("If-Match", 'ETags of the article, or its "version" in quotation marks, or *')
    opaque = re.findall(r'"([^"]*)"', match)
    versions = [found[1] for each in opaque if (found := _VERSION.fullmatch(each))]
    return ",".join(dict.fromkeys(versions)) or _NEVER


def idempotency(req: falcon.Request, media_type: str, body: bytes) -> tuple[str | None, str]:
    """Return the digest of the idempotency key, None without one, and that of the request that it names.

    A key belongs to the API key that it came with.
    """
    sent = idempotency_key(req)
    said = (req.method, req.path, media_type, condition(req))
    request = _digest(*(one.encode("utf-8", "surrogateescape") for one in said), body)
    if sent is None:
        return None, request
    who = str(req.context.key).encode()
    return _digest(who, sent.encode("utf-8", "surrogateescape")), request


def idempotency_key(req: falcon.Request) -> str | None:
    """Return the idempotency key as it was sent, None without one; raise Refused for an empty or long one."""
    sent = req.get_header("Idempotency-Key")
    if sent is not None and not 1 <= len(sent.strip('"')) <= KEY_LENGTH:
        raise _wrong("Idempotency-Key", f"1 to {KEY_LENGTH} characters")
    return sent


def _digest(*parts: bytes) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _wrong(header: str, expected: str) -> Refused:
    fault = Fault(header, f"{header} cannot be read; expected: {expected}.", expected=expected)
    return refuse("invalid-parameter", fault.detail, fault)
