"""What stands at each address: requests are checked, the searcher is asked, its answer is shown."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from index import representation as shown
from index.errors import PressmarkError
from search.errors import BadCursor, Fault, SnapshotExpired
from search.http import body, caching, cursor, metrics, openapi, representation, target
from search.http.problems import BY_CODE, PROBLEMS, Failure, Refused, explanation, refuse
from search.http.request import Asked, asked, check, differences
from search.searcher import After

if TYPE_CHECKING:
    from collections.abc import Mapping

    import falcon

    from search.searcher import Searcher

_JSON = orjson.OPT_APPEND_NEWLINE


class Resource:
    """An address that is read with GET, and with HEAD as every such address."""

    media_type = "application/json"

    def methods(self) -> list[str]:
        """Return the methods that the address knows, OPTIONS aside."""
        return [name for name in ("GET", "HEAD", "POST", "QUERY") if hasattr(self, f"on_{name.lower()}")]

    def on_options(self, req: falcon.Request, resp: falcon.Response, **params: str) -> None:
        """Answer with the methods."""
        del req, params
        resp.set_header("Allow", ", ".join([*self.methods(), "OPTIONS"]))
        resp.set_header("Content-Length", "0")


@dataclass(frozen=True, slots=True)
class Search(Resource):
    """``/v1/search``."""

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer the parameters of the URL."""
        self._answer(req, resp, check("/v1/search", *target.pairs(req.query_string)))

    on_head = on_get

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer the parameters of the body."""
        beside, faults = target.pairs(req.query_string)
        faults += [
            Fault(
                name[:64], f"It stands in the URL of a {req.method}.", expected="all parameters in the body"
            )
            for name, _ in beside
        ]
        sent = body.parameters(req, req.context.body)
        self._answer(req, resp, check("/v1/search", sent, faults, body=True))

    on_query = on_post

    def _answer(self, req: falcon.Request, resp: falcon.Response, given: Mapping[str, Any]) -> None:
        whole = self._whole(given)
        after = whole.request.after
        resp.set_header("Accept-Query", body.MEDIA_TYPE)
        if caching.names_tags(req):
            # Known without an evaluation, unless a commit comes in between: then it is evaluated.
            tag = self._tag(whole, after.generation if after else self.searcher.generation())
            if caching.unchanged(req, tag):
                return _not_modified(resp, tag)
        try:
            results = self.searcher.search(whole.request)
        except SnapshotExpired as error:
            raise _expired(error, whole) from None
        tag = self._tag(whole, results.generation)
        if caching.unchanged(req, tag) and not results.partial:
            return _not_modified(resp, tag)
        following = None
        if results.next is not None:
            following = cursor.encode(After(results.generation, *results.next), whole.values, self.key)
        links = _pages({"cursor": given["cursor"]} if "cursor" in given else whole.values, following)
        answer = representation.results(results, whole, following, links)
        answer["took_ms"] = round((time.perf_counter() - req.context.started) * 1000, 2)
        return _send(resp, answer, None if results.partial else tag, links)

    def _whole(self, given: Mapping[str, Any]) -> Asked:
        """Return the request: of the parameters alone, or of the cursor that they only repeat."""
        if "cursor" not in given:
            return asked(given)
        after, values = cursor.decode(given["cursor"], self.key)
        whole = asked(values, after)
        other = differences(given, whole)
        if other:
            raise BadCursor("The cursor was made for another request.", *other)
        return whole

    def _tag(self, whole: Asked, generation: int) -> str:
        after = whole.request.after
        page = [after.key, after.id] if after else None
        return caching.tag(self.key, "/v1/search", generation, dict(whole.values), page)


@dataclass(frozen=True, slots=True)
class Article(Resource):
    """``/v1/articles/{id}``; the id arrives as it was sent."""

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:  # noqa: A002 - the contract's own name
        """Answer with the article."""
        _no_parameters(req)
        try:
            name = target.decoded(id)
        except ValueError as error:
            fault = Fault("id", f"The id {error}.", expected="one percent-encoded segment in UTF-8")
            raise refuse("invalid-parameter", fault.detail, fault) from None
        found = self.searcher.article(name)
        if found is None:
            raise refuse("not-found", "There is no article with this id.")
        generation, article = found
        tag = caching.tag(self.key, "/v1/articles", generation, name)
        if caching.unchanged(req, tag):
            return _not_modified(resp, tag)
        answer = shown.article(article)
        _send(resp, answer, tag, answer["links"])
        return None

    on_head = on_get


@dataclass(frozen=True, slots=True)
class Stats(Resource):
    """``/v1/stats``."""

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with what the index holds."""
        _no_parameters(req)
        stats = self.searcher.stats()
        tag = caching.tag(self.key, "/v1/stats", stats.generation)
        if caching.unchanged(req, tag):
            return _not_modified(resp, tag)
        answer = representation.stats(stats)
        _send(resp, answer, tag, answer["links"])
        return None

    on_head = on_get


class Alive(Resource):
    """``/healthz``: the process answers; parameters of probes are passed over."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer that the process is alive."""
        del req
        _send(resp, {"status": "ok"}, cache="no-store")

    on_head = on_get


@dataclass(frozen=True, slots=True)
class Ready(Resource):
    """``/readyz``: the index can be read."""

    searcher: Searcher

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with the generation, or as unavailable."""
        del req
        _send(resp, {"status": "ready", "generation": self.searcher.generation()}, cache="no-store")

    on_head = on_get


@dataclass(frozen=True, slots=True)
class MetricsPage(Resource):
    """``/metrics``."""

    media_type = "text/plain"

    searcher: Searcher
    metrics: metrics.Metrics

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer in the text format of Prometheus."""
        del req
        resp.data = self.metrics.page(self._generation)
        resp.content_type = metrics.MEDIA_TYPE
        resp.set_header("Cache-Control", "no-store")

    on_head = on_get

    def _generation(self) -> int:
        try:
            return self.searcher.generation()
        except PressmarkError:
            return 0


@dataclass(frozen=True, slots=True)
class OpenApi(Resource):
    """``/openapi.json``."""

    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with the document."""
        _no_parameters(req)
        _send_fixed(req, resp, openapi.document(), self.key)

    on_head = on_get


@dataclass(frozen=True, slots=True)
class Problems(Resource):
    """``/problems`` and ``/problems/{code}``."""

    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response, code: str | None = None) -> None:
        """Answer with what one code means, or all of them."""
        _no_parameters(req)
        if code is not None and code not in BY_CODE:
            raise refuse("not-found", "There is no problem with this code.")
        answer = (
            {"problems": [explanation(problem) for problem in PROBLEMS]}
            if code is None
            else explanation(BY_CODE[code])
        )
        _send_fixed(req, resp, answer, self.key)

    on_head = on_get


def _no_parameters(req: falcon.Request) -> None:
    check(req.uri_template or "", *target.pairs(req.query_string))


def _pages(here: Mapping[str, Any], following: str | None) -> dict[str, str]:
    """Return the links to a page and to the one behind it, as far as they can be sent."""
    links = {
        "self": target.link("/v1/search", here),
        "next": target.link("/v1/search", {"cursor": following}) if following else None,
    }
    return {relation: link for relation, link in links.items() if link}


def _expired(error: SnapshotExpired, whole: Asked) -> Refused:
    """Return the refusal of a cursor whose generation is gone, with the way to page one."""
    first = target.link("/v1/search", whole.values)
    links = {"first": first} if first else {}
    return Refused(Failure(error.code, error.detail, headers=_link_header(links), links=links))


def _send_fixed(req: falcon.Request, resp: falcon.Response, answer: dict[str, Any], key: bytes) -> None:
    """Send what only a new version of the service changes."""
    tag = caching.tag(key, answer)
    if caching.unchanged(req, tag):
        return _not_modified(resp, tag)
    return _send(resp, answer, tag)


def _send(
    resp: falcon.Response,
    answer: dict[str, Any],
    tag: str | None = None,
    links: Mapping[str, str] | None = None,
    cache: str = "no-cache",
) -> None:
    """Send JSON; ``no-cache`` lets caches keep it and has them ask, since any commit may change it."""
    resp.data = orjson.dumps(answer, option=_JSON)
    resp.set_header("Cache-Control", cache)
    if tag:
        resp.set_header("ETag", tag)
    resp.set_headers(_link_header(links or {}))


def _not_modified(resp: falcon.Response, tag: str) -> None:
    resp.status = 304
    resp.set_header("Cache-Control", "no-cache")
    resp.set_header("ETag", tag)


def _link_header(links: Mapping[str, str]) -> dict[str, str]:
    """Return the Link header that mirrors links (RFC 8288)."""
    written = ", ".join(f'<{link}>; rel="{relation}"' for relation, link in links.items())
    return {"Link": written} if written else {}
