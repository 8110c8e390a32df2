"""How what was sent becomes a checked request, by the table of parameters.

A request is refused with all of its faults at once, and never answered as if a part of it had not been there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from search.errors import BadCursor, Fault, RequestError
from search.http import readers
from search.http.parameters import (
    ELSEWHERE,
    FILTERS,
    PARAMETERS,
    PEOPLE,
    QUOTES,
    SEARCH,
    SUGGEST,
    VALUES,
    known,
)
from search.http.problems import Failure, Refused
from search.plan import LONGEST
from search.request import After, Request
from search.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from search.http.parameters import Parameter, Value

MAX_FAULTS = 50
"""Faults listed in one answer: more of them are a program's, and its author reads the first."""


_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
"""Days of a unit of a half-life."""


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


def check(
    endpoint: str,
    sent: Iterable[tuple[str, Any]],
    faults: Iterable[Fault] = (),
    *,
    body: bool = False,
    cursor: Callable[[str], object] | None = None,
) -> dict[str, Value]:
    """Return the values that were sent, in the order of the table; raise Refused with all faults.

    ``sent`` are texts, or JSON values where they come from a ``body``; ``faults`` were found
    before.  ``cursor`` reads a cursor, and is asked where other faults are found already.

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
            values[name] = readers.value(parameters[name], given[name], body=body)
        except readers.Wrong as error:
            found.append((error.code, error.fault))
    if found:
        if cursor and "cursor" in values:
            try:
                cursor(str(values["cursor"]))
            except BadCursor as error:
                found += [(error.code, fault) for fault in error.faults]
        raise refusal(found, values, endpoint)
    return {name: values[name] for name in parameters if name in values}


def refusal(found: Iterable[tuple[str, Fault]], values: Mapping[str, Value], endpoint: str) -> Refused:
    """Return the refusal for these faults, and for those of the query that came with them."""
    strict = endpoint != SUGGEST and values.get("syntax") != "simple"
    return Refused(_failure([*found, *_of_query(values, strict=strict, quotes=endpoint == QUOTES)]))


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
        date=readers.date(full["date"]),
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


def _of_query(values: Mapping[str, Value], *, strict: bool, quotes: bool) -> list[tuple[str, Fault]]:
    """Return the faults of the query, for a request that is refused before it would be parsed."""
    try:
        parse(str(values.get("q", "")), strict=strict, max_length=LONGEST, quotes=quotes)
    except RequestError as error:
        return [(error.code, fault) for fault in error.faults]
    return []


def _unknown(name: str, parameters: Mapping[str, Parameter]) -> Fault:
    near = ELSEWHERE.get(name.lower()) or readers.near(name, parameters)
    return Fault(
        name[:64],
        f"There is no parameter {readers.shown(name)} here.",
        expected=", ".join(parameters) or "no parameters",
        suggestion=near if near in parameters else None,
    )


def _failure(found: list[tuple[str, Fault]]) -> Failure:
    """Return the failure that lists all faults, named after the first in the order of the table."""
    order = {parameter.name: number for number, parameter in enumerate(PARAMETERS)}
    found = sorted(found, key=lambda one: (order.get(one[1].parameter, -1), one[1].parameter))
    detail = found[0][1].detail if len(found) == 1 else f"{len(found)} faults: {found[0][1].detail}"
    return Failure(found[0][0], detail, tuple(found[:MAX_FAULTS]))
