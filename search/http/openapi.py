"""The OpenAPI 3.1 document, made from the tables of endpoints, operations, parameters and problems."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from index.schema import FACETS
from search.http import body, inputs, operations, problems, relations
from search.http.endpoints import ENDPOINTS
from search.http.schemas import SCHEMAS, named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.http.endpoints import Endpoint
    from search.http.schemas import Schema

VERSION = "1.0.0"
"""Of the contract: the first number is that in ``/v1``, the second counts what was added."""

# What any request can meet.
_ANYWHERE = ("method-not-allowed", "not-acceptable", "body-too-large", "internal")
_GUARDED = ("unauthenticated", "rate-limited")
_WITH_BODY = ("unsupported-media-type",)

# What gunicorn answers before the application: of 400 it makes HTML too, where a request is no HTTP at all.
_BEFORE = {
    status: {"description": meaning, "content": {"text/html": {"schema": {"type": "string"}}}}
    for status, meaning in (
        ("414", "the request line has over 4,094 bytes: send the parameters in a body"),
        ("431", "a header has over 8,190 bytes, or there are more than 100"),
    )
}


def document() -> dict[str, Any]:
    """Return the whole document as JSON values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "pressmark",
            "version": VERSION,
            "summary": "Full-text search for news archives.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{}, {operations.SECURITY: []}],
        "paths": _paths(),
        "components": {
            "schemas": {
                **SCHEMAS,
                **{one.body: inputs.in_body(one.path) for one in ENDPOINTS if one.body},
            },
            "securitySchemes": {operations.SECURITY: operations.SCHEME},
            "headers": {
                "X-Request-ID": {
                    "schema": {"type": "string"},
                    "description": "names the request in logs: the one that was sent, or a new one",
                },
                "ETag": {"schema": {"type": "string"}, "description": "weak; for If-None-Match"},
                "Link": {"schema": {"type": "string"}, "description": "the links of the answer, as RFC 8288"},
            },
        },
    }


def _paths() -> dict[str, Any]:
    """Return the path items: what is read first, what is written beside it."""
    paths = {endpoint.path: _path(endpoint) for endpoint in ENDPOINTS}
    for operation in operations.OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _writing(operation)
    return paths


def _writing(operation: operations.Operation) -> dict[str, Any]:
    """Return an operation that writes."""
    return {
        "operationId": operation.name,
        "summary": operation.does[:1].upper() + operation.does[1:],
        "security": [{operations.SECURITY: []}],
        "parameters": [
            *inputs.in_url(operation.endpoint),
            *operations.headers(operation),
        ],
        **operations.body(operation),
        "responses": {
            **operations.answers(operation),
            **_failures((*operation.problems, *_ANYWHERE)),
            **_BEFORE,
        },
    }


def _path(endpoint: Endpoint) -> dict[str, Any]:
    """Return the path item of an endpoint."""
    shared = [_variable(endpoint)] if endpoint.variable else []
    operations: dict[str, Any] = {"get": _operation(endpoint, endpoint.name, endpoint.problems)}
    operations["get"]["parameters"] = inputs.in_url(endpoint.path)
    if endpoint.body:
        post = _operation(endpoint, f"{endpoint.name}_by_body", endpoint.problems + _WITH_BODY)
        post["description"] = (
            "The same parameters in a JSON body, for queries that are too long for a URL. "
            "The method QUERY takes the same body, and is safe and idempotent as GET is."
        )
        post["requestBody"] = {
            "required": False,
            "content": {body.MEDIA_TYPE: {"schema": named(endpoint.body)}},
        }
        del post["responses"]["304"]
        operations["post"] = post
    return {**({"parameters": shared} if shared else {}), **operations}


def _operation(endpoint: Endpoint, name: str, codes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": endpoint.answers[:1].upper() + endpoint.answers[1:],
        "responses": {
            "200": _answer(endpoint, name),
            **({"304": {"description": "the client has it already"}} if endpoint.cached else {}),
            **_failures((*codes, *_ANYWHERE, *(_GUARDED if endpoint.path.startswith("/v1/") else ()))),
            **_BEFORE,
        },
        **({"security": [{operations.SECURITY: []}]} if endpoint.path in operations.NEEDING_A_KEY else {}),
    }


def _answer(endpoint: Endpoint, operation: str) -> dict[str, Any]:
    headers = ["X-Request-ID", *(["ETag"] if endpoint.cached else []), *(["Link"] if endpoint.linked else [])]
    return {
        "description": endpoint.answers,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {
            each: {"schema": named(schema) if schema else {"type": "string"}}
            for each, schema in (
                (endpoint.media_type, endpoint.schema),
                (endpoint.other_type, endpoint.other_schema),
            )
            if each
        },
        **relations.links(operation),
    }


def _failures(codes: Iterable[str]) -> dict[str, Any]:
    """Return the responses of problems, those of one status together."""
    by_status: dict[int, list[problems.Problem]] = defaultdict(list)
    for code in dict.fromkeys(codes):
        by_status[problems.BY_CODE[code].status].append(problems.BY_CODE[code])
    return {
        str(status): {
            "description": "; ".join(f"{problem.code}: {problem.meaning}" for problem in group),
            "content": {problems.MEDIA_TYPE: {"schema": named("Problem")}},
        }
        for status, group in sorted(by_status.items())
    }


def _variable(endpoint: Endpoint) -> dict[str, Any]:
    name = endpoint.path.partition("{")[2].partition("}")[0]
    schema: Schema = {"type": "string", "minLength": 1, "maxLength": 512}
    if name == "code":
        schema = {"type": "string", "enum": [problem.code for problem in problems.PROBLEMS]}
    if name == "field":
        schema = {"type": "string", "enum": list(FACETS)}
    return {"name": name, "in": "path", "required": True, "description": endpoint.variable, "schema": schema}
