"""The named errors of the search: ``BadQuery`` is the caller's fault, ``EngineUnavailable`` elsewhere's.

Which HTTP status each becomes is known to ``search/http/problems.py`` alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.errors import PressmarkError


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a request: where it stands and how to mend it.

    ``offset`` and ``length`` count code points of the decoded parameter.
    """

    parameter: str
    detail: str
    offset: int | None = None
    length: int | None = None
    expected: str | None = None
    suggestion: str | None = None


class RequestError(PressmarkError):
    """A request that cannot be answered as it is: ``code`` names the problem, ``faults`` all its places."""

    code = "invalid-parameter"

    def __init__(self, detail: str, *faults: Fault) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = faults


class BadQuery(RequestError):
    """The query text does not follow the query language."""

    code = "query-syntax"


class QueryTooComplex(RequestError):
    """The query goes over a limit: the detail names the limit and the value."""

    code = "query-too-complex"


class UnknownField(RequestError):
    """The query names a field that does not exist or cannot be searched."""

    code = "unknown-field"


class BadCursor(RequestError):
    """The cursor was not made by this service for this request."""

    code = "invalid-cursor"


class SnapshotExpired(RequestError):
    """The generation that the cursor was made for is gone."""

    code = "snapshot-expired"


class EngineUnavailable(PressmarkError):
    """No index can be read at the moment."""
