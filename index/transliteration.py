"""How the words of names are spelt: letters and pairs of letters that stand for one sound, as numbers.

Romanisations of Arabic, Persian, Russian and Chinese names differ in pairs of letters (kh, gh, ou, dj)
and in doubled ones; what they still differ in afterwards is weighed letter by letter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SOUNDS = (
    ("tsch", "C"), ("shch", "S"), ("tch", "C"), ("sch", "S"), ("kh", "X"), ("gh", "G"), ("sh", "S"),
    ("ch", "C"), ("th", "T"), ("dh", "D"), ("ph", "f"), ("zh", "Z"), ("dj", "j"), ("ck", "k"),
    ("ou", "u"), ("oo", "u"), ("ee", "i"), ("x", "ks"),
)  # fmt: skip
"""Longest first: what is written, and the letter it is taken for."""

ALPHABET = "abcdefghijklmnopqrstuvwxyzCSXGTDZ"
"""The symbols; all other letters and digits are one more, behind them."""

SYMBOLS = len(ALPHABET) + 1
_NUMBER = {letter: number for number, letter in enumerate(ALPHABET)}
_DOUBLED = re.compile(r"(.)\1+")

_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("’'`ʿʾ´‘", "")
)


def _listed(sounds: str) -> list[str]:
    return [sound.strip("-") for sound in sounds.split()]


_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяєіїґўј",
        _listed("a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch - y - e yu ya e i i g u j"),
        strict=True,
    )
)
# Arabic and Persian write no short vowels; long ones and consonants stand for themselves.
_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءپچژگکی",
        _listed("a b t th j h kh d dh r z s sh s d t z - gh f q k l m n h u i a h - p ch zh g k i"),
        strict=True,
    )
)
_SCRIPTS = str.maketrans(_CYRILLIC | _ARABIC)
"""Letters of other scripts, bare of their marks, in Latin ones."""


def plain(name: str) -> list[str]:
    """Return the words of a name in lower case and Latin letters, without accents and apostrophes.

    Letters of scripts that are not in the table stay.

    >>> plain("Sa'd al-Dīn Muñoz"), plain("Дмитрий Щукин")
    (['sad', 'al', 'din', 'munoz'], ['dmitrii', 'shchukin'])
    """
    if name.isascii():
        return re.findall(r"[^\W_]+", name.lower().translate(_LETTERS))
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    bare = "".join(c for c in folded if not unicodedata.combining(c)).translate(_SCRIPTS)
    return re.findall(r"[^\W_]+", bare)


@lru_cache(maxsize=1 << 16)
def symbols(word: str) -> bytes:
    """Return a folded word as numbers of symbols, at least one.

    >>> symbols("qaddoumi") == symbols("qadumi"), symbols("kh") == symbols("h")
    (True, False)
    """
    for written, sound in SOUNDS:
        word = word.replace(written, sound)
    return bytes(_NUMBER.get(letter, SYMBOLS - 1) for letter in _DOUBLED.sub(r"\1", word))


def key(word: str) -> str:
    """Return what is counted to see how common a word is: its sounds without vowels.

    >>> key("mohammad"), key("muhamed")
    ('mhmd', 'mhmd')
    """
    for written, sound in SOUNDS:
        word = word.replace(written, sound)
    return re.sub("[aeiouy]", "", _DOUBLED.sub(r"\1", word)) or word
