"""The application: addresses, conventions and errors put together around a searcher."""

from __future__ import annotations

import secrets
import threading
from typing import TYPE_CHECKING

import falcon
import orjson

from index.compiled import KERNELS, keep_in
from index.embedded import CURSOR_KEY, generation
from index.errors import PressmarkError
from index.inbox import Inbox
from search.embedded import EmbeddedSearcher
from search.errors import RequestError
from search.http import (
    body,
    clusters,
    export,
    facets,
    problems,
    quotes,
    resources,
    similar,
    speakers,
    suggest,
    trends,
    writing,
)
from search.http.cors import Cors
from search.http.guard import Guard, Keys
from search.http.limits import Limits
from search.http.logs import EVENTS
from search.http.metrics import Metrics
from search.http.middleware import Conventions
from search.http.parameters import JOB, PEOPLE, PERSON, QUOTES
from search.warm import warm

if TYPE_CHECKING:
    from collections.abc import Collection

    from index.settings import Settings
    from search.searcher import Searcher

Application = falcon.App[falcon.Request, falcon.Response]


def create_app(
    searcher: Searcher,
    *,
    cursor_key: bytes,
    metrics: Metrics | None = None,
    origins: Collection[str] = (),
    guard: Guard | None = None,
    desk: writing.Desk | None = None,
) -> Application:
    """Return the WSGI application that answers from a searcher; cursors and ETags are made with the key.

    Pages of ``origins`` may read the answers in a browser.  ``guard`` knows keys and limits, ``desk`` takes
    writes: without both nobody may write.
    """
    metrics = metrics or Metrics()
    most = desk.batch_limit if desk else body.MAX_BODY
    app = falcon.App(middleware=[Conventions(metrics, Cors(origins), guard or Guard(), most)])
    problem = resources.Problems(cursor_key)
    for path, resource in {
        "/v1/search": resources.Search(searcher, cursor_key),
        PEOPLE: speakers.People(searcher, cursor_key),
        PERSON: speakers.Person(searcher, cursor_key),
        QUOTES: quotes.Quotes(searcher, cursor_key),
        "/v1/articles": writing.Articles(desk),
        "/v1/articles/{id}": writing.WritableArticle(searcher, cursor_key, desk),
        JOB: writing.Jobs(desk),
        "/v1/clusters/{id}": clusters.Clusters(searcher, cursor_key),
        "/v1/facets/{field}": facets.Values(searcher, cursor_key),
        "/v1/trends": trends.Trends(searcher, cursor_key),
        "/v1/suggest": suggest.Suggest(searcher, cursor_key),
        "/v1/articles/{id}/similar": similar.Similar(searcher, cursor_key),
        "/v1/export": export.Export(searcher, cursor_key),
        "/v1/stats": resources.Stats(searcher, cursor_key),
        "/healthz": resources.Alive(),
        "/readyz": resources.Ready(searcher),
        "/metrics": resources.MetricsPage(searcher, metrics),
        "/openapi.json": resources.OpenApi(cursor_key),
        "/problems": problem,
        "/problems/{code}": problem,
    }.items():
        app.add_route(path, resource)
    for kind in (Exception, falcon.HTTPError):
        app.add_error_handler(kind, _answer_with_problem)
    return app


def serve(settings: Settings, metrics: Metrics) -> tuple[Application, EmbeddedSearcher]:
    """Return the application over the index that the settings name, and what answers in it."""
    if generation(settings.index) < 0:
        EVENTS.warning(
            "there is no index at %s yet: until python -m index build has made one, /readyz answers 503",
            settings.index,
        )
    if keep_in(settings.state / KERNELS):
        warm()
    searcher = EmbeddedSearcher(settings.index, settings.state)
    seats = threading.Semaphore(max(1, settings.threads // 2))
    inbox = Inbox(settings.state, settings.inbox_limit)
    application = create_app(
        searcher,
        cursor_key=_cursor_key(settings),
        metrics=metrics,
        origins=settings.origins_allowed,
        guard=Guard(
            Keys.of(settings.write_keys, settings.read_keys),
            Limits(*settings.rate_limit) if settings.rate_limit else None,
            settings.proxies,
        ),
        desk=writing.Desk(inbox, settings.article_limit, settings.batch_limit, seats),
    )
    return application, searcher


def _cursor_key(settings: Settings) -> bytes:
    """Return the key that all workers share: the one set, else the index's, else one for this start."""
    if settings.cursor_key:
        return settings.cursor_key.encode()
    try:
        key = (settings.index / CURSOR_KEY).read_bytes().strip()
    except OSError as error:
        EVENTS.warning("cursors end with this start of the service: %s", error)
        return secrets.token_bytes(32)
    return key


def _answer_with_problem(
    req: falcon.Request, resp: falcon.Response, error: Exception, params: dict[str, str]
) -> None:
    """Answer an error of any layer as a problem document, and write down those that are ours."""
    del params
    failure = problems.failure(error)
    request_id = req.context.request_id
    if failure.code == "internal":
        EVENTS.error("request failed", exc_info=error, extra={"fields": {"request_id": request_id}})
    elif isinstance(error, PressmarkError) and not isinstance(error, RequestError):
        EVENTS.warning("%s", error, extra={"fields": {"request_id": request_id}})
    resp.status = failure.problem.status
    resp.data = orjson.dumps(problems.document(failure, request_id), option=orjson.OPT_APPEND_NEWLINE)
    resp.content_type = problems.MEDIA_TYPE
    resp.set_header("Cache-Control", "no-store")
    resp.set_headers(dict(failure.headers))
