"""The quotes of a segment's articles: documents of their own, in the same file.

Their words are one more field, ``quoted``, with its own documents; a column leads from each to its
article.  They live and go with it, stand in its order, and change no statistic of articles.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from index.article import LEVELS
from index.codec.columns import Columns
from index.codec.postings import FieldPostings
from index.codec.prints import FIELD, Prints
from index.codec.strings import Strings
from index.codec.values import ValueColumn, cell_type, entries_made, fixed
from index.segment import Segment, SegmentFile
from index.stored import unpack_quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from index.article import Kind, Quote
    from index.codec.dates import DateColumn

FORMS = "quoted_forms"

ROLES = "quoted_roles"

OF_ARTICLES = ("outlet", "language")
"""Values that a quote has from its article."""

KINDS: tuple[Kind, ...] = ("direct", "mixed", "indirect")
"""A kind's position is its number in the column."""


class QuoteIds:
    """A name for each quote, in the order of the articles' ids, then as they stand in the article."""

    def __init__(self, ids: Strings, article: NDArray[np.int32]) -> None:
        self._ids = ids
        self._article = article

    def text(self, number: int) -> str:
        """Return the name of a quote."""
        doc = self._article.item(number)
        place = number - bisect_left(self._article.data, doc)
        return f"{self._ids.text(doc)}\0{place:06}"

    __getitem__ = text


class QuoteColumns(Columns):
    """The columns of q quotes: lengths, norms, speakers, their roles, kinds; the rest is their articles'."""

    def __init__(self, file: SegmentFile) -> None:
        arrays = file.file
        self.lengths = {"text": arrays[f"{FIELD}/lengths"]}
        self.norms = {"text": arrays[f"{FIELD}/norms"]}
        self._article: NDArray[np.int32] = arrays[f"{FIELD}/article"]
        self._kinds: NDArray[np.uint8] = arrays[f"{FIELD}/kinds"]
        self._articles = file.columns
        self.ids: Any = QuoteIds(file.columns.ids, self._article)
        speakers = ValueColumn.read(arrays, FIELD)
        roles = partial(ValueColumn.read, arrays, ROLES)
        self.values = _Lazy({"speaker": lambda: speakers, "role": roles, "kind": self._kind, **self._taken()})

    @cached_property
    def order(self) -> NDArray[np.int32]:  # type: ignore[override]
        """The quotes in the order of their names."""
        return fixed(np.argsort(self._articles.ranks[self._article], kind="stable").astype(np.int32))

    @cached_property
    def ranks(self) -> NDArray[np.int32]:  # type: ignore[override]
        """The place of each in that order."""
        ranks = np.empty_like(self.order)
        ranks[self.order] = np.arange(len(ranks), dtype=np.int32)
        return fixed(ranks)

    @cached_property
    def dates(self) -> DateColumn:  # type: ignore[override]
        """The dates of the articles."""
        return self._articles.dates.taken(self._article)

    def _kind(self) -> ValueColumn:
        ordered = sorted(KINDS)
        ordinals = np.array([ordered.index(kind) for kind in KINDS], dtype=cell_type(len(KINDS)))
        starts = np.arange(len(KINDS) + 1, dtype=np.int32)
        levels = np.full(len(KINDS), len(LEVELS) - 1, dtype=np.uint32)
        entries = entries_made(np.arange(len(KINDS), dtype=np.uint32), levels)
        cells = ordinals[self._kinds]
        return ValueColumn(Strings.of(ordered), fixed(cells), fixed(starts), fixed(entries))

    def _taken(self) -> Mapping[str, Callable[[], ValueColumn]]:
        return {name: partial(self._articles.values[name].taken, self._article) for name in OF_ARTICLES}


class _Lazy(dict[str, ValueColumn]):
    """Columns that are made when they are first asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], ValueColumn]]) -> None:
        super().__init__()
        self._makers = makers

    def __missing__(self, name: str) -> ValueColumn:
        self[name] = made = self._makers[name]()
        return made


class QuotesFile(SegmentFile):
    """The quotes of a segment as if they were articles of one field, ``text``, and of speakers.

    ``article`` int32[q] is the document that each stands in, ascending; ``begins`` and ``ends``
    int32[q] count code points of its body; ``kinds`` uint8[q] index ``KINDS``; ``prints`` tell where the
    same words stand.
    """

    fields = frozenset({"text", "speaker"})

    def __init__(self, file: SegmentFile) -> None:
        self.file = file.file
        self.name = f"{file.name}/quotes"
        self.article: NDArray[np.int32] = self.file[f"{FIELD}/article"]
        self.begins: NDArray[np.int32] = self.file[f"{FIELD}/begins"]
        self.ends: NDArray[np.int32] = self.file[f"{FIELD}/ends"]
        self.kinds: NDArray[np.uint8] = self.file[f"{FIELD}/kinds"]
        self.prints = Prints(self.file)
        self.size = len(self.article)
        self.columns = QuoteColumns(file)
        self.body_begins = np.zeros(self.size, dtype=np.uint32)
        self.words = {"text": FieldPostings(self.file, FIELD)}
        # Where articles keep the forms of title and body apart, quotes have but one text.
        self.forms = dict.fromkeys(("title_forms", "body_forms"), FieldPostings(self.file, FORMS))
        self._averages = {}


class Quotes(Segment):
    """The quotes of a segment's live articles."""

    def __init__(self, segment: Segment) -> None:
        self.articles = segment
        self.own = _file(segment.file)
        whole = segment.documents == segment.size
        super().__init__(self.own, None if whole else segment.live[self.own.article])

    def article_of(self, doc: int) -> tuple[int, int]:
        """Return the document that a quote stands in, and its place among the quotes there."""
        article = self.own.article.item(doc)
        return article, doc - bisect_left(self.own.article.data, article)

    def of_articles(self, ids: Iterable[str]) -> NDArray[np.int32]:
        """Return the quotes that stand in the live articles with some ids, ascending."""
        documents = self.articles.of_articles(ids)
        first, last = (np.searchsorted(self.own.article, documents, side) for side in ("left", "right"))
        ranges = [np.arange(a, b, dtype=np.int32) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        return np.concatenate([np.empty(0, np.int32), *ranges])

    def speaker(self, doc: int) -> str | None:
        """Return the name of the person who said it as the article has it, None for nobody."""
        return next(iter(self.columns.values["speaker"].of(doc)), None)

    def quote(self, doc: int) -> Quote:
        """Return a stored quote."""
        article, place = self.article_of(doc)
        return unpack_quote(self.articles.file.said[article], place)


_FILES: WeakKeyDictionary[SegmentFile, QuotesFile] = WeakKeyDictionary()
"""What is known of the quotes of a segment's file, for all generations that hold it."""


def _file(file: SegmentFile) -> QuotesFile:
    known = _FILES.get(file)
    if known is None:
        known = _FILES[file] = QuotesFile(file)
    return known
