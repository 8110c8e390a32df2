"""Classes of characters, as the insides of regular expressions' brackets: what glues, joins and pairs.

They are read from Python's own Unicode tables, so that they are as new as those.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain, groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ZWNJ = "\u200c"
ZWSP = "\u200b"

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # 々, 〆, 〇
    (0x3021, 0x30FF),  # Hangzhou numerals, Hiragana, Katakana
    (0x31F0, 0x31FF),  # small Katakana
    (0xFF66, 0xFF9D),  # halfwidth Katakana
    (0x1B000, 0x1B16F),  # old Kana
)
"""Blocks of the other scripts that are written without spaces."""


def _class(characters: Iterable[str]) -> str:
    """Return the ranges that hold the characters, which ascend.

    >>> _class("abcx")
    'a-cx-x'
    """
    runs = (list(run) for _, run in groupby(enumerate(characters), lambda each: ord(each[1]) - each[0]))
    return "".join(f"{re.escape(run[0][1])}-{re.escape(run[-1][1])}" for run in runs)


def _marks_and_format() -> tuple[str, str]:
    """Return the classes of combining marks and of format characters: planes 0 and 1, a block of plane 14."""
    marks, unseen = [], []
    for char in map(chr, chain(range(0x20000), range(0xE0000, 0xE0200))):
        category = unicodedata.category(char)
        if category[0] == "M":
            marks.append(char)
        elif category == "Cf" and char not in {ZWNJ, ZWSP}:
            unseen.append(char)
    return _class(marks), _class(unseen)


_MARKS, FORMAT = _marks_and_format()
"""``FORMAT`` is what is not seen: soft hyphen, joiners, marks of direction.  The zero-width space is
not among them: it says that a word ends.  The zero-width non-joiner is what its script makes of it."""

VOICING = "\uff9e\uff9f"
MARKS = _MARKS + VOICING
"""Signs that belong to the letter before them, with the halfwidth voicing marks of Kana."""

PAIRED = _HAN + _class(
    char
    for first, last in _UNSPACED
    for char in map(chr, range(first, last + 1))
    if unicodedata.category(char) in {"Lo", "Lm", "Nl"}
)
"""Letters (not digits and signs) that are indexed as overlapping pairs."""

ARABIC = "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefe"
HEBREW = "\u0591-\u05bd\u05d0-\u05ea\ufb1d-\ufb4f"

APOSTROPHES = "'’‘‛`´′＇ʹʻʼʽʾʿˈ׳"
"""As typed, and as transliterations print them: Qur'an, Qurʼān, Qurʾān."""

DOUBLE_QUOTES = '"“”„‟″״'

HYPHENS = r"\-‐‑‒–⁃−־﹣－"
"""Hyphens, and the en dash, which links names; the em dash divides sentences."""

LINKS = "_·‧" + ZWNJ
"""What else links the parts of a word: a handle's underscore, the Catalan point, and the
zero-width non-joiner between a Persian word and its ending."""
