"""What other query languages write, and what it is here: fields, operators, classes of characters."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from search.mend import BLANK, FIELDS, MAX_WORD, OPERATORS, Edit, Wrong, deleted, span

if TYPE_CHECKING:
    from lark import Token

_MEANT = {
    **dict.fromkeys(("headline", "intitle"), "title:"),
    **dict.fromkeys(("text", "content"), "body:"),
    **dict.fromkeys(("source", "publisher", "publication", "newspaper"), "outlet:"),
    **dict.fromkeys(("quote", "quotes"), "said:"),
    "person": "speaker:",
    "by": "BY:",
    "story": "cluster:",
    "lang": "language:",
    "published": "date:",
    "before": "date:<",
    "after": "date:>",
    "since": "date:>=",
    "until": "date:<=",
}
"""What the fields of other query languages are here."""

_NEAR = 0.8
"""How alike (difflib's ratio) a name is to the field that is meant: titel to title, not site to title."""


def meant(name: str, value: str) -> str | None:
    """Return the field, with its colon, that a name with a value like this one is meant to be.

    >>> meant("titel", "c"), meant("after", "2"), meant("after", "p")
    ('title:', 'date:>', None)
    """
    known = _MEANT.get(name)
    if known:
        return known if value.isdigit() or known.endswith(":") else None
    near = difflib.get_close_matches(name, FIELDS, n=1, cutoff=_NEAR)
    return f"{near[0]}:" if near else None


def refused(token: Token, text: str) -> Wrong:
    """Return the fault of an operator that other query languages have."""
    place = span(token)
    name, _, distance = token.partition("/")
    if distance:
        return _near(name.upper(), distance, place, text)
    meant = {"&&": "AND", "||": "OR", "|": "OR"}.get(token, "NOT")
    plain = Edit(*place, token.lower()) if token.isalpha() else deleted(place)
    detail = f"{token} is no operator here; there are AND, OR and NOT."
    return Wrong(detail, place, Edit(*place, meant), plain=plain, expected=meant)


def _near(name: str, distance: str, place: tuple[int, int], text: str) -> Wrong:
    """Return the fault of an operator of distance: a phrase is loosened instead."""
    left = re.search(rf"(?<![^{BLANK}(])(\w+)[{BLANK}]+\Z", text[max(place[0] - MAX_WORD, 0) : place[0]])
    right = re.compile(rf"[{BLANK}]+(\w+)(?![^{BLANK})])").match(text, place[1])
    detail = f"{name}/{distance} is no operator here; a phrase says how many words may stand between."
    if not left or not right or {left[1], right[1]} & OPERATORS:
        alone = not text[: place[0]].strip() and not text[place[1] :].strip()
        plain = Edit(*place, f"{name.lower()} {distance}") if alone else deleted(place)
        return Wrong(detail, place, Edit(*place, "AND"), plain=plain, expected='"…"~5')
    one, other = f'"{left[1]} {right[1]}"~{distance}', f'"{right[1]} {left[1]}"~{distance}'
    start = place[0] - len(left[0])
    edit = Edit(start, right.end(), one if name == "PRE" else f"({one} OR {other})")
    return Wrong(detail, place, edit, plain=deleted(place), expected='"…"~5')


def brackets(token: Token, text: str) -> Wrong:
    """Return the fault of brackets that hold no range of dates."""
    start, end = place = span(token)
    content = token.strip("[]{} ")
    apart = Edit(start, end, f" {content} " if content else " ")
    edit = Edit(start, end, "?") if _is_class(token, text) else apart
    return Wrong(
        "Brackets hold ranges of dates only, as in date:[2021 TO 2022-03].", place, edit, plain=apart
    )


def _is_class(token: Token, text: str) -> bool:
    """Whether brackets are a character class inside a wildcard, as other languages have it."""
    start, end = span(token)
    before = re.search(r"\w[\w*?]*\Z", text[max(start - MAX_WORD, 0) : start])
    behind = re.compile(r"[\w*?]*").match(text, end)
    return bool(before and behind and re.search(r"[*?]", before[0] + behind[0]) and " " not in token)
