"""A query tree as canonical text: every nested group in parentheses, every operator written out.

What is rendered parses to the same tree again; an article query is answered with it as ``parsed``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from whoosh import query

from search.mend import OPERATORS
from search.nodes import TEXT, Adjacent, AtLeast, DateRange, Exact, Has, Story
from search.said import Said

if TYPE_CHECKING:
    from collections.abc import Callable

_SPECIAL = re.compile(r"""[\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"“”„‟«»()\[\]{}^~*?:\\]|\A[-+!=]""")


def render(tree: query.Query) -> str:
    """Return the text of a tree as the parser leaves it.

    >>> render(query.Or([query.Term("text", "truce"), query.Not(Has("date"))]))
    'truce OR NOT has:date'
    """
    return _text(tree) if tree.boost == 1 else _boosted(tree)


def _boosted(tree: query.Query) -> str:
    """Return the text of a tree inside another one."""
    text = _text(tree)
    if isinstance(tree, query.CompoundQuery):
        text = f"({text})"
    if tree.boost == 1 or isinstance(tree, query.Not):
        return text
    return f"{text}^{tree.boost:g}" if float(f"{tree.boost:g}") == tree.boost else f"{text}^{tree.boost!r}"


def _text(tree: query.Query) -> str:
    return _TEXTS[type(tree)](tree)


def _escaped(word: str) -> str:
    if word in OPERATORS:
        return f"\\{word}"
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", word)


def _pattern(word: str) -> str:
    """Return the text of a pattern, whose wildcards keep their meaning."""
    return re.sub(r"\\([*?])", r"\1", _escaped(word))


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _named(field: str | None) -> str:
    return "" if field == TEXT else f"{field}:"


def _joined(joint: str) -> Callable[[query.CompoundQuery], str]:
    return lambda tree: joint.join(map(_boosted, tree.subqueries))


def _phrase(tree: query.Phrase) -> str:
    words = (
        '"'
        + " ".join(
            re.sub(r'["\\\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]', r"\\\g<0>", word)
            for word in tree.words
        )
        + '"'
    )
    return _named(tree.fieldname) + words + (f"~{tree.slop - 1}" if tree.slop > 1 else "")


def _dates(tree: DateRange) -> str:
    if tree.start == tree.end:
        return f"date:{tree.start}"
    return f"date:[{tree.start or '*'} TO {tree.end or '*'}]"


def _said(tree: Said) -> str:
    words = f"said:({render(tree.tree)})"
    if tree.by is None:
        return words
    name = render(tree.by)
    plain = type(tree.by) in {query.Term, query.Phrase} and tree.by.boost == 1
    return f"{words} BY:{name.removeprefix('speaker:') if plain else f'({name})'}"


_TEXTS: dict[type[query.Query], Callable[[query.Query], str]] = {
    query.Every: lambda _: "*",
    query.Term: lambda tree: _named(tree.fieldname) + _escaped(tree.text),
    query.Prefix: lambda tree: _named(tree.fieldname) + _escaped(tree.text) + "*",
    query.Wildcard: lambda tree: _named(tree.fieldname) + _pattern(tree.text),
    query.FuzzyTerm: lambda tree: (
        _named(tree.fieldname) + _escaped(tree.text) + ("~2" if tree.maxdist > 1 else "~")
    ),
    query.Phrase: _phrase,
    Exact: lambda tree: f"{tree.fieldname}:={_quoted(tree.text)}",
    Has: lambda tree: f"has:{tree.text}",
    DateRange: _dates,
    Story: lambda tree: f"cluster:{_escaped(tree.text)}",
    Said: _said,
    query.Not: lambda tree: f"NOT {_boosted(tree.query)}",
    query.And: _joined(" AND "),
    query.Or: _joined(" OR "),
    Adjacent: _joined(" "),
    AtLeast: _joined(" "),
}
"""How each node is written."""
