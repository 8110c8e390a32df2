"""The cursor: where a page ended and what was asked, signed so that only this service can have made it.

It carries the request itself, so that it can be sent alone, and is valid in every worker that has
the key.  Laid out as base64url of a tag (HMAC-SHA256, cut to 16 bytes) and zlib-compressed JSON.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import zlib
from functools import cache
from typing import TYPE_CHECKING

from search.errors import BadCursor, Fault
from search.http.problems import Refused
from search.http.request import check
from search.request import After

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.http.parameters import Value

_VERSION = 1
_TAG = 16

_JSON = json.JSONEncoder(ensure_ascii=False).encode


def encode(after: After, values: Mapping[str, Value], key: bytes, address: str = "/v1/search") -> str:
    """Return the cursor of the page behind ``after`` of the request with these values to an address."""
    # Not orjson: the sort key of an undated article is infinite.
    whole = _JSON([_VERSION, after.generation, after.key, after.id, dict(values)])
    packed = zlib.compress(whole.encode(), 9)
    return _written(_tag(packed, key, address) + packed)


def decode(
    text: str, key: bytes, address: str = "/v1/search", endpoint: str = "/v1/search"
) -> tuple[After, dict[str, Value]]:
    """Return what ``encode`` was given; raise BadCursor for what it did not make with this key.

    ``endpoint`` is the template of the address, by which its parameters are known.
    """
    try:
        whole = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _bad("The cursor is not one.") from None
    packed = whole[_TAG:]
    if not hmac.compare_digest(whole[:_TAG], _tag(packed, key, address)) or _written(whole) != text:
        raise _bad("The cursor was not made by this service for this address, or was changed.")
    version, generation, sort_key, id_, values = json.loads(zlib.decompress(packed))
    if version != _VERSION:
        raise _bad("The cursor was made by another version of this service.")
    try:
        return After(generation, sort_key, id_), check(endpoint, values.items(), body=True)
    except Refused:
        raise _bad("The cursor was made by another version of this service.") from None


def _written(whole: bytes) -> str:
    return base64.urlsafe_b64encode(whole).rstrip(b"=").decode()


def _tag(packed: bytes, key: bytes, address: str) -> bytes:
    tag = _keyed(key).copy()
    tag.update(address.encode() + b"\0" + packed)
    return tag.digest()[:_TAG]


@cache
def _keyed(key: bytes) -> hmac.HMAC:
    """Return what tags begin with: to look SHA-256 up costs as much as to use it."""
    return hmac.new(key, digestmod="sha256")


def _bad(detail: str) -> BadCursor:
    return BadCursor(detail, Fault("cursor", detail, expected="next of an earlier answer, unchanged"))
