"""What stands at each address: requests are checked, the searcher is asked, its answer is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from index import representation as shown
from index.errors import PressmarkError
from search.errors import Fault, SnapshotExpired
from search.http import body, caching, cursor, linked, metrics, openapi, representation, target
from search.http.answering import (
    Answer,
    Question,
    Resource,
    answer,
    article_id,
    deadline,
    not_modified,
    parameters,
    question,
    reader,
    send,
    send_fixed,
    took,
)
from search.http.conditions import version_tag
from search.http.parameters import SEARCH
from search.http.problems import BY_CODE, PROBLEMS, explanation, refuse
from search.http.request import check
from search.request import After

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import falcon

    from search.http.request import Asked
    from search.request import Request
    from search.results import Results
    from search.searcher import Searcher


@dataclass(frozen=True, slots=True)
class Search(Resource):
    """``/v1/search``."""

    endpoint: ClassVar[str] = SEARCH

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer the parameters of the URL."""
        self._answer(req, resp, parameters(req, self.endpoint, self.key))

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
        reads = reader(self.endpoint, self.endpoint, self.key)
        self._answer(req, resp, check(self.endpoint, sent, faults, body=True, cursor=reads))

    on_query = on_post

    def _answer(self, req: falcon.Request, resp: falcon.Response, given: Mapping[str, Any]) -> None:
        asks = question(self.endpoint, self.endpoint, given, self.key)
        resp.set_header("Accept-Query", body.MEDIA_TYPE)
        answer(req, resp, asks, self.searcher.generation, lambda: self._made(req, asks, given))

    def _made(self, req: falcon.Request, asks: Question, given: Mapping[str, Any]) -> Answer:
        whole = asks.whole
        try:
            results = self._found(replace(whole.request, deadline=deadline(req, whole)))
        except SnapshotExpired as error:
            raise asks.expired(error) from None
        following = None
        if results.next is not None:
            behind = After(results.generation, *results.next)
            following = cursor.encode(behind, whole.values, self.key, self.endpoint)
        links = asks.links(given, following)
        content = representation.results(results, whole, following, links, self._shown(whole))
        content["took_ms"] = took(req)
        return Answer(results.generation, content, links, results.partial)

    def _found(self, request: Request) -> Results[Any]:
        """Ask the searcher."""
        return self.searcher.search(request)

    def _shown(self, whole: Asked) -> Callable[[Any], dict[str, Any]]:
        """Return what shows a hit."""
        return lambda hit: representation.hit(hit, whole.fields, whole.include)


@dataclass(frozen=True, slots=True)
class Article(Resource):
    """``/v1/articles/{id}``, as JSON or as linked data; the id arrives as it was sent."""

    _FORMS: ClassVar[tuple[str, ...]] = ("application/json", linked.MEDIA_TYPE)

    searcher: Searcher
    key: bytes

    def accepted(self, req: falcon.Request) -> bool:
        """Return whether one of the forms is wanted."""
        forms = self._FORMS if req.method in {"GET", "HEAD"} else (self.media_type,)
        return any(req.client_accepts(form) for form in forms)

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:  # noqa: A002 - the contract's own name
        """Answer with the article."""
        parameters(req)
        name = article_id(id)
        found = self.searcher.article(name)
        if found is None:
            raise refuse("not-found", "There is no article with this id.")
        generation, article = found
        form = req.client_prefers(self._FORMS) or self.media_type
        tag = version_tag(caching.tag(self.key, "/v1/articles", generation, name, form), article.digest)
        if caching.unchanged(req, tag):
            return not_modified(resp, tag)
        story = representation.cluster(self.searcher.cluster(name, generation))
        content = shown.article(article) | {"cluster": story, "version": article.digest}
        content["links"] |= _beside(content["links"]["self"], story)
        resp.content_type = form
        send(resp, linked.article(content) if form == linked.MEDIA_TYPE else content, tag, content["links"])
        return None

    on_head = on_get


def _beside(address: str, story: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the links from an article to what is like it, and to its story, as far as they can be sent."""
    similar = target.link(f"{address}/similar", {})
    return {
        **({"similar": similar} if similar else {}),
        **({"cluster": f"/v1/clusters/{story['id']}"} if story else {}),
    }


@dataclass(frozen=True, slots=True)
class Stats(Resource):
    """``/v1/stats``."""

    searcher: Searcher
    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with what the index holds."""
        parameters(req)
        stats = self.searcher.stats()
        tag = caching.tag(self.key, "/v1/stats", stats.generation)
        if caching.unchanged(req, tag):
            return not_modified(resp, tag)
        content = representation.stats(stats)
        send(resp, content, tag, content["links"])
        return None

    on_head = on_get


class Alive(Resource):
    """``/healthz``: the process answers; parameters of probes are passed over."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer that the process is alive."""
        del req
        send(resp, {"status": "ok"}, cache="no-store")

    on_head = on_get


@dataclass(frozen=True, slots=True)
class Ready(Resource):
    """``/readyz``: the index can be read."""

    searcher: Searcher

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with the generation, or as unavailable."""
        del req
        send(resp, {"status": "ready", "generation": self.searcher.generation()}, cache="no-store")

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
        parameters(req)
        send_fixed(req, resp, openapi.document(), self.key)

    on_head = on_get


@dataclass(frozen=True, slots=True)
class Problems(Resource):
    """``/problems`` and ``/problems/{code}``."""

    key: bytes

    def on_get(self, req: falcon.Request, resp: falcon.Response, code: str | None = None) -> None:
        """Answer with what one code means, or all of them."""
        parameters(req)
        if code is not None and code not in BY_CODE:
            raise refuse("not-found", "There is no problem with this code.")
        content = (
            {"problems": [explanation(problem) for problem in PROBLEMS]}
            if code is None
            else explanation(BY_CODE[code])
        )
        send_fixed(req, resp, content, self.key)

    on_head = on_get
