"""The compiled loops of inversion: the chunks of a segment's documents become the postings of its terms.

A document is two texts, title and body: text t is ``numbers[ends[t - 1]:ends[t]]``, chunks by
number.  What chunks hold stands in arrays of ``index.codec.tokeniser.Pieces``, with the term of
each piece, -1 where it has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.codec.kernels import MORE
from index.compiled import loop

if TYPE_CHECKING:
    from numpy.typing import NDArray

TITLES, BODIES, BOTH = 1, 2, 3
"""Which texts of a document are read."""


class Held(NamedTuple):
    """What chunks hold: ``Pieces`` without forms.

    ``tokens`` uint32[c] are the pieces of a chunk that have a term; ``single`` int32[c] the term of a
    chunk of one position and one piece, -1 for any other; ``terms`` int32[p].
    """

    widths: NDArray[np.uint32]
    firsts: NDArray[np.uint32]
    sizes: NDArray[np.uint32]
    tokens: NDArray[np.uint32]
    single: NDArray[np.int32]
    offsets: NDArray[np.uint32]
    terms: NDArray[np.int32]


class Survey(NamedTuple):
    """The tokens of each text, where each body begins, and how often each chunk is there.

    int64[2n]; positions, uint32[n]; in titles and in bodies, int64[2, c].
    """

    lengths: NDArray[np.int64]
    begins: NDArray[np.uint32]
    uses: NDArray[np.int64]


def survey(numbers: NDArray[np.uint32], ends: NDArray[np.int64], held: Held, gap: int) -> Survey:
    """Return what there is."""
    texts = len(ends)
    found = Survey(
        np.zeros(texts, dtype=np.int64),
        np.zeros(texts // 2, dtype=np.uint32),
        np.zeros((2, len(held.widths)), dtype=np.int64),
    )
    _survey(numbers, ends, held, gap, found)
    return found


@loop
def _survey(
    numbers: NDArray[np.uint32], ends: NDArray[np.int64], held: Held, gap: int, found: Survey
) -> None:
    lengths, begins, uses = found.lengths, found.begins, found.uses
    at = 0
    for text in range(len(ends)):
        part = text % 2
        position = tokens = np.int64(0)
        while at < ends[text]:
            chunk = numbers[at]
            position += held.widths[chunk]
            tokens += held.tokens[chunk]
            uses[part, chunk] += 1
            at += 1
        lengths[text] = tokens
        if part == 0 and position > 0:
            begins[text // 2] = position + gap


def count_terms(uses: NDArray[np.int64], held: Held, size: int) -> NDArray[np.int64]:
    """Return how many tokens each term has: int64[size]."""
    counts = np.zeros(size, dtype=np.int64)
    _count_terms(uses, held, counts)
    return counts


@loop
def _count_terms(uses: NDArray[np.int64], held: Held, counts: NDArray[np.int64]) -> None:
    for chunk in range(len(uses)):
        if uses[chunk]:
            for piece in range(held.firsts[chunk], held.firsts[chunk] + held.sizes[chunk]):
                if held.terms[piece] >= 0:
                    counts[held.terms[piece]] += uses[chunk]


@loop
def scatter(
    numbers: NDArray[np.uint32],
    ends: NDArray[np.int64],
    begins: NDArray[np.uint32],
    held: Held,
    parts: int,
    place: NDArray[np.int64],
    tokens: NDArray[np.uint64],
) -> None:
    """Sort tokens by term: each is document << 32 | position, and goes to the ``place`` of its term.

    A place outside of ``tokens`` is left alone; documents and positions ascend behind each place.
    """
    size = len(tokens)
    at = 0
    for text in range(len(ends)):
        part = text % 2
        if not parts & (part + 1):
            at = ends[text]
        token = np.uint64(text // 2) << np.uint64(32)
        if part:
            token += np.uint64(begins[text // 2])
        while at < ends[text]:
            chunk = numbers[at]
            at += 1
            term = held.single[chunk]
            if term >= 0:
                if 0 <= place[term] < size:
                    tokens[place[term]] = token
                    place[term] += 1
                token += np.uint64(1)
                continue
            for piece in range(held.firsts[chunk], held.firsts[chunk] + held.sizes[chunk]):
                term = held.terms[piece]
                if term >= 0 and 0 <= place[term] < size:
                    tokens[place[term]] = token + np.uint64(held.offsets[piece])
                    place[term] += 1
            token += np.uint64(held.widths[chunk])


class Grouped(NamedTuple):
    """Postings: how many each term has, their documents, weighted frequencies and positions.

    Positions as bytes, ``sizes`` of each posting.
    """

    postings: NDArray[np.int64]
    docs: NDArray[np.uint32]
    tf: NDArray[np.int32]
    data: NDArray[np.uint8]
    sizes: NDArray[np.uint32]


def group(
    counts: NDArray[np.int64], tokens: NDArray[np.uint64], begins: NDArray[np.uint32], weight: int
) -> Grouped:
    """Gather sorted tokens, ``counts`` of each term, into postings.

    A token before its document's body begins counts as ``weight`` ones.
    """
    size = len(tokens)
    room = Grouped(
        np.zeros(len(counts), dtype=np.int64),
        np.empty(size, dtype=np.uint32),
        np.empty(size, dtype=np.int32),
        np.empty(size * 5, dtype=np.uint8),
        np.empty(size, dtype=np.uint32),
    )
    used = _group(counts, tokens, begins, weight, room)
    count = int(room.postings.sum())
    return Grouped(room.postings, room.docs[:count], room.tf[:count], room.data[:used], room.sizes[:count])


@loop
def _group(
    counts: NDArray[np.int64],
    tokens: NDArray[np.uint64],
    begins: NDArray[np.uint32],
    weight: int,
    found: Grouped,
) -> int:
    """Write postings and return how many bytes their positions take."""
    postings, docs, tf, data, sizes = found.postings, found.docs, found.tf, found.data, found.sizes
    posting = used = token = 0
    for term in range(len(counts)):
        end = token + counts[term]
        first = posting
        while token < end:
            doc = tokens[token] >> np.uint64(32)
            begin = np.uint64(begins[doc])
            frequency = 0
            before = np.uint64(0)
            first_byte = used
            more = True
            while more:
                position = tokens[token] & np.uint64(0xFFFFFFFF)
                frequency += weight if position < begin else 1
                token += 1
                more = token < end and tokens[token] >> np.uint64(32) == doc
                value = ((position - before) << np.uint64(1)) | np.uint64(0 if more else 1)
                before = position
                while value >= np.uint64(MORE):
                    data[used] = (value & np.uint64(MORE - 1)) | np.uint64(MORE)
                    used += 1
                    value >>= np.uint64(7)
                data[used] = value
                used += 1
            docs[posting] = doc
            tf[posting] = frequency
            sizes[posting] = used - first_byte
            posting += 1
        postings[term] = posting - first
    return used


class Distinct(NamedTuple):
    """Each form of each document once, where each document's end, and how many documents each form has.

    uint32, int64[n], int64[f].
    """

    forms: NDArray[np.uint32]
    ends: NDArray[np.int64]
    counts: NDArray[np.int64]


def distinct(
    numbers: NDArray[np.uint32],
    ends: NDArray[np.int64],
    parts: int,
    firsts: NDArray[np.uint32],
    sizes: NDArray[np.uint32],
    forms: NDArray[np.uint32],
    size: int,
    most: int,
) -> Distinct:
    """Return the forms of documents, of which there are ``size``; ``most`` pieces are in their texts."""
    seen = np.full(size, -1, dtype=np.int32)
    room = Distinct(
        np.empty(most, dtype=np.uint32),
        np.zeros(len(ends) // 2, dtype=np.int64),
        np.zeros(size, dtype=np.int64),
    )
    filled = _distinct(numbers, ends, parts, firsts, sizes, forms, seen, room)
    return Distinct(room.forms[:filled], room.ends, room.counts)


@loop
def _distinct(
    numbers: NDArray[np.uint32],
    ends: NDArray[np.int64],
    parts: int,
    firsts: NDArray[np.uint32],
    sizes: NDArray[np.uint32],
    forms: NDArray[np.uint32],
    seen: NDArray[np.int32],
    found: Distinct,
) -> int:
    """Write forms and return how many; ``seen`` int32[f] is the last document that had each, -1 so far."""
    counts, last, out = found.counts, found.ends, found.forms
    filled = at = 0
    for text in range(len(ends)):
        doc = text // 2
        if not parts & (text % 2 + 1):
            at = ends[text]
        while at < ends[text]:
            chunk = numbers[at]
            at += 1
            for piece in range(firsts[chunk], firsts[chunk] + sizes[chunk]):
                form = forms[piece]
                if seen[form] != doc:
                    seen[form] = doc
                    counts[form] += 1
                    out[filled] = form
                    filled += 1
        last[doc] = filled
    return filled


@loop
def scatter_documents(
    forms: NDArray[np.uint32], ends: NDArray[np.int64], place: NDArray[np.int64], docs: NDArray[np.uint32]
) -> None:
    """Write the documents of each form from its ``place`` on, ascending."""
    at = 0
    for doc in range(len(ends)):
        while at < ends[doc]:
            form = forms[at]
            docs[place[form]] = doc
            place[form] += 1
            at += 1
