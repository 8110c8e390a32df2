"""The compiled tokeniser: UTF-8 texts become numbers of the chunks between white space.

A chunk met before is found in a table of all; the table compares bytes, so that no two share a
number.  Marks around a word and case say nothing and are left out of what is remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from index.analysis import LONGEST
from index.compiled import kernel, loop

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDEST = 240
"""Bytes of a chunk that is remembered: a longer one is not met twice."""

ELSEWHERE = 255
"""The tag of chunks that ``index.analysis`` cuts: not ASCII, of a language that keeps case, or too long."""

ROOM = WIDEST + 16
"""Bytes that a table has room for before a chunk is put in."""


class Table(NamedTuple):
    """Distinct byte strings, numbered in the order in which they were put in.

    ``slots`` uint64[2^k] are 0 where empty, else number + 1 with the upper half of the string's hash
    above it, and stand under the hash's low bits; string n is ``arena[starts[n]:starts[n + 1]]``, uint8
    and int64[c + 1]; ``used`` int64[1] is how many there are.
    """

    slots: NDArray[np.uint64]
    starts: NDArray[np.int64]
    arena: NDArray[np.uint8]
    used: NDArray[np.int64]


def _bytes(characters: str) -> NDArray[np.bool_]:
    """Return bool[256]: which bytes are one of some ASCII characters."""
    mask = np.zeros(256, dtype=np.bool_)
    mask[list(characters.encode("ascii"))] = True
    return mask


_ASCII = "".join(map(chr, range(128)))
_SPACE = _bytes("".join(filter(str.isspace, _ASCII)))
_ALNUM = _bytes("".join(filter(str.isalnum, _ASCII)))
_AROUND = _bytes('.,;:!?"()[]')
_LOWER = np.array(
    [ord(chr(code).lower()) if code < len(_ASCII) else code for code in range(256)], dtype=np.uint8
)

_PLAINER = {"‘": "`", "’": "'", "–": "-"} | dict.fromkeys("“”„—…", '"')
"""Marks that cut words as ones of ASCII do; all are E2 80 xx in UTF-8."""

_MARKS = np.zeros(256, dtype=np.uint8)
_MARKS[[mark.encode()[2] for mark in _PLAINER]] = list("".join(_PLAINER.values()).encode())
"""The plainer mark by a mark's third byte, 0 where there is none."""

_MARKS_AROUND = np.zeros(256, dtype=np.bool_)
_MARKS_AROUND[[mark.encode()[2] for mark in "“”„…"]] = True

_WORD = np.where(_ALNUM, _LOWER, 0).astype(np.uint8)
"""Letters and digits, small; 0 for any other byte."""

_QUOTE = ord('"')

_SEED, _PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)
_UPPER = np.uint64(0xFFFFFFFF00000000)

_ONE: Any = np.int64(1)
"""A number that numba takes for any number: it compiles functions once more for a constant."""


@kernel
def _hash(key: NDArray[np.uint8], first: int, last: int) -> np.uint64:
    """Return FNV-1a of some bytes, without its last mixing."""
    value = _SEED
    for at in range(first, last):
        value = (value ^ np.uint64(key[at])) * _PRIME
    return value


@kernel
def _put(table: Table, slot: np.uint64, upper: np.uint64, key: NDArray[np.uint8], size: int) -> int:
    """Put a string in, under an empty slot, and return its number; there is room."""
    new: int = table.used[0]
    first = table.starts[new]
    for at in range(size):
        table.arena[first + at] = key[at]
    table.starts[new + 1] = first + size
    table.slots[slot] = upper | np.uint64(new + 1)
    table.used[0] = new + 1
    return new


@loop
def has_room(table: Table, strings: int, size: int) -> int:
    """Return 1 if so many more strings and bytes fit, with half of the slots empty, else 0."""
    count = table.used[0] + strings
    return int(
        2 * count <= len(table.slots)
        and count < len(table.starts)
        and table.starts[table.used[0]] + size <= len(table.arena)
    )


@loop
def hash_again(table: Table) -> None:
    """Fill empty slots with the strings that are there."""
    mask = np.uint64(len(table.slots) - 1)
    for number in range(table.used[0]):
        value = _hash(table.arena, table.starts[number], table.starts[number + 1])
        value ^= value >> np.uint64(29)
        slot = value & mask
        while table.slots[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        table.slots[slot] = (value & _UPPER) | np.uint64(number + 1)


@loop
def numbers_of(
    table: Table, data: NDArray[np.uint8], bounds: NDArray[np.int64], out: NDArray[np.uint32]
) -> None:
    """Write the numbers of many strings, one behind the other in ``data``, to ``out``; there is room."""
    mask = np.uint64(len(table.slots) - 1)
    for each in range(len(bounds) - 1):
        first, last = bounds[each], bounds[each + 1]
        size = last - first
        value = _hash(data, first, last)
        value ^= value >> np.uint64(29)
        upper, slot = value & _UPPER, value & mask
        number = -_ONE
        while number < 0:
            entry = table.slots[slot]
            if entry == 0:
                number = _put(table, slot, upper, data[first:last], size)
            elif entry & _UPPER == upper:
                one = table.starts[_ONE * np.uint32(entry) - 1]
                if table.starts[_ONE * np.uint32(entry)] - one == size:
                    at = 0
                    while at < size and table.arena[one + at] == data[first + at]:
                        at += 1
                    if at == size:
                        number = _ONE * np.uint32(entry) - 1
            slot = (slot + np.uint64(1)) & mask
        out[each] = number


@loop
def tokenise(  # noqa: PLR0915 - one loop: a call a chunk would cost as much as its look-up
    data: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    tags: NDArray[np.uint8],
    cased: NDArray[np.bool_],
    chunks: Table,
    languages: NDArray[np.uint8],
    key: NDArray[np.uint8],
    out: NDArray[np.uint32],
    ends: NDArray[np.int64],
    elsewhere: NDArray[np.int64],
    state: NDArray[np.int64],
) -> int:
    """Write the numbers of the chunks of texts to ``out``, and where each text's end; return 1 if all.

    Text t is ``data[bounds[t]:bounds[t + 1]]``, UTF-8 in which surrogates may stand, of the language
    ``tags[t]``; in a ``cased`` one case says something.  ``languages`` receives the tag of each new
    chunk, or ``ELSEWHERE``, with its number, first and last byte in ``elsewhere`` int64[u, 3].
    ``key`` uint8[ROOM] is room to work in.

    Where there is no more room it stops: ``state`` int64[4], text, byte, chunks and those to be cut
    elsewhere so far, is where the next call goes on.
    """
    text, at, filled, others = state[0], state[1], state[2], state[3]
    # What is read for every chunk stands here: a function's arguments are counted at every call.
    slots, starts, arena = chunks.slots, chunks.starts, chunks.arena
    mask = np.uint64(len(slots) - 1)
    one: int = _ONE
    room: int = _ONE * ROOM
    done = True
    while text < len(tags) and done:
        end = bounds[text + 1]
        tag = tags[text]
        while True:
            while at < end and _SPACE[data[at]]:
                at += 1
            if at < end and data[at] >= 128:
                at = _skip_space(data, at, end)
            if at == end:
                break
            key[0] = tag
            value = (_SEED ^ np.uint64(tag)) * _PRIME
            last = at
            while last < end and last - at < LONGEST and _WORD[data[last]]:
                byte = _WORD[data[last]]
                key[last - at + 1] = byte
                value = (value ^ np.uint64(byte)) * _PRIME
                last += 1
            size = last - at + 1
            if last < end and _AROUND[data[last]]:
                last += 1
            # Most chunks are letters and digits with at most a mark behind them.
            plain = size > 1 and (last == end or _SPACE[data[last]]) and not cased[tag]
            if not plain:
                last = _chunk_end(data, at, end)
                size = _word(data, at, last, cased[tag], key)
                if not size:
                    size = _ascii(data, at, last, key)
                plain = size > 0
                if not plain and last - at < WIDEST:
                    size = last - at + 1
                    for place in range(at, last):
                        key[place - at + 1] = data[place]
                value = _hash(key, 0, size)
            value ^= value >> np.uint64(29)
            upper, slot = value & _UPPER, value & mask
            number: int = -one
            while size > 0 and slots[slot] != 0 and number < 0:
                if slots[slot] & _UPPER == upper:
                    found: int = _ONE * np.uint32(slots[slot]) - 1
                    first = starts[found]
                    if starts[found + 1] - first == size:
                        place = one * 0
                        while place < size and arena[first + place] == key[place]:
                            place += 1
                        if place == size:
                            number = found
                slot = (slot + np.uint64(1)) & mask
            if number < 0:
                if not has_room(chunks, one, room) or others == len(elsewhere):
                    done = False
                    break
                number = chunks.used[0]
                if size > 0:
                    _put(chunks, slot, upper, key, size)
                else:  # a string of no bytes that no slot holds
                    starts[number + 1] = starts[number]
                    chunks.used[0] += 1
                languages[number] = tag
                if not plain or cased[tag]:
                    languages[number] = ELSEWHERE
                    elsewhere[others, 0] = number
                    elsewhere[others, 1] = at
                    elsewhere[others, 2] = last
                    others += 1
            out[filled] = number
            filled += 1
            at = last
        if done:
            ends[text] = filled
            text += 1
    state[0] = text
    state[1] = at
    state[2] = filled
    state[3] = others
    return int(done)


@kernel
def _space(data: NDArray[np.uint8], at: int, end: int) -> int:
    """Return how many bytes of white space stand here, of one character, as ``str.isspace`` knows it."""
    first = data[at]
    if first < 128:
        return 1 if _SPACE[first] else 0
    if first == 0xC2 and at + 1 < end:
        return 2 if data[at + 1] == 0x85 or data[at + 1] == 0xA0 else 0
    if at + 2 < end:
        second, third = data[at + 1], data[at + 2]
        if first == 0xE2 and second == 0x80:
            return 3 if third <= 0x8A or third == 0xA8 or third == 0xA9 or third == 0xAF else 0
        if first == 0xE2 and second == 0x81:
            return 3 if third == 0x9F else 0
        if first == 0xE1 and second == 0x9A and third == 0x80:
            return 3
        if first == 0xE3 and second == 0x80 and third == 0x80:
            return 3
    return 0


@kernel
def _skip_space(data: NDArray[np.uint8], at: int, end: int) -> int:
    while at < end:
        size = _space(data, at, end)
        if not size:
            break
        at += size
    return at


@kernel
def _chunk_end(data: NDArray[np.uint8], at: int, end: int) -> int:
    while at < end:
        byte = data[at]
        if byte < 128:
            if _SPACE[byte]:
                break
        elif (byte == 0xC2 or 0xE1 <= byte <= 0xE3) and _space(data, at, end):
            break
        at += 1
    return at


@kernel
def _word(data: NDArray[np.uint8], start: int, end: int, cased: bool, key: NDArray[np.uint8]) -> int:
    """Write the key of a word of ASCII letters and digits without the marks around it, 0 where it is none."""
    while start < end:
        if _AROUND[data[start]]:
            start += 1
        elif (
            data[start] == 0xE2
            and start + 2 < end
            and data[start + 1] == 0x80
            and _MARKS_AROUND[data[start + 2]]
        ):
            start += 3
        else:
            break
    while start < end:
        if _AROUND[data[end - 1]]:
            end -= 1
        elif (
            start + 2 < end
            and data[end - 3] == 0xE2
            and data[end - 2] == 0x80
            and _MARKS_AROUND[data[end - 1]]
        ):
            end -= 3
        else:
            break
    if not 0 < end - start <= LONGEST:
        return 0
    for at in range(start, end):
        byte = data[at]
        if not _ALNUM[byte]:
            return 0
        key[at - start + 1] = byte if cased else _LOWER[byte]
    return end - start + 1


@kernel
def _ascii(data: NDArray[np.uint8], at: int, end: int, key: NDArray[np.uint8]) -> int:
    """Write the key of a chunk of ASCII, small, and return its length; 0 where it has other letters."""
    if end - at >= WIDEST:
        return 0
    size = 1
    while at < end:
        byte = data[at]
        if byte < 128:
            key[size] = _LOWER[byte]
            at += 1
        elif byte == 0xE2 and at + 2 < end and data[at + 1] == 0x80 and _MARKS[data[at + 2]]:
            key[size] = _MARKS[data[at + 2]]
            at += 3
        elif byte == 0xC2 and at + 1 < end and (data[at + 1] == 0xAB or data[at + 1] == 0xBB):  # « and »
            key[size] = _QUOTE
            at += 2
        else:
            return 0
        size += 1
    return size
