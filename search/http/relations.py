"""Which operation an answer leads to, as OpenAPI describes it: one table of links.

A link takes the parameters of the operation behind it out of the answer, by runtime expressions; where
what an expression names is null or not there (an article without a story), there is no link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_BODY = "$response.body#/"


@dataclass(frozen=True, slots=True)
class Relation:
    """One row: from an operation to another one; ``parameters`` are pairs of a name and an expression."""

    operation: str
    name: str
    to: str
    parameters: tuple[tuple[str, str], ...]


def _inside(operation: str, name: str, to: str, parameter: str, pointer: str) -> Relation:
    """Return the row of a link by one value in the body of an answer."""
    return Relation(operation, name, to, ((parameter, _BODY + pointer),))


_RANKED = ("search", "search_by_body")
_SAID = ("quotes", "quotes_by_body")
_WRITES = ("add_articles", "put_article", "delete_article")

RELATIONS: tuple[Relation, ...] = (
    *(_inside(one, "next", "search", "cursor", "next") for one in _RANKED),
    *(_inside(one, "article", "article", "id", "hits/0/id") for one in (*_RANKED, "similar")),
    *(_inside(one, "similar", "similar", "id", "hits/0/id") for one in _RANKED),
    *(_inside(one, "cluster", "cluster", "id", "hits/0/cluster/id") for one in (*_RANKED, "similar")),
    *(_inside(one, "next", "quotes", "cursor", "next") for one in _SAID),
    *(_inside(one, "article", "article", "id", "hits/0/article/id") for one in _SAID),
    *(_inside(one, "speaker", "speaker", "name", "hits/0/speaker") for one in _SAID),
    _inside("speakers", "next", "speakers", "cursor", "next"),
    _inside("speakers", "speaker", "speaker", "name", "speakers/0/id"),
    _inside("speaker", "quotes", "quotes", "speaker", "name"),
    _inside("speaker", "articles", "search", "speaker", "name"),
    _inside("article", "similar", "similar", "id", "id"),
    _inside("article", "cluster", "cluster", "id", "cluster/id"),
    _inside("article", "speaker", "speaker", "name", "speakers/0"),
    Relation(
        "article",
        "delete",
        "delete_article",
        (("path.id", _BODY + "id"), ("header.If-Match", "$response.header.ETag")),
    ),
    Relation(
        "similar",
        "next",
        "similar",
        (("path.id", "$request.path.id"), ("query.cursor", _BODY + "next")),
    ),
    _inside("cluster", "article", "article", "id", "members/0/id"),
    _inside("cluster", "quotes", "quotes", "cluster", "id"),
    Relation(
        "facet_values",
        "next",
        "facet_values",
        (("path.field", "$request.path.field"), ("query.cursor", _BODY + "next")),
    ),
    _inside("suggest", "search", "search", "q", "corrections/0/text"),
    *(_inside(one, "job", "job", "id", "id") for one in _WRITES),
    *(_inside(one, "article", "article", "id", "items/0/id") for one in (*_WRITES, "job")),
    _inside("problems", "problem", "problem", "code", "problems/0/code"),
)


def links(operation: str) -> dict[str, Any]:
    """Return the links of an operation's answers, under their key; nothing where there are none.

    >>> links("suggest")["links"]
    {'search': {'operationId': 'search', 'parameters': {'q': '$response.body#/corrections/0/text'}}}
    """
    there = {
        each.name: {"operationId": each.to, "parameters": dict(each.parameters)}
        for each in RELATIONS
        if each.operation == operation
    }
    return {"links": there} if there else {}
