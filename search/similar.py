"""Which articles are like one: those that have most of the words that tell it from all others.

Source: "More like this" as Lucene does it: the terms of an article that are frequent in it and rare
elsewhere become a ranked OR.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from whoosh import query

from index.codec.weights import TITLE_WEIGHT
from search import nodes
from search.leaves import split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.analysis import Analyzer
    from index.article import Article
    from search.plan import Plan
    from search.statistics import Statistics

MOST = 25
"""Terms of an article that are searched for: as many as Lucene takes."""

_LOOKED_UP = 500
"""Terms whose rarity is looked up, the most frequent of the article: a long one has ten thousands."""


def terms(article: Article, analyzer: Analyzer, statistics: Statistics, without: int) -> dict[str, str]:
    """Return the best terms of an article by tf · idf, each with the form in which it stands there first.

    ``without`` counts the articles that are left out, itself and near-copies, which have nearly all words in
    common: a term of no more articles than that finds nobody.
    Stop words are none of them: where a few articles are all there is, "the" may be as rare as "siege".
    """
    counts: Counter[str] = Counter()
    forms: dict[str, str] = {}
    title = article.title.value if article.title else ""
    for text, weight in ((title, TITLE_WEIGHT), (article.body, 1)):
        for token in analyzer.tokens(text):
            counts[token.term] += weight
            forms.setdefault(token.term, token.form)
    for term in [term for term, form in forms.items() if analyzer.is_stop(form)]:
        del counts[term]
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_LOOKED_UP]
    scores = {
        term: count * statistics.idf(nodes.TEXT, (term,))
        for term, count in common
        if sum(segment.frequency(nodes.TEXT, term) for segment in statistics.segments) > without
    }
    best = sorted(scores, key=lambda term: (-scores[term], term))[:MOST]
    return {term: forms[term] for term in best}


def like(found: dict[str, str], without: Iterable[str], filters: Plan) -> Plan:
    """Return the plan for articles with some terms, without the articles of some ids; filters as planned."""
    either = query.Or([query.Term(nodes.TEXT, term) for term in found])
    tree = query.And([either, *(query.Not(query.Term("id", id_)) for id_ in without)])
    return replace(filters, tree=tree, split=split(tree), parsed=" OR ".join(found.values()))
