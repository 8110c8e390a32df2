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
import unicodedata
from itertools import pairwise
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

_POSSESSIVE = "s"
_CONTRACTED = frozenset({"ll", "re", "ve", "d", "m"})


class Piece(NamedTuple):
    """A word at ``offset`` positions from where its text begins, of code points ``start`` to ``end``.

    ``plain`` is what a stemmer reads (case and accents kept), empty where nothing is stemmed.
    """

    offset: int
    plain: str
    form: str
    start: int
    end: int


class Pieces(NamedTuple):
    """The words of a text, by offset; ``width`` is how many positions they take.

    ``halves`` are the last characters of runs that are cut into pairs.
    """

    width: int
    words: tuple[Piece, ...]
    halves: tuple[str, ...] = ()


def cut(text: str) -> Pieces:
    """Return the words of a text.

    >>> [(word.offset, word.form) for word in cut("Kazemi-Qomi's U.S. trip").words]
    [(0, 'kazemi'), (0, 'kazemiqomi'), (1, 'qomi'), (2, 'us'), (3, 'trip')]
    """
    words: list[Piece] = []
    halves: list[str] = []
    width = 0
    for group in _groups(text):
        if group[0].lastgroup == "pairs":
            found, half = _pairs(group[0], width)
            halves += half
        else:
            found = _compound(group, width)
        words += found
        width = words[-1].offset + 1 if words else 0
    return Pieces(width, tuple(words), tuple(halves))


def letters(text: str) -> str:
    """Return the form of a word: its letters, digits and their marks, folded."""
    return _SIGNS.sub("", fold(text[:LONGEST]))[:LONGEST]


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
    if (
        len(parts) > 1
        and len(joined) <= LONGEST
        and ending not in _CONTRACTED
        and any(map(str.isalpha, joined))
    ):
        plain = "".join(part.plain or part.form for part in parts)
        parts.insert(1, Piece(offset, plain, joined, parts[0].start, parts[-1].end))
    return parts


def _pairs(run: re.Match[str], offset: int) -> tuple[list[Piece], list[str]]:
    """Return the overlapping pairs of a run, and its last character where that is no word of its own."""
    units = list(_UNIT.finditer(run.string, *run.span()))
    last = letters(units[-1][0])
    if len(units) == 1:
        return [Piece(offset, "", last, *run.span())], []
    pairs = enumerate(pairwise(units), offset)
    return [Piece(at, "", letters(a[0] + b[0]), a.start(), b.end()) for at, (a, b) in pairs], [last]


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
