"""How every address answers: the methods it knows, JSON with its headers, 304 where nothing changed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from search.errors import BadCursor, Fault
from search.http import caching, cursor, target
from search.http.problems import Failure, Refused, refuse
from search.http.request import Asked, asked, check, differences, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import falcon

    from search.errors import SnapshotExpired

_RETRY_AFTER = 1
"""Seconds after which a question that ran out of time may be asked again: caches are warmer by then."""


_METHODS = tuple((name, f"on_{name.lower()}") for name in ("GET", "HEAD", "POST", "QUERY", "PUT", "DELETE"))
"""Methods, and what answers them."""


class Resource:
    """An address that is read with GET, and with HEAD as every such address."""

    media_type = "application/json"

    @property
    def writes(self) -> frozenset[str]:
        """The methods that need a key that may write."""
        return frozenset()

    def accepted(self, req: falcon.Request) -> bool:
        """Return whether the client takes the form of the answer."""
        return req.client_accepts(self.media_type)

    def methods(self) -> list[str]:
        """Return the methods that the address knows, OPTIONS aside."""
        return [name for name, attribute in _METHODS if hasattr(self, attribute)]

    def on_options(self, req: falcon.Request, resp: falcon.Response, **params: str) -> None:
        """Answer with the methods."""
        del req, params
        resp.set_header("Allow", ", ".join([*self.methods(), "OPTIONS"]))
        resp.set_header("Content-Length", "0")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found out from a generation; a partial answer is not all of it."""

    generation: int
    content: dict[str, Any]
    links: Mapping[str, str]
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A checked request for an address, such as ``/v1/facets/outlet``, in this generation or the newest."""

    address: str
    whole: Asked
    key: bytes

    def tag(self, generation: int) -> str:
        """Return the ETag of its answer from a generation."""
        after = self.whole.request.after
        page = [after.key, after.id] if after else None
        return caching.tag(self.key, self.address, generation, dict(self.whole.values), page)

    def links(self, given: Mapping[str, Any], following: str | None) -> dict[str, str]:
        """Return the links to its page and to the one behind it, as far as they can be sent."""
        here = {"cursor": given["cursor"]} if "cursor" in given else self.whole.values
        links = {
            "self": target.link(self.address, here),
            "next": target.link(self.address, {"cursor": following}) if following else None,
        }
        return {relation: link for relation, link in links.items() if link}

    def expired(self, error: SnapshotExpired) -> Refused:
        """Return the refusal of a cursor whose generation is gone, with the way to page one."""
        first = target.link(self.address, self.whole.values)
        links = {"first": first} if first else {}
        return Refused(Failure(error.code, error.detail, headers=link_header(links), links=links))


def question(endpoint: str, address: str, given: Mapping[str, Any], key: bytes) -> Question:
    """Return the question of the parameters alone, or of the cursor that they only repeat."""
    if "cursor" not in given:
        return Question(address, asked(given, endpoint=endpoint), key)
    try:
        after, values = cursor.decode(given["cursor"], key, address, endpoint)
    except BadCursor as error:
        raise refusal([(error.code, fault) for fault in error.faults], given, endpoint) from None
    whole = asked(values, after, endpoint)
    other = differences(given, whole, endpoint)
    if other:
        raise BadCursor("The cursor was made for another request.", *other)
    return Question(address, whole, key)


def answer(
    req: falcon.Request,
    resp: falcon.Response,
    asks: Question,
    newest: Callable[[], int],
    make: Callable[[], Answer],
) -> None:
    """Send what ``make`` finds out, or that the client has it; ``newest`` tells the generation."""
    after = asks.whole.request.after
    if caching.names_tags(req):
        # Known without an evaluation, unless a commit comes in between: then it is evaluated.
        tag = asks.tag(after.generation if after else newest())
        if caching.unchanged(req, tag):
            return not_modified(resp, tag)
    made = make()
    if made.partial and asks.whole.full["partial"] == "deny":
        raise refuse("timeout", "The time was up before all was found.", Retry_After=str(_RETRY_AFTER))
    tag = asks.tag(made.generation)
    if caching.unchanged(req, tag) and not made.partial:
        return not_modified(resp, tag)
    return send(resp, made.content, None if made.partial else tag, made.links)


def deadline(req: falcon.Request, whole: Asked) -> int:
    """Return until when a request is worked on: its time counts from its arrival."""
    budget: int = whole.full["timeout_ms"]
    return time.monotonic_ns() + max(0, int((budget - took(req)) * 1e6))


def took(req: falcon.Request) -> float:
    """Return the milliseconds since the request arrived."""
    started: float = req.context.started
    return round((time.perf_counter() - started) * 1000, 2)


def parameters(req: falcon.Request, address: str = "", key: bytes = b"") -> dict[str, Any]:
    """Return the checked parameters in the URL of a request.

    The address is that of the cursors that are made with the key, where it has pages.
    """
    endpoint = req.uri_template or ""
    reads = reader(endpoint, address, key) if address else None
    return check(endpoint, *target.pairs(req.query_string), cursor=reads)


def reader(endpoint: str, address: str, key: bytes) -> Callable[[str], object]:
    """Return what reads the cursors of an address, or raises BadCursor."""
    return lambda text: cursor.decode(text, key, address, endpoint)


def article_id(sent: str) -> str:
    """Return the id that a segment of a path, as it was sent, stands for."""
    try:
        return target.decoded(sent)
    except ValueError as error:
        fault = Fault("id", f"The id {error}.", expected="one percent-encoded segment in UTF-8")
        raise refuse("invalid-parameter", fault.detail, fault) from None


def send_fixed(req: falcon.Request, resp: falcon.Response, content: dict[str, Any], key: bytes) -> None:
    """Send what only a new version of the service changes."""
    tag = caching.tag(key, content)
    if caching.unchanged(req, tag):
        return not_modified(resp, tag)
    return send(resp, content, tag)


def send(
    resp: falcon.Response,
    content: dict[str, Any],
    tag: str | None = None,
    links: Mapping[str, str] | None = None,
    cache: str = "no-cache",
) -> None:
    """Send JSON; ``no-cache`` lets caches keep it and has them ask, since any commit may change it."""
    resp.data = orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
    resp.set_header("Cache-Control", cache)
    if tag:
        resp.set_header("ETag", tag)
    resp.set_headers(link_header(links or {}))


def not_modified(resp: falcon.Response, tag: str) -> None:
    """Send that the client has the answer with this tag."""
    resp.status = 304
    resp.set_header("Cache-Control", "no-cache")
    resp.set_header("ETag", tag)


def link_header(links: Mapping[str, str]) -> dict[str, str]:
    """Return the Link header that mirrors links (RFC 8288)."""
    written = ", ".join(f'<{link}>; rel="{relation}"' for relation, link in links.items())
    return {"Link": written} if written else {}
