"""The body of a request: read within a limit, and read as parameters.

gunicorn and Falcon bound no body, and ``bounded_stream`` reads nothing of a chunked one; so the
limit is held here, while reading, for bodies with and without a length.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import falcon
import orjson

from search.errors import Fault
from search.http.problems import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.http.problems import Refused

MAX_BODY = 256 * 1024
"""Bytes of a body.  The longest q takes 192 KiB when every character is written as two \\u escapes."""

MEDIA_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Object:
    """A JSON object with all of its members: a name may stand in it twice."""

    members: Sequence[tuple[str, Any]]


def read(req: falcon.Request, most: int = MAX_BODY) -> bytes:
    """Return the body of the request; raise Refused where it has over ``most`` bytes or is broken off."""
    length = req.content_length
    if length is None and "HTTP_TRANSFER_ENCODING" not in req.env:
        return b""
    if length is not None and length > most:
        raise _too_large(most)
    try:
        data = req.stream.read(most + 1 if length is None else length)
    except Exception as error:
        # gunicorn's own exceptions for malformed chunks, and OSError where the client has gone.
        raise refuse("invalid-parameter", "The body cannot be read.", _fault(str(error)[:200])) from error
    if len(data) > most:
        raise _too_large(most)
    if length is not None and len(data) < length:
        raise refuse("invalid-parameter", "The body is shorter than its Content-Length.")
    return data


def parameters(req: falcon.Request, data: bytes) -> list[tuple[str, Any]]:
    """Return the members of a JSON body, names repeated as they were; nothing for an empty body."""
    if not data:
        return []
    media_type, options = falcon.parse_header(req.content_type or "")
    charset = options.get("charset", "utf-8").lower()
    if (
        media_type.lower() != MEDIA_TYPE
        or charset not in {"utf-8", "utf8"}
        or req.get_header("Content-Encoding")
    ):
        raise refuse(
            "unsupported-media-type",
            f"A body is {MEDIA_TYPE} in UTF-8, uncompressed, and says so in its Content-Type.",
            Accept=MEDIA_TYPE,
        )
    return list(_parsed(data).members)


def unwanted(method: str, elsewhere: bool) -> Refused:  # noqa: FBT001 - whether another method takes it
    """Return the refusal of a body that no parameter is read from."""
    instead = ": send it with POST or QUERY" if elsewhere else ""
    fault = Fault("body", f"A {method} has no body{instead}.", expected="no body")
    return refuse("invalid-parameter", fault.detail, fault)


def _parsed(data: bytes) -> Object:
    """Return the one object of a JSON text.

    orjson decides what JSON is and knows where it is broken, but keeps only the last of two
    members of one name; the standard library shows them both.
    """
    try:
        orjson.loads(data)
        whole = json.loads(data.decode(), object_pairs_hook=Object)
    except orjson.JSONDecodeError as error:
        fault = Fault("body", f"{error.msg[:200]}.", offset=error.pos, length=1)
        raise refuse("invalid-parameter", "The body is not JSON.", fault) from None
    except (ValueError, RecursionError):
        fault = _fault("It is nested too deep, or has a number too long.")
        raise refuse("invalid-parameter", "The body is not read.", fault) from None
    if not isinstance(whole, Object):
        raise refuse(
            "invalid-parameter", "The body is no JSON object.", Fault("body", "", expected="an object")
        )
    return whole


def _fault(detail: str) -> Fault:
    return Fault("body", detail)


def _too_large(most: int) -> Exception:
    return refuse("body-too-large", f"A body has at most {most:,} bytes.")
