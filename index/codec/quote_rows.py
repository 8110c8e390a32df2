"""The quotes of a segment while it is made: their columns, and the postings of their words."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.analysis import is_plain
from index.article import LEVELS
from index.codec.postings import Batch, PostingsWriter, cumulated
from index.codec.prints import FIELD, Keys, printed, write_prints
from index.codec.quotes import FORMS, KINDS, ROLES
from index.codec.strings import Strings
from index.codec.values import ValueRows
from index.roles import roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from index.analysis import Analyzer
    from index.article import Article
    from index.codec.arrays import ArrayWriter
    from index.codec.postings import Norms

_FIXED = {"article": np.int32, "begins": np.int32, "ends": np.int32, "kinds": np.uint8}
"""The columns of one number a quote."""


class QuoteRows:
    """The quotes of a segment while it is made."""

    def __init__(self) -> None:
        self._numbers: list[tuple[int, int, int, int]] = []
        self._speakers, self._roles = ValueRows(), ValueRows()
        self._words = _Words()
        self._keys = Keys()
        self._text, self._starts = array("q"), array("q", [0])

    @property
    def size(self) -> int:
        """Bytes that are held, by and large: of a quote of 15 words, and of a word that is known."""
        return 320 * len(self._numbers) + 200 * len(self._words.widths)

    def analysed(self, article: Article, analyzer: Analyzer) -> list[array[int]]:
        """Return the numbers of the chunks of each of an article's quotes."""
        return [self._words.numbers(quote.text, analyzer) for quote in article.quotes]

    def add(self, number: int, article: Article, analysed: list[array[int]]) -> None:
        """Add the quotes of an article, by its number."""
        described = roles(article.body, article.quotes)
        for quote, chunks in zip(article.quotes, analysed, strict=True):
            self._text.extend(chunks)
            self._starts.append(len(self._text))
            self._numbers.append((number, quote.start, quote.end, KINDS.index(quote.kind)))
            named = [quote.speaker] if quote.speaker is not None else []
            level = LEVELS.index(quote.confidence)
            self._speakers.extend([len(named)], named, [level] * len(named))
            said = described[quote.speaker] if quote.speaker is not None else ()
            self._roles.extend([len(said)], said, [level] * len(said))
            self._keys.add(quote.text)

    def write(
        self, writer: ArrayWriter, write_norms: Callable[[ArrayWriter, str, NDArray[np.int64]], Norms]
    ) -> None:
        """Write columns and postings."""
        table = np.array(self._numbers, dtype=np.int64).reshape(len(self._numbers), len(_FIXED))
        for number, (name, dtype) in enumerate(_FIXED.items()):
            writer.add(f"{FIELD}/{name}", table[:, number].astype(dtype))
        self._speakers.write(writer, FIELD)
        self._roles.write(writer, ROLES)
        chunks, starts = _numbers(self._text), _numbers(self._starts)
        docs = np.repeat(np.arange(len(table)), np.diff(starts))
        words = self._words.terms.tokens(chunks, docs)
        begins = cumulated(_numbers(self._words.widths)[chunks])
        places = begins[:-1] - begins[starts[docs]]
        norms = write_norms(writer, FIELD, np.bincount(words.docs, minlength=len(table)))
        _write_postings(writer, FIELD, words, norms, places[words.chunks] + words.offsets)
        forms = self._words.forms.tokens(chunks, docs)
        _write_postings(writer, FORMS, forms, None)
        write_prints(writer, printed(forms.names, forms.numbers, forms.docs, len(table)))
        self._keys.write(writer)


class _Held:
    """What each chunk holds: names, numbered in the order of their first use, and their offsets."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self._held, self._offsets, self._starts = array("q"), array("q"), array("q", [0])

    def learn(self, names: Iterable[tuple[str, int]]) -> None:
        """Add a chunk."""
        for name, offset in names:
            self._held.append(self.names.setdefault(name, len(self.names)))
            self._offsets.append(offset)
        self._starts.append(len(self._held))

    def tokens(self, chunks: NDArray[np.int64], docs: NDArray[np.int64]) -> _Tokens:
        """Return all that the chunks of some documents hold, in order."""
        starts = _numbers(self._starts)
        sizes = np.diff(starts)[chunks]
        of = np.repeat(np.arange(len(chunks)), sizes)
        held = (starts[chunks] - cumulated(sizes)[:-1])[of] + np.arange(len(of))
        return _Tokens(self.names, _numbers(self._held)[held], docs[of], of, _numbers(self._offsets)[held])


class _Tokens(NamedTuple):
    """The name of each token, as a number, its document, its chunk, and its offset there."""

    names: Mapping[str, int]
    numbers: NDArray[np.int64]
    docs: NDArray[np.int64]
    chunks: NDArray[np.int64]
    offsets: NDArray[np.int64]


class _Words:
    """What stands between white space, as numbers: each chunk is analysed once in a language."""

    def __init__(self) -> None:
        self.terms, self.forms, self.widths = _Held(), _Held(), array("q")
        self._known: dict[str, dict[str, int]] = {}

    def numbers(self, text: str, analyzer: Analyzer) -> array[int]:
        """Return the number of each chunk of a text."""
        known = self._known.setdefault(analyzer.language, {})
        found = array("q")
        for chunk in text.split():
            number = known.get(chunk)
            if number is None:
                number = known[chunk] = self._number(chunk, known, analyzer)
            found.append(number)
        return found

    def _number(self, chunk: str, known: dict[str, int], analyzer: Analyzer) -> int:
        core = analyzer.core(chunk)
        number = known.get(core)
        if number is None:
            number = known[core] = self._learn(core, analyzer)
        return number

    def _learn(self, chunk: str, analyzer: Analyzer) -> int:
        if is_plain(chunk):
            width, terms, forms = 1, [(term, 0) for term in analyzer.stems(chunk)], {chunk.lower(): 0}
        else:
            width, places, more = analyzer.chunk(chunk)
            terms = [(term, offset) for offset, term, _, _, _ in places]
            forms = dict.fromkeys([*(form for _, _, form, _, _ in places), *more], 0)
        self.terms.learn(terms)
        self.forms.learn(forms.items())
        self.widths.append(width)
        return len(self.widths) - 1


def _numbers(values: array[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def _write_postings(
    writer: ArrayWriter,
    field: str,
    tokens: _Tokens,
    norms: Norms | None,
    positions: NDArray[np.int64] | None = None,
) -> None:
    """Write the postings of a field, without frequencies and positions where it has none."""
    names = {name.encode("utf-8", "replace"): number for name, number in tokens.names.items()}
    ordered = sorted(names)
    ranks = np.empty(len(names), dtype=np.int64)
    ranks[[names[name] for name in ordered]] = np.arange(len(names))
    terms = ranks[tokens.numbers]
    order = np.argsort(terms, kind="stable")  # within a term, documents and positions ascend already
    terms, docs = terms[order], tokens.docs[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(terms) != 0) | (np.diff(docs) != 0)
    begins = np.flatnonzero(first)
    counts = np.bincount(terms[begins], minlength=len(names))
    used = np.flatnonzero(counts)  # an article that could not be put may have left names behind
    ordered, counts, found = [ordered[n] for n in used.tolist()], counts[used], docs[begins].astype(np.uint32)
    postings = PostingsWriter(writer, field, norms)
    if positions is None:
        postings.add(Batch(Strings.from_bytes(ordered), counts, found))
    else:
        tf = np.diff(begins, append=len(order)).astype(np.int32)
        data, sizes = _encoded(positions[order], first)
        bytes_ = np.add.reduceat(sizes, begins) if len(begins) else sizes
        names_ = Strings.from_bytes(ordered)
        postings.add(Batch(names_, counts, found, tf, data, bytes_.astype(np.uint32)))
    postings.close()


def _encoded(
    positions: NDArray[np.int64], first: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the bytes of positions as FORMAT.md has them, and how many each takes.

    >>> data, sizes = _encoded(np.array([1, 65, 3]), np.array([True, False, True]))
    >>> data.tolist(), sizes.tolist()
    ([2, 129, 1, 7], [1, 2, 1])
    """
    last = np.append(first[1:], True)[: len(first)]
    before = np.where(first, 0, np.roll(positions, 1))
    values = ((positions - before) << 1) | last
    sizes = np.ones(len(values), dtype=np.int64)
    for bits in (7, 14, 21, 28):
        sizes += (values >> bits) > 0
    at = cumulated(sizes)
    data = np.empty(at[-1], dtype=np.uint8)
    for number in range(5):
        more = np.flatnonzero(sizes > number)
        follows = np.where(sizes[more] > number + 1, 128, 0)
        data[at[more] + number] = ((values[more] >> 7 * number) & 127) | follows
    return data, sizes
