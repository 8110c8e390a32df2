"""The compiled loops of inversion: the chunks of a segment's documents become the postings of its terms.

A document is two texts, title and body: text t is ``numbers[ends[t - 1]:ends[t]]``, chunks by
number.  What chunks hold stands in arrays of ``index.codec.tokeniser.Pieces``, with the term of
each piece, -1 where it has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.codec.kernels import MORE
from index.compiled import kernel

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


@kernel
def survey(
    numbers: NDArray[np.uint32], ends: NDArray[np.int64], held: Held, gap: int
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64]]:
    """Return the tokens of each text, where each body begins, and how often each chunk is there.

    int64[2n]; positions, uint32[n]; in titles and in bodies, int64[2, c].
    """
    texts = len(ends)
    lengths = np.zeros(texts, np.int64)
    begins = np.zeros(texts // 2, np.uint32)
    uses = np.zeros((2, len(held.widths)), np.int64)
    at = 0
    for text in range(texts):
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
    return lengths, begins, uses


@kernel
def count_terms(uses: NDArray[np.int64], held: Held, size: int) -> NDArray[np.int64]:
    """Return how many tokens each term has: int64[size]."""
    counts = np.zeros(size, np.int64)
    for chunk in range(len(uses)):
        if uses[chunk]:
            for piece in range(held.firsts[chunk], held.firsts[chunk] + held.sizes[chunk]):
                if held.terms[piece] >= 0:
                    counts[held.terms[piece]] += uses[chunk]
    return counts


@kernel
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


@kernel
def group(
    counts: NDArray[np.int64], tokens: NDArray[np.uint64], begins: NDArray[np.uint32], weight: int
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int32], NDArray[np.uint8], NDArray[np.uint32]]:
    """Gather sorted tokens, ``counts`` of each term, into postings.

    A token before its document's body begins counts as ``weight`` ones.  Returns the postings of
    each term, their documents and weighted frequencies, the bytes of their positions and how many
    bytes each posting has.
    """
    postings = np.zeros(len(counts), np.int64)
    docs = np.empty(len(tokens), np.uint32)
    tf = np.empty(len(tokens), np.int32)
    data = np.empty(len(tokens) * 5, np.uint8)
    sizes = np.empty(len(tokens), np.uint32)
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
    return postings, docs[:posting], tf[:posting], data[:used], sizes[:posting]


@kernel
def distinct(
    numbers: NDArray[np.uint32],
    ends: NDArray[np.int64],
    parts: int,
    firsts: NDArray[np.uint32],
    sizes: NDArray[np.uint32],
    forms: NDArray[np.uint32],
    size: int,
) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """Return each form of each document once, where each document's end, and how many each form has."""
    seen = np.full(size, -1, np.int32)
    counts = np.zeros(size, np.int64)
    last = np.zeros(len(ends) // 2, np.int64)
    out = np.empty(2 * len(numbers) + 1024, np.uint32)
    filled = at = 0
    for text in range(len(ends)):
        doc = text // 2
        if not parts & (text % 2 + 1):
            at = ends[text]
        while at < ends[text]:
            chunk = numbers[at]
            at += 1
            if filled + sizes[chunk] > len(out):
                longer = np.empty(2 * len(out) + sizes[chunk], np.uint32)
                longer[:filled] = out[:filled]
                out = longer
            for piece in range(firsts[chunk], firsts[chunk] + sizes[chunk]):
                form = forms[piece]
                if seen[form] != doc:
                    seen[form] = doc
                    counts[form] += 1
                    out[filled] = form
                    filled += 1
        last[doc] = filled
    return out[:filled], last, counts


@kernel
def scatter_documents(
    forms: NDArray[np.uint32], ends: NDArray[np.int64], place: NDArray[np.int64]
) -> NDArray[np.uint32]:
    """Return the documents of each form from its ``place`` on, ascending."""
    docs = np.empty(len(forms), np.uint32)
    at = 0
    for doc in range(len(ends)):
        while at < ends[doc]:
            form = forms[at]
            docs[place[form]] = doc
            place[form] += 1
            at += 1
    return docs
