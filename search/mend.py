"""What is wrong with a query, as a value, and the edit that mends it.

A query is mended one fault at a time until it parses: in strict mode to propose what was meant, in
simple mode to answer all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from index.schema import SEARCHABLE
from search.errors import BadQuery, Fault, QueryTooComplex, RequestError
from search.nodes import TEXT

if TYPE_CHECKING:
    from lark import Token

SAID = "said"
"""The field whose value is looked for inside quotes."""

OF_QUOTES = ("speaker",)
"""Fields that a quote has beside its words."""

FIELDS = (*SEARCHABLE, "has", SAID)
"""What may stand before a colon."""

_SHOWN = 20

OPERATORS = frozenset({"AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE", "&&", "||", "|"})
"""What is no word where it stands alone, in capitals."""

MAX_WORD = 64
"""Code points of a word: the longest word of 21,578 Reuters articles has 32."""

BLANK = r"\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
TAIL = re.compile(rf"(?<![{BLANK}\\])[{BLANK}]+\Z")
"""Blanks at the end, unless the first of them is escaped."""

_EXCLUDED = re.compile(rf"(?:(?<![^{BLANK}(])(?:NOT[{BLANK}]+|-))+\Z")
"""What excludes the clause behind it."""

_HYPHENS = re.compile("-+")
_STARTS = re.compile(rf"[{BLANK}(]?")
"""What stands before a hyphen that excludes."""

_BLANKS = re.compile(rf"[{BLANK}]*")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a value stands in ``text``: under which field, and from where if the field is right before it.

    ``quotes`` says that it is looked for inside a quote.
    """

    text: str
    field: str = TEXT
    start: int | None = None
    quotes: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``text`` in the place of the code points from ``start`` to ``end``."""

    start: int
    end: int
    text: str = ""

    def applied(self, text: str, origin: list[int]) -> tuple[str, list[int]]:
        """Return the edited text, and for each of its places where that stood in the query as typed.

        >>> Edit(0, 3).applied("AND x", [0, 1, 2, 3, 4, 5])
        ('x', [4, 5])
        """
        start, end = self.start, self.end
        if not self.text and _BLANKS.fullmatch(text[:start][-1:].replace("(", " ")):
            end = after_blanks(text, end)
            start = len(TAIL.sub("", text[:start])) if text[end : end + 1] in {"", ")"} else start
        moved = [*origin[:start], *[origin[start]] * len(self.text), *(origin[end:] or origin[-1:])]
        return text[:start] + self.text + text[end:], moved

    def wordy(self, text: str) -> Edit:
        """Return the edit that takes along the hyphens behind it which would come to exclude by it.

        >>> Edit(0, 7, " Hamas ").wordy("[Hamas]-led attack")
        Edit(start=0, end=8, text=' Hamas ')
        """
        hyphens = _HYPHENS.match(text, self.end)
        exposed = _STARTS.fullmatch((text[: self.start][-1:] + self.text)[-1:])
        if hyphens and exposed and not _STARTS.fullmatch(text[: self.end][-1:]):
            return Edit(self.start, hyphens.end(), self.text)
        return self


class Wrong(Exception):
    """A fault at ``start`` to ``end``: ``edit`` repairs it, ``plain`` makes words of it instead."""

    def __init__(
        self,
        detail: str,
        span: tuple[int, int],
        edit: Edit | None,
        *,
        plain: Edit | None = None,
        expected: str | None = None,
        kind: type[RequestError] = BadQuery,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.span = span
        self.edit = edit
        self.plain = plain or edit
        self.expected = expected
        self.kind = kind

    def error(self, suggestion: str | None) -> RequestError:
        """Return the error that the caller of the parser gets."""
        start, end = self.span
        fault = Fault("q", self.detail, start, end - start, self.expected, suggestion)
        return self.kind(self.detail, fault)


class TooComplex(Wrong):
    """A query over a limit: the detail names the limit and the value."""

    def __init__(self, detail: str, limit: int, span: tuple[int, int], edit: Edit | None = None) -> None:
        super().__init__(
            f"{detail}; the limit is {limit}.", span, edit, expected=f"at most {limit}", kind=QueryTooComplex
        )


def span(first: Token, last: Token | None = None) -> tuple[int, int]:
    """Return where a token, or a row of tokens, stands."""
    start, end = first.start_pos, (last or first).end_pos
    assert start is not None
    assert end is not None
    return start, end


def deleted(place: tuple[int, int]) -> Edit:
    """Return the edit that takes out what stands there."""
    return Edit(*place)


def without(place: tuple[int, int], scope: Scope) -> Edit:
    """Return the edit that takes out a clause and what excludes it: NOT must not meet the next one."""
    start = place[0] if scope.start is None else scope.start
    found = _EXCLUDED.search(scope.text, 0, start)
    return deleted((found.start() if found else start, place[1]))


def instead(text: str, place: tuple[int, int], scope: Scope) -> Edit:
    """Return the edit that puts ``text`` in the place of a value and of the field right before it."""
    return without(place, scope) if scope.start is None else Edit(scope.start, place[1], text)


def raw_value(tokens: list[Token]) -> str:
    """Return a value as written, without quotation marks."""
    if len(tokens) == 1 and tokens[0].type == "PHRASE":
        return tokens[0][1:-1].strip()
    return "".join(tokens)


def shown(text: str) -> str:
    """Return what of a text fits into a message.

    >>> shown("9" * 99)
    '99999999999999999999…'
    """
    return text if len(text) <= 2 * _SHOWN else f"{text[:_SHOWN]}…"


def words_alone(text: str, most: int) -> str:
    """Return at most ``most`` words of ``text``, each where it stood, all else blank: it always parses.

    >>> words_alone('(rockets AND AND "siege', 3)
    ' rockets and and       '
    """
    kept = [" "] * len(text)
    for found in islice(re.finditer(r"\w+", text), most):
        word = found[0][:MAX_WORD]
        kept[found.start() : found.start() + len(word)] = word.lower() if word in OPERATORS else word
    return "".join(kept)


def after_blanks(text: str, start: int) -> int:
    """Return where the blanks from ``start`` on end."""
    found = _BLANKS.match(text, start)
    assert found is not None  # it may be empty
    return found.end()
