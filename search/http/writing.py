"""Writes: what is answered is on disk, and ``python -m index follow`` brings it into the index.

An answer is 202 with a job to ask for, or with ``wait=true`` what became of it; at most half of a worker's
threads wait, the others get their 202 at once, so that searches go on.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import falcon

from index.errors import NoIndex
from index.jobs import CONFLICT, Line
from index.representation import links
from index.sources.reading import ID_LENGTH
from search.errors import EngineUnavailable, Fault
from search.http import batch, jobs, target
from search.http.answering import Resource, article_id, send
from search.http.conditions import condition, idempotency, idempotency_key
from search.http.parameters import ADD, JOB, PUT, REMOVE
from search.http.problems import Failure, Refused, refuse
from search.http.request import MAX_FAULTS, check
from search.http.resources import Article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.inbox import Inbox
    from index.jobs import Job, Outcome

_WAIT = 20.0
"""Seconds that wait=true waits at most: a commit takes one or two, and a restart lets requests end in 30."""

_LOOK = 0.02
"""Seconds between two looks at a job that somebody waits for."""

_RETRY_AFTER = "1"
"""Seconds after which a job is worth asking for."""

_STATUS = {"created": falcon.HTTP_201}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where writes are handed in: the inbox, and the limits of settings, in bytes.

    ``seats`` are for those who wait.
    """

    inbox: Inbox
    article_limit: int
    batch_limit: int
    seats: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(1))

    def take(
        self, req: falcon.Request, resp: falcon.Response, made: batch.Batch, given: dict[str, Any]
    ) -> None:
        """Put the lines of a request into the inbox and answer; ``made`` holds at least one."""
        media_type = falcon.parse_header(req.content_type or "")[0].lower()
        key, request = idempotency(req, media_type, req.context.body)
        name, known = self.inbox.put(made.lines, made.refused, request=request, key=key, ignored=made.ignored)
        if known:
            resp.set_header("Idempotency-Replayed", "true")
        if given.get("wait"):
            self._wait(name)
        job = self.inbox.job(name)
        assert job is not None, "a job is kept for a day"
        single = media_type not in batch.MANY
        if job.finished is None or not given.get("wait"):
            resp.status = falcon.HTTP_202
            resp.set_header("Retry-After", _RETRY_AFTER)
            resp.set_header("Location", jobs.link(name))
        elif single:
            _answer_for_one(resp, job)
        send(resp, jobs.shown(job), cache="no-store")

    def _wait(self, name: str) -> None:
        """Wait until a job is done, if there is a seat left, for some time."""
        if not self.seats.acquire(blocking=False):
            return
        try:
            end = time.monotonic() + _WAIT
            while not self.inbox.finished(name) and time.monotonic() < end:
                time.sleep(_LOOK)
        finally:
            self.seats.release()


def _answer_for_one(resp: falcon.Response, job: Job) -> None:
    """Answer with the status of the one line of a job; raise Refused where it failed."""
    (outcome,) = job.outcomes
    if outcome.failed:
        raise Refused(Failure(outcome.result, outcome.detail, links={"job": jobs.link(job.id)}))
    resp.status = _STATUS.get(outcome.result, falcon.HTTP_200)
    if outcome.result == "created" and outcome.id is not None:
        resp.set_header("Location", links(outcome.id)["self"])


@dataclass(frozen=True, slots=True)
class Articles(Resource):
    """``/v1/articles``."""

    desk: Desk | None

    @property
    def writes(self) -> frozenset[str]:
        """The methods that need a key that may write."""
        return frozenset({"POST"})

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Take one article, or one a line."""
        desk = _open(self.desk)
        given = check(ADD, *target.pairs(req.query_string))
        many = _media_type(req, (batch.ONE, *batch.MANY)) in batch.MANY
        holds = condition(req)
        if many and holds:
            fault = Fault("If-Match", "A condition is of one article, and this request may have many.")
            raise refuse("invalid-parameter", fault.detail, fault)
        made = batch.read(req.context.body, many=many, limit=desk.article_limit, condition=holds)
        if not made.lines:
            raise _refused(made.refused, many=many)
        desk.take(req, resp, made, given)


@dataclass(frozen=True, slots=True)
class WritableArticle(Article):
    """``/v1/articles/{id}``, which may be put and deleted as well."""

    desk: Desk | None

    @property
    def writes(self) -> frozenset[str]:
        """The methods that need a key that may write."""
        return frozenset({"PUT", "DELETE"})

    def on_put(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:  # noqa: A002 - the contract's own name
        """Take the article under this id."""
        desk = _open(self.desk)
        given = check(PUT, *target.pairs(req.query_string))
        name = _writable(id)
        _media_type(req, (batch.ONE,))
        made = batch.read(
            req.context.body, many=False, limit=desk.article_limit, id=name, condition=condition(req)
        )
        if not made.lines:
            raise _refused(made.refused, many=False)
        self._check_now(req, desk, made.lines[0])
        desk.take(req, resp, made, given)

    def on_delete(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:  # noqa: A002 - likewise
        """Delete the article under this id."""
        desk = _open(self.desk)
        given = check(REMOVE, *target.pairs(req.query_string))
        line = Line(1, _writable(id), "delete", b"", condition(req))
        self._check_now(req, desk, line)
        desk.take(req, resp, batch.Batch((line,), (), {}), given)

    def _check_now(self, req: falcon.Request, desk: Desk, line: Line) -> None:
        """Refuse a condition that does not hold of the index, where nothing waits that may change that.

        The follower decides; this only tells sooner.  A request that may be a repetition is not judged by
        what it brought about itself.
        """
        if idempotency_key(req) is not None or not line.condition or desk.inbox.waits():
            return
        try:
            found = self.searcher.article(line.id)
        except (EngineUnavailable, NoIndex):
            found = None
        if not line.holds(found[1].digest if found else None):
            raise refuse(CONFLICT, "The article is not, or not any more, what the condition asks for.")


@dataclass(frozen=True, slots=True)
class Jobs(Resource):
    """``/v1/jobs/{id}``."""

    desk: Desk | None

    @property
    def writes(self) -> frozenset[str]:
        """The methods that need a key that may write: a job names articles that nobody can read yet."""
        return frozenset({"GET", "HEAD"})

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:  # noqa: A002 - likewise
        """Answer with a job as far as it is done."""
        desk = _open(self.desk)
        check(JOB, *target.pairs(req.query_string))
        job = desk.inbox.job(article_id(id))
        if job is None:
            raise refuse("not-found", "There is no job with this id, or not any more.")
        send(resp, jobs.shown(job), cache="no-store")

    on_head = on_get


def _open(desk: Desk | None) -> Desk:
    if desk is None:
        raise refuse("forbidden", "Writing over HTTP is off.")
    return desk


def _media_type(req: falcon.Request, known: Sequence[str]) -> str:
    """Return the media type of the body; raise Refused for one that is not known here."""
    media_type, options = falcon.parse_header(req.content_type or "")
    utf_8 = options.get("charset", "utf-8").lower() in {"utf-8", "utf8"}
    if media_type.lower() not in known or not utf_8 or req.get_header("Content-Encoding"):
        raise refuse(
            "unsupported-media-type",
            f"A body is {' or '.join(known[:2])} in UTF-8, uncompressed, and says so in its Content-Type.",
            Accept=", ".join(known),
        )
    return media_type.lower()


def _writable(sent: str) -> str:
    """Return the id that an address names, where an article can have it."""
    name = article_id(sent)
    if not 1 <= len(name) <= ID_LENGTH:
        fault = Fault("id", f"An id has 1 to {ID_LENGTH} characters.")
        raise refuse("invalid-parameter", fault.detail, fault)
    return name


def _refused(outcomes: Sequence[Outcome], *, many: bool) -> Refused:
    """Return the refusal of a request of which no line can be kept."""
    places = [
        Fault(f"line {one.line}" if many else "body", f"{one.detail[:1].upper()}{one.detail[1:]}.")
        for one in outcomes[:MAX_FAULTS]
    ]
    detail = f"No line is an article; the first: {outcomes[0].detail}." if many else places[0].detail
    return refuse(outcomes[0].result, detail, *places)
