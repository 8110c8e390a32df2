"""What a query means in this archive: names become persons, words side by side become a rule.

From a parsed tree to a tree of the same nodes, which the answer echoes as ``parsed``.  Words
are still as typed.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from whoosh import query

from index.codec.columns import TEXTS, VALUES
from search import nodes
from search.render import render
from search.said import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from index.analysis import Analyzer
    from search.vocabulary import Vocabulary

_MOST = 0.75
"""The share of the words that ``match=most`` asks for."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """What the words of a query are resolved against.

    ``analyzer`` is the main language's, whose stop words are left out; ``shouted`` says that
    the whole query is in capitals, so that capitals mean nothing.
    """

    vocabulary: Vocabulary
    match: str
    analyzer: Analyzer
    shouted: bool
    warnings: list[str] = field(default_factory=list)

    def resolve(self, node: query.Query) -> query.Query:
        """Return the tree with names, stop words and neighbourhoods resolved."""
        self._weighed(node)
        if type(node) in {query.Term, query.Phrase} and node.fieldname in VALUES:
            return self._name(node)
        method = next((method for kind, method in _METHODS if isinstance(node, kind)), None)
        return method(self, node) if method else node

    def _weighed(self, node: query.Query) -> None:
        """Warn where a weight is put on what has no score."""
        if getattr(node, "boost", 1.0) != 1.0 and isinstance(node, _FILTERING) and not is_text(node):
            self.warnings.append(
                f"The weight of {render(node)} changes nothing: names and dates have no score"
            )

    def _name(self, node: query.Term | query.Phrase) -> query.Query:
        """Replace a name by the persons or outlets that are known by it."""
        spellings = self.vocabulary.spellings(node.fieldname)
        typed = nodes.name_of(node)
        persons = sorted({spellings.canonical(name) for name in spellings.matching(typed)}) or [typed]
        named = [
            _like(node, query.Phrase(node.fieldname, person.split(), boost=node.boost)) for person in persons
        ]
        return named[0] if len(named) == 1 else _like(node, query.Or(named))

    def adjacent(self, node: nodes.Adjacent) -> query.Query:
        """Leave stop words out, count repeated words once with their number as boost, apply ``match``."""
        clauses = self._without_stops(self._spoken(node.subqueries))
        clauses = _counted([self.resolve(clause) for clause in clauses])
        words = [clause for clause in clauses if is_text(clause)]
        others = [clause for clause in clauses if not is_text(clause)]
        needed = {"all": len(words), "most": math.ceil(_MOST * len(words)), "any": 1}[self.match]
        if needed < len(words):
            loose = query.Or(words) if needed == 1 else nodes.AtLeast(words, needed)
            clauses = [_like(node, loose), *others]
        return self._all(node, clauses)

    def conjunction(self, node: query.And) -> query.Query:
        """Resolve clauses that must all match."""
        return self._all(node, map(self.resolve, self._spoken(node.subqueries)))

    def disjunction(self, node: query.Or) -> query.Query:
        """Resolve clauses of which one must match."""
        return _like(node, query.Or(list(map(self.resolve, node.subqueries)), boost=node.boost))

    def negated(self, node: query.Not) -> query.Query:
        """Resolve what is excluded."""
        return _like(node, query.Not(self.resolve(node.query)))

    def said(self, node: Said) -> query.Query:
        """Resolve what one quote must have."""
        by = self.resolve(node.by) if node.by else None
        return _like(node, Said(self.resolve(node.tree), by, boost=node.boost))

    @staticmethod
    def _all(node: query.And, parts: Iterable[query.Query]) -> query.Query:
        """Return what asks for all of these clauses of a node."""
        clauses = list(parts)
        if len(clauses) == 1:
            return _times(clauses[0], node.boost)
        return _like(node, query.And(clauses, boost=node.boost))

    def _spoken(self, clauses: Sequence[query.Query]) -> Sequence[query.Query]:
        """Return the clauses that have letters or digits, or all of them where none has."""
        spoken = [clause for clause in clauses if not self._is_mute(clause)]
        if not spoken or len(spoken) == len(clauses):
            return clauses
        mute = [clause for clause in clauses if clause not in spoken]
        self.warnings.extend(
            f"“{render(each)}” has neither letters nor digits and was left out" for each in mute
        )
        return spoken

    def _is_mute(self, clause: query.Query) -> bool:
        """Whether a clause asks for words, and has no letter or digit: no article can match it."""
        if isinstance(clause, query.And | query.Or):
            return all(map(self._is_mute, clause.subqueries))
        words = type(clause) in {query.Term, query.Phrase, query.FuzzyTerm} and clause.fieldname in TEXTS
        return words and not self.analyzer.tokens(nodes.name_of(clause))

    def _without_stops(self, clauses: Sequence[query.Query]) -> Sequence[query.Query]:
        """Return the clauses without stop words, or all of them where nothing else would remain."""
        kept = [clause for clause in clauses if not self._is_stop(clause)]
        return kept if any(is_text(clause) for clause in kept) else clauses

    def _is_stop(self, clause: query.Query) -> bool:
        if not _is_word(clause):
            return False
        if not self.shouted and clause.text.isupper() and len(clause.text) > 1:
            return False  # "WHO", "US" and "IT" are names
        return all(self.analyzer.is_stop(token.form) for token in self.analyzer.tokens(clause.text))


_METHODS: tuple[tuple[type, Callable[[Resolver, query.Query], query.Query]], ...] = (
    (nodes.Adjacent, Resolver.adjacent),
    (query.And, Resolver.conjunction),
    (query.Or, Resolver.disjunction),
    (query.Not, Resolver.negated),
    (Said, Resolver.said),
)
"""Which method resolves a node: the first kind that it is."""

_FILTERING = (query.Term, query.Phrase, query.Prefix, query.Wildcard, query.FuzzyTerm, query.TermRange)
"""Clauses that look for a value, where their field is not of words."""


def _is_word(node: query.Query) -> bool:
    return type(node) is query.Term and node.fieldname in TEXTS


def is_text(node: query.Query) -> bool:
    """Whether a clause asks for words: those are what ``match`` counts; the others filter."""
    if isinstance(node, query.And | query.Or):
        return any(is_text(clause) for clause in node.subqueries)
    return (
        not isinstance(node, query.Not | query.Every | nodes.Has | nodes.DateRange)
        and getattr(node, "fieldname", None) in TEXTS
    )


def _counted(clauses: Sequence[query.Query]) -> list[query.Query]:
    """Merge words that are typed more than once: each time adds its boost."""
    merged: dict[tuple[str, str], query.Query] = {}
    result = []
    for clause in clauses:
        key = (clause.fieldname, clause.text.casefold()) if _is_word(clause) else None
        if key in merged:
            merged[key].boost += clause.boost
            continue
        if key:
            clause = merged[key] = copy.copy(clause)  # noqa: PLW2901 - the parser's own node stays as it is
        result.append(clause)
    return result


def _times(node: query.Query, boost: float) -> query.Query:
    if boost == 1.0:
        return node
    boosted = copy.copy(node)
    boosted.boost = boost * getattr(node, "boost", 1.0)
    return boosted


def _like(old: query.Query, new: query.Query) -> query.Query:
    """Return ``new`` at the place of ``old``."""
    new.startchar, new.endchar = old.startchar, old.endchar
    return new
