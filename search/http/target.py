"""What a request target says, read strictly: its path as sent, its pairs, and the links that lead back.

Falcon reads a target as a browser would: broken percent-encoding stays literal, broken UTF-8
becomes U+FFFD.  A search engine that does so answers another question than the one asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from search.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_LINK = 4_000
"""Longest link that is handed out: gunicorn reads a request line of at most 4,094 bytes."""

_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")


def path(uri: str) -> str:
    """Return the path of a request target as it was sent: an id's ``%2F`` does not end its segment.

    >>> path("/v1/articles/https%3A%2F%2Fexample.org%2F1?x=1")
    '/v1/articles/https%3A%2F%2Fexample.org%2F1'
    >>> path("http://localhost:8000/v1/search?q=1")
    '/v1/search'
    """
    sent = re.split(r"[?#]", uri, maxsplit=1)[0]
    scheme, absolute, rest = sent.partition("://")
    if absolute and "/" not in scheme:
        return "/" + rest.partition("/")[2]
    return sent


def decoded(text: str) -> str:
    """Return what a percent-encoded text stands for; raise ValueError where that is no text.

    >>> decoded("caf%C3%A9")
    'café'
    """
    if not text.isascii():
        raise ValueError("has characters outside of ASCII that are not percent-encoded")
    broken = _BROKEN.search(text)
    if broken:
        raise ValueError(f"has a % at {broken.start()} that two hexadecimal digits do not follow")
    try:
        plain = unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8 once percent-decoded") from None
    if "\0" in plain:
        raise ValueError("has a NUL character")
    return plain


def pairs(query_string: str) -> tuple[list[tuple[str, str]], list[Fault]]:
    """Return the names and values of a query string, and the faults of those that cannot be read.

    >>> pairs("q=peace+talks&facet=outlet&")
    ([('q', 'peace talks'), ('facet', 'outlet')], [])
    """
    read, faults = [], []
    for piece in filter(None, query_string.split("&")):
        name, _, value = piece.replace("+", " ").partition("=")
        try:
            name = decoded(name)
            read.append((name, decoded(value)))
        except ValueError as error:
            faults.append(Fault(name[:64], f"The query string's {name[:64]!r} {error}."))
    return read, faults


def link(address: str, values: Mapping[str, str | int | bool | tuple[str, ...]]) -> str | None:
    """Return the link to an address with parameters, or None where it would be too long to be sent.

    >>> link("/v1/search", {"q": "a b", "facet": ("outlet", "date"), "highlight": False})
    '/v1/search?q=a%20b&facet=outlet&facet=date&highlight=false'
    """
    written = [f"{name}={quote(text, safe='')}" for name, value in values.items() for text in _texts(value)]
    whole = address + ("?" + "&".join(written) if written else "")
    return whole if len(whole) <= MAX_LINK else None


def _texts(value: str | int | bool | tuple[str, ...]) -> Iterable[str]:  # noqa: FBT001 - a JSON value
    """Return a value of a parameter as the texts that stand for it in a URL."""
    if isinstance(value, tuple):
        return value
    return (str(value).lower() if isinstance(value, bool) else str(value),)
