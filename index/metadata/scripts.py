"""Languages that their script alone decides, or a letter that no other language of news writes."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache

SCRIPTS = {
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "THAI": "th",
    "GREEK": "el",
    "HEBREW": "he",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "ORIYA": "or",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "SINHALA": "si",
    "TIBETAN": "bo",
    "ETHIOPIC": "am",
    "THAANA": "dv",
}
"""Scripts, as Unicode names of letters begin, that one language of news is written in."""

LETTERS = (
    (("қғұң",), "kk"),
    (("өү",), "mn"),
    (("ў",), "be"),
    (("ђћ",), "sr"),
    (("ə",), "az"),
    (("ðþ", "áíóúæ"), "is"),  # Turkish in a wrong code page has the first two alone
    (("ĉĝĥĵŝŭ",), "eo"),
)
"""Languages that langdetect does not know, and groups of letters: a text with letters of each group is in it.
Tried in this order: Kazakh writes the Mongolian letters too."""

_LEAST_KANA = 0.05
"""Share of Kana that makes Han characters Japanese: names alone bring less."""
_LEAST_LETTERS = 0.004
"""Share of letters of the first group that a text has at least; names bring one into another language."""


def by_script(letters: list[str]) -> str | None:
    """Return the language whose own script most of the letters are of, or None.

    >>> by_script(list("საქართველო"))
    'ka'
    """
    scripts = Counter(script(c) for c in letters if c > "\u036f")
    if not scripts:
        return None
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > _LEAST_KANA * len(letters):
        return "ja"
    most, count = scripts.most_common(1)[0]
    return SCRIPTS.get(most) if 2 * count > len(letters) else None


def by_letters(letters: list[str]) -> str | None:
    """Return the language that some of the letters are written in and in no other, or None.

    >>> by_letters(list("Şəhər meri jurnalistlərə limanın bağlandığını dedi"))
    'az'
    """
    counts = Counter(c.lower() for c in letters if c > "\x7f")
    least = max(1.0, _LEAST_LETTERS * len(letters))
    for groups, language in LETTERS:
        own = [sum(counts[letter] for letter in group) for group in groups]
        if all(own) and own[0] >= least:
            return language
    return None


@cache
def script(letter: str) -> str:
    """Return the script of a letter, as its Unicode name begins."""
    return unicodedata.name(letter, "").partition(" ")[0]
