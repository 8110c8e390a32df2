"""Which pieces a text consists of, and how many positions each takes.

A text is cut where no word of ``index.analysis.words`` reaches across: at white space and at marks
that neither join words nor belong to numbers.  How many positions a piece takes follows from its
characters, mostly; what does not is left to the analyzer.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from index.analysis.characters import APOSTROPHES, DOUBLE_QUOTES, FORMAT, HYPHENS, LINKS, MARKS, PAIRED, ZWNJ
from index.analysis.words import LONGEST, letters
from index.compiled import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OTHER, _SPACE, _LETTER, _DIGIT, _HYPHEN, _APOSTROPHE, _PAIRED, _POINT = range(8)
"""What a character is: a mark that only ends a word is a space, one that numbers hold a point.

``_OTHER`` is left to the analyzer: combining marks, what is not seen, digits beyond ASCII.
"""

_PLANE = 1 << 16
_POINTS = ".,:٫٬，．："
_QUOTE = ord('"')
_ASCII = 128
_CASE = ord("a") - ord("A")
_S = ord("s")
_DOT, _COMMA, _COLON = ord("."), ord(","), ord(":")

_THOUSAND, _GROUPS = 3, 8
"""Digits between two commas of a number, and commas."""

_PARTS = 60
"""Parts of a word joined by hyphens whose positions are counted here; the analyzer takes 65 for a word."""

SEED, PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)
"""Of the hash of a word, FNV-1a (Fowler, Noll and Vo), letters of ASCII as small ones."""

_ZERO: Any = np.int64(0)

_BYTES = [chr(byte) if byte < _ASCII else " " for byte in range(256)]
_ALNUM = np.array([char.isalnum() for char in _BYTES])
LOWER = np.array([ord(char.lower()) for char in _BYTES], dtype=np.uint8)


OTHER, BETWEEN, PLAIN, SIGN = range(4)
"""What a byte is where words are plain: what is between words, an ASCII letter or digit, a full stop, comma
or colon; anything else."""

_JOINS = re.compile(rf"[{APOSTROPHES}{HYPHENS}{LINKS}]")

CLASS = np.array(
    [
        PLAIN if char.isalnum() else SIGN if char in _POINTS else OTHER if _JOINS.match(char) else BETWEEN
        for char in _BYTES
    ],
    dtype=np.uint8,
)
CLASS[_ASCII:] = OTHER


@cache
def kinds() -> NDArray[np.uint8]:
    """Return what each character of the first plane is: uint8[65536]."""
    kept = re.compile(rf"[{MARKS}{FORMAT}{ZWNJ}]")
    linking, paired = re.compile(rf"[{HYPHENS}{LINKS}]"), re.compile(rf"[{PAIRED}]")
    table = np.full(_PLANE, _OTHER, dtype=np.uint8)
    for code in range(_PLANE):
        char = chr(code)
        if char in _POINTS:
            table[code] = _POINT
        elif char in APOSTROPHES:
            table[code] = _APOSTROPHE
        elif char in "0123456789":
            table[code] = _DIGIT
        elif kept.match(char) or (char in DOUBLE_QUOTES and code >= _ASCII):
            continue  # two of the quotation marks link letters in Hebrew
        elif linking.match(char):
            table[code] = _HYPHEN
        elif paired.match(char):
            table[code] = _PAIRED
        elif char.isalpha() and letters(char):
            table[code] = _LETTER
        elif not char.isalnum():
            table[code] = _SPACE
    return table


@kernel
def piece(
    data: NDArray[np.uint8], begin: int, size: int, point: int, kinds: NDArray[np.uint8]
) -> tuple[int, int, int, bool, bool, int, int, int, np.uint64]:
    """Return the piece that begins at a byte and code point of a text, which ends at ``size``.

    The byte and the code point where it ends; its width in positions, -1 where the analyzer must tell;
    whether it is one word, clear in what it covers; whether its form cannot be told by its hash; the word's
    first code point, the one behind its last, and its first byte; the hash of its form.

    A piece whose width is seen consists of runs of letters and digits that one hyphen or apostrophe links,
    each a position; of a number or initials; or of a run of characters indexed in pairs.
    """
    start, at = point, begin
    runs = marks = pairs = length = last = step = _ZERO
    low = high = low_byte = _ZERO
    sign = headed = previous = single = points = commas = _ZERO
    inside = digits = apostrophe = linked = apart = pointed = wide = unclear = pairing = False
    letters = late = False
    thousands = True
    value, head = SEED, SEED
    while at < size:
        code = np.int64(data[at])
        step = _ZERO + 1
        if code < _ASCII:
            kind = kinds[code]
            if code == _QUOTE and begin < at < size - 1 and data[at - 1] >= _ASCII <= data[at + 1]:
                kind = np.uint8(_OTHER)  # links Hebrew letters
        else:
            step += 1 + (code >= 0xE0) + (code >= 0xF0)
            kind = np.uint8(_OTHER)
            if step == 2 and at + 1 < size:
                code = (code & 31) << 6 | (data[at + 1] & 63)
                kind = kinds[code]
            elif step == 3 and at + 2 < size:
                code = (code & 15) << 12 | np.int64(data[at + 1] & 63) << 6 | (data[at + 2] & 63)
                kind = kinds[code]
        if kind == _SPACE:
            break
        if kind == _LETTER or kind == _DIGIT:
            if not inside:
                if runs > 0 and pointed:
                    unclear |= sign >= _ASCII
                    late |= sign == _COLON or points > commas
                    commas += sign == _COMMA
                    points += 1
                unclear |= runs > 0 and marks != 1
                linked = runs > 0 and apostrophe
                apart |= linked
                if runs == 0:
                    low, low_byte = point, at
                if runs == 1:
                    head = value
                runs += 1
                inside, length, value = True, _ZERO, SEED
            while True:
                digits |= kind == _DIGIT
                letters |= kind == _LETTER
                length += 1
                value = (value ^ np.uint64(LOWER[code & 255])) * PRIME
                if step > 1 or at + 1 == size or not _ALNUM[data[at + 1]]:
                    break
                at += 1
                point += 1
                code = np.int64(data[at])
                kind = kinds[code]
            wide |= step > 1
            last = code
            if runs == 1:
                high = point + 1
        elif kind == _PAIRED:
            unclear |= runs > 0 or (pairs > 0 and not pairing)
            pairs += 1
        elif kind == _OTHER:
            unclear = True
        else:
            if inside:
                marks, inside, apostrophe, pointed = _ZERO, False, False, False
                single += runs > 1 and length == 1 and previous == 1 and sign == _DOT
                headed = length if runs == 1 else headed
                thousands &= runs == 1 or sign != _COMMA or length == _THOUSAND
                previous = length
            marks += 1
            apostrophe |= kind == _APOSTROPHE
            if kind == _POINT:
                pointed, sign = True, code
        pairing = kind == _PAIRED
        at += step
        point += 1
    if inside:
        single += runs > 1 and length == 1 and previous == 1 and sign == _DOT
        headed = length if runs == 1 else headed
        thousands &= runs == 1 or sign != _COMMA or length == _THOUSAND
    width = runs if not pairs else max(_ZERO + 1, pairs - 1)
    if points:
        unclear |= points < runs - 1 or (digits and letters)
        if letters:
            width -= single
        elif runs == 2:
            width -= _one_number(headed, length, sign)
        else:
            unclear |= late or not thousands or headed > _THOUSAND or commas > _GROUPS
            width = _ZERO + 1
    if linked and length == 1:
        width -= last == _S or last == _S - _CASE  # a possessive goes without a trace
        unclear |= wide
    unclear |= (pairs > 0 and runs > 0) or (apart and digits) or runs > _PARTS
    simple = width == 1 and pairs == points == 0 and not unclear
    maybe = not simple or wide or point - start > LONGEST
    if unclear:
        width = _ZERO - 1
    return at, point, width, simple, maybe, low, high, low_byte, value if runs == 1 else head


@kernel
def _one_number(first: int, second: int, sign: int) -> bool:
    """Return whether runs of so many digits with one sign between them are a number, not two.

    As 3.5; 3,5 and 27,585; 2:00.
    """
    if sign == _COMMA:
        return second < _THOUSAND or (second == _THOUSAND and first <= _THOUSAND)
    return sign == _DOT or (first < _THOUSAND and second == _THOUSAND - 1)
