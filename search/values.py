"""What a clause without further clauses in it means: a word, a wildcard, a phrase, a name, a date.

Words stay as typed, without the backslashes; which values make no sense is decided here.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from whoosh import query

from index.analysis import analyze_pattern
from index.schema import BY_NAME
from search import daterange
from search.mend import (
    BLANK,
    MAX_WORD,
    OPERATORS,
    Edit,
    Scope,
    TooComplex,
    Wrong,
    instead,
    raw_value,
    span,
    without,
)
from search.nodes import TEXT, Exact, Has, Story

if TYPE_CHECKING:
    from collections.abc import Callable

    from lark import Token

HAS = tuple(name for name in ("date", "speaker", "outlet", "title", "language", "quotes") if name in BY_NAME)
"""Fields that an article may be without."""

MAX_SLOP = 100
MAX_DISTANCE = 2
MIN_LITERALS = 2
"""Letters and digits before the first wildcard: with one, a twentieth of all words would be looked at."""

_ESCAPED = re.compile(r"\\([\s\S])")
_WORDS = re.compile(rf"(?:\\[\s\S]|[^{BLANK}\\])+")
_SOME_VALUE = "a word or phrase"


def unescaped(text: str) -> str:
    r"""Return what is meant by a text with backslashes.

    >>> unescaped(r"12\:30")
    '12:30'
    """
    return _ESCAPED.sub(r"\1", text) if "\\" in text else str(text)


def word(children: list[Token], scope: Scope) -> query.Query:
    """Return the term of a word as typed."""
    return query.Term(scope.field, _bounded(children[0], span(children[0])[0]))


def fuzzy(children: list[Token], scope: Scope) -> query.Query:
    """Return what finds a word with one or two letters changed."""
    token, distance = children
    if distance not in {"~", "~1", "~2"}:
        large = distance[1:].isdecimal() and distance != "~0"
        edit = Edit(*span(distance), f"~{MAX_DISTANCE}" if large else "")
        detail = f"A word is searched with 1 or {MAX_DISTANCE} letters changed."
        raise Wrong(detail, span(distance), edit, expected="~1 or ~2")
    return query.FuzzyTerm(scope.field, _bounded(token, span(token)[0]), maxdist=int(distance[1:] or 1))


def wildcard(children: list[Token], scope: Scope) -> query.Query:
    """Return the prefix or pattern that a word with ``*`` or ``?`` is."""
    (token,) = children
    place = span(token)
    # The signs at its beginning would mean something before a word.
    literals = re.sub(r"[*?]+", "", _ESCAPED.sub("", token)).lstrip("-+!")
    literals = literals.lower() if literals in OPERATORS else literals
    plain = Edit(*place, literals) if re.search(r"\w", literals) else without(place, scope)
    if re.search(r"\\[*?\[\]]", token):
        raise Wrong("A word with wildcards has no special characters beside them.", place, plain)
    pattern = re.sub(r"\*+", "*", _bounded(token, place[0]))
    stem = re.split(r"[*?]", pattern, maxsplit=1)[0]
    if len(analyze_pattern(stem)) < MIN_LITERALS:
        unknown = token.count("?")
        near = "*" not in token and unknown <= MAX_DISTANCE and len(literals) > MIN_LITERALS
        edit = Edit(*place, f"{literals}~{unknown}") if near and plain.text else plain
        detail = f"A wildcard needs {MIN_LITERALS} characters before it."
        expected = f"at least {MIN_LITERALS} letters or digits before * or ?"
        raise Wrong(detail, place, edit, plain=plain, expected=expected)
    return query.Prefix(scope.field, stem) if pattern == f"{stem}*" else query.Wildcard(scope.field, pattern)


def everything(children: list[Token], scope: Scope) -> query.Query:
    """Return what finds all articles, or those that have a value in the field."""
    if scope.field == TEXT:
        return query.Every()
    if scope.field in HAS:
        return Has(scope.field)
    detail = f"{scope.field}:* has no meaning: * alone finds all articles."
    place = span(children[0])
    raise Wrong(detail, place, instead("*", place, scope), expected=_SOME_VALUE)


def phrase(children: list[Token], scope: Scope) -> query.Query:
    """Return the phrase of words as typed, with Whoosh's slop: 1 where they stand side by side."""
    token, *slop = children
    start, end = span(token)
    words = [_bounded(found[0], start + 1 + found.start()) for found in _WORDS.finditer(token[1:-1])]
    if not words:
        raise Wrong("Empty phrase.", (start, end), without((start, end), scope), expected=_SOME_VALUE)
    return query.Phrase(scope.field, words, slop=1 + (_gap(slop[0]) if slop else 0))


def name(children: list[Token], scope: Scope) -> query.Query:
    """Return what finds one spelling of a name alone."""
    value = children[-1]
    text = unescaped(value[1:-1] if value.type == "PHRASE" else value).strip()
    if not text:
        raise Wrong("Empty phrase.", span(value), without(span(value), scope), expected="a name")
    return Exact(scope.field, text)


def misplaced_range(children: list[Token], scope: Scope) -> query.Query:
    """Raise the fault of a range in a field that has none; its bounds become words."""
    words = " ".join(bound for bound in daterange.bounds(children[0]) if bound != "*")
    place = span(children[0])
    edit = Edit(*place, f"({words})") if words else without(place, scope)
    raise Wrong("Only dates have ranges, as in date:[2021 TO 2022-03].", place, edit, expected="date:")


def has(children: list[Token], scope: Scope) -> query.Query:
    """Return what finds articles with a value in the field that is named as the value."""
    raw = raw_value(children)
    if raw in HAS:
        return Has(raw)
    near = difflib.get_close_matches(raw.lower(), HAS, n=1)
    place = span(children[0], children[-1])
    edit = Edit(*place, near[0]) if near else instead(children[0], place, scope)
    raise Wrong(f"has: takes one of {', '.join(HAS)}.", place, edit, expected=", ".join(HAS))


def story(children: list[Token], scope: Scope) -> query.Query:
    """Return what finds the articles of a story."""
    raw = raw_value(children)
    if not raw:
        raise Wrong("Empty phrase.", span(children[0]), without(span(children[0]), scope), expected="an id")
    return Story(raw)


BY_FIELD: dict[str, Callable[[list[Token], Scope], query.Query]] = {
    "date": daterange.asked,
    "has": has,
    "cluster": story,
}
"""Fields whose values are no words."""


def _gap(slop: Token) -> int:
    """Return how many other words may stand between neighbours of a phrase."""
    digits = re.fullmatch(r"~0*([0-9]+)", slop)
    if digits and len(digits[1]) <= len(str(MAX_SLOP)) and int(digits[1]) <= MAX_SLOP:
        return int(digits[1])
    edit = Edit(*span(slop), f"~{MAX_SLOP}" if digits else "")
    detail = f"A phrase is loosened by a number of words, {MAX_SLOP} at most."
    raise Wrong(detail, span(slop), edit, expected="~5")


def _bounded(token: str, start: int) -> str:
    """Return a word without its backslashes; raise ``TooComplex`` where it is too long."""
    text = unescaped(token)
    if len(text) > MAX_WORD:
        kept = re.sub(r"(?<!\\)((?:\\\\)*)\\\Z", r"\1", token[:MAX_WORD])  # no backslash is left half
        place = (start, start + len(token))
        raise TooComplex(f"A word has {len(text)} characters", MAX_WORD, place, Edit(*place, kept))
    return text
