"""Articles by what is said in them: a semi-join of quotes and articles by the column of articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh import query

from search.stock_matchers import Listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from whoosh.matching import Matcher

    from index.codec.quotes import Quotes
    from search.evaluate import Matches


class Said(query.Query):  # type: ignore[misc]
    """Articles with one quote that all of a tree matches; the score is that of the best one.

    The tree is of the fields of quotes: ``text``, their words, and ``speaker``; ``by`` is one more of
    the same quote, as it is written: who said it.
    """

    def __init__(self, tree: query.Query, by: query.Query | None = None, boost: float = 1.0) -> None:
        self.tree = tree
        self.by = by
        self.boost = boost

    @property
    def whole(self) -> query.Query:
        """All that one quote must match."""
        return self.tree if self.by is None else query.And([self.tree, self.by])

    def children(self) -> Iterator[query.Query]:
        """Yield what a quote must match."""
        return iter([self.tree] if self.by is None else [self.tree, self.by])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Said) and (self.tree, self.by, self.boost) == (
            other.tree,
            other.by,
            other.boost,
        )

    def __hash__(self) -> int:
        return hash((Said, self.tree, self.by, self.boost))

    def __repr__(self) -> str:
        return f"Said({self.tree!r}, by={self.by!r}, boost={self.boost})"

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:  # noqa: ARG002 - Whoosh's signature
        """Return the articles of the searcher's segment, where the node around it is Whoosh's own."""
        from search.evaluate import evaluate  # noqa: PLC0415 - it evaluates this node, too
        from search.leaves import Scope  # noqa: PLC0415

        segment, statistics = searcher.reader().segment, searcher.statistics
        found = evaluate(self, Scope(segment, statistics, segment.passing))
        return Listed(list(zip(found.docs.tolist(), found.scores.tolist(), strict=True)))


def articles(found: Matches, quotes: Quotes) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the articles, ascending, that some quotes stand in, and the best score of those of each."""
    every = quotes.own.article[found.docs]  # ascending, as the quotes are
    if not len(every):
        return every, np.empty(0)
    first = np.concatenate([[0], (every[1:] != every[:-1]).nonzero()[0] + 1])
    return every[first], np.maximum.reduceat(found.scores, first)
