"""A query tree on a segment: which documents match, and with which scores.

Each node becomes two arrays, the documents it matches, ascending, and their scores; a compound
combines the arrays of its clauses.  ``EVALUATORS`` says how for every node it knows; a node that
it does not know is answered by Whoosh's own matcher, inside the same tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh import query

from index.codec import bits
from index.codec.columns import TEXTS
from search import bm25, nodes
from search.best import anywhere
from search.deadline import OutOfTime, hold
from search.kernels import intersection, union
from search.leaves import SCORES, Line, Pattern, Scope, Words
from search.matchers import drain
from search.phrases import occurs
from search.said import Said, articles

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from index.segment import Segment
    from search.leaves import Leaf


@dataclass(frozen=True, slots=True)
class Matches:
    """Documents that count, ascending and distinct, int32[m], and their scores, float64[m]."""

    docs: NDArray[np.int32]
    scores: NDArray[np.float64]


def evaluate(node: query.Query, scope: Scope) -> Matches:
    """Return what a node matches in a segment; raise OutOfTime where the scope's deadline comes first.

    What part of a tree has found cannot stand for the whole: another part may exclude it.
    """
    hold(scope.deadline)
    known = next((EVALUATORS[kind] for kind in type(node).__mro__ if kind in EVALUATORS), None)
    return _drained(node, scope) if known is None else known(node, scope)


def _drained(node: query.Query, scope: Scope) -> Matches:
    docs, scores = drain(node, scope.segment, scope.statistics, scope.deadline)
    return _passing(docs.astype(np.int32), scores, scope)


def _passing(docs: NDArray[np.int32], scores: NDArray[np.float64], scope: Scope) -> Matches:
    kept = bits.has(scope.passing, docs)
    return Matches(docs[kept], scores[kept])


def _constant(docs: NDArray[np.int32], value: float) -> Matches:
    return Matches(docs, np.full(len(docs), value))


def _every_doc(scope: Scope) -> NDArray[np.int32]:
    if not len(scope.passing):
        return np.arange(scope.segment.size, dtype=np.int32)
    return bits.docs_of(scope.passing)


def _where(mask: NDArray[np.bool_], value: float, scope: Scope) -> Matches:
    return _constant(bits.docs_of(bits.both(bits.of_mask(mask), scope.passing)), value)


# Leaves


def _leaf(leaf: Leaf, scope: Scope) -> Matches | None:
    found = leaf.find(scope, anywhere(0, scope.segment.columns.ranks), SCORES)
    if found and found.cut:
        raise OutOfTime
    return Matches(found.all_docs, found.all_scores) if found else None


def _words(field: str, terms: tuple[str, ...], boost: float, scope: Scope) -> Matches:
    """Score one term, or several as one synonym: their frequencies are added."""
    if field in scope.segment.file.words:
        leaf = Words(field, ((terms, boost),), 1)
        return _leaf(leaf, scope) or _null(query.NullQuery, scope)
    found = [scope.segment.postings(field, term) for term in terms]
    docs, weights, _ = union(
        np.concatenate([each.docs for each in found]).astype(np.int32),
        np.concatenate([each.weights for each in found]),
        scope.segment.size,
    )
    norms = scope.statistics.norms(scope.segment, field)[docs]
    weight = boost * scope.statistics.idf(field, terms)
    return _passing(docs, bm25.score(weights, norms, scope.statistics.averages[field], weight), scope)


def _term(node: query.Term, scope: Scope) -> Matches:
    if node.fieldname not in scope.statistics.averages:
        return _drained(node, scope)
    return _words(node.fieldname, (node.text,), node.boost, scope)


def _synonym(node: nodes.Synonym, scope: Scope) -> Matches:
    return _words(node.fieldname, node.words, node.boost, scope)


def _sequence(node: nodes.Sequence, scope: Scope) -> Matches:
    """Score a phrase as the sum of its words, each counted as often as it was asked for."""
    if node.fieldname in scope.segment.file.words:
        found = _leaf(Line(node), scope)
        if found is not None:
            return found
    words = [_words(node.fieldname, terms, node.boost, scope) for terms, _ in node.steps]
    together = reduce(_both, words)
    kept = occurs(node, scope.segment, together.docs)
    return Matches(together.docs[kept], together.scores[kept])


def _forms(node: nodes.Forms, scope: Scope) -> Matches:
    return _leaf(Pattern(node), scope) or _null(node, scope)


def _values(node: nodes.Values, scope: Scope) -> Matches:
    return _where(has_value(scope.segment, node.fieldname, node.names, node.level), 0.0, scope)


def _dates(node: nodes.Dates, scope: Scope) -> Matches:
    return _where(has_date(scope.segment, node), 0.0, scope)


def _articles(node: nodes.Articles, scope: Scope) -> Matches:
    found = bits.of_docs(scope.segment.of_articles(node.ids), scope.segment.size)
    return _constant(bits.docs_of(bits.both(found, scope.passing)), 0.0)


def _present(node: nodes.Present, scope: Scope) -> Matches:
    columns = scope.segment.columns
    masks: dict[str, Callable[[], NDArray[np.bool_]]] = {
        "date": lambda: columns.dates.having(columns.dates.known(node.level)),
        "title": lambda: columns.title_levels >= node.level,
        "quotes": lambda: columns.quotes > 0,
        "body": lambda: columns.lengths["body"] > 0,
    }
    mask = (
        masks[node.fieldname]()
        if node.fieldname in masks
        else has_value(scope.segment, node.fieldname, None, node.level)
    )
    return _where(mask, 0.0, scope)


def _every(node: query.Every, scope: Scope) -> Matches:
    if node.fieldname is None:
        return _constant(_every_doc(scope), node.boost)
    if node.fieldname in TEXTS:
        return _where(scope.segment.columns.lengths[node.fieldname] > 0, node.boost, scope)
    return _drained(node, scope)


def _said(node: Said, scope: Scope) -> Matches:
    quotes, statistics = scope.statistics.quotes_of(scope.segment)
    found = evaluate(node.whole, Scope(quotes, statistics, quotes.passing, scope.deadline))
    docs, scores = articles(found, quotes)
    return _times(_passing(docs, scores, scope), node.boost)


def _null(_: query.Query, __: Scope) -> Matches:
    return _constant(np.empty(0, dtype=np.int32), 0.0)


def has_value(segment: Segment, field: str, names: frozenset[str] | None, level: int) -> NDArray[np.bool_]:
    """Return bool[n]: which documents have one of the names (any where None) at this level or higher."""
    column = segment.columns.values[field]
    kept = column.levels >= level
    if names is not None:
        kept &= column.wanted(names)[column.ordinals]
    return column.having(kept)


def has_date(segment: Segment, node: nodes.Dates) -> NDArray[np.bool_]:
    """Return bool[n]: which documents are dated within, or possibly within, the node's days."""
    dates = segment.columns.dates
    known = dates.known(node.level)
    if node.certain:
        return dates.having(known & (dates.first >= node.start) & (dates.last <= node.end))
    return dates.having(known & (dates.first <= node.end) & (dates.last >= node.start))


# Compounds


def _both(left: Matches, right: Matches) -> Matches:
    first, second = intersection(left.docs, right.docs)
    return Matches(left.docs[first], left.scores[first] + right.scores[second])


def _without(left: Matches, right: Matches, size: int) -> Matches:
    kept = ~bits.has(bits.of_docs(right.docs, size), left.docs)
    return Matches(left.docs[kept], left.scores[kept])


def _times(matches: Matches, boost: float) -> Matches:
    return matches if boost == 1.0 else Matches(matches.docs, matches.scores * boost)


def _and(node: query.And, scope: Scope) -> Matches:
    if not node.subqueries:
        return _null(node, scope)
    wanted = [evaluate(clause, scope) for clause in node.subqueries if not isinstance(clause, query.Not)]
    refused = [evaluate(clause.query, scope) for clause in node.subqueries if isinstance(clause, query.Not)]
    found = reduce(_both, wanted) if wanted else _constant(_every_doc(scope), 0.0)
    for each in refused:
        found = _without(found, each, scope.segment.size)
    return _times(found, node.boost)


def _or(node: query.Or, scope: Scope) -> Matches:
    if node.scale:  # a bonus for more of the words, which only Whoosh's matchers give
        return _drained(node, scope)
    found = [evaluate(clause, scope) for clause in node.subqueries]
    if not found:
        return _null(node, scope)
    docs, scores, counts = union(
        np.concatenate([each.docs for each in found]),
        np.concatenate([each.scores for each in found]),
        scope.segment.size,
    )
    if node.minmatch > 1:
        enough = counts >= node.minmatch
        docs, scores = docs[enough], scores[enough]
    return _times(Matches(docs, scores), node.boost)


def _best(node: query.DisjunctionMax, scope: Scope) -> Matches:
    found = [evaluate(clause, scope) for clause in node.subqueries]
    docs, index = np.unique(np.concatenate([each.docs for each in found]), return_inverse=True)
    scores = np.full(len(docs), -np.inf)
    np.maximum.at(scores, index, np.concatenate([each.scores for each in found]))
    return _times(Matches(docs, scores), node.boost)


def _not(node: query.Not, scope: Scope) -> Matches:
    return _without(_constant(_every_doc(scope), 0.0), evaluate(node.query, scope), scope.segment.size)


def _and_not(node: query.AndNot, scope: Scope) -> Matches:
    return _without(evaluate(node.a, scope), evaluate(node.b, scope), scope.segment.size)


def _and_maybe(node: query.AndMaybe, scope: Scope) -> Matches:
    needed, extra = evaluate(node.a, scope), evaluate(node.b, scope)
    _, first, second = np.intersect1d(needed.docs, extra.docs, assume_unique=True, return_indices=True)
    scores = needed.scores.copy()
    scores[first] += extra.scores[second]
    return Matches(needed.docs, scores)


def _require(node: query.Require, scope: Scope) -> Matches:
    scored, required = evaluate(node.a, scope), evaluate(node.b, scope)
    kept = bits.has(bits.of_docs(required.docs, scope.segment.size), scored.docs)
    return Matches(scored.docs[kept], scored.scores[kept])


def _constant_score(node: query.ConstantScoreQuery, scope: Scope) -> Matches:
    return _constant(evaluate(node.child, scope).docs, node.score)


EVALUATORS: dict[type[Any], Callable[[Any, Scope], Matches]] = {
    query.Term: _term,
    nodes.Synonym: _synonym,
    nodes.Sequence: _sequence,
    nodes.Forms: _forms,
    nodes.Values: _values,
    nodes.Dates: _dates,
    nodes.Present: _present,
    nodes.Articles: _articles,
    Said: _said,
    query.Every: _every,
    query.NullQuery.__class__: _null,
    query.And: _and,
    query.Or: _or,
    query.DisjunctionMax: _best,
    query.Not: _not,
    query.AndNot: _and_not,
    query.AndMaybe: _and_maybe,
    query.Require: _require,
    query.ConstantScoreQuery: _constant_score,
}
