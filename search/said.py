"""Articles by what is said in them: a semi-join of quotes and articles by the column of articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh import query

from search.evaluate import evaluate
from search.leaves import Scope
from search.stock_matchers import Listed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from whoosh.matching import Matcher

    from index.codec.quotes import Quotes
    from search.statistics import Statistics


class Said(query.Query):  # type: ignore[misc]
    """Articles with one quote that all of a tree matches; the score is that of the best one.

    The tree is of the fields of quotes: ``text``, their words, and ``speaker``.
    """

    def __init__(self, tree: query.Query, boost: float = 1.0) -> None:
        self.tree = tree
        self.boost = boost

    def __repr__(self) -> str:
        return f"Said({self.tree!r}, boost={self.boost})"

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:  # noqa: ARG002 - Whoosh's signature
        """Return the articles of the searcher's segment, as ``search.matchers`` asks for them."""
        quotes, statistics = searcher.quotes()
        docs, scores = articles(self.tree, quotes, statistics)
        return Listed(list(zip(docs.tolist(), (scores * self.boost).tolist(), strict=True)))


def articles(
    tree: query.Query, quotes: Quotes, statistics: Statistics
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the live articles with a quote that a tree matches, ascending, and the best one's score.

    ``statistics`` are those of the quotes.
    """
    found = evaluate(tree, Scope(quotes, statistics, quotes.passing))
    docs, first = np.unique(quotes.own.article[found.docs], return_index=True)
    if not len(docs):
        return docs.astype(np.int64), np.empty(0)
    return docs.astype(np.int64), np.maximum.reduceat(found.scores, first)
