"""The OpenAPI 3.1 document, made from the tables of endpoints, parameters and problems."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.schema import FACETS
from search.http import body, export, linked, metrics, operations, problems, relations
from search.http.parameters import (
    HALF_LIFE,
    JOB,
    MAX_NAMED,
    MAX_VALUES,
    PEOPLE,
    PERSON,
    QUOTES,
    Parameter,
    known,
)
from search.http.schemas import SCHEMAS, Schema, named

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = "1.0.0"
"""Of the contract: the first number is that in ``/v1``, the second counts what was added."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row: an address, what it answers, and the problems of its own that it may answer with.

    ``variable`` is the description of the part in braces; ``cached`` answers have an ETag;
    ``linked`` ones a Link header; ``body`` is the schema of the parameters as JSON, where POST and QUERY
    take them; ``other_type`` is a second form of the answer, with a schema of its own or none.
    """

    path: str
    name: str
    answers: str
    schema: str
    problems: tuple[str, ...] = ()
    variable: str = ""
    cached: bool = True
    body: str = ""
    linked: bool = False
    media_type: str = "application/json"
    other_type: str = ""
    other_schema: str = ""


_OF_QUERY = (
    "query-syntax",
    "query-too-complex",
    "unknown-parameter",
    "invalid-parameter",
    "unknown-field",
    "index-unavailable",
    "timeout",
)

_OF_LIST = (*_OF_QUERY[2:], "invalid-cursor", "snapshot-expired")
_ID = "the article's id, percent-encoded as one segment: a URL's / is %2F"

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "/v1/search",
        "search",
        "ranked articles with facets",
        "Results",
        (*_OF_QUERY, "invalid-cursor", "snapshot-expired"),
        body="Parameters",
        linked=True,
    ),
    Endpoint(
        QUOTES,
        "quotes",
        "ranked quotes: who said what, and where the same words ran",
        "QuoteResults",
        (*_OF_QUERY, "invalid-cursor", "snapshot-expired"),
        body="QuoteParameters",
        linked=True,
    ),
    Endpoint(
        PEOPLE,
        "speakers",
        "people quoted, the most quoted first: names, spellings, counts",
        "People",
        (
            *("unknown-parameter", "invalid-parameter", "invalid-cursor"),
            *("snapshot-expired", "index-unavailable"),
        ),
        linked=True,
    ),
    Endpoint(
        PERSON,
        "speaker",
        "one person: spellings, outlets, quotes over time",
        "Person",
        ("unknown-parameter", "invalid-parameter", "not-found", "index-unavailable"),
        variable="the person's name in any spelling, or the id, percent-encoded as one segment",
        linked=True,
    ),
    Endpoint(
        "/v1/articles/{id}",
        "article",
        "one article: cleaned text, metadata, quotes, provenance",
        "Article",
        ("unknown-parameter", "invalid-parameter", "not-found", "index-unavailable"),
        variable=_ID,
        linked=True,
        other_type=linked.MEDIA_TYPE,
        other_schema="NewsArticle",
    ),
    Endpoint(
        "/v1/articles/{id}/similar",
        "similar",
        "articles like one, without its near-copies unless they are asked for",
        "Results",
        (*_OF_LIST, "not-found"),
        variable=_ID,
        linked=True,
    ),
    Endpoint(
        "/v1/facets/{field}",
        "facet_values",
        "all values of a facet with their counts under a query",
        "FacetValues",
        (*_OF_QUERY, "invalid-cursor", "snapshot-expired"),
        variable="the facet",
        linked=True,
    ),
    Endpoint(
        "/v1/trends",
        "trends",
        "the articles of a query over time",
        "Trends",
        _OF_QUERY,
        linked=True,
    ),
    Endpoint(
        "/v1/export",
        "export",
        "the whole result of a search, one hit a line, in their order",
        "",
        (*_OF_QUERY[:-1], "rate-limited"),
        cached=False,
        media_type=export.TYPES["ndjson"],
        other_type=export.TYPES["csv"],
    ),
    Endpoint(
        "/v1/suggest",
        "suggest",
        "completions of a query that is being typed, and corrections of one that finds little",
        "Suggestions",
        _OF_QUERY,
        linked=True,
    ),
    Endpoint(
        "/v1/clusters/{id}",
        "cluster",
        "one story: the articles that run its text, their outlets, what was changed on the way",
        "Story",
        ("unknown-parameter", "invalid-parameter", "not-found", "index-unavailable"),
        variable="the story's id, or one that joined it, or that of a story that one of its articles founded",
    ),
    Endpoint(
        JOB,
        "job",
        "one write, as far as it is done: what became of each line",
        "Job",
        ("unknown-parameter", "invalid-parameter", "forbidden", "not-found", "writes-unavailable"),
        variable="the job's id, as the write was answered with",
        cached=False,
    ),
    Endpoint(
        "/v1/stats",
        "stats",
        "documents, segments, generation, sizes, coverage of recovered fields",
        "Stats",
        ("unknown-parameter", "invalid-parameter", "index-unavailable"),
    ),
    Endpoint("/healthz", "alive", "liveness: the process answers, index or not", "Alive", cached=False),
    Endpoint(
        "/readyz",
        "ready",
        "readiness: the index is open",
        "Ready",
        ("index-unavailable",),
        cached=False,
    ),
    Endpoint(
        "/metrics", "metrics", "counters for Prometheus", "", cached=False, media_type=metrics.MEDIA_TYPE
    ),
    Endpoint(
        "/openapi.json", "openapi", "this document", "OpenAPI", ("unknown-parameter", "invalid-parameter")
    ),
    Endpoint(
        "/problems",
        "problems",
        "all problem codes",
        "Explanations",
        ("unknown-parameter", "invalid-parameter"),
    ),
    Endpoint(
        "/problems/{code}",
        "problem",
        "what a problem code means and how to mend it",
        "Explanation",
        ("unknown-parameter", "invalid-parameter", "not-found"),
        variable="a problem's code",
    ),
)

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
                **{one.body: _parameters_in_body(one.path) for one in ENDPOINTS if one.body},
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
            *_in_url(operation.endpoint),
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
    operations["get"]["parameters"] = _in_url(endpoint.path)
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


def _in_url(endpoint: str) -> list[dict[str, Any]]:
    """Return the parameters of an endpoint as they stand in a URL."""
    parameters = known(endpoint)
    return [_in_query(one, by_itself="cursor" in parameters) for one in parameters.values()]


def _in_query(parameter: Parameter, *, by_itself: bool) -> dict[str, Any]:
    """Return a parameter as it stands in a URL."""
    joined = {"style": "form", "explode": False} if parameter.type == "list" else {}
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": _described(parameter),
        **joined,
        "schema": _schema(parameter, parameter.length, by_itself=by_itself),
    }


def _parameters_in_body(path: str) -> Schema:
    """Return the schema of a body: the parameters by name, one value standing for an array of one."""
    properties = {}
    for parameter in known(path).values():
        schema = _schema(parameter, parameter.length_in_body, by_itself=True)
        if parameter.repeatable:
            schema = {"anyOf": [schema, schema["items"]]}
        elif parameter.type == "list":
            one = f"({'|'.join(parameter.choices)})"
            schema = {"anyOf": [schema, {"type": "string", "pattern": f"^{one}(,{one})*$"}]}
        properties[parameter.name] = {"description": _described(parameter), **schema}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _described(parameter: Parameter) -> str:
    """Return what a parameter means, and its default."""
    default = parameter.default
    shown = str(default).lower() if isinstance(default, bool) else default
    return parameter.description + (f" (default: {shown})" if default not in (None, "") else "")


def _schema(parameter: Parameter, length: int, *, by_itself: bool) -> Schema:
    """Return the schema of a parameter's value.

    ``by_itself``: a cursor may come, alone.  Generated clients send defaults that a schema names as if they
    had been asked for, which contradicts it; they are in the description then.
    """
    default = {} if parameter.default is None or by_itself else {"default": parameter.default}
    if parameter.type == "integer":
        return {"type": "integer", "minimum": parameter.least, "maximum": parameter.most, **default}
    if parameter.type == "boolean":
        return {"type": "boolean", **default}
    one: Schema = {"type": "string", "maxLength": length}
    if parameter.format:
        one["format"] = parameter.format
    if parameter.type == "half-life":
        one["pattern"] = f"^{HALF_LIFE}$"
    if parameter.choices:
        one = {"type": "string", "enum": list(parameter.choices)}
    elif parameter.repeatable:
        one["pattern"] = r"^(?!-?[\s\u001c-\u001f\u0085]*$)[^\u0000]+$"
    if parameter.type == "list":
        joined = {"default": str(parameter.default).split(",")} if default else {}
        return {"type": "array", "items": one, "minItems": 1, "maxItems": MAX_NAMED, **joined}
    if parameter.repeatable:
        return {"type": "array", "items": one, "maxItems": MAX_VALUES}
    return {**one, **default}
