"""The compiled cutter: what chunks of ASCII hold, by the rules of ``index.analysis.words``.

Any other chunk is cut by that module itself; a test holds the two against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from index.analysis import LONGEST
from index.codec.tokeniser import ELSEWHERE, ROOM
from index.compiled import kernel, loop

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEMMED, JOINED, TAG_BITS = 1, 2, 2
"""The bits of a piece's kind: its term is the stem of its form, not the form itself; joined from parts;
above them, the tag of the language."""


class Pieces(NamedTuple):
    """What chunks hold, as it is written: forms and kinds of pieces, one behind the other.

    Piece p stands at ``offsets[p]``, uint32, has the form ``blob[bounds[p]:bounds[p + 1]]``, uint8 and
    int64, and a kind, uint16; ``used`` int64[1] is how many there are.
    """

    offsets: NDArray[np.uint32]
    kinds: NDArray[np.uint16]
    blob: NDArray[np.uint8]
    bounds: NDArray[np.int64]
    used: NDArray[np.int64]


class Scratch(NamedTuple):
    """Room to work in: a key and a joined form, uint8; start, end and kind of words, int64[m, 3]."""

    key: NDArray[np.uint8]
    joined: NDArray[np.uint8]
    matches: NDArray[np.int64]


def scratch() -> Scratch:
    """Return new room to work in, for one call at a time."""
    key, joined = (np.zeros(ROOM, dtype=np.uint8) for _ in range(2))
    return Scratch(key, joined, np.zeros((ROOM, 3), dtype=np.int64))


def pieces(size: int) -> Pieces:
    """Return room for the pieces of chunks of so many bytes: each may be there once more, joined."""
    return Pieces(
        np.empty(2 * size, dtype=np.uint32),
        np.empty(2 * size, dtype=np.uint16),
        np.empty(2 * size, dtype=np.uint8),
        np.zeros(2 * size + 1, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )


def _bytes(characters: str) -> NDArray[np.bool_]:
    """Return bool[256]: which bytes are one of some ASCII characters."""
    mask = np.zeros(256, dtype=np.bool_)
    mask[list(characters.encode("ascii"))] = True
    return mask


_ALNUM = _bytes("".join(filter(str.isalnum, map(chr, range(128)))))
_DIGIT = _bytes("0123456789")
_LINK = _bytes("'`-_")
_GROUP = _bytes(",'")
_STOP = _bytes(".,:")
_ZERO: Any = np.int64(0)
"""A number that numba takes for any number: it compiles functions once more for a constant."""

_POINT, _COMMA, _COLON, _APOSTROPHE, _BACKTICK = b".,:'`"
_S, _D, _M, _L, _R, _V, _E = b"sdmlrve"


@loop
def cut(
    arena: NDArray[np.uint8],
    starts: NDArray[np.int64],
    languages: NDArray[np.uint8],
    first: int,
    last: int,
    widths: NDArray[np.uint32],
    sizes: NDArray[np.uint32],
    found: Pieces,
    scratch: Scratch,
) -> None:
    """Cut the chunks ``first`` to ``last`` but those to be cut elsewhere.

    Chunk c is ``arena[starts[c] + 1:starts[c + 1]]``, small; receives its positions and pieces.
    """
    key = scratch.key
    for chunk in range(first, last):
        if languages[chunk] == ELSEWHERE:
            continue
        start, size = starts[chunk], starts[chunk + 1] - starts[chunk]
        for at in range(size):
            key[at] = arena[start + at]
        for at in range(size, size + 8):
            key[at] = 0
        before = found.used[0]
        widths[chunk] = _cut(size, languages[chunk], found, scratch)
        sizes[chunk] = found.used[0] - before


@kernel
def _cut(size: int, tag: int, found: Pieces, scratch: Scratch) -> int:
    """Cut the chunk behind the tag in the key, zeros behind it, and return how many positions it takes.

    See ``index.analysis.words``.
    """
    text, matches = scratch.key, scratch.matches
    count: int = _ZERO
    offset: int = _ZERO
    first: int = _ZERO
    at: int = _ZERO + 1
    while at < size:
        if _ALNUM[text[at]]:
            end, kind = _match(text, at)
            matches[count, 0] = at
            matches[count, 1] = end
            matches[count, 2] = kind
            count += 1
            at = end
        else:
            at += 1
    while first < count:
        last = first + 1
        while last < count and last - first <= LONGEST and _linked(text, matches, last):
            last += 1
        offset = _compound(first, last, offset, tag, found, scratch)
        first = last
    return offset


@kernel
def _linked(text: NDArray[np.uint8], matches: NDArray[np.int64], number: int) -> bool:
    """Return whether a mark that joins, and nothing else, stands between a word and the one before."""
    before = matches[number - 1, 1]
    return bool(matches[number, 0] == before + 1 and _LINK[text[before]])


WORD, INITIALS, TIME, GROUPED, DOTTED, DECIMAL = 0, 1, 2, 3, 4, 5
"""The kinds of words; from ``TIME`` on numbers."""


@kernel
def _match(text: NDArray[np.uint8], at: int) -> tuple[int, int]:
    """Return the end and the kind of the word that begins with this letter or digit."""
    if _DIGIT[text[at]]:
        if at < 3 or not (_DIGIT[text[at - 2]] and _STOP[text[at - 1]]):
            end = _time(text, at)
            if end:
                return end, TIME
            end = _grouped(text, at)
            if end:
                return end, GROUPED
            end = _dotted(text, at)
            if end:
                return end, DOTTED
            end = _decimal(text, at)
            if end:
                return end, DECIMAL
    elif not _ALNUM[text[at + 1]]:
        end = at + 1
        while text[end] == _POINT and _letter(text[end + 1]) and not _ALNUM[text[end + 2]]:
            end += 2
        if end > at + 1:
            return end + (text[end] == _POINT), INITIALS
    end = at
    while _ALNUM[text[end]]:
        end += 1
    return end, WORD


@kernel
def _letter(byte: int) -> bool:
    return bool(_ALNUM[byte] and not _DIGIT[byte])


@kernel
def _digits(text: NDArray[np.uint8], at: int) -> int:
    """Return how many digits stand here."""
    end = at
    while _DIGIT[text[end]]:
        end += 1
    return end - at


@kernel
def _alone(text: NDArray[np.uint8], at: int) -> bool:
    """Return whether no further number hangs on the one that ends here."""
    return not (_DIGIT[text[at]] or (_STOP[text[at]] and _DIGIT[text[at + 1]]))


@kernel
def _time(text: NDArray[np.uint8], at: int) -> int:
    """Return the end of a number such as 2:00 or 12:30:59, 0 where there is none."""
    first = _digits(text, at)
    at += first
    parts = 0
    while parts < 2 and text[at] == _COLON and _digits(text, at + 1) >= 2:
        at += 3
        parts += 1
    return at if first <= 2 and parts and _alone(text, at) else 0


@kernel
def _grouped(text: NDArray[np.uint8], at: int) -> int:
    """Return the end of a number such as 27,585.50, 0 where there is none."""
    first = _digits(text, at)
    at += first
    found = 0
    for _ in range(8):
        if first > 3 or not _GROUP[text[at]]:
            break
        size = _digits(text, at + 1)
        if size == 3:
            end = at + 4
            if text[end] == _POINT and _DIGIT[text[end + 1]]:
                end += 1 + _digits(text, end + 1)
            if _alone(text, end):
                found = end
        if not 2 <= size <= 3 or not _GROUP[text[at + 1 + size]]:
            break
        at += 1 + size
    return found


@kernel
def _dotted(text: NDArray[np.uint8], at: int) -> int:
    """Return the end of a number such as 2.000.000,5, 0 where there is none."""
    first = _digits(text, at)
    at += first
    parts = 0
    while parts < 7 and text[at] == _POINT and _digits(text, at + 1) >= 3:
        at += 4
        parts += 1
    if first > 3 or parts < 2:
        return 0
    if text[at] == _COMMA and _DIGIT[text[at + 1]]:
        at += 1 + _digits(text, at + 1)
    return at if _alone(text, at) else 0


@kernel
def _decimal(text: NDArray[np.uint8], at: int) -> int:
    """Return the end of a number such as 3.5 or 3,5, 0 where there is none."""
    at += _digits(text, at)
    if text[at] != _POINT and text[at] != _COMMA:
        return 0
    size = _digits(text, at + 1)
    if text[at] == _COMMA:
        size = min(size, 2)
    return at + 1 + size if size and _alone(text, at + 1 + size) else 0


@kernel
def _form(
    matches: NDArray[np.int64], number: int, text: NDArray[np.uint8], out: NDArray[np.uint8], to: int
) -> int:
    """Write the form of a word to ``out`` from ``to`` on and return its length."""
    start, end, kind = matches[number, 0], matches[number, 1], matches[number, 2]
    if kind != GROUPED and kind != DOTTED:
        end = min(end, start + LONGEST)
    size: int = _ZERO
    for at in range(start, end):
        byte = text[at]
        if not _DIGIT[byte]:
            if (kind == INITIALS and byte == _POINT) or (kind == GROUPED and byte != _POINT):
                continue
            if kind == DOTTED and byte == _POINT:
                continue
            if kind == DOTTED or kind == DECIMAL:
                byte = np.uint8(_POINT)
        out[to + size] = byte
        size += 1
        if size == LONGEST:
            break
    return size


@kernel
def _compound(first: int, last: int, offset: int, tag: int, found: Pieces, scratch: Scratch) -> int:
    """Put in the parts of a word, and the word joined behind the first of them; return the next offset."""
    text, matches, joined = scratch.key, scratch.matches, scratch.joined
    contracted = False
    if last - first > 1:
        start, end = matches[last - 1, 0], matches[last - 1, 1]
        link = text[start - 1]
        if link == _APOSTROPHE or link == _BACKTICK:
            if end - start == 1 and text[start] == _S:
                last -= 1
            else:
                contracted = _contraction(text, start, end)
    size: int = _ZERO
    for number in range(first, last):
        size += _form(matches, number, text, joined, size)
    alpha = False
    for at in range(size):
        alpha |= _letter(joined[at])
    together = last - first > 1 and size <= LONGEST and not contracted and alpha
    for number in range(first, last):
        start = found.bounds[found.used[0]]
        part = _form(matches, number, text, found.blob, start)
        _put(found, offset + number - first, part, tag << 2 | (STEMMED if matches[number, 2] < TIME else 0))
        if number == first and together:
            start += part
            for at in range(size):
                found.blob[start + at] = joined[at]
            _put(found, offset, size, tag << 2 | STEMMED | JOINED)
    return offset + last - first


@kernel
def _contraction(text: NDArray[np.uint8], start: int, end: int) -> bool:
    """Return whether these are the letters behind the apostrophe of she'll, they're, we've, he'd or I'm."""
    first = text[start]
    if end - start == 1:
        return bool(first == _D or first == _M)
    if end - start != 2:
        return False
    second = text[start + 1]
    return bool((first == _L and second == _L) or (second == _E and (first == _R or first == _V)))


@kernel
def _put(found: Pieces, offset: int, size: int, kind: int) -> None:
    """Count a piece whose form was written."""
    number = found.used[0]
    found.offsets[number] = offset
    found.kinds[number] = kind
    found.bounds[number + 1] = found.bounds[number] + size
    found.used[0] = number + 1
