"""Where in a text the words stand that are looked for by their positions, without analysing the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.analysis.words import LONGEST
from index.compiled import kernel
from search.pieces import BETWEEN, CLASS, LOWER, PLAIN, PRIME, SEED, SIGN, kinds, piece
from search.places import TERMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

TEXT, START, END, FIRST, LOW, HIGH, BYTE, TERM, BEGIN, BEHIND = range(10)
"""The columns of a place: its text; code points from where to where its piece stands; the piece's first
position; the span of its word and the byte, of all texts, where that begins; the word's term, -1 where the
analyzer must tell the words; the rows of what was looked for in it."""

PLACE = 10
"""The columns that a place has."""

_ONE, _UPPER = np.uint64(1), np.uint64(40)
_ZERO: Any = np.int64(0)
_NEVER: Any = np.int64(1 << 62)


class Widths:
    """Positions that pieces take, of those that only the analyzer can tell: by a hash of their bytes.

    A number is a hash whose lowest bits are the width plus one.  Threads that write at once lose a
    number at most.
    """

    def __init__(self) -> None:
        self.table: NDArray[np.uint64] = np.zeros(_SLOTS, dtype=np.uint64)
        self._filled = 0

    def remember(self, value: int, width: int) -> None:
        """Keep the width of a piece with this hash, if it is no large one."""
        if width < _WIDEST:
            if self._filled >= _SLOTS // 2:  # who reads the table keeps the one it has
                self.table, self._filled = np.zeros(_SLOTS, dtype=np.uint64), 0
            slot = value >> 40 & _SLOTS - 1
            while self.table[slot]:
                slot = slot + 1 & _SLOTS - 1
            self.table[slot] = value & ~_WIDEST | width + 1
            self._filled += 1


_SLOTS = 1 << 14
_WIDEST = 255

_widths = Widths()

_AT_ONCE = 4096
"""Pieces of unknown width that are collected before the analyzer is asked."""

_MOST = 2 * _AT_ONCE
"""Pieces for which the analyzer is asked: a text with more that are new is looked through up to there.

That takes .2 s; all of a megabyte of 70,000 different numbers and codes took 1.7 s.
"""


def located(
    data: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    standing: tuple[NDArray[np.int64], NDArray[np.int64]],
    forms: NDArray[np.uint64],
    width: Callable[[int, int, int], int],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places in texts, int64[m, 10], and up to which row each text was looked through.

    The texts stand one behind the other, in UTF-8 in which surrogates may stand.  A place is a piece in which
    rows of ``places.standing`` are, or one of the forms that are looked for may be; see ``TEXT`` for its
    columns.  ``bounds`` is where each text begins, and the last one ends; ``forms`` is what ``hashed`` made
    of the forms; ``width`` tells how many positions there are between two code points of a text, where
    it cannot be seen.
    """
    table = _widths.table
    starts, rows = standing
    asked = np.empty((0, 5), dtype=np.int64)
    while True:
        enough = len(asked) >= _MOST
        found, ends, unknown, values = _located(
            data, bounds, kinds(), forms, table, starts, rows, asked, enough
        )
        if not len(unknown):
            return found, ends
        for row, value in zip(unknown, values.tolist(), strict=True):
            row[4] = width(*row[:3].tolist())
            _widths.remember(value, int(row[4]))
        asked = np.concatenate((asked, unknown))
        asked = asked[asked[:, 3].argsort()]


@kernel
def _located(
    data: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    kinds: NDArray[np.uint8],
    forms: NDArray[np.uint64],
    table: NDArray[np.uint64],
    starts: NDArray[np.int64],
    rows: NDArray[np.int64],
    told: NDArray[np.int64],
    enough: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]:
    """Return the places, the rows, and pieces of unknown width with their hashes, behind which nothing holds.

    ``told`` are such pieces, by their byte, whose width is known by now: text, first code point, the one
    behind the last, byte, width; where that is ``enough``, a text ends before the next one.
    """
    asked = len(forms) > 0
    # Arrays that may grow in a loop cost it more than all else: they are counted in every turn.
    out = np.empty((len(rows) + (len(data) // 2 + len(bounds) if asked else 0), PLACE), dtype=np.int64)
    ends = np.empty(len(bounds) - 1, dtype=np.int64)
    unknown = np.empty((_AT_ONCE, 5), dtype=np.int64)
    hashes = np.empty(_AT_ONCE, dtype=np.uint64)
    filled = met = lacking = _ZERO
    for text in range(len(bounds) - 1):
        size = bounds[text + 1]
        row, last_row = starts[text], starts[text + 1]
        wanted = rows[row] // TERMS if row < last_row else _NEVER
        at = bounds[text]
        point = position = _ZERO
        while at < size and (asked or row < last_row):
            start, first = point, at
            value = SEED
            if asked:
                while at < size and CLASS[data[at]] == PLAIN:
                    value = (value ^ np.uint64(LOWER[data[at]])) * PRIME
                    at += 1
            else:
                at = _behind(data, at, size, PLAIN)
            ahead = at
            if at < size and CLASS[data[at]] == SIGN:
                ahead += 1
            if ahead == size or CLASS[data[ahead]] == BETWEEN:
                # A word of ASCII, perhaps with a full stop, a comma or a colon behind it; or nothing at all.
                width = _ZERO + (at > first)
                simple = True
                maybe = asked and width > 0 and (at - first > LONGEST or _there(forms, value))
                low, high, byte = start, start + at - first, first
                point += ahead - first
                at = ahead
            else:
                at, point, width, simple, maybe, low, high, byte, value = piece(
                    data, first, size, start, kinds
                )
                maybe = asked and (maybe or _there(forms, value))
                if at == first:  # what is between words, beyond ASCII
                    code = data[at]
                    at += 1 + (code >= 0xC0) + (code >= 0xE0) + (code >= 0xF0)
                    point += 1
            if width < 0:
                while met < len(told) and told[met, 3] < first:
                    met += 1
                if met < len(told) and told[met, 3] == first:
                    width = told[met, 4]
                else:
                    mixed = _mixed(data[first:at])
                    width = _width(table, mixed)
                    if width < 0 and enough:
                        row = last_row
                        break
                    if width < 0:
                        if lacking == len(unknown):
                            return out[:0], ends, unknown, hashes
                        unknown[lacking, 0] = text
                        unknown[lacking, 1] = start
                        unknown[lacking, 2] = point
                        unknown[lacking, 3] = first
                        hashes[lacking] = mixed
                        lacking += 1
                        width = _ZERO
            position += width
            if width > 0 and (maybe or wanted < position):
                begin = row
                while row < last_row and rows[row] < position * TERMS:
                    row += 1
                wanted = rows[row] // TERMS if row < last_row else _NEVER
                simple &= row == begin + 1 and not maybe
                out[filled, TEXT] = text
                out[filled, START] = start
                out[filled, END] = point
                out[filled, FIRST] = position - width
                out[filled, LOW] = low if simple else start
                out[filled, HIGH] = high if simple else point
                out[filled, BYTE] = byte if simple else first
                out[filled, TERM] = rows[begin] % TERMS if simple else -1
                out[filled, BEGIN] = begin
                out[filled, BEHIND] = row
                filled += 1
            blank = at
            at = _behind(data, at, size, BETWEEN)
            point += at - blank
        ends[text] = row
    return out[:filled], ends, unknown[:lacking], hashes[:lacking]


@kernel
def _behind(data: NDArray[np.uint8], at: int, size: int, kind: int) -> int:
    """Return where a run of bytes of a kind ends."""
    # A place that has a sign is looked at for being negative with every byte: a fifth of the time.
    place, end = np.uint64(at), np.uint64(size)
    while place < end and CLASS[data[place]] == kind:
        place += _ONE
    return np.int64(place)  # type: ignore[return-value]  # an int to numba


@kernel
def _mixed(piece: NDArray[np.uint8]) -> np.uint64:
    """Return a hash of bytes, whose highest bits depend on all of them."""
    value = SEED
    for byte in piece:
        value = (value ^ np.uint64(byte)) * PRIME
    return value ^ (value >> np.uint64(29)) * PRIME


@kernel
def _width(table: NDArray[np.uint64], value: np.uint64) -> np.int64:
    """Return the width that is remembered for a hash, -1 for none."""
    low = np.uint64(_WIDEST)
    slot = (value >> _UPPER) & np.uint64(_SLOTS - 1)
    while table[slot] != 0:
        if (table[slot] ^ value) <= low:
            return np.int64(table[slot] & low) - 1
        slot = (slot + _ONE) & np.uint64(_SLOTS - 1)
    return np.int64(-1)


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
        value = SEED
        for byte in range(at, at + sizes[each]):
            value = (value ^ np.uint64(data[byte])) * PRIME
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
