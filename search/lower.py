"""Words become the terms that stand in the index.

The language of a query is never guessed: a word becomes the distinct stems that it has under
the archive's languages, scored as one synonym.  In an archive of one language that is one stem.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whoosh import query

from index import edtf
from index.analysis import analyze_pattern, is_half
from index.codec.columns import VALUES
from search import nodes
from search.errors import QueryTooComplex
from search.expand import MOST, expand_names
from search.render import render
from search.said import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from index.analysis import Analyzer, Token
    from search.vocabulary import Vocabulary

Steps = tuple[tuple[tuple[str, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Lowering:
    """What a resolved tree is lowered with.

    ``analyzers`` are those of the languages searched; ``level`` is the lowest confidence that
    counts; ``certain`` asks for dates that surely lie in a range.  ``warnings`` are told what had to be cut;
    without them that is refused.
    """

    vocabulary: Vocabulary
    analyzers: tuple[Analyzer, ...]
    level: int
    certain: bool
    warnings: list[str] | None = None

    def lower(self, node: query.Query) -> query.Query:
        """Return the tree as it is evaluated."""
        for kind, method in _METHODS:
            if isinstance(node, kind):
                return method(self, node)
        return node

    def word(self, node: query.Term) -> query.Query:
        """Lower a word: its stems, and where it is a compound such as Kazemi-Qomi also its parts in order."""
        readings = [analyzer.tokens(node.text) for analyzer in self.analyzers]
        forms = {token.form for tokens in readings for token in tokens}
        if len(forms) == 1 and is_half(*forms):
            # One letter of a script that is indexed in pairs stands in all pairs that begin with it.
            return self.pattern(query.Prefix(node.fieldname, node.text, boost=node.boost))
        if all(len(tokens) == 1 for tokens in readings):
            return _terms(node.fieldname, {tokens[0].term for tokens in readings}, node.boost)
        return _text(node.fieldname, readings, 0, node.boost, whole=True)

    def phrase(self, node: query.Phrase) -> query.Query:
        """Lower a phrase: its words in order, each with its stems."""
        readings = [analyzer.tokens(" ".join(node.words)) for analyzer in self.analyzers]
        return _text(node.fieldname, readings, node.slop - 1, node.boost, whole=False)

    def name(self, node: query.Term | query.Phrase) -> query.Query:
        """Lower a name to all spellings of whom it means."""
        names = self.vocabulary.spellings(node.fieldname).matching(nodes.name_of(node))
        return nodes.Values(node.fieldname, names, self.level)

    def exact(self, node: nodes.Exact) -> query.Query:
        """Lower a spelling to itself."""
        return nodes.Values(node.fieldname, frozenset([node.text]), self.level)

    def pattern(self, node: query.Query) -> query.Query:
        """Lower a prefix, wildcard or fuzzy word to the surface forms, or the names, that it means."""
        if node.fieldname in VALUES:
            names = expand_names(node, self.vocabulary.names(node.fieldname))
            return nodes.Values(node.fieldname, names, self.level)
        if type(node) is query.Prefix and self.is_run(node.text):
            return self.word(query.Term(node.fieldname, node.text, boost=node.boost))
        prefix = analyze_pattern(node.text) if type(node) is query.Prefix else None
        try:
            forms = self.vocabulary.expand(node)
        except QueryTooComplex:
            if self.warnings is None:
                raise
            self.warnings.append(f"{render(node)} stands for over {MOST:,} words, and was taken for a word")
            return self.plain(node)
        return nodes.Forms(node.fieldname, forms, node.boost, prefix)

    def plain(self, node: query.Query) -> query.Query:
        """Lower a pattern to the word that it is without its signs."""
        readings = [analyzer.tokens(re.sub(r"[*?]+", "", node.text)) for analyzer in self.analyzers]
        return _text(node.fieldname, readings, 0, node.boost, whole=True)

    def is_run(self, prefix: str) -> bool:
        """Whether a prefix ends in characters that are indexed in pairs: what has it has the run of them."""
        tokens = self.analyzers[0].tokens(prefix)
        return len(tokens) > 1 and is_half(tokens[-1].form[:1])

    def dates(self, node: nodes.DateRange) -> query.Query:
        """Lower a range of dates to days."""
        start = edtf.parse(node.start).start if node.start else edtf.FIRST
        end = edtf.parse(node.end).end if node.end else edtf.LAST
        return nodes.Dates(start.toordinal(), end.toordinal(), self.level, certain=self.certain)

    def story(self, node: nodes.Story) -> query.Query:
        """Lower a story to its articles."""
        return nodes.Articles(self.vocabulary.members(node.text))

    def present(self, node: nodes.Has) -> query.Query:
        """Lower ``has:``."""
        return nodes.Present(node.text, self.level)

    def compound(self, node: query.And | query.Or) -> query.Query:
        """Lower every clause."""
        clauses = [self.lower(clause) for clause in node.subqueries]
        if isinstance(node, nodes.AtLeast):
            return nodes.AtLeast(clauses, node.needed, boost=node.boost)
        return type(node)(clauses, boost=node.boost)

    def said(self, node: Said) -> query.Query:
        """Lower all that one quote must match."""
        return Said(self.lower(node.whole), boost=node.boost)

    def negated(self, node: query.Not) -> query.Query:
        """Lower what is excluded."""
        return query.Not(self.lower(node.query))


_METHODS: tuple[tuple[type | tuple[type, ...], Callable[[Lowering, query.Query], query.Query]], ...] = (
    (nodes.Has, Lowering.present),
    (nodes.Exact, Lowering.exact),
    (nodes.DateRange, Lowering.dates),
    (nodes.Story, Lowering.story),
    (query.Term, lambda self, node: (self.name if node.fieldname in VALUES else self.word)(node)),
    (query.Phrase, lambda self, node: (self.name if node.fieldname in VALUES else self.phrase)(node)),
    ((query.Prefix, query.Wildcard, query.FuzzyTerm), Lowering.pattern),
    ((query.And, query.Or), Lowering.compound),
    (query.Not, Lowering.negated),
    (Said, Lowering.said),
)
"""Which method lowers a node: the first kind that it is."""


def _text(
    field: str, readings: Sequence[Sequence[Token]], slop: int, boost: float, *, whole: bool
) -> query.Query:
    """Return words in order, as several languages read them; ``whole``: or a compound of them, joined."""
    compounds = [_compounds(tokens) for tokens in readings]
    steps = _aligned(
        [
            _steps([token for token in tokens if token not in joined])
            for tokens, joined in zip(readings, compounds, strict=True)
        ]
    )
    alternatives = [_sequence(field, each, slop, boost) for each in steps]
    if whole:
        terms = set().union(*map(_whole, readings, compounds))
        alternatives += [_terms(field, terms, boost)] if terms else []
    if not alternatives:
        return query.NullQuery
    return alternatives[0] if len(alternatives) == 1 else query.DisjunctionMax(alternatives)


def _compounds(tokens: Sequence[Token]) -> frozenset[Token]:
    """Return the tokens that are whole compounds, which stand beside their parts."""
    ordered = sorted(tokens, key=lambda token: (token.start, -token.end))
    found = []
    for place, token in enumerate(ordered):
        # What begins behind its end is no part of it, nor what follows.
        inside = place + 1
        while inside < len(ordered) and ordered[inside].start < token.end:
            other = ordered[inside]
            if other.end <= token.end and other.end - other.start < token.end - token.start:
                found.append(token)
                break
            inside += 1
    return frozenset(found)


def _whole(tokens: Sequence[Token], compounds: Iterable[Token]) -> set[str]:
    """Return the terms of compounds that all the others are joined to: of press-tv.ir, presstv is none."""
    start = min((token.start for token in tokens), default=0)
    end = max((token.end for token in tokens), default=0)
    return {token.term for token in compounds if (token.start, token.end) == (start, end)}


def _steps(tokens: Iterable[Token]) -> Steps:
    """Return the terms at each position of a text, with the distance from the position before."""
    places: dict[int, dict[str, None]] = {}
    for token in tokens:
        places.setdefault(token.position, {})[token.term] = None
    before = [None, *places]
    return tuple(
        (tuple(terms), 0 if last is None else place - last)
        for last, (place, terms) in zip(before, places.items(), strict=False)
    )


def _aligned(readings: Iterable[Steps]) -> list[Steps]:
    """Merge the readings of several languages that differ only in their stems."""
    merged: dict[tuple[int, ...], list[set[str]]] = {}
    for steps in readings:
        shape = tuple(distance for _, distance in steps)
        if not shape:
            continue
        terms = merged.setdefault(shape, [set() for _ in shape])
        for step, (own, _) in zip(terms, steps, strict=True):
            step.update(own)
    return [
        tuple((tuple(sorted(step)), distance) for step, distance in zip(terms, shape, strict=True))
        for shape, terms in merged.items()
    ]


def _sequence(field: str, steps: Steps, slop: int, boost: float) -> query.Query:
    return nodes.Sequence(field, steps, slop, boost) if len(steps) > 1 else _terms(field, steps[0][0], boost)


def _terms(field: str, terms: Iterable[str], boost: float) -> query.Query:
    words = tuple(sorted(terms))
    return (
        query.Term(field, words[0], boost=boost)
        if len(words) == 1
        else nodes.Synonym(field, words, boost=boost)
    )
