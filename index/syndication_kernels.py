"""The compiled loops of finding near-copies: shingles of words, sketches of shingles, bands that agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.compiled import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 5
"""Words of a shingle."""

BINS = 240
"""Minima of a sketch."""

ROWS = 2
"""Minima of a band."""

BANDS = BINS // ROWS
"""120 bands of 2 find 70 % of the pairs with a Jaccard of .1, 99.3 % at .2 and all but one in 2,000 at .25;
64 bands, 47, 93 and 98.4 %: a first report of four paragraphs has a Jaccard of .1 with the story it grows
into. They take 964 bytes of a document."""

LEAD = 50
"""Words of a text's lead."""

LEAST_LETTERS = 4
"""Letters of a word of the lead that counts: most shorter ones stand in every lead."""

CROWD = 32
"""Documents of one band and key that a document is paired with: those beside it.  More are copies of copies,
which hang together through their neighbours."""

SKIP, ALONE = np.uint32(1), np.uint32(1 << 31)
"""In a table of letters: a sign inside words that is passed over, and the bit of a letter that is a word.
Zero divides words."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@kernel
def mixed(value: np.uint64) -> np.uint64:
    """Return a 64-bit number with its bits mixed: the finaliser of splitmix64 (Steele and others 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@kernel
def distinct(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the values sorted, each once."""
    values.sort()
    filled = min(1, len(values))
    for at in range(1, len(values)):
        if values[at] != values[filled - 1]:
            values[filled] = values[at]
            filled += 1
    return values[:filled].copy()


@kernel
def worded(
    codes: NDArray[np.uint32], letters: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the words of a text's code points as 64-bit hashes, and the distinct longer ones of its lead.

    ``letters`` says of each code point what it counts as; those beyond the table are words of their own.
    """
    words = np.empty(len(codes) + 1, np.uint64)
    lead = np.empty(LEAD, np.uint64)
    count = led = length = 0
    word = np.uint64(0)
    for at in range(len(codes) + 1):
        letter = np.uint32(0)
        if at < len(codes):
            code = codes[at]
            letter = letters[code] if code < len(letters) else code | ALONE
        if letter == SKIP:
            continue
        if letter == 0 or letter & ALONE:
            if length:
                words[count] = mixed(word)
                if count < LEAD and length >= LEAST_LETTERS:
                    lead[led] = words[count]
                    led += 1
                count += 1
                word = np.uint64(0)
                length = 0
            if letter:
                words[count] = mixed(np.uint64(letter))
                if count < LEAD:
                    lead[led] = words[count]
                    led += 1
                count += 1
        else:
            word = (word + np.uint64(letter)) * _GOLDEN
            word ^= word >> np.uint64(29)
            length += 1
    return words[:count], distinct(lead[:led])


@kernel
def runs(words: NDArray[np.uint64], width: int) -> NDArray[np.uint64]:
    """Return a hash of each run of so many words, in their order.

    A text of fewer words has one, of all its words.
    """
    width = min(width, len(words))
    hashes = np.empty(len(words) - width + 1 if len(words) else 0, np.uint64)
    for first in range(len(hashes)):
        each = np.uint64(0)
        for at in range(first, first + width):
            each = each * _GOLDEN + words[at]
        hashes[first] = mixed(each)
    return hashes


@kernel
def shingled(
    codes: NDArray[np.uint32], letters: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the distinct shingles of a text's code points, and the distinct longer words of its lead.

    Both are 64-bit hashes and ascend.
    """
    words, lead = worded(codes, letters)
    return distinct(runs(words, WIDTH)), lead


@kernel
def winnowed(hashes: NDArray[np.uint64], window: int) -> NDArray[np.uint64]:
    """Return the least hash of every window of so many, the last of equals, each place once.

    Of fewer hashes than a window it is the least of all.  Two texts that share a window share one
    (Schleimer, Wilkerson and Aiken 2003).
    """
    size = min(window, len(hashes))
    kept = np.empty(len(hashes), np.uint64)
    count, before = 0, -1
    for last in range(size - 1, len(hashes) if size else -1):
        least = last
        for at in range(last - 1, last - size, -1):
            if hashes[at] < hashes[least]:
                least = at
        if least != before:
            kept[count] = hashes[least]
            count += 1
            before = least
    return distinct(kept[:count])


@kernel
def sketched(shingles: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Return the band keys of a set of shingles: uint32[BANDS]; bins of two sets agree by their Jaccard.

    Each round throws every shingle into one bin, and a bin keeps the least it has met in the first round
    that filled it; from round ``BINS`` on the round says which bin.  This is the fast similarity sketching of
    Dahlgaard, Knudsen and Thorup (2017): as true as that many permutations, at the cost of two or three, and
    no bin stays empty however short a text is (which one-permutation hashing has to make up for).
    """
    least = np.full(BINS, np.uint64(0xFFFFFFFFFFFFFFFF))
    empty = BINS
    for turn in range(2 * BINS):
        salt = np.uint64(turn + 1) * _GOLDEN
        for shingle in shingles:
            thrown = mixed(shingle + salt)
            at = np.int64(turn - BINS)
            if turn < BINS:
                at = np.int64(((thrown & np.uint64(0xFFFFFFFF)) * np.uint64(BINS)) >> np.uint64(32))
            value = (np.uint64(turn) << np.uint64(32)) | (thrown >> np.uint64(32))
            if value < least[at]:
                if least[at] == np.uint64(0xFFFFFFFFFFFFFFFF):
                    empty -= 1
                least[at] = value
        if empty == 0:
            break
    keys = np.empty(BANDS, np.uint32)
    for band in range(BANDS):
        key = np.uint64(0)
        for place in range(ROWS * band, ROWS * band + ROWS):
            key = mixed(key * _GOLDEN + least[place])
        keys[band] = np.uint32(key & np.uint64(0xFFFFFFFF))
    return keys


@kernel
def shared(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> int:
    """Return how many values two ascending lists without repetitions share."""
    count = i = j = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            count += 1
            i += 1
            j += 1
        elif a[i] < b[j]:
            i += 1
        else:
            j += 1
    return count


@kernel
def agreeing(
    keys: NDArray[np.uint32],
    documents: NDArray[np.uint32],
    days: NDArray[np.int32],
    old_keys: NDArray[np.uint32],
    old_documents: NDArray[np.uint32],
    old_days: NDArray[np.int32],
    window: int,
    same: bool,  # noqa: FBT001 - a kernel takes its arguments one by one
) -> NDArray[np.uint64]:
    """Return the pairs that share a key in one band, as ``new << 32 | old``.

    ``keys`` ascend, with their documents beside; ``days`` int32[n, 2] are first and last days, 0 where
    unknown, which is near to all.  With ``same`` both sides are one segment, and a pair comes once.
    """
    pairs = np.empty(16, np.uint64)
    filled = 0
    begin = 0
    at = 0
    while at < len(keys):
        key = keys[at]
        end = at + 1
        while end < len(keys) and keys[end] == key:
            end += 1
        if same:
            begin, last = at, end
        else:
            begin += np.searchsorted(old_keys[begin:], key)
            last = begin
            while last < len(old_keys) and old_keys[last] == key:
                last += 1
        for place in range(at, end):
            new = documents[place]
            first = max(begin, (place if same else last) - CROWD)
            for other in range(first, place if same else last):
                old = old_documents[other]
                known = days[new, 0] > 0 and old_days[old, 0] > 0
                if known and (
                    days[new, 0] - old_days[old, 1] > window or old_days[old, 0] - days[new, 1] > window
                ):
                    continue
                if filled == len(pairs):
                    wider = np.empty(2 * filled, np.uint64)
                    wider[:filled] = pairs
                    pairs = wider
                pairs[filled] = (np.uint64(new) << np.uint64(32)) | np.uint64(old)
                filled += 1
        at = end
    return pairs[:filled]
