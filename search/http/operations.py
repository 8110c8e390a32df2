"""The operations that write, as OpenAPI describes them: made from the tables of parameters and problems."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from search.http import batch, relations
from search.http.conditions import KEY_LENGTH
from search.http.parameters import ADD, JOB, PUT, REMOVE
from search.http.schemas import named

SECURITY = "key"
"""The security scheme: an API key."""

SCHEME = {"type": "http", "scheme": "bearer", "description": "an API key that may write, or only read"}


@dataclass(frozen=True, slots=True)
class Header:
    """A header of a request that means something to some operations."""

    name: str
    description: str
    operations: tuple[str, ...]
    length: int = 0
    only: str = ""
    format: str = ""


HEADERS: tuple[Header, ...] = (
    Header(
        "If-Match",
        "ETags of the article, its version in quotation marks, or *",
        (PUT, REMOVE),
        format="etags",
    ),
    Header("If-None-Match", "* for an article that is not there yet", (PUT, REMOVE), only="*"),
    Header(
        "Idempotency-Key",
        "names the request for a day: sent again with it, it is answered with the same job",
        (ADD, PUT, REMOVE),
        KEY_LENGTH,
    ),
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One row: an operation that writes, named as in the table of parameters."""

    endpoint: str
    name: str
    does: str
    problems: tuple[str, ...]
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("200", "202")

    @property
    def method(self) -> str:
        """The method, as OpenAPI writes it."""
        return self.endpoint.partition(" ")[0].lower()

    @property
    def path(self) -> str:
        """The address."""
        return self.endpoint.partition(" ")[2]


_ANY = (
    *("unknown-parameter", "invalid-parameter", "unauthenticated", "forbidden", "conflict"),
    *("rate-limited", "writes-unavailable"),
)
_BODY = ("invalid-article", "unsupported-media-type")

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        ADD,
        "add_articles",
        "inserts or replaces articles by their ids, one or one a line",
        (*_ANY, *_BODY, "precondition-failed"),
        (batch.ONE, batch.MANY[0]),
        ("200", "201", "202"),
    ),
    Operation(
        PUT,
        "put_article",
        "inserts or replaces the article with this id",
        (*_ANY, *_BODY, "precondition-failed"),
        (batch.ONE,),
        ("200", "201", "202"),
    ),
    Operation(
        REMOVE,
        "delete_article",
        "deletes the article with this id",
        (*_ANY, "not-found", "precondition-failed"),
    ),
)

NEEDING_A_KEY = (ADD, PUT, REMOVE, JOB)
"""Operations that only a key that may write is let into."""

_MEANING = {
    "200": "with wait=true: what became of it; nothing was created",
    "201": "with wait=true: the article was created",
    "202": "it is on disk, and waits to be indexed; Location is its job",
}


def body(operation: Operation) -> dict[str, Any]:
    """Return the request body of an operation, nothing where it has none."""
    if not operation.types:
        return {}
    # The id of a PUT is that of its address.
    one = named("ArticleContent" if operation.endpoint == PUT else "NewArticle")
    schemas = {batch.ONE: one, batch.MANY[0]: {"type": "string", "format": "news-lines", "minLength": 2}}
    content = {each: {"schema": schemas[each]} for each in operation.types}
    return {"requestBody": {"required": True, "content": content}}


def _only(text: str) -> dict[str, Any]:
    """Return the keywords for one text alone: client generators take no const for a header."""
    return {"pattern": f"^{re.escape(text)}$", "minLength": len(text), "maxLength": len(text)}


def headers(operation: Operation) -> list[dict[str, Any]]:
    """Return the headers of a request that an operation knows, as parameters."""
    return [
        {
            "name": each.name,
            "in": "header",
            "required": False,
            "description": each.description,
            "schema": {
                "type": "string",
                **({"minLength": 1, "maxLength": each.length} if each.length else {}),
                **(_only(each.only) if each.only else {}),
                **({"format": each.format} if each.format else {}),
            },
        }
        for each in HEADERS
        if operation.endpoint in each.operations
    ]


def answers(operation: Operation) -> dict[str, Any]:
    """Return the answers of an operation that succeeds."""
    return {
        status: {
            "description": _MEANING[status],
            "headers": {"X-Request-ID": {"$ref": "#/components/headers/X-Request-ID"}},
            "content": {"application/json": {"schema": named("Job")}},
            **relations.links(operation.name),
        }
        for status in operation.statuses
    }
