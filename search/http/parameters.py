"""The one table of parameters: their names, types, limits and defaults, and the addresses that know them.

What is sent is checked by it, and the OpenAPI document and the documentation stand on it; filters and facets
come from ``index.schema.FIELDS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

from index.article import LEVELS, Kind
from index.schema import FACETS, FIELDS, KEYS
from search.plan import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = str | int | bool | tuple[str, ...]
"""A checked value: what a parameter means, the same for all ways of writing it."""

Type = Literal["text", "choice", "integer", "boolean", "date", "list", "cursor", "half-life"]

MAX_VALUES = 100
"""Values that a repeatable parameter may have: a request line holds about as many short ones."""

MAX_NAMED = 40
"""Choices that one list may name: none has so many, and together they are no longer than a text may be."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row: ``default`` is what an absent parameter means (None: nothing).

    A ``list`` is one value of ``choices`` joined by commas.  ``least`` and ``most`` bound an
    integer, ``least``, ``length`` and ``length_in_body`` the code points of a text.  ``endpoints`` are the
    addresses that know it, ``wrong`` the problem of a value that is not among the choices,
    ``long`` that of a text that is too long.  ``format`` names a syntax that JSON Schema has no words for.
    """

    name: str
    type: Type
    description: str
    default: str | int | bool | None = None
    repeatable: bool = False
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    length: int = 512
    length_in_body: int = 512
    endpoints: tuple[str, ...] = ("/v1/search",)
    wrong: str = "invalid-parameter"
    long: str = "invalid-parameter"
    format: str = ""


FILTERS: tuple[str, ...] = tuple(field.name for field in FIELDS if field.facet and field.type == "value")
SHORT: tuple[str, ...] = tuple(field.key for field in FIELDS if field.short)

SEARCH, VALUES, TRENDS, SUGGEST = "/v1/search", "/v1/facets/{field}", "/v1/trends", "/v1/suggest"
QUOTES, PEOPLE, PERSON = "/v1/quotes", "/v1/speakers", "/v1/speakers/{name}"
SIMILAR, EXPORT = "/v1/articles/{id}/similar", "/v1/export"
CLUSTER = "/v1/clusters/{id}"

ADD, PUT, REMOVE = "POST /v1/articles", "PUT /v1/articles/{id}", "DELETE /v1/articles/{id}"
JOB = "/v1/jobs/{id}"
WRITING: tuple[str, ...] = (ADD, PUT, REMOVE)
"""The operations that write: an address that is also read knows other parameters for that."""

RANKED: tuple[str, ...] = (SEARCH, QUOTES)
"""The addresses that answer with hits."""

NARROWED: tuple[str, ...] = (*RANKED, VALUES, TRENDS)
"""The addresses that take a query and filters."""

_LONGEST_DATE = 64
"""Characters of a date: two days in EDTF, each uncertain, take 23, and blanks around them are passed over."""

_FILTER = "; repeatable: any of the values; a leading - excludes; any known spelling matches"

PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "q",
        "text",
        "the query, in the query language; all articles where it is absent",
        default="",
        length=2_048,
        length_in_body=LONGEST,
        long="query-too-complex",
        format="query",
        endpoints=(*NARROWED, EXPORT, SUGGEST),
    ),
    Parameter(
        "match",
        "choice",
        "how many of the words an article must have: all, three quarters, one",
        default="all",
        choices=("all", "most", "any"),
        endpoints=(*NARROWED, EXPORT),
    ),
    Parameter(
        "syntax",
        "choice",
        "strict points at faults of the query; simple never fails, for search boxes",
        default="strict",
        choices=("strict", "simple"),
        endpoints=(*NARROWED, EXPORT),
    ),
    *(
        Parameter(
            field.name,
            "text",
            field.description + _FILTER,
            repeatable=True,
            endpoints=(*NARROWED, SIMILAR, EXPORT),
        )
        for field in FIELDS
        if field.name in FILTERS
    ),
    Parameter(
        "date",
        "date",
        "a day, month or year (2021-05), an interval (2021-05-21/2021-06-01, ../2020), or none for undated",
        length=_LONGEST_DATE,
        length_in_body=_LONGEST_DATE,
        format="edtf",
        endpoints=(*NARROWED, EXPORT, SIMILAR),
    ),
    Parameter(
        "date_match",
        "choice",
        "whether the article's date interval overlaps the one asked for, or lies inside",
        default="possible",
        choices=("possible", "certain"),
        endpoints=(*NARROWED, EXPORT, SIMILAR),
    ),
    Parameter(
        "facet",
        "choice",
        "a field whose values are counted; repeatable",
        repeatable=True,
        choices=FACETS,
        endpoints=RANKED,
    ),
    Parameter(
        "facet_size",
        "integer",
        "values listed of each facet; those selected are always listed",
        default=10,
        least=1,
        most=1_000,
        endpoints=(*RANKED, VALUES, TRENDS),
    ),
    Parameter(
        "facet_mode",
        "choice",
        "multi leaves a facet's own filter out of its counts; strict counts the hits",
        default="multi",
        choices=("multi", "strict"),
        endpoints=(*RANKED, VALUES),
    ),
    Parameter(
        "facet_count",
        "choice",
        "what facets count, and the list of people is ordered by: articles, or stories, each once wherever "
        "one of its articles or quotes counts",
        choices=("articles", "stories"),
        endpoints=(*RANKED, VALUES, PEOPLE, PERSON),
    ),
    Parameter(
        "interval",
        "choice",
        "the width of the values of facet=date",
        default="auto",
        choices=("auto", "year", "month", "week", "day"),
        endpoints=(*RANKED, VALUES, TRENDS, PERSON),
    ),
    Parameter(
        "group",
        "choice",
        "cluster gives one hit a story, its best, with the other articles found of it behind",
        default="none",
        choices=("none", "cluster"),
        endpoints=(SEARCH, EXPORT),
    ),
    Parameter(
        "sort",
        "choice",
        "the order of hits; relevance, or -date (newest first) without q; undated articles last",
        choices=("relevance", "date", "-date"),
        endpoints=(*RANKED, EXPORT),
    ),
    Parameter(
        "rank",
        "choice",
        "deep also lets near articles vouch for each other: for long queries in natural language",
        default="keyword",
        choices=("keyword", "deep"),
        endpoints=(SEARCH, EXPORT),
    ),
    Parameter(
        "recency",
        "half-life",
        "a half-life such as 30d, 6w, 3m or 1y: newer articles weigh more in the order of relevance",
        endpoints=(SEARCH, EXPORT),
    ),
    Parameter(
        "limit",
        "integer",
        "hits of a page",
        default=10,
        least=1,
        most=100,
        endpoints=(*RANKED, PEOPLE, SUGGEST, SIMILAR),
    ),
    Parameter(
        "cursor",
        "cursor",
        "where the next page begins, as next gave it; other parameters are left out or repeated",
        length=4_000,
        length_in_body=100_000,
        long="invalid-cursor",
        format="cursor",
        endpoints=(*RANKED, VALUES, PEOPLE, SIMILAR),
    ),
    Parameter(
        "min_confidence",
        "choice",
        "what counts for filters and facets among recovered values",
        default="medium",
        choices=("medium", *(level for level in reversed(LEVELS) if level != "medium")),
        endpoints=(*NARROWED, EXPORT, PEOPLE, PERSON, SIMILAR),
    ),
    Parameter(
        "fields",
        "list",
        "the fields of each hit, joined by commas",
        default=",".join(SHORT),
        choices=KEYS,
        wrong="unknown-field",
        endpoints=(SEARCH, SIMILAR, EXPORT),
    ),
    Parameter(
        "highlight",
        "boolean",
        "whether hits have snippets with the matches marked",
        default=True,
        endpoints=(*RANKED, SIMILAR),
    ),
    Parameter(
        "include",
        "list",
        "what each hit has besides, joined by commas",
        choices=("quotes", "provenance", "explain"),
        endpoints=(SEARCH, SIMILAR, EXPORT),
    ),
    Parameter(
        "timeout_ms",
        "integer",
        "milliseconds after which what was found by then is the answer, as partial",
        default=2_000,
        least=10,
        most=10_000,
        endpoints=(*NARROWED, SUGGEST, SIMILAR),
    ),
    Parameter(
        "partial",
        "choice",
        "deny turns a partial answer into a problem: timeout",
        default="allow",
        choices=("allow", "deny"),
        endpoints=(*NARROWED, SUGGEST, SIMILAR),
    ),
    Parameter(
        "prefix",
        "text",
        "how a value, or a word in it, begins, in any case",
        default="",
        endpoints=(VALUES, PEOPLE),
    ),
    Parameter(
        "split",
        "choice",
        "a facet whose values have a line each",
        choices=FILTERS,
        endpoints=(TRENDS,),
    ),
    Parameter(
        "measure",
        "choice",
        "share adds what part of all articles of a period, under the same filters, the counts are",
        default="count",
        choices=("count", "share"),
        endpoints=(TRENDS,),
    ),
    Parameter(
        "kind",
        "choice",
        "how the words are given: between marks, partly so, or in the article's own words; repeatable",
        repeatable=True,
        choices=get_args(Kind),
        endpoints=(QUOTES,),
    ),
    Parameter(
        "cluster",
        "text",
        "the id of a story: quotes in the articles that run its text",
        least=1,
        endpoints=(QUOTES,),
    ),
    Parameter(
        "format",
        "choice",
        "whether a hit is a line of JSON or a row of a table",
        default="ndjson",
        choices=("ndjson", "csv"),
        endpoints=(EXPORT,),
    ),
    Parameter(
        "copies",
        "boolean",
        "whether near-copies of the article, of the same story, are among those like it",
        default=False,
        endpoints=(SIMILAR,),
    ),
    Parameter(
        "level",
        "choice",
        "copy lists the articles that run the story's text, version also those that run half of it",
        default="copy",
        choices=("copy", "version"),
        endpoints=(CLUSTER,),
    ),
    Parameter(
        "diff",
        "text",
        "two members, as ID,ID: the words that were changed from one to the other",
        length=1_025,
        length_in_body=1_025,
        format="members",
        endpoints=(CLUSTER,),
    ),
    Parameter(
        "wait",
        "boolean",
        "whether the answer waits, for 20 seconds at most, until the index holds what was written",
        default=False,
        endpoints=WRITING,
    ),
)

ELSEWHERE = {
    "query": "q",
    "search": "q",
    "text": "q",
    "size": "limit",
    "rows": "limit",
    "count": "limit",
    "per_page": "limit",
    "page-size": "limit",
    "page": "cursor",
    "offset": "cursor",
    "from": "cursor",
    "search_after": "cursor",
    "order": "sort",
    "order-by": "sort",
    "source": "outlet",
    "publisher": "outlet",
    "person": "speaker",
    "author": "speaker",
    "lang": "language",
    "aggs": "facet",
    "operator": "match",
    "fl": "fields",
    "_source": "fields",
    "include_fields": "fields",
    "explain": "include",
    "hl": "highlight",
    "hits": "limit",
    "num_results": "limit",
    "pagesize": "limit",
    "start": "cursor",
    "after": "cursor",
    "orderby": "sort",
    "since": "date",
    "until": "date",
    "date_range": "date",
    "default_operator": "match",
    "max_facet_values": "facet_size",
    "collapse": "group",
}
"""What other search services call a parameter; difflib finds the rest."""

HALF_LIFE = r"[1-9][0-9]{0,4}[dwmy]"
"""How a half-life is written."""


@cache
def known(endpoint: str) -> Mapping[str, Parameter]:
    """Return the parameters of an endpoint, by name."""
    return {parameter.name: parameter for parameter in PARAMETERS if endpoint in parameter.endpoints}
