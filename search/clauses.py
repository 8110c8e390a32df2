"""From the parsed tree to ``whoosh.query`` nodes, each with its place in the text.

A field stands before its value and the words of a group inherit it, so the tree is read from the top.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from whoosh import query

from index.schema import BY_NAME
from search import values
from search.faults import field_name, misplaced_by, not_of_quotes, unknown_field
from search.mend import FIELDS, OF_QUOTES, SAID, Scope, TooComplex, Wrong, deleted, span
from search.nodes import TEXT, Adjacent
from search.said import Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from lark import Token, Tree

MAX_DEPTH = 20
"""Groups and exclusions around a clause."""

MAX_BOOST = 1000

_NUMBER = re.compile(r"\^([0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)")


def build(tree: Tree[Any], text: str, *, quotes: bool = False) -> query.Query:
    """Return the query of a parsed text; raise ``Wrong`` at a value that makes no sense.

    ``quotes`` says that it asks for quotes: it stands as if inside ``said:``.
    """
    if not tree.children:
        return _placed(query.Every(), 0, len(text))
    root = _built(tree.children[0], Scope(text, quotes=quotes))
    depth = _depth(root) - _bare(root)
    if depth > MAX_DEPTH:
        raise TooComplex(f"Clauses are nested {depth} deep", MAX_DEPTH, (root.startchar, root.endchar))
    return root


def _built(tree: Tree[Any], scope: Scope) -> query.Query:
    return _MAKERS[tree.data](tree.children, scope)


def _depth(node: query.Query) -> int:
    """Return how many groups and exclusions lie around the innermost clause."""
    if isinstance(node, query.Not):
        return 1 + _depth(node.query)
    if isinstance(node, query.CompoundQuery):
        return 1 + max(map(_depth, node.subqueries))
    if isinstance(node, Said):  # whose value stands in parentheses, which are its own
        return 1 + max(_depth(each) - _bare(each) for each in node.children())
    return 0


def _bare(node: query.Query) -> bool:
    """Whether a node is a group that needs no parentheses of its own where it stands alone."""
    return isinstance(node, query.CompoundQuery) and node.boost == 1


def _placed(node: query.Query, start: int, end: int) -> query.Query:
    node.startchar, node.endchar = start, end
    return node


def _compound(kind: type[query.CompoundQuery]) -> Callable[[list[Any], Scope], query.Query]:
    """Return the maker of clauses joined by one operator."""

    def make(children: list[Any], scope: Scope) -> query.Query:
        parts = [_built(child, scope) for child in children]
        return _placed(kind(parts), parts[0].startchar, parts[-1].endchar)

    return make


def _exclusion(children: list[Any], scope: Scope) -> query.Query:
    sign, clause = children
    inner = _built(clause, scope)
    return _placed(query.Not(inner), span(sign)[0], inner.endchar)


def _group(children: list[Any], scope: Scope) -> query.Query:
    opening, inside, closing = children
    inner = _built(inside, replace(scope, start=None))
    start, end = span(opening, closing)
    return _placed(inner, start if scope.start is None else scope.start, end)


def _boost(children: list[Any], scope: Scope) -> query.Query:
    clause, token = children
    inner = _built(clause, scope)
    found = _NUMBER.fullmatch(token)
    factor = float(found[1]) if found else 0.0
    if not 0 < factor <= MAX_BOOST or not 0 < factor * inner.boost <= MAX_BOOST:
        detail = f"A boost is a number above 0, {MAX_BOOST} at most."
        raise Wrong(detail, span(token), deleted(span(token)), expected="^2")
    if not isinstance(inner, query.Not):  # what is excluded has no weight
        inner.boost *= factor
    return _placed(inner, inner.startchar, span(token)[1])


def _within(children: list[Any], scope: Scope) -> query.Query:
    field, value, *by = children
    name = field_name(field)
    if name not in FIELDS:
        raise unknown_field(field, scope.text)
    if by and name != SAID:
        raise misplaced_by(by[0])
    if scope.quotes and name not in OF_QUOTES:
        raise not_of_quotes(field, (span(field)[0], _end((by or children)[-1])), scope)
    start = span(field)[0]
    if name == SAID:
        return _said(start, value, by, scope)
    return _built(value, replace(scope, field=name, start=start))


def _said(start: int, value: Tree[Any], by: list[Any], scope: Scope) -> query.Query:
    inside = replace(scope, field=TEXT, start=None, quotes=True)
    words = _built(value, inside)
    speaker = _built(by[1], replace(inside, field="speaker", start=span(by[0])[0])) if by else None
    return _placed(Said(words, speaker), start, (speaker or words).endchar)


def _end(tree: Tree[Any]) -> int:
    """Return where a clause ends."""
    tokens: list[Token] = list(tree.scan_values(lambda _: True))
    return max(span(token)[1] for token in tokens)


def _exact(children: list[Any], scope: Scope) -> query.Query:
    field, value = children
    name = field_name(field)
    if name not in FIELDS:
        raise unknown_field(field, scope.text)
    if scope.quotes and name not in OF_QUOTES:
        raise not_of_quotes(field, span(field, value), scope)
    start, end = span(field)
    if name not in BY_NAME or BY_NAME[name].type != "value":
        detail = f"{name}:= has no meaning: only names are compared whole."
        raise Wrong(detail, (start, end), deleted((end - 1, end)), expected=f"{name}:")
    return _placed(values.name(children, replace(scope, field=name, start=start)), *span(field, value))


def _value(make: Callable[[list[Any], Scope], query.Query]) -> Callable[[list[Any], Scope], query.Query]:
    """Return the maker of a clause without further clauses in it, for any field."""

    def made(children: list[Any], scope: Scope) -> query.Query:
        own = values.BY_FIELD.get(scope.field)
        node = own(children, scope) if own else make(children, scope)
        start, end = span(children[0], children[-1])
        return _placed(node, start if scope.start is None else scope.start, end)

    return made


_MAKERS: dict[str, Callable[[list[Any], Scope], query.Query]] = {
    "alternatives": _compound(query.Or),
    "adjacent": _compound(Adjacent),
    "conjunction": _compound(query.And),
    "exclusion": _exclusion,
    "boost": _boost,
    "within": _within,
    "exact": _exact,
    "group": _group,
    "word": _value(values.word),
    "fuzzy": _value(values.fuzzy),
    "wildcard": _value(values.wildcard),
    "everything": _value(values.everything),
    "phrase": _value(values.phrase),
    "range": _value(values.misplaced_range),
}
"""What each rule of the grammar becomes."""
