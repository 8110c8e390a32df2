"""Which piece of a text a position stands in, without analysing the rest.

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
    from collections.abc import Callable, Iterable

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

_PARTS = 60
"""Parts of a word joined by hyphens whose positions are counted here; the analyzer takes 65 for a word."""

UNKNOWN = -1
"""The width of a piece that only the analyzer can tell."""

WIDTH = 2
"""The column of a piece's width in positions, where it is known."""

_SEED, _PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)
_ONE, _UPPER = np.uint64(1), np.uint64(40)
_ZERO: Any = np.int64(0)


_BYTES = [chr(byte) if byte < _ASCII else " " for byte in range(256)]
_ALNUM = np.array([char.isalnum() for char in _BYTES])
_LOWER = np.array([ord(char.lower()) for char in _BYTES], dtype=np.uint8)


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


def pieces(
    data: NDArray[np.uint8], forms: NDArray[np.uint64], width: Callable[[int, int], int]
) -> NDArray[np.int32]:
    """Return the pieces of a text, UTF-8 in which surrogates may stand: int32[p, 4].

    A row has the first code point, the one behind the last, the width in positions, and whether one of the
    forms that were asked for may stand there.
    ``forms`` is what ``hashed`` made of the forms that are looked for; ``width`` tells how many positions
    there are between two code points, where it cannot be seen.
    """
    found, unknown = _pieces(data, kinds(), forms)
    if unknown:
        rows = np.flatnonzero(found[:, WIDTH] == UNKNOWN)
        found[rows, WIDTH] = [width(start, end) for start, end, _, _ in found[rows].tolist()]
    return found


@kernel
def _pieces(
    data: NDArray[np.uint8], kinds: NDArray[np.uint8], forms: NDArray[np.uint64]
) -> tuple[NDArray[np.int32], int]:
    """Return the pieces, and of how many the width is unknown.

    A piece whose width is seen consists of runs of letters and digits that one hyphen or apostrophe links,
    each a position, or of a run of characters indexed in pairs.
    """
    out = np.empty((len(data) // 2 + 1, 4), dtype=np.int32)
    size = len(data)
    filled = unknown = point = at = _ZERO
    asked = len(forms) > 0
    while at < size:
        start, first = point, at
        runs = marks = pairs = length = last = step = _ZERO
        inside = digits = apostrophe = linked = apart = pointed = wide = unclear = pairing = False
        value, head = _SEED, _SEED
        while at < size:
            code = np.int64(data[at])
            step = _ZERO + 1
            if code < _ASCII:
                kind = kinds[code]
                if code == _QUOTE and first < at < size - 1 and data[at - 1] >= _ASCII <= data[at + 1]:
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
                    unclear |= runs > 0 and (marks != 1 or pointed)
                    linked = runs > 0 and apostrophe
                    apart |= linked
                    if runs == 1:
                        head = value
                    runs += 1
                    inside, length, value = True, _ZERO, _SEED
                while True:
                    digits |= kind == _DIGIT
                    length += 1
                    if asked:
                        value = (value ^ np.uint64(_LOWER[code & 255])) * _PRIME
                    if step > 1 or at + 1 == size or not _ALNUM[data[at + 1]]:
                        break
                    at += 1
                    point += 1
                    code = np.int64(data[at])
                    kind = kinds[code]
                wide |= step > 1
                last = code
            elif kind == _PAIRED:
                unclear |= runs > 0 or (pairs > 0 and not pairing)
                pairs += 1
            elif kind == _OTHER:
                unclear = True
            else:
                if inside:
                    marks, inside, apostrophe, pointed = _ZERO, False, False, False
                marks += 1
                apostrophe |= kind == _APOSTROPHE
                pointed |= kind == _POINT
            pairing = kind == _PAIRED
            at += step
            point += 1
        width = runs if not pairs else max(_ZERO + 1, pairs - 1)
        if linked and length == 1:
            width -= last == _S or last == _S - _CASE  # a possessive goes without a trace
            unclear |= wide
        unclear |= (pairs > 0 and runs > 0) or (apart and digits) or runs > _PARTS
        if unclear:
            width = _ZERO + UNKNOWN
            unknown += 1
        if width:
            out[filled, 0] = start
            out[filled, 1] = point
            out[filled, 2] = width
            out[filled, 3] = asked and (
                width != 1
                or wide
                or pairs > 0
                or point - start > LONGEST
                or _there(forms, value if runs == 1 else head)
            )
            filled += 1
        if at < size:
            at += step
            point += 1
    return out[:filled], unknown


@kernel
def holding(pieces: NDArray[np.int32], positions: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the pieces that hold one of some positions, ascending, or that may hold a form: int64[m, 3].

    A row has the first code point, the one behind the last, and the first position.
    """
    most = len(positions)
    for piece in range(len(pieces)):
        most += pieces[piece, 3]
    out = np.empty((most, 3), dtype=np.int64)
    filled = at = first = _ZERO
    for piece in range(len(pieces)):
        behind = first + pieces[piece, 2]
        here = at < len(positions) and positions[at] < behind
        if here or pieces[piece, 3]:
            out[filled, 0] = pieces[piece, 0]
            out[filled, 1] = pieces[piece, 1]
            out[filled, 2] = first
            filled += 1
        while at < len(positions) and positions[at] < behind:
            at += 1
        first = behind
    return out[:filled]


def hashed(forms: Iterable[str]) -> NDArray[np.uint64]:
    """Return a table of the hashes of forms, for ``pieces``: empty where there are none."""
    encoded = [form.encode("utf-8", "surrogatepass") for form in forms]
    if not encoded:
        return np.empty(0, dtype=np.uint64)
    sizes = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
    return _hashed(np.frombuffer(b"".join(encoded), dtype=np.uint8), sizes)


@kernel
def _hashed(data: NDArray[np.uint8], sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return a table whose slots are 0, or a hash with its lowest bit set; a quarter is filled at most."""
    slots = 8
    while slots < 4 * len(sizes):
        slots *= 2
    table = np.zeros(slots, dtype=np.uint64)
    mask = np.uint64(slots - 1)
    at = _ZERO
    for each in range(len(sizes)):
        value = _SEED
        for byte in range(at, at + sizes[each]):
            value = (value ^ np.uint64(data[byte])) * _PRIME
        at += sizes[each]
        slot = (value >> _UPPER) & mask
        while table[slot] != 0:
            slot = (slot + _ONE) & mask
        table[slot] = value | _ONE
    return table


@kernel
def _there(table: NDArray[np.uint64], value: np.uint64) -> bool:
    """Return whether a hash is in a table: the analyzer tells apart the forms that share one."""
    mask = np.uint64(len(table) - 1)
    slot = (value >> _UPPER) & mask
    while table[slot] != 0:
        if table[slot] == value | _ONE:
            return True
        slot = (slot + _ONE) & mask
    return False
