"""The query language: from the text that a user types to a tree of ``whoosh.query`` nodes.

``query.lark`` is the grammar, ``clauses.py`` makes nodes of what it finds, ``faults.py`` and ``mend.py`` say
what is wrong and how to mend it, and ``SYNTAX.md`` explains the language to users.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from lark import Lark, Token, UnexpectedToken

from search.clauses import MAX_DEPTH, build
from search.faults import explained
from search.mend import TAIL, Edit, TooComplex, Wrong, deleted, span, words_alone
from search.shouting import calmed, shouted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whoosh import query

MAX_CLAUSES = 256
"""Words, and words of phrases, in a query."""

_REPAIRS = 32
"""Faults that are mended one by one: each costs a parse of what stands before it."""

_UNUSABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")
"""Control characters and lone surrogates: no text has them."""

_QUESTION = re.compile(r"(?<=[^\s\\*?])\?[?!.]*(?![^\s)\"“”»])")
"""The end of a question, which a search box takes for punctuation and not for a wildcard."""


class _Limits:
    """Looks at the tokens on their way to the parser, so that nothing deep or long is ever parsed."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Yield the tokens; raise ``TooComplex`` at the first one over a limit."""
        depth, waiting, clauses = 0, 0, 0
        outer: list[int] = []
        for token in stream:
            kind = token.type
            if kind in _SIZES:
                waiting = 0
                before, clauses = clauses, clauses + _SIZES[kind](token)
                if clauses > MAX_CLAUSES:
                    rest = Edit(span(token)[0], sys.maxsize) if before else None
                    raise TooComplex(f"The query has {clauses} clauses", MAX_CLAUSES, span(token), rest)
            elif kind == "OPEN":
                outer.append(depth)
                depth, waiting = depth + waiting + 1, 0
            elif kind == "CLOSE":
                depth, waiting = outer.pop() if outer else 0, 0
            elif kind in {"NOT", "MINUS"}:
                waiting += 1
            if depth + waiting > MAX_DEPTH:
                raise TooComplex(f"Clauses are nested {depth + waiting} deep", MAX_DEPTH, span(token))
            yield token


def parse(q: str, *, strict: bool = True, max_length: int = 2048, quotes: bool = False) -> query.Query:
    """Return the tree of a query: words as typed, each node with its code points of ``q``.

    ``quotes`` says that quotes are asked for, which have words and a speaker.  Where ``strict``, raise
    ``BadQuery``, ``UnknownField`` or ``QueryTooComplex``; else always return a tree: what makes no sense
    becomes plain words, what goes over a limit is cut.

    >>> parse("ceasefire OR title:truce")
    Or([Term('text', 'ceasefire'), Term('title', 'truce')])
    """
    return _strict(q, max_length, quotes) if strict else _simple(q, max_length, quotes)


def _strict(q: str, max_length: int, quotes: bool) -> query.Query:  # noqa: FBT001 - passed on
    try:
        if len(q) > max_length:
            raise TooComplex(f"The query has {len(q)} characters", max_length, (max_length, len(q)))
        return _parsed(q, quotes)
    except TooComplex as wrong:
        error = wrong.error(None)
    except Wrong as wrong:
        error = wrong.error(_suggestion(q, max_length, quotes))
    raise error


def _simple(q: str, max_length: int, quotes: bool) -> query.Query:  # noqa: FBT001
    text = _QUESTION.sub(lambda found: " " * len(found[0]), _cut(q, max_length))
    text = calmed(text) if shouted(text) else text
    tree, _, origin = _mended(text, quotes, plain=True)
    return _moved(tree, origin)


def _parsed(text: str, quotes: bool) -> query.Query:  # noqa: FBT001
    """Return the tree of a text; raise ``Wrong`` at its first fault."""
    unusable = _UNUSABLE.search(text)
    if unusable:
        place = unusable.span()
        raise Wrong("A character that no text has.", place, deleted(place))
    try:
        return build(_PARSER.parse(text, start="query"), text, quotes=quotes)
    except UnexpectedToken as error:
        raise explained(error, text) from None


def _mended(text: str, quotes: bool, *, plain: bool) -> tuple[query.Query, str, list[int]]:  # noqa: FBT001
    """Return the tree of a mended text, that text, and where each of its places stood in ``text``."""
    origin = list(range(len(text) + 1))
    for _ in range(_REPAIRS):
        try:
            return _parsed(text, quotes), text, origin
        except Wrong as wrong:
            edit = wrong.plain if plain else wrong.edit
        if edit is None:
            break
        text, origin = edit.wordy(text).applied(text, origin)
    text = words_alone(text, MAX_CLAUSES)
    return _parsed(text, quotes), text, origin


def _suggestion(q: str, max_length: int, quotes: bool) -> str | None:  # noqa: FBT001
    """Return a query that parses and is close to what was typed."""
    for plain in (False, True):
        text = TAIL.sub("", _mended(q, quotes, plain=plain)[1].lstrip())
        if 0 < len(text) <= max_length:
            return text
    return None


def _cut(text: str, length: int) -> str:
    """Return the first ``length`` characters, up to the last whole word where there is one.

    >>> _cut("rockets and siege", 14)
    'rockets and'
    """
    if len(text) <= length or text[length].isspace():
        return text[:length]
    head = text[:length]
    return head[: max(head.rfind(" "), 0) or length]


def _moved(node: query.Query, origin: list[int]) -> query.Query:
    """Return the tree with its places as they are in the query as typed."""
    node.startchar, node.endchar = origin[node.startchar], origin[node.endchar]
    for child in node.children():
        _moved(child, origin)
    return node


_SIZES: dict[str, Callable[[Token], int]] = {
    "WORD": lambda _: 1,
    "WILD": lambda _: 1,
    "STAR": lambda _: 1,
    "RANGE": lambda _: 1,
    "PHRASE": lambda token: len(token[1:-1].split()) or 1,
}
"""How many clauses a token is."""

_PARSER = Lark.open(
    "query.lark", rel_to=__file__, parser="lalr", lexer="basic", start=["query", "faults"],
    postlex=_Limits(), propagate_positions=False, maybe_placeholders=False,
)  # fmt: skip
