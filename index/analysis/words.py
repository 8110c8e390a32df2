"""Where words begin and end, in any language: only stems depend on the language.

So a query's words stand side by side in the same way whatever languages it is stemmed for.

Words around a hyphen, an apostrophe, an underscore or (in Arabic script) a zero-width
non-joiner stand alone, one position after the other, and joined, at the position of the first:
"Kazemi-Qomi" is kazemi, qomi, and kazemiqomi.  Three exceptions, because the joined word would
be another one: a possessive 's goes without a trace, "she'll" is not "shell", "3-2" is not 32.

Scripts without spaces are cut into overlapping pairs of characters.  The last character of a
run is a surface form of its own, so that every character begins some form: a search for one
character (see ``is_half``) is a search for forms that begin with it.

A word counts up to its 64th character, as many as a query's word may have.
"""

from __future__ import annotations

import re
import string
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from index.analysis.characters import (
    APOSTROPHES,
    ARABIC,
    FORMAT,
    HEBREW,
    HYPHENS,
    LINKS,
    MARKS,
    PAIRED,
    VOICING,
    ZWNJ,
)
from index.analysis.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST = 64

_LETTER = rf"[^\W_{PAIRED}{APOSTROPHES}{VOICING}]"
_GLUE = rf"(?:[{MARKS}{FORMAT}]|(?<![{ARABIC}]){ZWNJ})"
_INITIAL = rf"[^\W\d_{PAIRED}{APOSTROPHES}{VOICING}][{MARKS}]*+(?![^\W_]|[{MARKS}])"
_GROUP = "[,٬，'’]"
_POINT = "[.٫．]"
# A number's separators are its own only where no further number hangs on them: 24.05.2021 is three.
_ALONE = r"(?![\d]|[.,:٫٬，．：]\d)"

_WORD = re.compile(
    rf"(?P<pairs>[{PAIRED}][{PAIRED}{MARKS}]*+)"
    r"|(?<!\d[.,:٫٬，．：])(?:"
    rf"(?P<time>\d{{1,2}}(?:[:：]\d\d){{1,2}}+{_ALONE})"
    rf"|(?P<grouped>\d{{1,3}}(?:{_GROUP}\d{{2,3}}(?={_GROUP})){{0,7}}{_GROUP}\d{{3}}(?:{_POINT}\d++)?{_ALONE})"
    rf"|(?P<dotted>\d{{1,3}}(?:\.\d{{3}}){{2,7}}+(?:,\d++)?{_ALONE})"
    rf"|(?P<decimal>\d++(?:{_POINT}\d++|[,，]\d{{1,2}}){_ALONE}))"
    rf"|(?P<initials>{_INITIAL}(?:\.{_INITIAL})++\.?)"
    rf"|(?P<word>{_LETTER}++(?:{_GLUE}++{_LETTER}++)*+[{MARKS}]*+)"
)
"""A run of a script without spaces; numbers as 2:00, 27,585.50, 2.000.000, 3.5; U.S.; any word."""

_UNIT = re.compile(rf"[{PAIRED}][{MARKS}]*+")
_GERSHAYIM = rf'(?<=[{HEBREW}])["״](?=[{HEBREW}])'
_LINK = re.compile(
    rf"[{FORMAT}]*+(?:(?P<apostrophe>[{APOSTROPHES}])|[{HYPHENS}{LINKS}]|{_GERSHAYIM})[{FORMAT}]*+"
)
_UNSEEN = re.compile(rf"[{FORMAT}{ZWNJ}]")
_SIGNS = re.compile(rf"[^\w{MARKS}⁄]|_")
_SIGNS_OF_PATTERNS = re.compile(rf"(?<=\d)(?P<point>[.:])(?=[\d*?])|[^\w{MARKS}⁄*?]|_")

_AROUND = string.punctuation + "“”„‘’«»–—…"
_POSSESSIVE = "s"
_CONTRACTED = frozenset({"ll", "re", "ve", "d", "m"})


class Piece(NamedTuple):
    """A word, ``offset`` positions from where its text begins, of code points ``start`` to ``end``.

    ``plain`` is what a stemmer reads (case and accents kept); empty, the form is the term; None, the
    form is no term.
    """

    offset: int
    plain: str | None
    form: str
    start: int
    end: int


def cut(text: str) -> Iterator[Piece]:
    """Yield the words of a text, by offset: every offset up to the last is there.

    >>> [(word.offset, word.form) for word in cut("Kazemi-Qomi's U.S. trip")]
    [(0, 'kazemi'), (0, 'kazemiqomi'), (1, 'qomi'), (2, 'us'), (3, 'trip')]
    """
    core = text.strip(_AROUND)
    if core.isascii() and core.isalnum():  # most chunks; the expression would find the same
        start = text.index(core)
        yield Piece(0, core[:LONGEST], letters(core), start, start + len(core))
        return
    offset = 0
    for group in _groups(text):
        for piece in (_pairs if group[0].lastgroup == "pairs" else _compound)(group, offset):
            yield piece
            offset = piece.offset + 1


def letters(text: str) -> str:
    """Return the form of a word: its letters, digits and their marks, folded."""
    text = text[:LONGEST]
    if text.isascii() and text.isalnum():
        return text.lower()
    return _SIGNS.sub("", fold(text))[:LONGEST]


def is_half(form: str) -> bool:
    """Whether a form is one character of a script that is indexed in pairs.

    >>> is_half("京"), is_half("北京"), is_half("x")
    (True, False, False)
    """
    return bool(_UNIT.fullmatch(form))


def analyze_pattern(text: str) -> str:
    """Return a prefix or wildcard as it is compared with forms: folded, joined, with its ``*`` and ``?``.

    >>> analyze_pattern("Kazemi-Qo*"), analyze_pattern("27,5*"), analyze_pattern("3.?")
    ('kazemiqo*', '275*', '3.?')
    """
    return _SIGNS_OF_PATTERNS.sub(lambda sign: sign["point"] or "", fold(text))


def _groups(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the matches that are linked by a hyphen or the like, together.

    A group ends after so many parts that they would not be joined.
    """
    group: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        if group and (len(group) > LONGEST or not _linked(group[-1], match)):
            yield group
            group = []
        group.append(match)
    if group:
        yield group


def _linked(left: re.Match[str], right: re.Match[str]) -> re.Match[str] | None:
    if "pairs" in {left.lastgroup, right.lastgroup}:
        return None
    link = _LINK.match(left.string, left.end())
    return link if link and link.end() == right.start() else None


def _compound(group: list[re.Match[str]], offset: int) -> list[Piece]:
    """Return the parts of a word, and the word joined behind the first of them."""
    link = _linked(group[-2], group[-1]) if len(group) > 1 else None
    ending = fold(group[-1][0]) if link and link["apostrophe"] else ""
    if ending == _POSSESSIVE:
        group = group[:-1]
    parts: list[Piece] = []
    for match in group:
        if form := _form(match):
            parts.append(Piece(offset + len(parts), _stemmed(match), form, *match.span()))
    joined = "".join(part.form for part in parts)
    if len(parts) == 1 or len(joined) > LONGEST or ending in _CONTRACTED or not any(map(str.isalpha, joined)):
        return parts
    plain = "".join(part.plain or part.form for part in parts)
    return [parts[0], Piece(offset, plain, joined, parts[0].start, parts[-1].end), *parts[1:]]


def _pairs(group: list[re.Match[str]], offset: int) -> Iterator[Piece]:
    """Yield the overlapping pairs of a run, and behind them its last character."""
    run = group[0]
    last, start, end = "", *run.span()
    for at, unit in enumerate(_UNIT.finditer(run.string, start, end), offset - 1):
        form = _unit(unit[0])
        if last:
            yield Piece(at, "", (last + form)[:LONGEST], start, unit.end())
        last, start = form, unit.start()
    alone = start == run.start()
    yield Piece(offset, "", last, start, end) if alone else Piece(at, None, last, start, end)


@lru_cache(2**13)
def _unit(text: str) -> str:
    return fold(text[:LONGEST])


def _form(match: re.Match[str]) -> str:
    return _NUMBERS.get(match.lastgroup or "", letters)(match[0])[:LONGEST]


def _stemmed(match: re.Match[str]) -> str:
    """Return what a stemmer reads."""
    if match.lastgroup in _NUMBERS:
        return ""
    text = match[0][:LONGEST]
    if match.lastgroup == "initials":
        text = text.replace(".", "")
    return text if text.isascii() else unicodedata.normalize("NFKC", _UNSEEN.sub("", text))


_NUMBERS: dict[str, Callable[[str], str]] = {
    "time": fold,
    "grouped": lambda text: re.sub(r"[^\d.]", "", fold(text).replace("٫", ".")),
    "dotted": lambda text: fold(text).replace(".", "").replace(",", "."),
    "decimal": lambda text: re.sub(r"\D", ".", fold(text[:LONGEST])),
}
"""How the numbers that hold a sign are written in the index."""
