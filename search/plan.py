"""What will be evaluated: a request against the vocabulary of a generation.

Parsed, resolved, lowered; and the filters beside it, each a node of its own, so that a facet can
be counted without its own filter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from whoosh import query

from index.analysis import Analyzer, analyzer
from index.article import LEVELS, UNDETERMINED
from search import nodes
from search.leaves import Split, split
from search.lower import Lowering
from search.render import render
from search.rescoring import Word, words
from search.resolve import Resolver
from search.shouting import calmed, shouted
from search.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from search.request import Request
    from search.vocabulary import Spelled, Vocabulary

LONGEST = 16_384
"""Code points of a query; over a URL the service takes fewer."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Values of a field that an article must have one of, where there are any, and must not have."""

    wanted: frozenset[str] | None
    refused: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """A request, ready to be evaluated on any segment of its generation.

    ``clauses`` are the parts that an article must all match, as typed and as evaluated: what
    may have removed the last hit.  ``filters`` are nodes by field; ``selected`` the canonical
    names that they ask for.  ``split`` is the tree as a leaf and filters, where it is no more than that;
    ``words`` are those by whose places the best are scored again.
    """

    tree: query.Query
    parsed: str
    clauses: tuple[tuple[str, query.Query], ...]
    filters: Mapping[str, query.Query]
    selected: Mapping[str, frozenset[str]]
    level: int
    warnings: tuple[str, ...]
    split: Split | None = None
    words: tuple[Word, ...] = ()


def plan(request: Request, vocabulary: Vocabulary, *, quotes: bool = False) -> Plan:
    """Return the plan of a request, for articles or for quotes.

    Raises ``RequestError`` for what cannot be asked.
    """
    level = LEVELS.index(request.min_confidence)
    names = {
        field: _filter(values, vocabulary.spellings(field))
        for field, values in request.filters.items()
        if values
    }
    languages = names["language"].wanted if "language" in names else None
    filters = {field: _filter_node(field, each, level) for field, each in names.items()}
    if request.date is not None:
        filters["date"] = _date_node(request, level)
    if request.story:
        filters["cluster"] = nodes.Articles(vocabulary.members(request.story))
    selected = {
        field: frozenset(vocabulary.spellings(field).canonical(name) for name in each.wanted)
        for field, each in names.items()
        if each.wanted
    }
    if not request.q.strip():
        return Plan(query.Every(), "", (), filters, selected, level, ())
    resolver = Resolver(
        vocabulary=vocabulary,
        match=request.match,
        analyzer=analyzer(vocabulary.language),
        shouted=shouted(request.q),
    )
    if request.syntax == "simple" and resolver.shouted and calmed(request.q) != request.q:
        resolver.warnings.append("All of it is in capitals: AND, OR and NOT were taken for words")
    resolved = resolver.resolve(
        parse(request.q, strict=request.syntax == "strict", max_length=LONGEST, quotes=quotes)
    )
    lowering = Lowering(
        vocabulary=vocabulary,
        analyzers=_analyzers(sorted(languages) if languages else vocabulary.languages, vocabulary.language),
        level=level,
        certain=request.date_match == "certain",
        warnings=resolver.warnings if request.syntax == "simple" else None,
    )
    tree = lowering.lower(resolved)
    # A conjunction is lowered clause by clause, in its order.
    several = isinstance(resolved, query.And)
    typed, lowered = (resolved.subqueries, tree.subqueries) if several else ([resolved], [tree])
    return Plan(
        tree=tree,
        parsed=render(resolved),
        clauses=tuple((render(clause), node) for clause, node in zip(typed, lowered, strict=True)),
        filters=filters,
        selected=selected,
        level=level,
        warnings=tuple(resolver.warnings),
        split=split(tree),
        words=() if quotes else words(tree),
    )


def _analyzers(languages: Sequence[str], main: str) -> tuple[Analyzer, ...]:
    """Return an analyzer a language; texts of an uncertain one were analysed as the main language."""
    chosen = dict.fromkeys(main if language == UNDETERMINED else language for language in languages)
    return tuple(analyzer(language) for language in chosen or [main])


def _filter(values: Sequence[str], spellings: Spelled) -> Filter:
    """Return the names that the values of a parameter mean; a leading ``-`` excludes."""
    wanted = [spellings.matching(value) for value in values if not value.startswith("-")]
    refused = [spellings.matching(value[1:]) for value in values if value.startswith("-")]
    return Filter(frozenset().union(*wanted) if wanted else None, frozenset().union(*refused))


def _filter_node(field: str, names: Filter, level: int) -> query.Query:
    refused = query.Not(nodes.Values(field, names.refused, level))
    return refused if names.wanted is None else query.And([nodes.Values(field, names.wanted, level), refused])


def _date_node(request: Request, level: int) -> query.Query:
    if request.date == "none" or request.date is None:
        return query.Not(nodes.Present("date", level))
    start, end = request.date.start.toordinal(), request.date.end.toordinal()
    return nodes.Dates(start, end, level, certain=request.date_match == "certain")
