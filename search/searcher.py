"""The protocol of a searcher: what every engine's search half answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.article import Article
    from index.stats import Stats
    from search.directory import Known, PeoplePage
    from search.facets import FacetPage
    from search.request import Request
    from search.results import Cluster, Hit, QuoteHit, Results, Telling
    from search.suggest import Suggestions
    from search.trends import Trend


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
