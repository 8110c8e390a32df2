"""What compiled loops answer in one go: words of a field, a sequence of them, surface forms.

A leaf gives its best documents without listing all, or lists all, or both: so the same loops serve a
whole search and a part of a query tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from whoosh import query

from index.codec import bits
from search import nodes
from search.best import Order, best_of, first_of
from search.bounds import MOST, best_of_words
from search.runs import best_of_word
from search.together import all_of, in_order
from search.windows import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.codec.postings import Extent
    from index.segment import Segment
    from search.statistics import Statistics

TOP, DOCS, SCORES = 0, 1, 2
"""What is listed beside the best: nothing, all documents, all documents with their scores."""

_NO_DOCS = np.empty(0, dtype=np.int32)
_NO_SCORES = np.empty(0)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a query is evaluated on: a segment, the documents of it that count, and until when.

    ``passing`` are bits (``index.codec.bits``) of live documents alone; ``deadline`` is in nanoseconds of
    ``time.monotonic_ns``, 0 for none.
    """

    segment: Segment
    statistics: Statistics
    passing: NDArray[np.uint64]
    deadline: int = 0


class Found(NamedTuple):
    """What a leaf found in a segment: how many documents, the best of them, and all where asked for.

    ``cut`` says that the deadline came first.
    """

    total: int
    docs: NDArray[np.int32]
    scores: NDArray[np.float64]
    all_docs: NDArray[np.int32]
    all_scores: NDArray[np.float64]
    cut: bool = False


NOTHING = Found(0, _NO_DOCS, _NO_SCORES, _NO_DOCS, _NO_SCORES)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a field, of which a document must have at least ``needed``.

    A word is the terms that it may be, scored as one, and its boost.
    """

    field: str
    words: tuple[tuple[tuple[str, ...], float], ...]
    needed: int

    def find(self, scope: Scope, order: Order, wanted: int) -> Found:
        """Return what a segment has of it."""
        known = scope.statistics.prepared(scope.segment, self, self._prepare)
        if known is None:
            return NOTHING
        lists, extents, groups, weights, norms, spread, impacts = known
        rest = (norms, spread, scope.passing, order, wanted, scope.deadline)
        if len(extents) == 1 and wanted == TOP:
            own, slack = impacts
            total, docs, scores, cut = best_of_word(
                lists, extents[0], weights[0], norms, spread, own, slack, scope.passing, order, scope.deadline
            )
            return Found(total, docs, scores, _NO_DOCS, _NO_SCORES, cut)
        every = 1 < self.needed == len(extents)
        if (
            wanted < SCORES
            and len(extents) == len(weights)
            and (every or self.needed == 1)
            and dense(extents, len(norms), every=every)
        ):
            own, slack = impacts
            total, docs, scores, listed, cut = best_of_words(
                *(lists, extents, weights, every, norms, spread, own, slack),
                *(scope.passing, order, wanted, scope.deadline),
            )
            return Found(total, docs, scores, listed, _NO_SCORES, cut)
        if every:
            return Found(*all_of(lists, extents, weights, *rest))
        return Found(*any_of(lists, extents, groups, weights, self.needed, *rest))

    def _prepare(self, segment: Segment, statistics: Statistics) -> tuple[Any, ...] | None:
        """Return what the loops need that does not change with the request, None where nothing matches."""
        postings = segment.file.words[self.field]
        extents: list[Extent] = []
        groups, weights = [0], []
        for terms, boost in self.words:
            extents += [extent for term in terms if (extent := postings.find(term))]
            if len(extents) > groups[-1]:
                groups.append(len(extents))
                weights.append(boost * statistics.idf(self.field, terms))
        if len(weights) < self.needed:
            return None
        return (
            postings.lists,
            np.array(extents),
            np.array(groups),
            np.array(weights),
            segment.columns.norms[self.field],
            statistics.spread(self.field),
            statistics.impacts(segment, self.field),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """Words in order."""

    node: nodes.Sequence

    def find(self, scope: Scope, order: Order, wanted: int) -> Found | None:
        """Return what a segment has of it; None where a word may be several terms there."""
        known = scope.statistics.prepared(scope.segment, self, self._prepare)
        if known is None:
            return NOTHING
        if not known:
            return None
        of_request = (scope.passing, order, wanted, scope.deadline)
        return Found(*in_order(*known, *of_request))  # type: ignore[call-arg]  # the tuple's length is not known

    def _prepare(self, segment: Segment, statistics: Statistics) -> tuple[Any, ...] | None:
        """Return what the loop needs; None where nothing matches, nothing where a word is several terms."""
        node = self.node
        postings = segment.file.words[node.fieldname]
        found = [[extent for term in terms if (extent := postings.find(term))] for terms, _ in node.steps]
        if not all(found):
            return None
        if any(len(each) > 1 for each in found):
            return ()
        weights = [node.boost * statistics.idf(node.fieldname, terms) for terms, _ in node.steps]
        return (
            postings.lists,
            postings.bytes,
            postings.samples,
            np.array([each[0] for each in found]),
            np.array([distance for _, distance in node.steps]),
            node.slop,
            np.array(weights),
            segment.columns.norms[node.fieldname],
            statistics.spread(node.fieldname),
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """Surface forms: every document that has one of them scores alike."""

    node: nodes.Forms

    def find(self, scope: Scope, order: Order, wanted: int) -> Found:
        """Return what a segment has of it."""
        node = self.node
        found = bits.both(scope.segment.having(node.fieldname, node.forms, node.prefix), scope.passing)
        # All score alike: a page behind a hit of this score begins at its rank, others at the first.
        total, docs = first_of(found, order if order.after == node.boost else order._replace(rank=0))
        if not order.least <= node.boost <= order.after:
            docs = _NO_DOCS
        listed = bits.docs_of(found) if wanted else _NO_DOCS
        scores = np.full(len(listed), node.boost) if wanted == SCORES else _NO_SCORES
        return Found(total, docs, np.full(len(docs), node.boost), listed, scores)


def best(
    docs: NDArray[np.int32],
    scores: NDArray[np.float64],
    passing: NDArray[np.uint64],
    order: Order,
) -> Found:
    """Return the best of documents whose scores are known, and all of them."""
    total, top, of_top = best_of(docs, scores, passing, order)
    return Found(total, top, of_top, docs, scores)


Leaf = Words | Line | Pattern

FILTERS = (nodes.Values, nodes.Dates, nodes.Present, nodes.Articles, query.Not)
"""Nodes that score nothing: what they match can be a set of bits."""


@dataclass(frozen=True, slots=True)
class Split:
    """A query tree as one leaf and the filters beside it."""

    leaf: Leaf
    filters: tuple[query.Query, ...]


def dense(extents: NDArray[np.int64], size: int, *, every: bool) -> bool:
    """Whether words are frequent enough in ``size`` documents that marking them first pays.

    Measured on a million passages, two and three words: from one posting in 256 documents on; where all
    words are wanted, if the rarest has one in 86 and no other word is six times as frequent.
    """
    counts = extents[:, 1]
    if len(extents) > MOST:
        return False
    if every:
        return bool(counts.min() * 86 >= size and counts.max() <= 6 * counts.min())
    return bool(counts.sum() * 256 >= size)


LISTED = frozenset({"text", "title"})
"""The fields whose words have posting lists of their own: a word of ``body`` is one of ``text`` that is
not all in the title."""


def split(tree: query.Query) -> Split | None:
    """Return a tree as a leaf and filters, None where it is more than that."""
    clauses = list(tree.subqueries) if isinstance(tree, query.And) else [tree]
    filters = tuple(clause for clause in clauses if isinstance(clause, FILTERS))
    rest = [clause for clause in clauses if not isinstance(clause, FILTERS)]
    boost = tree.boost if isinstance(tree, query.And) else 1.0
    if not rest:
        return None
    leaf = _leaf(rest[0]) if len(rest) == 1 and boost == 1.0 else _words(rest, len(rest), boost)
    return Split(leaf, filters) if leaf else None


def _leaf(node: query.Query) -> Leaf | None:
    if isinstance(node, nodes.Sequence):
        return Line(node) if node.fieldname in LISTED else None
    if isinstance(node, nodes.Forms):
        return Pattern(node)
    if isinstance(node, query.Or) and not isinstance(node, nodes.Synonym):
        return _words(node.subqueries, max(node.minmatch, 1), node.boost)
    return _words([node], 1, 1.0)


def _words(clauses: Sequence[query.Query], needed: int, boost: float) -> Words | None:
    words, fields = [], set()
    for clause in clauses:
        if isinstance(clause, nodes.Synonym):
            terms = clause.words
        elif type(clause) is query.Term:
            terms = (clause.text,)
        else:
            return None
        words.append((terms, boost * clause.boost))
        fields.add(clause.fieldname)
    return Words(fields.pop(), tuple(words), needed) if len(fields) == 1 and fields <= LISTED else None
