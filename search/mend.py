"""How a query that does not parse is mended: one fault at a time, each with the edit that repairs it.

A fault of structure is a token that the grammar has no place for.  What may be done about it depends
on the token, and on the one before it where that one still waits for something to its right.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from lark import Token

from index.schema import SEARCHABLE
from search.errors import BadQuery, Fault, QueryTooComplex, RequestError, UnknownField

if TYPE_CHECKING:
    from collections.abc import Callable

    from lark import UnexpectedToken

FIELDS = (*SEARCHABLE, "has")
"""What may stand before a colon."""

OPERATORS = frozenset({"AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "REQUIRE", "&&", "||"})
"""What is no word where it stands alone, in capitals."""

MAX_WORD = 64
"""Code points of a word: the longest word of 21,578 Reuters articles has 32."""

_CLAUSE = "a word, phrase or group"

_BLANK = r"\s\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_BLANKS = re.compile(rf"[{_BLANK}]*")
_RUN = re.compile(rf'[^{_BLANK}"“”„‟«»()]+')
"""What is written in one piece with a colon, as in 12:30 or in the address of a page."""

_RANGE_HABIT = re.compile(r"(?P<start>\S+)\s+(?:to|TO|-|–|—|AND|and)\s+(?P<end>\S+)")

_WAITING = frozenset({"OPEN", "_AND", "_OR", "NOT", "MINUS", "FIELD", "EXACT"})
"""Tokens that need something to their right."""


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
            end = _after_blanks(text, end)
        moved = [*origin[:start], *[origin[start]] * len(self.text), *(origin[end:] or origin[-1:])]
        return text[:start] + self.text + text[end:], moved


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


def field_name(field: Token) -> str:
    """Return what stands before the colon.

    >>> field_name(Token("EXACT", "speaker:="))
    'speaker'
    """
    return field.removesuffix("=").removesuffix(":")


def explained(error: UnexpectedToken, text: str) -> Wrong:
    """Return what is wrong where the grammar has no place for a token of ``text``."""
    token, stack = error.token, error.state.value_stack
    top = stack[-1] if stack else None
    before = top if isinstance(top, Token) and top.type in _WAITING else None
    if before is not None and before.type in {"FIELD", "EXACT"}:
        return _behind_field(before, token, text)
    if token.type in _FAULTS:
        return _FAULTS[token.type](token, text)
    if token.type in {"_AND", "_OR"}:
        return _idle(token, "left")
    if before is not None and before.type != "OPEN" and token.type in {"CLOSE", "$END"}:
        return _idle(before, "right")
    if token.type == "$END":
        return _unclosed(
            [value for value in stack if isinstance(value, Token) and value.type == "OPEN"], text
        )
    if token.type == "CLOSE" and before is not None:
        return Wrong("Empty group.", span(before, token), deleted(span(before, token)), expected=_CLAUSE)
    if token.type == "CLOSE":
        return Wrong("Unmatched closing parenthesis.", span(token), deleted(span(token)))
    return Wrong(f"{token[0]} stands once, right behind a word or phrase.", span(token), deleted(span(token)))


def unknown_field(field: Token, text: str) -> Wrong:
    """Return the fault of a colon behind a word that is no field: a near field is proposed, or quotes."""
    name = field_name(field)
    start, end = span(field)
    colon = start + len(name)
    apart = Edit(colon, end, "" if field.type == "NOVALUE" else " ")
    near = difflib.get_close_matches(name.lower(), FIELDS, n=1)
    if near:
        edit = Edit(start, colon, near[0])
    else:
        edit = apart if field.type == "NOVALUE" else _quoting(start, text)
    detail = f"There is no field {name}; a colon that is no field's stands in quotation marks."
    return Wrong(detail, (start, colon), edit, plain=apart, expected=", ".join(FIELDS), kind=UnknownField)


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


def _after_blanks(text: str, start: int) -> int:
    found = _BLANKS.match(text, start)
    assert found is not None  # it may be empty
    return found.end()


def _quoting(start: int, text: str) -> Edit:
    """Return the edit that makes a phrase of the run of characters at ``start``, with no word too long."""
    found = _RUN.match(text, start)
    assert found is not None
    short = re.sub(rf"(\S{{{MAX_WORD}}})(?=\S)", r"\1 ", found[0])
    return Edit(start, found.end(), '"' + short.replace("\\", "\\\\") + '"')


def _behind_field(field: Token, token: Token, text: str) -> Wrong:
    """Return what is wrong with what follows a colon."""
    name = field_name(field)
    if name not in FIELDS:
        return unknown_field(field, text)
    if token.type in {"FIELD", "EXACT"}:
        edit = deleted(span(field)) if field_name(token) in FIELDS else _quoting(span(token)[0], text)
        return Wrong(f"{name}: has a second colon behind it.", span(token), edit, expected=_CLAUSE)
    if token.type in {"NOT", "MINUS"} or token.startswith("-"):
        edit = Edit(*span(field, token), f"-{field}")
        return Wrong(
            "What is excluded is excluded before its field.", span(token), edit, expected=f"-{field}"
        )
    if token.type == "BRACKETS" and name == "date":
        return _no_range(token)
    if token.isalpha():  # an operator
        return Wrong(
            f"{name}: has no value.", span(field), Edit(*span(token), token.lower()), expected=_CLAUSE
        )
    if token.type in _FAULTS:
        return _FAULTS[token.type](token, text)
    start, end = span(field)
    if field.type == "EXACT":
        return Wrong(
            f"{name}:= takes one name.", (start, end), deleted((end - 1, end)), expected='a word or "a name"'
        )
    return Wrong(f"{name}: has no value.", (start, end), deleted(span(token)), expected=_CLAUSE)


def _idle(operator: Token, side: str) -> Wrong:
    """Return the fault of an operator that has nothing on one side."""
    place = span(operator)
    plain = Edit(*place, operator.lower()) if operator.isalpha() else None
    return Wrong(
        f"{operator} has nothing on its {side}.", place, deleted(place), plain=plain, expected=_CLAUSE
    )


def _unclosed(opened: list[Token], text: str) -> Wrong:
    """Return the fault of parentheses that are open at the end."""
    edit = Edit(len(text), len(text), ")" * len(opened))
    if _after_blanks(text, span(opened[-1])[1]) == len(text):
        edit = deleted(span(opened[-1]))
    return Wrong("Unclosed parenthesis.", span(opened[-1]), edit, expected=")")


def _unclosed_quote(token: Token, _: str) -> Wrong:
    start, end = span(token)
    content = token[1:].strip()
    edit = _quoting_all(start, end, content) if content else deleted((start, end))
    return Wrong("Unclosed quotation mark.", (start, start + 1), edit, expected='"')


def _quoting_all(start: int, end: int, content: str) -> Edit:
    """Return the edit that closes a phrase at its end, which a lone backslash must not escape."""
    backslashes = len(content) - len(content.rstrip("\\"))
    return Edit(start, end, f'"{content[: len(content) - backslashes % 2]}"')


def _no_value(token: Token, text: str) -> Wrong:
    """Return the fault of a field with nothing, or a blank, behind its colon."""
    name = field_name(token)
    if name not in FIELDS:
        return unknown_field(token, text)
    start, end = span(token)
    value = _after_blanks(text, end)
    joined = value < len(text) and text[value] != ")"
    edit = Edit(end, value) if joined else deleted((start, end))
    plain = None if joined else Edit(start + len(name), end)
    return Wrong(f"{name}: has no value right behind it.", (start, end), edit, plain=plain, expected=_CLAUSE)


def _refused(token: Token, _: str) -> Wrong:
    """Return the fault of an operator that other query languages have."""
    place = span(token)
    meant = {"&&": "AND", "||": "OR"}.get(token, "NOT")
    plain = Edit(*place, token.lower()) if token.isalpha() else deleted(place)
    detail = f"{token} is no operator here; there are AND, OR and NOT."
    return Wrong(detail, place, Edit(*place, meant), plain=plain, expected=meant)


def _no_range(token: Token) -> Wrong:
    """Return the fault of brackets behind ``date:`` that hold no range, or are of another shape."""
    content = token.strip("[]{} ")
    found = _RANGE_HABIT.fullmatch(content)
    edit = Edit(*span(token), f"[{found['start']} TO {found['end']}]" if found else content)
    return Wrong(
        "A range of dates is written [2021 TO 2022-03].", span(token), edit, expected="[start TO end]"
    )


def _brackets(token: Token, _: str) -> Wrong:
    edit = Edit(*span(token), token.strip("[]{} "))
    return Wrong("Brackets hold ranges of dates only, as in date:[2021 TO 2022-03].", span(token), edit)


_SIGNS = {
    "-": "A hyphen excludes the word right behind it; here it has none.",
    "+": "A plus sign has no meaning: words are required unless match= says otherwise.",
    "!": "Words are excluded by a hyphen or NOT.",
    "\\": "A backslash takes the meaning from the character behind it; here there is none.",
}


def _stray(token: Token, text: str) -> Wrong:
    """Return the fault of a character that means nothing where it stands."""
    place = span(token)
    detail = _SIGNS.get(
        token[0], f"{token[0]} has no meaning here; as part of a word it is written \\{token[0]}."
    )
    apart = Edit(*place, " ")
    excludes = token[0] == "!" and re.match(r"\w", text[place[1] :])
    return Wrong(detail, place, Edit(*place, "-") if excludes else apart, plain=apart)


_FAULTS: dict[str, Callable[[Token, str], Wrong]] = {
    "REFUSED": _refused,
    "NOVALUE": _no_value,
    "UNCLOSED": _unclosed_quote,
    "BRACKETS": _brackets,
    "STRAY": _stray,
}
"""Tokens that no query has, by type: what is wrong with each."""
