"""The protocol of a searcher, and the request that it answers: what every engine's search half does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from index.article import Article, Level
    from index.edtf import Interval
    from index.stats import Stats
    from search.directory import Known, PeoplePage
    from search.facets import FacetPage
    from search.results import Cluster, Hit, QuoteHit, Results, Telling
    from search.suggest import Suggestions
    from search.trends import Trend


@dataclass(frozen=True, slots=True)
class After:
    """Where a page begins: behind the hit with this sort key (infinite where undated) and id."""

    generation: int
    key: float
    id: str


@dataclass(frozen=True, slots=True)
class Request:
    """A checked request.

    ``filters`` holds for each of outlet, speaker and language, and for the kind of quotes, the values
    as given (a leading ``-`` excludes).  ``date`` is an interval, or ``none`` for undated articles.
    What is found by the ``deadline``, in nanoseconds of ``time.monotonic_ns`` (0: none), is the answer.
    ``rank`` ``keyword`` looks at the best once more, ``deep`` at more of them and at what they have in
    common; ``first`` orders by the first pass alone, BM25 of the words.
    With ``group`` there is one hit a story, its best; ``facet_count`` says what facets count:
    what is found, or the articles or stories that it stands in.
    """

    q: str = ""
    match: Literal["all", "most", "any"] = "all"
    syntax: Literal["strict", "simple"] = "strict"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date: Interval | Literal["none"] | None = None
    date_match: Literal["possible", "certain"] = "possible"
    facets: tuple[str, ...] = ()
    facet_size: int = 10
    facet_mode: Literal["multi", "strict"] = "multi"
    interval: Literal["auto", "year", "month", "week", "day"] = "auto"
    sort: Literal["relevance", "date", "-date"] | None = None
    limit: int = 10
    after: After | None = None
    min_confidence: Level = "medium"
    highlight: bool = True
    explain: bool = False
    recency: int = 0
    """A half-life in days, by which newer articles weigh more; 0 for none."""
    deadline: int = 0
    rank: Literal["keyword", "deep", "first"] = "keyword"
    group: Literal["none", "cluster"] = "none"
    facet_count: Literal["hits", "articles", "stories"] = "hits"
    story: str = ""
    """The id of a story in whose articles quotes stand."""


class Searcher(Protocol):
    """Answers requests; each call sees the newest generation, or the one that ``after`` names.

    Raises ``RequestError`` for the caller's faults and ``EngineUnavailable`` where no index can
    be read.  Safe to call from any number of threads.
    """

    def search(self, request: Request) -> Results[Hit]:
        """Return the ranked, counted articles."""
        ...

    def quotes(self, request: Request) -> Results[QuoteHit]:
        """Return the ranked, counted quotes."""
        ...

    def speakers(self, request: Request, prefix: str = "") -> PeoplePage:
        """Return a page of the people quoted, those of whom a word of a name begins with a prefix."""
        ...

    def speaker(self, request: Request, name: str) -> Known | None:
        """Return what is known of whom a name or an id means, with the newest quotes, or None."""
        ...

    def export(self, request: Request) -> Iterator[Hit]:
        """Yield all hits in their order, out of one generation; raise EngineUnavailable where it cannot."""
        ...

    def facet(self, request: Request, prefix: str = "") -> FacetPage:
        """Return a page of the values of the request's one facet, those that begin with a prefix."""
        ...

    def trend(self, request: Request, *, share: bool = False) -> Trend:
        """Return the request's articles by period, split by its facet where it has one."""
        ...

    def suggest(self, request: Request) -> Suggestions:
        """Return completions of the request's q, and corrections where it finds little."""
        ...

    def similar(self, id: str, request: Request, *, copies: bool = False) -> Results[Hit] | None:  # noqa: A002 - the contract's own name
        """Return the articles like one, None where it is not there; ``copies``: of its story too."""
        ...

    def article(self, id: str) -> tuple[int, Article] | None:  # noqa: A002 - the contract's own name
        """Return the generation and the article with this id, or None."""
        ...

    def cluster(self, article: str, generation: int) -> Cluster | None:
        """Return the story of an article in a generation, None where no other one runs its text."""
        ...

    def telling(self, story: str) -> Telling | None:
        """Return the story that an id leads to, with its articles, or None."""
        ...

    def generation(self) -> int:
        """Return the newest generation that can be read."""
        ...

    def stats(self) -> Stats:
        """Return what the index holds."""
        ...
