"""pressmark itself: the writer alone for ready articles, and the searcher in process."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from index.article import Article, Found
from index.edtf import day, parse
from index.embedded import open_writer
from tests.bench.engines.engine import Answer, Engine
from tests.bench.query import Query

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from index.edtf import Interval
    from search.request import Request
    from search.results import Results
    from tests.bench.corpus import Document

T = TypeVar("T")

FACETS = {"date": "month", "outlet": "outlet", "speaker": "person"}
"""The facets that are counted, and what the benchmark calls them."""


def build(documents: Iterable[Document], folder: Path) -> None:
    """Index ready articles: nothing is recovered."""
    writer = open_writer(folder, language="en")
    for one in documents:
        writer.put(ready(one), "build")
    writer.commit()


class Ours(Engine):
    """The embedded engine."""

    name = "pressmark"

    def __init__(self, folder: Path) -> None:
        from search.embedded import EmbeddedSearcher  # noqa: PLC0415 - a writer alone has no use for it

        self._searcher = EmbeddedSearcher(folder)

    def search(self, query: Query) -> Answer:
        """Return the best ten without snippets, the number of all, and the facets."""
        return answer(self._searcher.search(request(query)))


class Anew(Engine):
    """The embedded engine as it answers a query for the first time: each round opens the index anew.

    What the process knows stays, such as stems; what the generation remembers, such as plans, goes.
    """

    name = "first time"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.begin()

    def begin(self) -> None:
        """Open the index, and meet its files once, as the first of all queries does."""
        self._inside = Ours(self._folder)
        self._inside.search(Query("SBG term", ("the",), facets=True))

    def search(self, query: Query) -> Answer:
        """Return the best ten without snippets, the number of all, and the facets."""
        return self._inside.search(query)


def ready(document: Document) -> Article:
    """Return the article that a document is, with every value supplied.

    >>> from tests.bench.corpus import Document
    >>> ready(Document("1", "BAHIA COCOA REVIEW", "Showers …", "1987-02-26", "SALVADOR")).outlet
    Found(value='SALVADOR', start=None, end=None)
    """
    return Article(
        id=document.id,
        body=document.body,
        title=_supplied(document.title) if document.title else None,
        date=_day(document.date) if document.date else None,
        outlet=_known(document.outlet) if document.outlet else None,
        language=_known("en"),
        speakers=tuple(map(_known, document.people)),
    )


def _supplied(value: T) -> Found[T]:
    return Found(value, method="supplied", confidence="high", origin="supplied")


# Articles are what is given: making them should cost no more than making the rivals' documents.
_known = lru_cache(1 << 12)(_supplied)


@lru_cache(1 << 12)
def _day(written: str) -> Found[Interval]:
    return _supplied(day(date.fromisoformat(written)))


def request(query: Query) -> Request:
    """Return the request that asks a query."""
    from search.request import Request  # noqa: PLC0415 - a writer alone has no use for it

    return Request(
        q=query.text,
        date=parse(days(query.days)) if query.days else None,
        facets=tuple(FACETS) if query.facets else (),
        interval="month",
        highlight=False,
        rank="first",  # what the rivals do: none looks at its best again
    )


def days(between: tuple[int, int]) -> str:
    """Return two days as an interval in EDTF.

    >>> days((19870301, 19870331))
    '1987-03-01/1987-03-31'
    """
    return "/".join(f"{one // 10_000}-{one // 100 % 100:02}-{one % 100:02}" for one in between)


def answer(results: Results) -> Answer:
    """Return what the benchmark compares of the results."""
    facets = {
        FACETS[name]: {one.value: one.count for one in facet.values} for name, facet in results.facets.items()
    }
    rows = [(hit.entry.id, hit.entry.title, hit.entry.date) for hit in results.hits]
    return Answer([id_ for id_, _, _ in rows], results.total, facets)
