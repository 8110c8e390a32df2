"""The one table of addresses that are read: what each answers, in which form, with which problems.

The operations that write have a table of their own, in ``operations``.
"""

from __future__ import annotations

from dataclasses import dataclass

from search.http import export, linked, metrics
from search.http.parameters import JOB, PEOPLE, PERSON, QUOTES


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
