"""Why a hit has its score: the query tree once more, for one document, with every number that counts.

What the loops add up while they search is computed here again from the postings, one term after the
other; a sum or a product of what stands below a value is that value, but for the last bit of a float.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh import query

from index.codec import bits
from search import bm25, nodes
from search.evaluate import evaluate
from search.leaves import FILTERS, Scope
from search.rescoring import NEAR, ORDERED, lead, pairs, share, telling, together
from search.results import Explanation
from search.said import Said
from search.vouching import SHARE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from index.segment import Segment
    from search.collect import Again, Ranked
    from search.plan import Plan
    from search.recency import Recency
    from search.rescoring import Word
    from search.statistics import Statistics


@dataclass(frozen=True, slots=True)
class One:
    """The one document that is explained."""

    segment: Segment
    doc: int
    statistics: Statistics

    def score(self, node: query.Query) -> float | None:
        """Return what a node scores, None where it does not match."""
        passing = bits.of_docs(np.array([self.doc], dtype=np.int32), self.segment.size)
        found = evaluate(node, Scope(self.segment, self.statistics, passing))
        return float(found.scores[0]) if len(found.docs) else None

    def places(self, terms: tuple[str, ...]) -> NDArray[np.int64]:
        """Return where a word stands in ``text``, distinct and ascending: int64[m]."""
        found = [self.segment.positions(nodes.TEXT, term, np.array([self.doc]))[1] for term in terms]
        return np.unique(np.concatenate(found)).astype(np.int64)

    def explain(self, node: query.Query) -> Explanation | None:
        """Return why a node scores what it does, None where it does not match or only filters."""
        if isinstance(node, FILTERS):
            return None
        known = next((EXPLAINERS[kind] for kind in type(node).__mro__ if kind in EXPLAINERS), _plain)
        return known(self, node)


def explain(
    planned: Plan,
    segment: Segment,
    doc: int,
    statistics: Statistics,
    recency: Recency | None = None,
    again: Again | None = None,
) -> Explanation:
    """Return why a document that a plan finds has its score, by what it gained as it was looked at again."""
    one = One(segment, doc, statistics)
    found = one.explain(planned.tree)
    found = found or Explanation(0.0, "filter", "what only filters scores nothing", {})
    more = _stand(one, planned.words) if again else []
    if more:
        found = _sum("sum", "sum of what the query scores, and of where its words stand", [found, *more])
    if recency:
        found = _aged(found, segment, doc, recency)
    if again and again.neighbours:
        vouched = _vouched(again.neighbours())
        found = _sum("sum", "sum of its own score, and of what its neighbours add", [found, vouched])
    return found


def _aged(found: Explanation, segment: Segment, doc: int, recency: Recency) -> Explanation:
    docs = np.array([doc], dtype=np.int32)
    weight = float(recency.weights(segment, docs)[0])
    numbers = {"age": int(recency.ages(segment, docs)[0]), "half_life": recency.half_life, "weight": weight}
    what = "halved for every half-life of its age in days: weight · the score below"
    return Explanation(weight * found.value, "recency", what, numbers, (found,))


def _vouched(neighbours: Sequence[tuple[Ranked, float]]) -> Explanation:
    """Explain what a document gains by its neighbours, with how near they are."""
    total = sum(near for _, near in neighbours)
    parts = [
        Explanation(
            SHARE * near / total * other.score,
            "neighbour",
            f"{other.id}: share · similarity · score",
            {"share": SHARE, "similarity": near / total, "score": other.score},
        )
        for other, near in neighbours
    ]
    return _sum("neighbours", "sum of the shares of the nearest that were found", parts)


def _plain(one: One, node: query.Query) -> Explanation | None:
    value = one.score(node)
    return None if value is None else Explanation(value, "match", _WHAT.get(type(node), ""), {})


_WHAT: dict[type[Any], str] = {
    nodes.Forms: "any of the surface forms: the boost",
    query.Every: "every article: the boost",
}


def _term(one: One, node: query.Term) -> Explanation | None:
    return _words(one, node.fieldname, (node.text,), node.boost)


def _synonym(one: One, node: nodes.Synonym) -> Explanation | None:
    return _words(one, node.fieldname, node.words, node.boost)


def _words(one: One, field: str, terms: tuple[str, ...], boost: float) -> Explanation | None:
    """Explain one term, or several as one synonym: BM25."""
    if field not in one.statistics.averages:
        return _plain(one, query.Term(field, terms[0], boost=boost))
    tf = 0.0
    for term in terms:
        found = one.segment.postings(field, term)
        place = int(np.searchsorted(found.docs, one.doc))
        if place < len(found.docs) and found.docs[place] == one.doc:
            tf += float(found.weights[place])
    if not tf:
        return None
    length = float(one.statistics.norms(one.segment, field)[one.doc])
    average = one.statistics.averages[field]
    idf = one.statistics.idf(field, terms)
    documents, occurrences = one.statistics.counts(field, terms)
    norm = float(bm25.spread(np.array([length]), average)[0])
    numbers = {
        "boost": boost,
        "idf": idf,
        "documents": one.statistics.index.documents,
        "frequency": documents,
        "occurrences": occurrences,
        "tf": tf,
        "norm": norm,
        "length": length,
        "average_length": average,
    }
    value = boost * idf * (tf / (tf + norm))
    return Explanation(value, "term", f"{field}:{' | '.join(terms)}: boost · idf · tf / (tf + norm)", numbers)


def _stand(one: One, words: tuple[Word, ...]) -> list[Explanation]:
    """Explain what a document gains by where words stand in it."""
    scored = [_words(one, nodes.TEXT, terms, boost) for terms, boost in words]
    stand = [one.places(terms) for terms, _ in words]
    leads = (_lead(one, term, where) for term, where in zip(scored, stand, strict=True) if term)
    near = (
        _near(term, other, *together(stand[left], stand[right], right - left))
        for left, right in pairs(len(words))
        if (term := scored[left]) and (other := scored[right])
    )
    return [each for each in (*leads, *near) if each.value]


def _lead(one: One, term: Explanation, places: NDArray[np.int64]) -> Explanation:
    """Explain what a word gains by standing early."""
    numbers = {name: term.numbers[name] for name in ("boost", "idf", "tf", "norm", "length")}
    begin = int(one.segment.file.body_begins[one.doc])
    more = share(numbers["length"]) * lead(places, begin)
    tf, norm = numbers["tf"], numbers["norm"]
    value = numbers["boost"] * numbers["idf"] * ((tf + more) / (tf + more + norm) - tf / (tf + norm))
    what = f"{_name(term)} early: boost · idf · ((tf + lead) / (tf + lead + norm) - tf / (tf + norm))"
    return Explanation(value, "lead", what, {**numbers, "lead": more})


def _near(term: Explanation, other: Explanation, near: int, ordered: int) -> Explanation:
    """Explain what two words gain by standing together."""
    norm = term.numbers["norm"]
    idf = sum(each.numbers["boost"] * each.numbers["idf"] for each in (term, other)) / 2
    says = telling(term.numbers["length"])
    value = idf * (NEAR * says * (near / (near + norm)) + ORDERED * (ordered / (ordered + norm)))
    formula = f"idf · ({NEAR} · telling · near / (near + norm) + {ORDERED} · ordered / (ordered + norm))"
    what = f"{_name(term)} near {_name(other)}: {formula}"
    numbers = {"idf": idf, "near": near, "telling": says, "ordered": ordered, "norm": norm}
    return Explanation(value, "near", what, numbers)


def _name(term: Explanation) -> str:
    return term.what.split(": ", 1)[0]


def _sequence(one: One, node: nodes.Sequence) -> Explanation | None:
    if one.score(node) is None:
        return None
    words = (_words(one, node.fieldname, terms, node.boost) for terms, _ in node.steps)
    return _sum("phrase", "sum of the words, which stand in order", [each for each in words if each])


def _said(one: One, node: Said) -> Explanation | None:
    """Explain the best of the article's quotes that have it: a score among quotes."""
    quotes, statistics = one.statistics.quotes_of(one.segment)
    own = np.flatnonzero(quotes.own.article == one.doc).astype(np.int32)
    found = evaluate(node.whole, Scope(quotes, statistics, bits.of_docs(own, quotes.size)))
    if not len(found.docs):
        return None
    best = One(quotes, int(found.docs[np.argmax(found.scores)]), statistics).explain(node.whole)
    numbers = {} if node.boost == 1.0 else {"boost": node.boost}
    value = node.boost * best.value if best else 0.0
    return Explanation(value, "best", "the best quote", numbers, (best,) if best else ())


def _sum(kind: str, what: str, details: Iterable[Explanation], boost: float = 1.0) -> Explanation:
    parts = tuple(details)
    numbers = {} if boost == 1.0 else {"boost": boost}
    return Explanation(sum(part.value for part in parts) * boost, kind, what, numbers, parts)


def _all(one: One, node: query.And) -> Explanation | None:
    if one.score(node) is None:
        return None
    parts = [found for clause in node.subqueries if (found := one.explain(clause))]
    return parts[0] if len(parts) == 1 and node.boost == 1.0 else _sum("sum", "sum of all", parts, node.boost)


def _any(one: One, node: query.Or) -> Explanation | None:
    if one.score(node) is None:
        return None
    parts = [found for clause in node.subqueries if (found := one.explain(clause))]
    return _sum("sum", "sum of those that match", parts, node.boost)


def _best(one: One, node: query.DisjunctionMax) -> Explanation | None:
    parts = tuple(found for clause in node.subqueries if (found := one.explain(clause)))
    if not parts:
        return None
    numbers = {} if node.boost == 1.0 else {"boost": node.boost}
    value = max(part.value for part in parts) * node.boost
    return Explanation(value, "best", "the best reading", numbers, parts)


EXPLAINERS: dict[type[Any], Callable[[One, Any], Explanation | None]] = {
    query.Term: _term,
    nodes.Synonym: _synonym,
    nodes.Sequence: _sequence,
    query.And: _all,
    query.Or: _any,
    query.DisjunctionMax: _best,
    Said: _said,
}
