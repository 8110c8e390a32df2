"""The one table of parameters, and how what was sent becomes a checked request.

The parser, the OpenAPI document and the documentation stand on ``PARAMETERS``; filters and facets
come from ``index.schema.FIELDS``.  A request is refused with all of its faults at once, and never
answered as if a part of it had not been there.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from index import edtf
from index.article import LEVELS, Kind
from index.schema import FACETS, FIELDS, KEYS
from search.errors import Fault, RequestError
from search.http.problems import Failure, Refused
from search.plan import LONGEST
from search.searcher import After, Request
from search.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Value = str | int | bool | tuple[str, ...]
"""A checked value: what a parameter means, the same for all ways of writing it."""

Type = Literal["text", "choice", "integer", "boolean", "date", "list", "cursor", "half-life"]

MAX_VALUES = 100
"""Values that a repeatable parameter may have: a request line holds about as many short ones."""

MAX_NAMED = 40
"""Choices that one list may name: none has so many, and together they are no longer than a text may be."""

MAX_FAULTS = 50
"""Faults listed in one answer: more of them are a program's, and its author reads the first."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row: ``default`` is what an absent parameter means (None: nothing).

    A ``list`` is one value of ``choices`` joined by commas.  ``least`` and ``most`` bound an
    integer, ``length`` and ``length_in_body`` the code points of a text.  ``endpoints`` are the
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

# What other search services call it; difflib finds the rest.
_ELSEWHERE = {
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
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked request.

    ``values`` holds what differs from the defaults, and never the cursor: equal requests have
    equal values, however they were written.  ``full`` holds all of the address, defaults filled in.
    """

    values: Mapping[str, Value]
    full: Mapping[str, Any]
    request: Request
    fields: frozenset[str]
    include: frozenset[str]


@cache
def known(endpoint: str) -> Mapping[str, Parameter]:
    """Return the parameters of an endpoint, by name."""
    return {parameter.name: parameter for parameter in PARAMETERS if endpoint in parameter.endpoints}


def check(
    endpoint: str, sent: Iterable[tuple[str, Any]], faults: Iterable[Fault] = (), *, body: bool = False
) -> dict[str, Value]:
    """Return the values that were sent, in the order of the table; raise Refused with all faults.

    ``sent`` are texts, or JSON values where they come from a ``body``; ``faults`` were found
    before.

    >>> check("/v1/search", [("facet", "date"), ("limit", "5"), ("facet", "outlet")])
    {'facet': ('date', 'outlet'), 'limit': 5}
    """
    parameters = known(endpoint)
    found = [("invalid-parameter", fault) for fault in faults]
    given: dict[str, list[Any]] = {}
    for name, raw in sent:
        given.setdefault(name, []).append(raw)
    unknown = [name for name in given if name not in parameters]
    found += [("unknown-parameter", _unknown(name, parameters)) for name in unknown[:MAX_FAULTS]]
    values: dict[str, Value] = {}
    for name in parameters.keys() & given.keys():
        try:
            values[name] = _value(parameters[name], given[name], body=body)
        except _Wrong as error:
            found.append((error.code, error.fault))
    if found:
        strict = endpoint != SUGGEST and values.get("syntax") != "simple"
        raise Refused(_failure([*found, *_of_query(values, strict=strict, quotes=endpoint == QUOTES)]))
    return {name: values[name] for name in parameters if name in values}


_HITS = {("articles", SEARCH), ("articles", VALUES), ("articles", PEOPLE)}
"""What facets count where they count what is found."""


def asked(values: Mapping[str, Value], after: After | None = None, endpoint: str = SEARCH) -> Asked:
    """Return the request that checked values make, defaults filled in."""
    table = known(endpoint)
    full: dict[str, Any] = {**_defaults(), **values}
    by_default = "relevance" if full["q"].strip() else "-date"
    full["sort"] = full["sort"] or by_default
    if full["facet_count"] is None or (full["facet_count"], endpoint) in _HITS:
        full["facet_count"] = "hits"
    request = Request(
        q=full["q"],
        match=full["match"],
        syntax=full["syntax"],
        filters={name: full[name] for name in (*FILTERS, "kind") if full[name]},
        date=_date(full["date"]),
        date_match=full["date_match"],
        facets=full["facet"],
        facet_size=full["facet_size"],
        facet_mode=full["facet_mode"],
        facet_count=full["facet_count"],
        group=full["group"],
        story=full["cluster"] or "",
        interval=full["interval"],
        sort=full["sort"],
        limit=full["limit"],
        after=after,
        min_confidence=full["min_confidence"],
        highlight=full["highlight"],
        explain="explain" in full["include"],
        rank=full["rank"],
        recency=int(full["recency"][:-1]) * _DAYS[full["recency"][-1]] if full["recency"] else 0,
    )
    meant = _defaults() | {"sort": by_default, "facet_count": "hits"}
    differing = {name: full[name] for name in table if name != "cursor" and full[name] != meant[name]}
    return Asked(differing, full, request, frozenset(full["fields"]), frozenset(full["include"]))


@cache
def _defaults() -> dict[str, Any]:
    """Return what each parameter means where it is absent."""
    return {parameter.name: _default(parameter) for parameter in PARAMETERS}


def differences(given: Mapping[str, Value], made_for: Asked, endpoint: str = SEARCH) -> list[Fault]:
    """Return a fault for each given parameter that is not what a cursor was made for."""
    table = known(endpoint)
    return [
        Fault(name, f"The cursor was made for another {name}.", expected=_written(made_for, table[name]))
        for name, value in given.items()
        if name != "cursor"
        and asked({**made_for.values, name: value}, endpoint=endpoint).values != made_for.values
    ]


def _written(made_for: Asked, parameter: Parameter) -> str:
    value = made_for.values.get(parameter.name, _default(parameter))
    return "absent" if value in (None, ()) else ",".join(value) if isinstance(value, tuple) else str(value)


def _default(parameter: Parameter) -> Value | None:
    """Return what an absent parameter means, as a checked value."""
    if parameter.repeatable:
        return ()
    if parameter.type == "list":
        return tuple(str(parameter.default).split(",")) if parameter.default else ()
    return parameter.default


class _Wrong(Exception):
    """A value that its parameter cannot have."""

    def __init__(
        self,
        parameter: Parameter,
        says: str,
        *,
        code: str = "invalid-parameter",
        expected: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        self.code = code
        wanted = f"; expected: {expected}" if expected else ""
        self.fault = Fault(
            parameter.name, f"{parameter.name} {says}{wanted}.", expected=expected, suggestion=suggestion
        )


def _value(parameter: Parameter, raws: list[Any], *, body: bool) -> Value:
    """Return the value of a parameter that was sent one or more times."""
    if not parameter.repeatable:
        if parameter.type == "list" and not body:  # a client may send each of the names by itself
            raws = [",".join(raws)]
        if len(raws) > 1:
            raise _Wrong(parameter, f"is given {len(raws)} times", expected="once")
        return _READERS[parameter.type](parameter, raws[0], body)
    if body:
        raws = [one for raw in raws for one in (raw if isinstance(raw, list | tuple) else [raw])]
    if len(raws) > MAX_VALUES:
        raise _Wrong(parameter, f"has {len(raws)} values, and may have {MAX_VALUES}")
    values = {str(_READERS[parameter.type](parameter, raw, body)) for raw in raws}
    order: Callable[[str], Any] = parameter.choices.index if parameter.choices else str
    return tuple(sorted(values, key=order))


def _text(parameter: Parameter, raw: Any, body: bool) -> str:  # noqa: FBT001 - a reader's signature
    """Return a text within the length that its place allows."""
    if not isinstance(raw, str):
        raise _Wrong(parameter, f"is {_shown(raw)}", expected="a text")
    if "\0" in raw:
        raise _Wrong(parameter, "has a NUL character", expected="a text without it")
    most = parameter.length_in_body if body else parameter.length
    if len(raw) > most:
        place = "a body" if body else "a URL"
        raise _Wrong(
            parameter,
            f"has {len(raw):,} characters, and {most:,} is the limit in {place}",
            code=parameter.long,
        )
    if parameter.repeatable and not raw.removeprefix("-").strip():
        raise _Wrong(parameter, f"is {_shown(raw)}", expected="a value, or - and a value")
    return raw


def _choice(parameter: Parameter, raw: Any, body: bool) -> str:  # noqa: FBT001
    """Return one of the parameter's choices."""
    text = _text(parameter, raw, body)
    if text not in parameter.choices:
        together = [part for part in text.split(",") if part in parameter.choices]
        several = parameter.repeatable and len(together) > 1
        raise _Wrong(
            parameter,
            f"is {_shown(text)}",
            code=parameter.wrong,
            expected=", ".join(parameter.choices),
            suggestion="&".join(f"{parameter.name}={part}" for part in together)
            if several
            else _near(text, parameter.choices),
        )
    return text


def _integer(parameter: Parameter, raw: Any, body: bool) -> int:  # noqa: FBT001
    """Return a whole number within the limits, written in the digits 0 to 9."""
    expected = f"a whole number from {parameter.least} to {parameter.most}"
    if body:
        # JSON has one kind of number: 10.0 is as whole as 10.
        whole = type(raw) is int or (isinstance(raw, float) and raw.is_integer())
        number = int(raw) if whole else None
    else:
        number = int(raw) if re.fullmatch(r"-?[0-9]{1,9}", raw) else None
    if number is None or not parameter.least <= number <= parameter.most:
        raise _Wrong(parameter, f"is {_shown(raw)}", expected=expected)
    return number


def _boolean(parameter: Parameter, raw: Any, body: bool) -> bool:  # noqa: FBT001
    """Return true or false."""
    value = (raw if isinstance(raw, bool) else None) if body else {"true": True, "false": False}.get(raw)
    if value is None:
        raise _Wrong(parameter, f"is {_shown(raw)}", expected="true, false")
    return value


def _day(parameter: Parameter, raw: Any, body: bool) -> str:  # noqa: FBT001
    """Return an EDTF date or interval as it is written, or ``none``."""
    text = _text(parameter, raw, body).strip()
    try:
        _date(text)
    except ValueError as error:
        raise _Wrong(
            parameter,
            f"cannot be read: {str(error)[:200]}",
            expected="such as 2021-05, 2021-05-21/2021-06-01, ../2020 or none",
        ) from None
    return text


HALF_LIFE = r"[1-9][0-9]{0,4}[dwmy]"
"""How a half-life is written."""

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def _half_life(parameter: Parameter, raw: Any, body: bool) -> str:  # noqa: FBT001
    """Return a time as it is written: a number of days, weeks, months or years."""
    text = _text(parameter, raw, body)
    if not re.fullmatch(HALF_LIFE, text):
        raise _Wrong(parameter, f"is {_shown(text)}", expected="such as 30d, 6w, 3m or 1y")
    return text


def _list(parameter: Parameter, raw: Any, body: bool) -> tuple[str, ...]:  # noqa: FBT001
    """Return some of the parameter's choices, joined by commas or (in a body) in an array."""
    parts = list(raw) if body and isinstance(raw, list | tuple) else _text(parameter, raw, body).split(",")
    if len(parts) > MAX_NAMED:
        raise _Wrong(parameter, f"has {len(parts)} values, and may have {MAX_NAMED}")
    named = {_choice(parameter, part, body) for part in parts}
    return tuple(sorted(named, key=parameter.choices.index))


_READERS: dict[Type, Callable[[Parameter, Any, bool], Value]] = {
    "text": _text,
    "choice": _choice,
    "integer": _integer,
    "boolean": _boolean,
    "date": _day,
    "half-life": _half_life,
    "list": _list,
    "cursor": _text,
}


def _date(text: str | None) -> edtf.Interval | Literal["none"] | None:
    if text is None:
        return None
    return "none" if text == "none" else edtf.parse(text)


def _of_query(values: Mapping[str, Value], *, strict: bool, quotes: bool) -> list[tuple[str, Fault]]:
    """Return the faults of the query, for a request that is refused before it would be parsed."""
    try:
        parse(str(values.get("q", "")), strict=strict, max_length=LONGEST, quotes=quotes)
    except RequestError as error:
        return [(error.code, fault) for fault in error.faults]
    return []


def _unknown(name: str, parameters: Mapping[str, Parameter]) -> Fault:
    near = _ELSEWHERE.get(name) or _near(name, parameters)
    return Fault(
        name[:64],
        f"There is no parameter {_shown(name)} here.",
        expected=", ".join(parameters) or "no parameters",
        suggestion=near if near in parameters else None,
    )


def _near(text: str, names: Iterable[str]) -> str | None:
    """Return the name that a text was probably meant to be.

    >>> _near("facets", ["facet", "fields"])
    'facet'
    """
    return next(iter(difflib.get_close_matches(text.lower()[:32], list(names), n=1)), None)


def _shown(raw: Any) -> str:
    """Return a value as a message quotes it: at most some 60 characters of it."""
    text = repr(raw) if isinstance(raw, str | int | float | bool | None) else f"of type {type(raw).__name__}"
    return text if len(text) <= 60 else text[:56] + " …'"  # noqa: PLR2004


def _failure(found: list[tuple[str, Fault]]) -> Failure:
    """Return the failure that lists all faults, named after the first in the order of the table."""
    order = {parameter.name: number for number, parameter in enumerate(PARAMETERS)}
    found = sorted(found, key=lambda one: (order.get(one[1].parameter, -1), one[1].parameter))
    detail = found[0][1].detail if len(found) == 1 else f"{len(found)} faults: {found[0][1].detail}"
    return Failure(found[0][0], detail, tuple(found[:MAX_FAULTS]))
