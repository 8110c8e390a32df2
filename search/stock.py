"""Whoosh's nodes as they should match and score, where its own matchers do otherwise.

``rightly`` puts a node of ours in the place of each such node of a tree; everything else, spans
above all, is left to Whoosh.  index/README.md lists what differs and why.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from whoosh import query
from whoosh.matching import (
    ConstantScoreWrapperMatcher,
    IntersectionMatcher,
    NullMatcher,
    RequireMatcher,
    UnionMatcher,
    WrappingMatcher,
)
from whoosh.util import make_binary_tree

from index.codec.fields import DayRange
from search.stock_matchers import Best, Coordinated, Enough, Listed, Maybe, Near, Other, Outside, Without

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from whoosh.matching import Matcher


def rightly(node: query.Query) -> query.Query:
    """Return a tree in which every node that Whoosh answers wrongly is one of ours."""
    made = copy.copy(node)
    for name, value in vars(node).items():
        if isinstance(value, query.Query):
            setattr(made, name, rightly(value))
        elif isinstance(value, list | tuple) and all(isinstance(each, query.Query) for each in value):
            setattr(made, name, [rightly(each) for each in value])
    kind = next((RIGHT[kind] for kind in type(node).__mro__ if kind in RIGHT), None)
    if kind is not None:
        made.__class__ = kind
    return made


def _boosted(matcher: Matcher, boost: float) -> Matcher:
    return matcher if boost == 1.0 else WrappingMatcher(matcher, boost)


def _matchers(nodes: Iterable[query.Query], searcher: Any, context: Any) -> list[Matcher]:
    return [node.matcher(searcher, context) for node in nodes]


def _pairs(matcher: Matcher) -> Iterator[tuple[int, float]]:
    while matcher.is_active():
        yield matcher.id(), matcher.score()
        matcher.next()


# Compounds: a boost counts with one clause too, and what scores nothing still matches.


class _And(query.And):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        if not self.subqueries:
            return NullMatcher()
        found = _matchers(self.subqueries, searcher, context)
        return _boosted(make_binary_tree(IntersectionMatcher, found), self.boost)


class _Or(query.Or):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        if not self.subqueries:
            return NullMatcher()
        found = _matchers(self.subqueries, searcher, context)
        either = make_binary_tree(UnionMatcher, found)
        if self.minmatch > 1:
            either = Enough(either, found, self.minmatch)
        if self.scale:
            either = Coordinated(either, sum(1 for _ in self.iter_all_terms()), self.scale)
        return _boosted(either, self.boost)


class _DisjunctionMax(query.DisjunctionMax):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        if not self.subqueries:
            return NullMatcher()
        return _boosted(make_binary_tree(Best, _matchers(self.subqueries, searcher, context)), self.boost)


class _Not(query.Not):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        reader = searcher.reader()
        return Outside(self.query.matcher(searcher, context), reader.doc_count_all(), reader.is_deleted)


class _AndNot(query.AndNot):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        return Without(*_matchers([self.a, self.b], searcher, context))


class _AndMaybe(query.AndMaybe):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        return Maybe(*_matchers([self.a, self.b], searcher, context))


class _Require(query.Require):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        return RequireMatcher(*_matchers([self.a, self.b], searcher, context))


class _Otherwise(query.Otherwise):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        # What one segment lacks another may have.
        chosen = self.a if searcher.matches_anywhere(self.a) else self.b
        return chosen.matcher(searcher, context)


class _ConstantScore(query.ConstantScoreQuery):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        return ConstantScoreWrapperMatcher(self.child.matcher(searcher, context), self.score)


class _Weighting(query.WeightingQuery):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        return self.child.matcher(searcher, context.set(weighting=self.weighting))


# Several terms: a constant score is the boost, whatever and however many they are.


class _Many:
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        node: Any = self
        reader = searcher.reader()
        if node.fieldname not in reader.schema:
            return NullMatcher()
        terms = [query.Term(node.fieldname, text) for text in node._btexts(reader)]  # noqa: SLF001 - Whoosh's own
        found = _Or(terms).matcher(searcher, context)
        if node.constantscore:
            return ConstantScoreWrapperMatcher(found, node.boost)
        return _boosted(found, node.boost)


class _Prefix(_Many, query.Prefix):  # type: ignore[misc]
    pass


class _Wildcard(_Many, query.Wildcard):  # type: ignore[misc]
    pass


class _Regex(_Many, query.Regex):  # type: ignore[misc]
    def _find_prefix(self, text: str) -> str:
        # ``b{0,2}`` may be no b at all.
        prefix: str = super()._find_prefix(text)
        before, _, _ = text.removeprefix("^").removeprefix("\\A").partition("{")
        return prefix[:-1] if before == prefix else prefix


class _FuzzyTerm(_Many, query.FuzzyTerm):  # type: ignore[misc]
    pass


class _Variations(_Many, query.Variations):  # type: ignore[misc]
    pass


class _TermRange(_Many, query.TermRange):  # type: ignore[misc]
    pass


# Spans


class _Joined:
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        node: Any = self
        if not node.subqueries:
            return NullMatcher()
        return node._matcher(node.subqueries, searcher, context)  # noqa: SLF001 - Whoosh's own


class _Sequence(_Joined, query.Sequence):  # type: ignore[misc]
    pass


class _Ordered(_Joined, query.Ordered):  # type: ignore[misc]
    pass


class _SpanNear2(query.SpanNear2):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        found = _matchers(self.qs, searcher, context)
        return Near(found, slop=self.slop, ordered=self.ordered, mindist=self.mindist)


class _SpanOr(query.SpanOr):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        return super().matcher(searcher, context) if self.subqs else NullMatcher()


class _SpanNot(query.SpanNot):  # type: ignore[misc]
    _Matcher = Other


# Documents that are not found by their terms


class _Column(query.ColumnQuery):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:  # noqa: ARG002 - Whoosh's signature
        reader = searcher.reader()
        if not reader.has_column(self.fieldname):
            return NullMatcher()
        column = reader.column_reader(self.fieldname)
        wanted = self.condition if callable(self.condition) else self.condition.__eq__
        return Listed([(doc, 1.0) for doc in reader.all_doc_ids() if wanted(column[doc]) is True])


class _NestedParent(query.NestedParent):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        parents = [doc for doc, _ in _pairs(self.parents.matcher(searcher, context))]
        scores: dict[int, list[float]] = {}
        for doc, score in _pairs(self.child.matcher(searcher, context)):
            parent = max((parent for parent in parents if parent <= doc), default=None)
            if parent is not None:
                scores.setdefault(parent, []).append(score)
        most = self.per_parent_limit or None
        return Listed([(doc, self.score_fn(each[:most])) for doc, each in scores.items()])


class _NestedChildren(query.NestedChildren):  # type: ignore[misc]
    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        reader = searcher.reader()
        parents = {doc for doc, _ in _pairs(self.parents.matcher(searcher, context))}
        wanted = {doc for doc, _ in _pairs(self.child.matcher(searcher, context))}
        found, inside = [], False
        for doc in reader.all_doc_ids():
            if inside and doc not in parents:
                found.append((doc, self.boost))
            if doc in parents or doc in wanted:
                inside = doc in wanted
        return Listed(found)


RIGHT: dict[type[Any], type[Any]] = {
    query.And: _And,
    query.Or: _Or,
    query.DisjunctionMax: _DisjunctionMax,
    query.Not: _Not,
    query.AndNot: _AndNot,
    query.AndMaybe: _AndMaybe,
    query.Require: _Require,
    query.Otherwise: _Otherwise,
    query.ConstantScoreQuery: _ConstantScore,
    query.WeightingQuery: _Weighting,
    query.Prefix: _Prefix,
    query.Wildcard: _Wildcard,
    query.Regex: _Regex,
    query.FuzzyTerm: _FuzzyTerm,
    query.Variations: _Variations,
    query.TermRange: _TermRange,
    query.NumericRange: DayRange,
    query.Sequence: _Sequence,
    query.Ordered: _Ordered,
    query.SpanNear2: _SpanNear2,
    query.SpanOr: _SpanOr,
    query.SpanNot: _SpanNot,
    query.ColumnQuery: _Column,
    query.NestedParent: _NestedParent,
    query.NestedChildren: _NestedChildren,
}
"""Which node of ours stands for one of Whoosh's."""
