"""A text as the set of its shingles, runs of five folded words: what near-copies are told by.

Case, accents, marks, apostrophes and punctuation do not count; scripts without spaces are taken letter
by letter.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from index.analysis.characters import APOSTROPHES, MARKS, PAIRED, ZWNJ
from index.analysis.folding import fold
from index.syndication_kernels import ALONE, SKIP, shingled

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SKIPPED = re.compile(f"[{re.escape(APOSTROPHES)}{MARKS}{ZWNJ}\u00ad]")
_PAIRED = re.compile(f"[{PAIRED}]")
_LETTERS = 1 << 16
"""Code points of the table: all others are letters of their own."""


@lru_cache(maxsize=1)
def letters() -> NDArray[np.uint32]:
    """Return what each code point of the first plane counts as: see ``syndication_kernels``."""
    table = np.zeros(_LETTERS, np.uint32)
    for code in range(_LETTERS):
        char = chr(code)
        if char.isalnum():
            table[code] = _letter(char)
        elif _SKIPPED.match(char):
            table[code] = SKIP
    return table


def _letter(char: str) -> int:
    if _PAIRED.match(char):
        return ord(char) | int(ALONE)
    if "\u3000" <= char <= "\uf8ff":  # Hangul and its neighbours fold to themselves
        return ord(char)
    folded = 0
    for each in fold(char):
        folded = (folded * 31 + ord(each)) & 0x7FFFFFFF
    return folded


@dataclass(frozen=True, slots=True)
class Content:
    """What a text is compared by, as distinct 64-bit hashes, ascending.

    ``shingles`` uint64[s] are of all its words, empty where it has none; ``lead`` uint64[w] are the longer
    words among its first fifty.
    """

    shingles: NDArray[np.uint64]
    lead: NDArray[np.uint64]


def content(text: str) -> Content:
    """Return the shingles and the lead of a text.

    >>> len(content("One two three four five six").shingles), len(content("one two").shingles)
    (2, 1)
    >>> bool((content("L’Été à Paris").shingles == content("l'ete a PARIS!").shingles).all())
    True
    """
    return Content(*shingled(codes_of(text), letters()))


def codes_of(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text as they are compared: uint32[c]."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
