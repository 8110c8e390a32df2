"""What holds for every request: its id, its path as sent, its body, the form of its answer, its log line."""

from __future__ import annotations

import re
import secrets
import time
from typing import TYPE_CHECKING

import falcon

from search.http import body, compression, logs, target

if TYPE_CHECKING:
    from search.http.answering import Resource
    from search.http.cors import Cors
    from search.http.guard import Guard
    from search.http.metrics import Metrics

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")

_GUARDED = "/v1/"
"""Where keys and rate limits hold: probes, metrics and the documentation are free."""


_BODILESS = frozenset({"GET", "HEAD", "DELETE"})
"""Methods whose body means nothing (RFC 9110, 9.3): a query in it would be passed over in silence."""


class Conventions:
    """Falcon's middleware of the service."""

    def __init__(self, metrics: Metrics, cors: Cors, guard: Guard, batch_limit: int) -> None:
        self._metrics = metrics
        self._cors = cors
        self._guard = guard
        self._batch_limit = batch_limit

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Name the request, and route it by its path as it was sent."""
        req.context.started = time.perf_counter()
        sent = req.get_header("X-Request-ID")
        req.context.request_id = sent if sent and _REQUEST_ID.fullmatch(sent) else secrets.token_hex(8)
        resp.set_header("X-Request-ID", req.context.request_id)
        resp.set_header("Vary", "Accept, Accept-Encoding" + (", Origin" if self._cors.varies else ""))
        resp.set_headers(self._cors.headers(req.get_header("Origin")))
        req.context.key = None
        if "HTTP_ACCEPT" in req.env:
            # Media types have no case (RFC 9110, 8.3.1); Falcon compares them by the letter.
            req.env["HTTP_ACCEPT"] = req.env["HTTP_ACCEPT"].lower()
        req.path = target.path(req.env.get("RAW_URI") or req.path)

    def process_resource(
        self, req: falcon.Request, resp: falcon.Response, resource: Resource, params: dict[str, str]
    ) -> None:
        """Refuse what the resource or the client may not, and read the body."""
        del params
        allowed = resource.methods()
        if req.method == "OPTIONS":
            return
        if req.method not in allowed:
            raise falcon.HTTPMethodNotAllowed([*allowed, "OPTIONS"])
        if not resource.accepted(req):
            raise falcon.HTTPNotAcceptable(description=f"This answer is {resource.media_type} only.")
        writes = req.method in resource.writes
        guarded = (req.uri_template or "").startswith(_GUARDED)
        if guarded:
            self._guard.admit(req, resp, writes=writes)
        # Also where nothing reads it: an unread body would be taken for the next request.
        req.context.body = body.read(req, self._batch_limit if writes else body.MAX_BODY)
        if req.context.body and req.method in _BODILESS and guarded:
            raise body.unwanted(req.method, "QUERY" in allowed)

    def process_response(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        resource: Resource | None,
        req_succeeded: bool,  # noqa: FBT001 - Falcon's signature
    ) -> None:
        """Compress the answer, count it and write it down."""
        del resource, req_succeeded
        if req.method == "OPTIONS" and req.get_header("Access-Control-Request-Method"):
            resp.set_headers(self._cors.preflight(req.get_header("Origin"), resp.get_header("Allow") or ""))
        data = resp.data or b""
        if len(data) >= compression.THRESHOLD:
            coding = compression.coding(req.get_header("Accept-Encoding") or "")
            if coding:
                data = resp.data = compression.CODINGS[coding](data)
                resp.set_header("Content-Encoding", coding)
        seconds = time.perf_counter() - req.context.started
        route = req.uri_template or "none"
        self._metrics.count(req.method, route, resp.status_code, seconds)
        logs.request(
            request_id=req.context.request_id,
            client=self._guard.client(req),
            key=req.context.key,
            method=req.method,
            target=req.env.get("RAW_URI"),
            route=route,
            status=resp.status_code,
            bytes=len(data),
            took_ms=round(seconds * 1000, 2),
            user_agent=req.user_agent,
        )
