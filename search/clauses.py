"""From the parsed tree to ``whoosh.query`` nodes: what each clause means, and which values make no sense.

A field stands before its value, and the words of a group inherit it, so the tree is read from the top.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from whoosh import query

from index import edtf
from index.schema import BY_NAME
from search.mend import FIELDS, MAX_WORD, Edit, TooComplex, Wrong, deleted, field_name, span, unknown_field
from search.nodes import TEXT, Adjacent, DateRange, Exact, Has

if TYPE_CHECKING:
    from collections.abc import Callable

    from lark import Token, Tree

HAS = tuple(name for name in ("date", "speaker", "outlet", "title", "language", "quotes") if name in BY_NAME)
"""Fields that an article may be without."""

MAX_DEPTH = 20
MAX_BOOST = 1000
MAX_SLOP = 100
MAX_DISTANCE = 2
MIN_LITERALS = 2
"""Characters before the first wildcard."""

_ESCAPE = re.compile(r"\\([\s\S])")
_WORDS = re.compile(r"(?:\\[\s\S]|[^\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\\])+")
_NUMBER = re.compile(r"\^([0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)")
_RANGE = re.compile(r"\[\s*(\S+)\s+TO\s+(\S+?)\s*\]")

# How people write dates, and how it is written here.
_HABITS = (
    (re.compile(r"(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})"), "{y}-{m:0>2}-{d:0>2}"),
    (re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"), "{y}-{m}-{d}"),
    (re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"), "{y}-{m:0>2}-{d:0>2}"),
    (re.compile(r"(?P<y>\d{4})[-./](?P<m>\d{1,2})"), "{y}-{m:0>2}"),
    (re.compile(r">=(?P<a>[\dX-]+)"), "[{a} TO *]"),
    (re.compile(r"<=(?P<a>[\dX-]+)"), "[* TO {a}]"),
    (re.compile(r"(?P<a>[\dX-]+)\.\.+(?P<b>[\dX-]+)"), "[{a} TO {b}]"),
)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a clause stands: under which field, and where its text begins if the field is right before it."""

    text: str
    field: str = TEXT
    start: int | None = None


def build(tree: Tree[Any], text: str) -> query.Query:
    """Return the query of a parsed text; raise ``Wrong`` at a value that makes no sense."""
    if not tree.children:
        return _placed(query.Every(), 0, 0)
    root = _built(tree.children[0], _Scope(text))
    depth = _depth(root) - (isinstance(root, query.CompoundQuery) and root.boost == 1)
    if depth > MAX_DEPTH:
        raise TooComplex(f"Clauses are nested {depth} deep", MAX_DEPTH, (root.startchar, root.endchar))
    return root


def unescaped(text: str) -> str:
    r"""Return what is meant by a word with backslashes.

    >>> unescaped(r"12\:30")
    '12:30'
    """
    return _ESCAPE.sub(r"\1", text) if "\\" in text else str(text)


def _built(tree: Tree[Any], scope: _Scope) -> query.Query:
    return _MAKERS[tree.data](tree.children, scope)


def _depth(node: query.Query) -> int:
    """Return how many groups and exclusions lie around the innermost clause."""
    if isinstance(node, query.Not):
        return 1 + _depth(node.query)
    if isinstance(node, query.CompoundQuery):
        return 1 + max(map(_depth, node.subqueries))
    return 0


def _placed(node: query.Query, start: int, end: int) -> query.Query:
    node.startchar, node.endchar = start, end
    return node


def _compound(kind: type[query.CompoundQuery]) -> Callable[[list[Any], _Scope], query.Query]:
    """Return the maker of clauses joined by one operator."""

    def make(children: list[Any], scope: _Scope) -> query.Query:
        inner = replace(scope, start=None)
        parts = [_built(child, inner) for child in children]
        return _placed(kind(parts), parts[0].startchar, parts[-1].endchar)

    return make


def _exclusion(children: list[Any], scope: _Scope) -> query.Query:
    sign, clause = children
    inner = _built(clause, scope)
    return _placed(query.Not(inner), span(sign)[0], inner.endchar)


def _group(children: list[Any], scope: _Scope) -> query.Query:
    opening, inside, closing = children
    inner = _built(inside, replace(scope, start=None))
    start, end = span(opening, closing)
    return _placed(inner, start if scope.start is None else scope.start, end)


def _boost(children: list[Any], scope: _Scope) -> query.Query:
    clause, token = children
    inner = _built(clause, scope)
    found = _NUMBER.fullmatch(token)
    factor = float(found[1]) if found else 0.0
    if not 0 < factor * inner.boost <= MAX_BOOST or not 0 < factor <= MAX_BOOST:
        detail = f"A boost is a number above 0, {MAX_BOOST} at most."
        raise Wrong(detail, span(token), deleted(span(token)), expected="^2")
    if not isinstance(inner, query.Not):  # what is excluded has no weight
        inner.boost *= factor
    return _placed(inner, inner.startchar, span(token)[1])


def _within(children: list[Any], scope: _Scope) -> query.Query:
    field, value = children
    name = field_name(field)
    if name not in FIELDS:
        raise unknown_field(field, scope.text)
    return _built(value, replace(scope, field=name, start=span(field)[0]))


def _exact(children: list[Any], scope: _Scope) -> query.Query:
    field, value = children
    name = field_name(field)
    if name not in FIELDS:
        raise unknown_field(field, scope.text)
    if name not in BY_NAME or BY_NAME[name].type != "value":
        equals = span(field)[1] - 1
        raise Wrong(
            f"{name}:= has no meaning: only names are compared whole.",
            span(field),
            deleted((equals, equals + 1)),
        )
    text = unescaped(value[1:-1]).strip() if value.type == "PHRASE" else unescaped(value)
    if not text:
        raise Wrong("Empty phrase.", span(value), deleted(span(value)), expected="a name")
    return _placed(Exact(name, text), *span(field, value))


def _value(
    make: Callable[[list[Any], _Scope], query.Query],
) -> Callable[[list[Any], _Scope], query.Query]:
    """Return the maker of a clause without further clauses in it, for any field."""

    def made(children: list[Any], scope: _Scope) -> query.Query:
        node = _OWN_VALUES.get(scope.field, make)(children, scope)
        start, end = span(children[0], children[-1])
        return _placed(node, start if scope.start is None else scope.start, end)

    return made


def _word(children: list[Any], scope: _Scope) -> query.Query:
    (word,) = children
    return query.Term(scope.field, _bounded(word, span(word)[0]))


def _fuzzy(children: list[Any], scope: _Scope) -> query.Query:
    word, distance = children
    if distance not in {"~", "~1", "~2"}:
        edit = (
            Edit(*span(distance), f"~{MAX_DISTANCE}")
            if distance[1:].isdecimal() and distance[1:] != "0"
            else deleted(span(distance))
        )
        raise Wrong(
            f"A word is searched with 1 or {MAX_DISTANCE} letters changed.",
            span(distance),
            edit,
            expected="~1 or ~2",
        )
    return query.FuzzyTerm(scope.field, _bounded(word, span(word)[0]), maxdist=int(distance[1:] or 1))


def _wildcard(children: list[Any], scope: _Scope) -> query.Query:
    (word,) = children
    place, literals = span(word), re.sub(r"[*?]+", "", _ESCAPE.sub("", word))
    plain = Edit(*place, literals) if re.search(r"\w", literals) else deleted(place)
    if re.search(r"\\[*?\[\]]", word):
        raise Wrong("A word with wildcards has no special characters beside them.", place, plain)
    pattern = re.sub(r"\*+", "*", _bounded(word, place[0]))
    stem = re.split(r"[*?]", pattern, maxsplit=1)[0]
    if len(stem) < MIN_LITERALS:
        raise Wrong(
            f"A wildcard needs {MIN_LITERALS} characters before it.",
            place,
            plain,
            expected=f"at least {MIN_LITERALS} characters before * or ?",
        )
    return query.Prefix(scope.field, stem) if pattern == f"{stem}*" else query.Wildcard(scope.field, pattern)


def _everything(children: list[Any], scope: _Scope) -> query.Query:
    if scope.field == TEXT:
        return query.Every()
    if scope.field in HAS:
        return Has(scope.field)
    detail = f"{scope.field}:* has no meaning: * alone finds all articles."
    raise Wrong(detail, span(children[0]), _instead("*", children, scope), expected=_VALUE)


def _phrase(children: list[Any], scope: _Scope) -> query.Query:
    phrase, *slop = children
    start, end = span(phrase)
    words = [_bounded(found[0], start + 1 + found.start()) for found in _WORDS.finditer(phrase[1:-1])]
    if not words:
        raise Wrong("Empty phrase.", (start, end), deleted((start, end)), expected=_VALUE)
    gap = _gap(slop[0]) if slop else 0
    return query.Phrase(scope.field, words, slop=gap + 1)


def _gap(slop: Token) -> int:
    """Return how many other words may stand between neighbours of a phrase."""
    if re.fullmatch(r"~[0-9]{1,3}", slop) and int(slop[1:]) <= MAX_SLOP:
        return int(slop[1:])
    edit = Edit(*span(slop), f"~{MAX_SLOP}") if re.fullmatch(r"~[0-9]+", slop) else deleted(span(slop))
    raise Wrong(
        f"A phrase is loosened by a number of words, {MAX_SLOP} at most.", span(slop), edit, expected="~5"
    )


def _misplaced_range(children: list[Any], _: _Scope) -> query.Query:
    (token,) = children
    found = _RANGE.fullmatch(token)
    assert found is not None
    words = " ".join(bound for bound in found.groups() if bound != "*")
    edit = Edit(*span(token), f"({words})") if words else deleted(span(token))
    raise Wrong("Only dates have ranges, as in date:[2021 TO 2022-03].", span(token), edit, expected="date:")


def _has(children: list[Any], scope: _Scope) -> query.Query:
    raw = _raw(children)
    if raw in HAS:
        return Has(raw)
    near = difflib.get_close_matches(raw, HAS, n=1)
    place = span(children[0], children[-1])
    edit = Edit(*place, near[0]) if near else _instead(children[0], children, scope)
    raise Wrong(f"has: takes one of {', '.join(HAS)}.", place, edit, expected=", ".join(HAS))


def _date(children: list[Any], scope: _Scope) -> query.Query:
    raw = _raw(children)
    if raw in _FOR_ANY_DATE:
        return Has("date")
    if children[0].type == "RANGE":
        return _date_range(children, scope)
    try:
        edtf.parse(raw)
    except ValueError as error:
        detail = f"{error}.".replace("..", ".")
        raise Wrong(
            detail, span(children[0], children[-1]), _meant(raw, children, scope), expected=_DATE
        ) from None
    start, _, end = raw.partition("/")
    return DateRange("date", _bound(start), _bound(end) if "/" in raw else start)


def _date_range(children: list[Any], scope: _Scope) -> query.Query:
    (token,) = children
    found = _RANGE.fullmatch(token)
    assert found is not None
    start, end = span(token)
    bounds: list[edtf.Interval | None] = []
    for group in (1, 2):
        try:
            bounds.append(None if found[group] == "*" else _day(found[group]))
        except ValueError as error:
            place = (start + found.start(group), start + found.end(group))
            better = _habit(found[group])
            edit = Edit(*place, better) if better and "[" not in better else _instead("*", children, scope)
            raise Wrong(f"{error}.", place, edit, expected=_DATE) from None
    first, last = bounds
    if first and last and last.end < first.start:
        turned = Edit(start, end, f"[{found[2]} TO {found[1]}]")
        raise Wrong(f"{token} ends before it begins.", (start, end), turned, expected="[start TO end]")
    return DateRange("date", _bound(found[1]), _bound(found[2]))


def _day(text: str) -> edtf.Interval:
    if "/" in text:
        raise ValueError(f"{text!r} is an interval, not a date such as 2021, 2021-05 or 2021-05-24")
    return edtf.parse(text)


def _bound(text: str) -> str | None:
    return None if text in {"", "..", "*"} else text


def _meant(raw: str, children: list[Any], scope: _Scope) -> Edit:
    """Return the edit that makes something of what is no date."""
    place = span(children[0], children[-1])
    if raw == "none":
        return _instead("-has:date", children, scope)
    better = _habit(raw)
    return Edit(*place, better) if better else _instead(children[0], children, scope)


def _habit(raw: str) -> str | None:
    """Return the date or range that ``raw`` means as people write dates, or None.

    >>> _habit("24.5.2021"), _habit(">=2021")
    ('2021-05-24', '[2021 TO *]')
    """
    for pattern, form in _HABITS:
        found = pattern.fullmatch(raw)
        better = form.format(**found.groupdict()) if found else raw
        if better != raw:
            return better
    return None


def _raw(children: list[Any]) -> str:
    """Return a value as written, without quotation marks."""
    return (
        children[0][1:-1].strip()
        if children[0].type == "PHRASE" and len(children) == 1
        else "".join(children)
    )


def _instead(text: str, children: list[Any], scope: _Scope) -> Edit:
    """Return the edit that puts ``text`` in the place of a value and the field right before it."""
    start, end = span(children[0], children[-1])
    return deleted((start, end)) if scope.start is None else Edit(scope.start, end, text)


def _bounded(word: str, start: int) -> str:
    """Return a word unescaped; raise ``TooComplex`` where it is too long."""
    text = unescaped(word)
    if len(text) > MAX_WORD:
        kept = word[:MAX_WORD]
        kept = kept[: len(kept) - (len(kept) - len(kept.rstrip("\\"))) % 2]
        edit = Edit(start, start + len(word), kept)
        raise TooComplex(f"A word has {len(text)} characters", MAX_WORD, (start, start + len(word)), edit)
    return text


_VALUE = "a word or phrase"
_DATE = "a date such as 2021, 2021-05 or 2021-05-24"
_FOR_ANY_DATE = frozenset({"*", "../..", "[* TO *]"})

_OWN_VALUES: dict[str, Callable[[list[Any], _Scope], query.Query]] = {"date": _date, "has": _has}
"""Fields whose values are no words."""

_MAKERS: dict[str, Callable[[list[Any], _Scope], query.Query]] = {
    "alternatives": _compound(query.Or),
    "adjacent": _compound(Adjacent),
    "conjunction": _compound(query.And),
    "exclusion": _exclusion,
    "boost": _boost,
    "within": _within,
    "exact": _exact,
    "group": _group,
    "word": _value(_word),
    "fuzzy": _value(_fuzzy),
    "wildcard": _value(_wildcard),
    "everything": _value(_everything),
    "phrase": _value(_phrase),
    "range": _value(_misplaced_range),
}
"""What each rule of the grammar becomes."""
