"""What the chunks between white space hold, as numbers: each is cut once, then looked up.

Texts become numbers of chunks in compiled loops, a batch at a time; terms, positions and
frequencies are made of the numbers of a whole segment at once.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec import cutting, tokeniser
from index.codec.cutting import JOINED, STEMMED, TAG_BITS
from index.codec.tokeniser import ROOM, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.analysis import Analyzer

NONE = -1
"""The term of a piece that has none, and of a form whose stem nobody asked for."""

_ASKED = 1 << 14
"""Chunks that ``index.analysis`` cuts at once."""

_ROOM = 1 << 14
"""Chunks, and ``ROOM`` times as many bytes, that the table has room for before texts are tokenised."""


class Chunks:
    """The chunks of an archive in all languages, with the terms and surface forms that they hold.

    They outlive a segment: a writer starts anew only when they have become too many.

    Chunk c is ``widths[c]`` positions wide and has ``sizes[c]`` pieces from ``firsts[c]`` on.  Piece p
    stands at ``offsets[p]``; its form is number ``forms[p]``, its term ``names[terms[p]]`` where
    that is not ``NONE``.  All uint32 but ``terms``, int32; they may be longer than what is in them.
    ``analyzers`` are those of the languages, by tag.
    """

    def __init__(self) -> None:
        self._chunks, self._forms = _table(), _table()
        self.widths, self.firsts, self.sizes, self.offsets, self.forms = (
            np.empty(0, dtype=np.uint32) for _ in range(5)
        )
        self.terms = np.empty(0, dtype=np.int32)
        self.names: list[str] = []
        self._pieces = 0
        self._numbers: dict[str, int] = {}
        self.analyzers: list[Analyzer] = []
        self._tags: dict[str, int] = {}
        self._cased = np.zeros(256, dtype=np.bool_)
        self._languages = np.empty(0, dtype=np.uint8)
        self._stems: list[NDArray[np.int32]] = []
        self._selves = np.empty(0, dtype=np.int32)
        self._scratch = cutting.scratch()

    def __len__(self) -> int:
        return int(self._chunks.used[0])

    @property
    def different_forms(self) -> int:
        """How many surface forms there are."""
        return int(self._forms.used[0])

    @property
    def size(self) -> int:
        """Bytes of strings in the tables: a tenth of what all this takes."""
        return int(self._chunks.starts[len(self)] + self._forms.starts[self.different_forms])

    def tag(self, analyzer: Analyzer) -> int:
        """Return the number of a language."""
        tag = self._tags.get(analyzer.language)
        if tag is None:
            tag = self._tags[analyzer.language] = len(self.analyzers)
            self.analyzers.append(analyzer)
            self._cased[tag] = analyzer.core("I") != "i"
            self._stems.append(np.empty(0, dtype=np.int32))
        return tag

    def numbers(
        self, texts: Sequence[bytes], tags: Sequence[int]
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the numbers of the chunks of many texts, uint32, and where each text's end, int64[n].

        Texts are UTF-8, in which lone surrogates may stand; tags are those of their languages.
        """
        whole = b"".join(texts)
        data, bounds = np.frombuffer(whole, dtype=np.uint8), _bounds(texts)
        out = np.empty(len(data) // 2 + len(texts), dtype=np.uint32)
        ends = np.empty(len(texts), dtype=np.int64)
        elsewhere = np.empty((_ASKED, 3), dtype=np.int64)
        state = np.zeros(4, dtype=np.int64)
        given = np.array(tags, dtype=np.uint8)
        done = 0
        while not done:
            self._grow()
            known = len(self)
            done = tokeniser.tokenise(
                data,
                bounds,
                given,
                self._cased,
                self._chunks,
                self._languages,
                self._scratch.key,
                out,
                ends,
                elsewhere,
                state,
            )
            self._cut(known)
            asked = elsewhere[: state[3]]
            languages = given[np.searchsorted(bounds, asked[:, 1], side="right") - 1].tolist()
            self._learn(
                [
                    (number, self.analyzers[tag], whole[first:last].decode("utf-8", "surrogatepass"))
                    for tag, (number, first, last) in zip(languages, asked.tolist(), strict=True)
                ]
            )
            state[3] = 0
        return out[: state[2]], ends

    def forms_of(self, numbers: NDArray[Any]) -> list[bytes]:
        """Return some surface forms."""
        arena, starts = self._forms.arena.data, self._forms.starts
        firsts, lasts = starts[numbers].tolist(), starts[1:][numbers].tolist()
        return [bytes(arena[first:last]) for first, last in zip(firsts, lasts, strict=True)]

    def _cut(self, known: int) -> None:
        """Note what the chunks from ``known`` on hold, but for those that are cut elsewhere."""
        chunks, last = self._chunks, len(self)
        found = cutting.pieces(int(chunks.starts[last] - chunks.starts[known]))
        self.sizes[known:last] = 0
        cutting.cut(
            chunks.arena,
            chunks.starts,
            self._languages,
            known,
            last,
            self.widths,
            self.sizes,
            found,
            self._scratch,
        )
        count = int(found.used[0])
        self.firsts[known:last] = self._pieces + _starts(self.sizes[known:last])[:-1]
        own = self._put(found.blob[: found.bounds[count]], found.bounds[: count + 1])
        self.offsets[own] = found.offsets[:count]
        self._find_terms(self.forms[own], found.kinds[:count], self.terms[own])

    def _put(self, blob: NDArray[np.uint8], bounds: NDArray[np.int64]) -> slice:
        """Put in pieces by their forms, one behind the other, and return their place."""
        count = len(bounds) - 1
        own = slice(self._pieces, self._pieces + count)
        self._pieces += count
        self._forms = _roomier(self._forms, count, len(blob))
        self.offsets, self.forms = (_longer(array, self._pieces, 0) for array in (self.offsets, self.forms))
        self.terms = _longer(self.terms, self._pieces, NONE)
        tokeniser.numbers_of(self._forms, blob, bounds, self.forms[own])
        return own

    def _find_terms(
        self, forms: NDArray[np.uint32], kinds: NDArray[np.uint16], terms: NDArray[np.int32]
    ) -> None:
        """Write the terms of pieces of ASCII, which have one each."""
        stemmed, tags = (kinds & STEMMED) > 0, kinds >> TAG_BITS
        self._selves = self._terms_of(self._selves, forms, ~stemmed, terms, None)
        for tag, analyzer in enumerate(self.analyzers):
            kept = stemmed & (tags == tag)
            self._stems[tag] = self._terms_of(self._stems[tag], forms, kept, terms, analyzer)
        # A word joined from parts may have the stem of its first part, "boy-s": its position has it once.
        joined = np.flatnonzero(kinds & JOINED)
        terms[joined[terms[joined] == terms[joined - 1]]] = NONE

    def _terms_of(
        self,
        table: NDArray[np.int32],
        forms: NDArray[np.uint32],
        kept: NDArray[np.bool_],
        terms: NDArray[np.int32],
        analyzer: Analyzer | None,
    ) -> NDArray[np.int32]:
        """Write the terms of some forms, stemmed by an analyzer or as they are; return the longer table."""
        table = _longer(table, self.different_forms, NONE)
        own = forms[kept]
        new = np.unique(own[table[own] == NONE])
        asked = [form.decode() for form in self.forms_of(new)]
        table[new] = self._terms_numbered([analyzer.stems(form)[0] for form in asked] if analyzer else asked)
        terms[kept] = table[own]
        return table

    def _terms_numbered(self, terms: Sequence[str]) -> list[int]:
        """Return the numbers of some terms."""
        numbers = self._numbers
        known = len(numbers)
        found = [numbers.setdefault(term, len(numbers)) for term in terms]
        new = list(islice(reversed(numbers), len(numbers) - known))  # from the end: few of many
        self.names += reversed(new)
        return found

    def _learn(self, asked: Sequence[tuple[int, Analyzer, str]]) -> None:
        """Note what chunks hold, by number, language and text, as ``index.analysis`` cuts them."""
        offsets: list[int] = []
        terms: list[str] = []
        forms: list[str] = []
        placed: list[bool] = []
        for number, analyzer, text in asked:
            width, words, more = analyzer.chunk(text)
            self.widths[number] = width
            self.firsts[number] = self._pieces + len(forms)
            self.sizes[number] = len(words) + len(more)
            offsets += [word[0] for word in words]
            terms += [word[1] for word in words]
            forms += [word[2] for word in words]
            forms += more
            placed += [True] * len(words) + [False] * len(more)
        encoded = [form.encode() for form in forms]
        own = self._put(np.frombuffer(bytearray(b"".join(encoded)), dtype=np.uint8), _bounds(encoded))
        having = np.flatnonzero(placed) + own.start
        self.offsets[own] = 0
        self.offsets[having] = offsets
        self.terms[own] = NONE
        self.terms[having] = self._terms_numbered(terms)

    def _grow(self) -> None:
        """Make room for the chunks of the next texts."""
        self._chunks = _roomier(self._chunks, _ROOM, _ROOM * ROOM)
        room = len(self._chunks.starts)
        self.widths, self.firsts, self.sizes, self._languages = (
            _longer(array, room, 0) for array in (self.widths, self.firsts, self.sizes, self._languages)
        )


def _table() -> Table:
    return Table(
        np.zeros(2, dtype=np.uint64),
        np.zeros(2, dtype=np.int64),
        np.zeros(0, dtype=np.uint8),
        np.zeros(1, dtype=np.int64),
    )


def _roomier(table: Table, strings: int, size: int) -> Table:
    """Return a table that has room for so many more strings and bytes."""
    if tokeniser.has_room(table, strings, size):
        return table
    count = int(table.used[0])
    starts = _longer(table.starts, count + strings + 1, 0)
    arena = _longer(table.arena, int(table.starts[count]) + size, 0)
    slots = table.slots
    if 2 * len(starts) > len(slots):
        slots = np.zeros(1 << (2 * len(starts) - 1).bit_length(), dtype=np.uint64)
        tokeniser.hash_again(table._replace(slots=slots))
    return Table(slots, starts, arena, table.used)


def _longer(array: NDArray[Any], size: int, rest: int) -> NDArray[Any]:
    """Return an array of ``size`` or more numbers, twice as long as before where it has to grow."""
    if len(array) >= size:
        return array
    longer = np.full(max(size, 2 * len(array)), rest, dtype=array.dtype)
    longer[: len(array)] = array
    return longer


def _bounds(texts: Sequence[bytes]) -> NDArray[np.int64]:
    return _starts(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)))


def _starts(sizes: NDArray[Any]) -> NDArray[np.int64]:
    starts = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts
