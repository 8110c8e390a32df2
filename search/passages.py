"""Which passages of a text show best what matched: many different words, then many matches."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from index.compiled import kernel
from search.offsets import BYTE, HIGH, LOW, TERM

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 200
"""Code points of a passage, about two lines of a terminal."""

_MARGIN = 40
"""Code points before a passage's first match."""

_NEWLINE, _SPACE = ord("\n"), ord(" ")

_PLANE = 1 << 16


@cache
def _blank() -> NDArray[np.bool_]:
    """Return which characters of the first plane are white space, as Python has it; none of the others is."""
    return np.array([chr(code).isspace() for code in range(_PLANE)])


def chosen(
    data: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    marks: NDArray[np.int64],
    firsts: NDArray[np.int64],
    different: int,
    most: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the best passages of texts, at most so many of each, in text order: int64[c, 5].

    A passage is its text, code points from where to where, and the marks that begin in it, from which one to
    before which.  ``data`` is the texts, ``bounds`` where each begins and the last one ends; ``marks`` are
    places as ``search.offsets`` has them, ``firsts`` the first of each text, their terms numbered below
    ``different``.  They ascend and do not overlap.
    """
    return _chosen(data, bounds, marks, firsts, different, most, _blank())


@kernel
def _chosen(
    data: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    marks: NDArray[np.int64],
    firsts: NDArray[np.int64],
    different: int,
    most: NDArray[np.int64],
    blank: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Return the passages."""
    out = np.empty((most.sum(), 5), dtype=np.int64)
    filled = 0
    for text in range(len(most)):
        own = marks[firsts[text] : firsts[text + 1]]
        if most[text] == 0 or len(own) == 0:
            continue
        begin = filled
        worth = _worth(own, different)
        for mark in np.argsort(-worth, kind="mergesort"):
            low = own[mark, LOW]
            start, end = low, low + 1
            if _apart(out[begin:filled], start, end):
                start, end = _window(data, bounds[text + 1], own[mark], blank)
                if _apart(out[begin:filled], start, end):
                    at = filled
                    while at > begin and out[at - 1, 1] > start:
                        out[at] = out[at - 1]
                        at -= 1
                    out[at, 0], out[at, 1], out[at, 2] = text, start, end
                    filled += 1
            if filled - begin == most[text]:
                break
        lows = np.ascontiguousarray(own[:, LOW])
        for at in range(begin, filled):
            out[at, 3] = firsts[text] + np.searchsorted(lows, out[at, 1])
            out[at, 4] = firsts[text] + np.searchsorted(lows, out[at, 2])
    return out[:filled]


@kernel
def _apart(others: NDArray[np.int64], start: int, end: int) -> bool:
    """Return whether a span overlaps no passage."""
    for at in range(len(others)):
        if start < others[at, 2] and others[at, 1] < end:
            return False
    return True


@kernel
def _worth(marks: NDArray[np.int64], different: int) -> NDArray[np.int64]:
    """Return the worth of a passage that begins at each mark: different words first, then marks."""
    worth = np.empty(len(marks), dtype=np.int64)
    inside = np.zeros(different, dtype=np.int64)
    behind = 0
    words = 0
    for first in range(len(marks)):
        while behind < len(marks) and marks[behind, LOW] < marks[first, LOW] + WIDTH - _MARGIN:
            words += inside[marks[behind, TERM]] == 0
            inside[marks[behind, TERM]] += 1
            behind += 1
        worth[first] = words << 32 | (behind - first)
        inside[marks[first, TERM]] -= 1
        words -= inside[marks[first, TERM]] == 0
    return worth


@kernel
def _window(
    data: NDArray[np.uint8], behind: int, mark: NDArray[np.int64], blank: NDArray[np.bool_]
) -> tuple[int, int]:
    """Return the bounds of a passage around a mark: whole words, whole mark, within the paragraph."""
    low, high = mark[LOW], mark[HIGH]
    start, at = low, mark[BYTE]
    while start > 0 and start > low - _MARGIN and data[at - 1] != _NEWLINE:
        at = _back(data, at)
        start -= 1
    last = max(start + WIDTH, high)
    if start > 0 and not _is_blank(data, _back(data, at), blank):
        here, point = at, start
        while point < low and data[here] != _SPACE:
            here = _on(data, here)
            point += 1
        if point < low:
            start = point + 1
    end, at = low, mark[BYTE]
    space = -1
    while end < high or (at < behind and end < last and data[at] != _NEWLINE):
        if end >= high and data[at] == _SPACE:
            space = end
        at = _on(data, at)
        end += 1
    if at < behind and space >= 0 and not _is_blank(data, at, blank):
        end = space
    return start, end


@kernel
def _on(data: NDArray[np.uint8], at: int) -> int:
    """Return the byte of the next character."""
    code = data[at]
    return at + int(1 + (code >= 0xC0) + (code >= 0xE0) + (code >= 0xF0))


@kernel
def _back(data: NDArray[np.uint8], at: int) -> int:
    """Return the byte of the character before."""
    at -= 1
    while data[at] & 0xC0 == 0x80:
        at -= 1
    return at


@kernel
def _is_blank(data: NDArray[np.uint8], at: int, blank: NDArray[np.bool_]) -> bool:
    """Return whether a character is white space."""
    code = np.int64(data[at])
    if code >= 0xF0:
        return False
    if code >= 0xE0:
        code = (code & 15) << 12 | np.int64(data[at + 1] & 63) << 6 | np.int64(data[at + 2] & 63)
    elif code >= 0xC0:
        code = (code & 31) << 6 | np.int64(data[at + 1] & 63)
    return bool(blank[code])
