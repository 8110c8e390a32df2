"""The one table of problems: which faults there are, which status each has, how each is mended.

Nothing else knows a status code.  An error of any layer becomes a ``Failure`` here, and a
``Failure`` an ``application/problem+json`` document (RFC 9457).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import falcon

from index.errors import CorruptIndex, InboxFull, InboxUnavailable, KeyReused, NoIndex
from search.errors import EngineUnavailable, RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.errors import Fault

MEDIA_TYPE = "application/problem+json"

RETRY_AFTER = 5
"""Seconds after which an index that could not be read is worth another try: a build of a small
archive, or the repair of a mount, takes about as long; clients back off from there."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One row: what a code means and how to mend what it names."""

    code: str
    status: int
    title: str
    meaning: str
    remedy: str

    @property
    def address(self) -> str:
        """Where the problem is explained; the ``type`` of its documents."""
        return f"/problems/{self.code}"


PROBLEMS: tuple[Problem, ...] = (
    Problem(
        "query-syntax",
        400,
        "Query syntax error",
        "The query text does not follow the query language; offset and length point at the fault in q.",
        "Mend q at the offset, take the suggestion if one is given, or send syntax=simple: it never fails.",
    ),
    Problem(
        "query-too-complex",
        400,
        "Query too complex",
        "The query goes over a limit of length, depth, clauses or expansion; the detail names both.",
        "Shorten the query or make its wildcards more definite; a body holds longer queries than a URL.",
    ),
    Problem(
        "unknown-parameter",
        400,
        "Unknown parameter",
        "A parameter has a name that this address does not know; ignoring it would answer another question.",
        "Take the suggested name, or leave the parameter out.",
    ),
    Problem(
        "invalid-parameter",
        400,
        "Invalid parameter",
        "A parameter has a value that it cannot have, is given twice, or cannot be read at all.",
        "Give each parameter a value as expected says; only those called repeatable may be given again.",
    ),
    Problem(
        "unknown-field",
        400,
        "Unknown field",
        "A field was named that articles do not have, or that cannot be searched.",
        "Take one of the fields named in expected.",
    ),
    Problem(
        "invalid-cursor",
        400,
        "Invalid cursor",
        "The cursor was not made by this service, was changed, or came with parameters of another request.",
        "Send the cursor exactly as it was given, alone; or begin at page one without it.",
    ),
    Problem(
        "invalid-article",
        400,
        "Invalid article",
        "What was sent cannot become an article; the detail, or each of errors with its line, says why.",
        "Send a JSON object with a title or a body, of keys as the documentation lists them.",
    ),
    Problem(
        "unauthenticated",
        401,
        "Key missing or not known",
        "This needs an API key, and none came with the request, or one that is not known.",
        "Send the header Authorization: Bearer KEY.",
    ),
    Problem(
        "forbidden",
        403,
        "Not allowed",
        "The API key does not allow this, or writing over HTTP is off.",
        "Use a key that may write; who runs the service sets PRESSMARK_WRITE_KEYS.",
    ),
    Problem(
        "not-found",
        404,
        "Not found",
        "There is nothing at this address.",
        "Look at the spelling; the id of an article is one percent-encoded segment of the path.",
    ),
    Problem(
        "method-not-allowed",
        405,
        "Method not allowed",
        "The address is right and does not know this method.",
        "Use one of the methods that the Allow header names.",
    ),
    Problem(
        "not-acceptable",
        406,
        "Not acceptable",
        "The Accept header rules out the only form that this answer has.",
        "Accept application/json, or leave the header out.",
    ),
    Problem(
        "conflict",
        409,
        "Conflict",
        "The idempotency key came with another request before.",
        "Take a new key for a new request; send the same request, to the byte, with the same key.",
    ),
    Problem(
        "snapshot-expired",
        410,
        "Snapshot expired",
        "The generation of the index that the cursor pages through is gone, after a later commit.",
        "Begin again at page one: the link called first leads there.",
    ),
    Problem(
        "precondition-failed",
        412,
        "Precondition failed",
        "The article is not the version that If-Match names, or there is one although If-None-Match forbids.",
        "Get the article again, apply the change to what it is now, and send the new ETag.",
    ),
    Problem(
        "body-too-large",
        413,
        "Body too large",
        "The body of the request is larger than the detail says.",
        "Send a shorter query or fewer values; of articles, fewer at once.",
    ),
    Problem(
        "unsupported-media-type",
        415,
        "Unsupported media type",
        "The body of the request is of a type or coding that is not read here.",
        "Send application/json, or application/x-ndjson for several articles, in UTF-8 and uncompressed.",
    ),
    Problem(
        "rate-limited",
        429,
        "Too many requests",
        "The client sends more than it may, or the service does as much of this as it may at once.",
        "Try again after the seconds that Retry-After names.",
    ),
    Problem(
        "internal",
        500,
        "Internal error",
        "The service failed at something that it should have been able to do.",
        "Report the request id to who runs the service: the log says more under it.",
    ),
    Problem(
        "index-unavailable",
        503,
        "Index unavailable",
        "No index can be read at the moment: none was built yet, or it is damaged.",
        "Try again after the seconds that Retry-After names; who runs it may have to run python -m index.",
    ),
    Problem(
        "writes-unavailable",
        503,
        "Writes unavailable",
        "The inbox of writes cannot be used at the moment: nothing was taken.",
        "Try again after the seconds that Retry-After names; who runs it may have to make room on the disk.",
    ),
    Problem(
        "timeout",
        503,
        "Out of time",
        "The time budget was spent before the answer was whole, and a partial one was not wanted.",
        "Send a larger timeout_ms, a narrower query, or partial=allow to get what was found by then.",
    ),
)

BY_CODE: dict[str, Problem] = {problem.code: problem for problem in PROBLEMS}

# What Falcon itself raises; any other status of its own is a fault of the request as a whole.
_FALCON = {
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    HTTPStatus.NOT_ACCEPTABLE: "not-acceptable",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body-too-large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported-media-type",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal",
}

_LATER = {"Retry-After": str(RETRY_AFTER)}

# What the inbox raises: its messages name files and numbers of others, which go to the log alone.
_OF_WRITES: Mapping[type[Exception], tuple[str, str, Mapping[str, str]]] = {
    InboxFull: ("rate-limited", "As many writes wait to be indexed as may.", _LATER),
    InboxUnavailable: ("writes-unavailable", "The inbox cannot be used: nothing was taken.", _LATER),
    KeyReused: ("conflict", "The idempotency key came with another request before.", {}),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that cannot be answered: ``faults`` are pairs of a problem's code and a place."""

    code: str
    detail: str
    faults: tuple[tuple[str, Fault], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        """The row of the table."""
        return BY_CODE[self.code]


class Refused(Exception):
    """A failure that the HTTP layer itself finds."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


def refuse(code: str, detail: str, *faults: Fault, **headers: str) -> Refused:
    """Return the error that refuses a request, with every fault under one code."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Refused(Failure(code, detail, tuple((code, fault) for fault in faults), named))


def failure(error: Exception) -> Failure:
    """Return what an error of any layer means to the caller; what is no one's on purpose is ``internal``."""
    if isinstance(error, Refused):
        return error.failure
    if isinstance(error, RequestError):
        return Failure(error.code, error.detail, tuple((error.code, fault) for fault in error.faults))
    if isinstance(error, EngineUnavailable | CorruptIndex | NoIndex):
        # Its message names files of this machine: it goes to the log, not to the caller.
        code = "index-unavailable"
        return Failure(code, BY_CODE[code].meaning, headers={"Retry-After": str(RETRY_AFTER)})
    if type(error) in _OF_WRITES:
        code, detail, headers = _OF_WRITES[type(error)]
        return Failure(code, detail, headers=headers)
    if isinstance(error, falcon.HTTPError):
        return _of_falcon(error)
    return Failure("internal", "The service failed; its log says more under the request id.")


def document(failure: Failure, request_id: str) -> dict[str, Any]:
    """Return the problem document of a failure."""
    problem = failure.problem
    whole: dict[str, Any] = {
        "type": problem.address,
        "title": problem.title,
        "status": problem.status,
        "detail": failure.detail,
        "code": problem.code,
        "request_id": request_id,
        "errors": [_place(code, fault) for code, fault in failure.faults],
    }
    if failure.links:
        whole["links"] = dict(failure.links)
    return whole


def explanation(problem: Problem) -> dict[str, Any]:
    """Return what ``/problems/{code}`` says."""
    return {
        "code": problem.code,
        "status": problem.status,
        "title": problem.title,
        "meaning": problem.meaning,
        "remedy": problem.remedy,
        "links": {"self": problem.address},
    }


def _of_falcon(error: falcon.HTTPError) -> Failure:
    code = _FALCON.get(HTTPStatus(error.status_code), "invalid-parameter")
    detail = error.description or BY_CODE[code].meaning
    return Failure(code, detail, headers=dict(error.headers or {}))


def _place(code: str, fault: Fault) -> dict[str, Any]:
    optional = {
        "offset": fault.offset,
        "length": fault.length,
        "expected": fault.expected,
        "suggestion": fault.suggestion,
    }
    given = {name: value for name, value in optional.items() if value is not None}
    return {"code": code, "parameter": fault.parameter, "detail": fault.detail, **given}
