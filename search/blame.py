"""Which part of a request left no article: what a caller is told who got an empty answer."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np
from whoosh import query

from index.codec import bits
from search import nodes
from search.deadline import OutOfTime
from search.evaluate import evaluate
from search.leaves import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.segment import Segment
    from search.plan import Plan
    from search.statistics import Statistics


def blame(
    planned: Plan,
    segments: Sequence[Segment],
    statistics: Statistics,
    deadline: int,
    what: str,
) -> list[str]:
    """Return which clause, or which filter, left no article: the first in the order they were given.

    ``what`` is asked for.  Nothing where the deadline comes first.
    """
    clauses = [*planned.clauses, *((f"the filter {field}", node) for field, node in planned.filters.items())]
    if len(clauses) == 1:
        return [f"No {what} matches {clauses[0][0]}."]
    with contextlib.suppress(OutOfTime):
        left = [segment.passing for segment in segments]
        for text, node in clauses:
            matching = [_matching(node, Scope(each, statistics, each.passing, deadline)) for each in segments]
            remaining = [bits.both(one, other) for one, other in zip(left, matching, strict=True)]
            if not any(docs.any() for docs in remaining):
                alone = not any(docs.any() for docs in matching)
                return [
                    f"No {what} matches {text}."
                    if alone
                    else f"{text} removed the last hit: no {what} matches it together with the rest."
                ]
            left = remaining
    return []


def _matching(node: query.Query, scope: Scope) -> NDArray[np.uint64]:
    """Return the documents that a clause matches, as bits; those of a word without scoring them."""
    segment = scope.segment
    words = segment.file.words.get(node.fieldname) if type(node) in {query.Term, nodes.Synonym} else None
    if words is None:
        return bits.of_docs(evaluate(node, scope).docs, segment.size)
    terms = node.words if isinstance(node, nodes.Synonym) else (node.text,)
    found = bits.none(segment.size)
    numbers = np.array([number for term in terms if (number := words.number(term)) >= 0], dtype=np.int64)
    bits.mark(numbers, words.lists, words.starts, words.chunk_starts, found)
    return bits.both(found, scope.passing)
