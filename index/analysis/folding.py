"""The folding of surface forms: what readers may type differently and still mean.

Case, accents and other marks, width, the forms of Arabic letters, the digits of any script,
kinds of apostrophe and hyphen fold; what cannot be seen goes.  Letters whose mark a reader
always types (Cyrillic й, Japanese が, the vowel signs of India) keep it.
"""

from __future__ import annotations

import re
import unicodedata

from index.analysis.characters import APOSTROPHES, DOUBLE_QUOTES, MARKS

_FOREIGN_MARKS = ("COMBINING ", "ARABIC ", "HEBREW ", "SYRIAC ", "VARIATION SELECTOR")
"""How the names of the marks begin that readers leave out."""

_KEPT = frozenset("йўїѓќ\u3099\u309a")
"""Letters that stay whole although they are a letter with a mark, and the voicing marks of Kana."""

_LETTERS: dict[int, str | int] = {
    # Latin letters that Unicode does not take apart, as they are typed on other keyboards
    **str.maketrans("ıøđðłħŧŋəɓɗƙƴ", "ioddlhtnebdky"),
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("þ"): "th",
    # letters that Arabic, Persian and Urdu keyboards write differently, and the tatweel
    **str.maketrans(
        "\u0649\u06cc\u06d0\u06a9\u06aa\u0671\u0672\u0673", "\u064a\u064a\u064a\u0643\u0643\u0627\u0627\u0627"
    ),
    **dict.fromkeys(map(ord, "\u0629\u06be\u06c1\u06c3\u06d5"), "\u0647"),
    ord("\u0640"): "",
    **{ord(mark): "'" for mark in APOSTROPHES if not mark.isascii()},
    **dict.fromkeys(map(ord, DOUBLE_QUOTES), '"'),
}

_BEFORE = {ord("´"): "'"}  # its compatibility form is a space with an accent

_MANY_MARKS = re.compile(f"([{MARKS}]{{30}})[{MARKS}]+")
"""Unicode's own limit for marks on one letter (UAX 15, stream-safe text); sorting more takes Python
quadratic time."""


class _Table(dict[int, str | int]):
    """What each character folds to, filled as characters are met; for ``str.translate``."""

    def __missing__(self, code: int) -> str | int:
        folded = self[code] = _character(chr(code))
        return folded


def _character(char: str) -> str:
    if char in _KEPT:
        return char
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd":
        return "-"
    if category == "Cf" or (category[0] == "M" and unicodedata.name(char, "").startswith(_FOREIGN_MARKS)):
        return ""
    parts = unicodedata.normalize("NFD", char)
    return char if parts == char else unicodedata.normalize("NFC", parts.translate(_TABLE))


_TABLE = _Table(_LETTERS)


def fold(text: str) -> str:
    """Return the text folded; ``*`` and ``?`` stay, folding again changes nothing.

    >>> fold("Résistance"), fold("İSTANBUL"), fold("Straße"), fold("کتابِ ۱۲")
    ('resistance', 'istanbul', 'strasse', 'كتاب 12')
    """
    if text.isascii():
        return text.lower()
    text = _MANY_MARKS.sub(r"\1", text.translate(_BEFORE))
    while not text.isascii():
        composed = unicodedata.normalize("NFKC", text).casefold().translate(_TABLE)
        folded = unicodedata.normalize("NFKC", composed)
        if folded == text:
            break
        text = folded
    return text.lower()
