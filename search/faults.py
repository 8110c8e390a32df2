"""What is wrong with a query that the grammar does not accept, told from the token that has no place in it.

What may be done about it depends on that token, and on the one before it where that one still waits
for something to its right.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lark import Token

from search import elsewhere
from search.daterange import no_range
from search.errors import UnknownField
from search.mend import (
    BLANK,
    FIELDS,
    MAX_WORD,
    OF_QUOTES,
    OPERATORS,
    SAID,
    Edit,
    Scope,
    Wrong,
    after_blanks,
    deleted,
    shown,
    span,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from lark import UnexpectedToken

_CLAUSE = "a word, phrase or group"

_RUN = re.compile(rf'[^{BLANK}"“”„‟«»()]+')
"""What is written in one piece with a colon, as in 12:30 or in the address of a page."""

_ONE = re.compile(r"\w+://|\d+:\d")
"""What is one thing in spite of its colon: an address, a time of day."""

_OPERATOR = re.compile(rf"(?:AND|OR|NOT)(?![^{BLANK}\"“”„‟«»()\[\]{{}}^~:])")
"""What would be one, were the colon before it a blank."""

_WAITING = frozenset({"OPEN", "_AND", "_OR", "NOT", "MINUS", "FIELD", "EXACT", "BY"})
"""Tokens that need something to their right."""


BY = "BY"
"""What names the speaker behind ``said:``."""


def field_name(field: Token) -> str:
    """Return what stands before the colon.

    >>> field_name(Token("EXACT", "speaker:="))
    'speaker'
    """
    return field.removesuffix("=").removesuffix(":")


def explained(error: UnexpectedToken, text: str) -> Wrong:
    """Return what is wrong where the grammar has no place for a token of ``text``."""
    token, stack = error.token, error.state.value_stack
    below, before = ([None, None, *map(_waiting, stack)])[-2:]
    if before is not None and before.type in {"FIELD", "EXACT", "BY"}:
        return _behind_field(before, token, text)
    if token.type in _FAULTS:
        return _FAULTS[token.type](token, text)
    if token.type in {"TILDE", "BOOST"}:
        return Wrong(
            f"{token[0]} stands once, right behind a word or phrase.", span(token), deleted(span(token))
        )
    if token.type in {"_AND", "_OR"}:
        return _idle(token, "left", before)
    if before is not None and before.type != "OPEN":
        return _idle(before, "right", below)
    return _unbalanced(token, before, [value for value in stack if _is_open(value)], text)


def _waiting(value: object) -> Token | None:
    """Return what is a token that needs something to its right."""
    return value if isinstance(value, Token) and value.type in _WAITING else None


def _is_open(value: object) -> bool:
    return isinstance(value, Token) and value.type == "OPEN"


def _unbalanced(token: Token, before: Token | None, opened: list[Token], text: str) -> Wrong:
    """Return what is wrong with a closing parenthesis, or the end of the text."""
    if token.type == "$END":
        return _unclosed(opened, text)
    if before is not None:
        place = span(before, token)
        return Wrong("Empty group.", place, without(place, Scope(text)), expected=_CLAUSE)
    return Wrong("Unmatched closing parenthesis.", span(token), deleted(span(token)))


def unknown_field(field: Token, text: str) -> Wrong:
    """Return the fault of a colon behind a word that is no field: the field meant is proposed, or quotes."""
    name = field_name(field)
    start, end = span(field)
    if name == BY:
        detail = "BY: takes a name in any spelling; one spelling alone is said:(… speaker:=…)."
        return Wrong(detail, (start, end), deleted((end - 1, end)), expected="BY:")
    apart = _apart(field, text)
    quoting = _quoting(field, text) if _RUN.match(text, end) else apart
    meant = elsewhere.meant(name.lower(), text[end : end + 1])
    colon = start + len(name)
    edit = Edit(start, colon + 1, meant) if meant else quoting
    plain = quoting if _ONE.match(text, start) else apart
    detail = f"There is no field {shown(name)}; a colon that is no field's stands in quotation marks."
    return Wrong(detail, (start, colon), edit, plain=plain, expected=", ".join(FIELDS), kind=UnknownField)


def _apart(field: Token, text: str) -> Edit:
    """Return the edit that makes words of what a colon joins, none of them an operator."""
    name = field_name(field)
    start, end = span(field)
    blank = "" if field.type == "NOVALUE" else " "
    if name in OPERATORS:
        return Edit(start, end, name.lower() + blank)
    found = _OPERATOR.match(text, end)
    word = found[0].lower() if found else ""
    return Edit(start + len(name), end + len(word), blank + word)


def misplaced_by(token: Token, _: str = "") -> Wrong:
    """Return the fault of a speaker who stands behind no quote."""
    start, end = span(token)
    edit, plain = Edit(start, end, "speaker:"), Edit(start, end, f"{BY} ")
    detail = "BY: names who said a quote, right behind said:(…)."
    return Wrong(detail, (start, end), edit, plain=plain, expected="said:(…) BY:…")


def not_of_quotes(field: Token, clause: tuple[int, int], scope: Scope) -> Wrong:
    """Return the fault of a field that quotes do not have; ``clause`` is where it stands with its value."""
    name, place = field_name(field), span(field)
    if name == SAID:
        return Wrong("said: has no said: inside it.", place, deleted(place), expected=_CLAUSE)
    edit = deleted(place) if name in _OF_WORDS else without(clause, scope)
    detail = f"A quote has words and a speaker; {name}: stands outside of it."
    return Wrong(detail, place, edit, expected=f"a word, phrase, group or {', '.join(OF_QUOTES)}:")


_OF_WORDS = frozenset({"title", "body"})
"""Fields whose values are words, which may be looked for in quotes instead."""


def _quoting(field: Token, text: str) -> Edit:
    """Return the edit that makes a phrase of a word with a colon in it; it leaves no word too long."""
    start, colon = span(field)
    found = _RUN.match(text, colon)
    end = found.end() if found else colon
    short = re.sub(rf"(\S{{{MAX_WORD}}})(?=\S)", r"\1 ", text[start:end])
    return Edit(start, end, '"' + re.sub(r'(["\\])', r"\\\1", short) + '"')


def _behind_field(field: Token, token: Token, text: str) -> Wrong:
    """Return what is wrong with what follows a colon."""
    name = field_name(field)
    if name not in (*FIELDS, BY):
        return unknown_field(field, text)
    if token.type in {"FIELD", "EXACT"}:
        edit = deleted(span(field)) if field_name(token) in FIELDS else _quoting(token, text)
        return Wrong(f"{name}: has a second colon behind it.", span(token), edit, expected=_CLAUSE)
    if token.type in {"NOT", "MINUS"} or token.startswith("-"):
        edit = Edit(span(field)[0], after_blanks(text, span(token)[1]), f"-{field}")
        return Wrong(
            "What is excluded is excluded before its field.", span(token), edit, expected=f"-{field}"
        )
    if token.type == "UNCLOSED":
        return _unclosed_quote(token, text)
    if token.type == "BRACKETS" and name == "date":
        return no_range(token)
    return _no_operand(field, token, text)


def _no_operand(field: Token, token: Token, text: str) -> Wrong:
    """Return what is wrong with a field whose value is none."""
    start, end = span(field)
    if field.type == "EXACT":
        detail = f"{field} takes one name."
        return Wrong(detail, (start, end), deleted((end - 1, end)), expected='a word or "a name"')
    if token.isalpha():  # an operator
        return Wrong(
            f"{field} has no value.", (start, end), Edit(*span(token), token.lower()), expected=_CLAUSE
        )
    if token.type in _FAULTS:
        return _FAULTS[token.type](token, text)
    return Wrong(f"{field} has no value.", (start, end), deleted(span(token)), expected=_CLAUSE)


def _idle(operator: Token, side: str, behind: Token | None) -> Wrong:
    """Return the fault of an operator that has nothing on one side; right behind another it is no word."""
    place = span(operator)
    word = operator.isalpha() and (behind is None or behind.type == "OPEN")
    plain = Edit(*place, operator.lower()) if word else None
    return Wrong(
        f"{operator} has nothing on its {side}.", place, deleted(place), plain=plain, expected=_CLAUSE
    )


def _unclosed(opened: list[Token], text: str) -> Wrong:
    """Return the fault of parentheses that are open at the end."""
    edit = Edit(len(text), len(text), ")" * len(opened))
    if after_blanks(text, span(opened[-1])[1]) == len(text):
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
    if name not in (*FIELDS, BY):
        return unknown_field(token, text)
    start, end = span(token)
    value = after_blanks(text, end)
    joined = value < len(text) and text[value] != ")"
    edit = Edit(end, value) if joined else deleted((start, end))
    # "He said: we go on" is a sentence; nobody writes BY: or := in one.
    meant = joined and (name == BY or token.endswith("="))
    plain = None if meant else Edit(start + len(name), end)
    return Wrong(f"{name}: has no value right behind it.", (start, end), edit, plain=plain, expected=_CLAUSE)


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
    alone = not text[: place[0]].strip() or text[place[0] - 1].isspace() or text[place[1] :][:1].isspace()
    apart = Edit(*place, "" if alone else " ")
    excludes = token[0] == "!" and re.match(r'[\w("“„«]', text[place[1] :])
    return Wrong(detail, place, Edit(*place, "-") if excludes else apart, plain=apart)


_FAULTS: dict[str, Callable[[Token, str], Wrong]] = {
    "REFUSED": elsewhere.refused,
    "NOVALUE": _no_value,
    "UNCLOSED": _unclosed_quote,
    "BRACKETS": elsewhere.brackets,
    "BY": misplaced_by,
    "STRAY": _stray,
}
"""Tokens that no query has, by type: what is wrong with each."""
