"""What every node of ``whoosh.query`` matches and scores in an article: the judge of arrays and matchers.

Straight from what the nodes are documented to mean, an article at a time; it shares with the
engines the analysis of text and nothing else.
"""

import fnmatch
import math
import re
from collections import Counter
from functools import cache

from whoosh import query
from whoosh.lang.morph_en import variations
from whoosh.util.numeric import byte_to_length, length_to_byte

from index.analysis import analyzer
from index.article import UNDETERMINED
from search.said import Said
from tests.engines.brute import FIELDS, K1, B, Document, distance

varied = cache(variations)
FORMS = {"title_forms": "title", "body_forms": "body"}


class QuoteDocument:
    """A quote as a document of its own: of words and a speaker."""

    def __init__(self, article, quote, language):
        terms, forms, _ = language_of(article, language).terms(quote.text)
        self.article = article
        self.places = {"text": {term: set(positions) for term, positions in terms.items()}}
        self.weights = {"text": Counter({term: len(positions) for term, positions in terms.items()})}
        self.lengths = {"text": self.weights["text"].total()}
        self.forms = {"text": forms}
        self.values = {"speaker": [(quote.speaker, quote.confidence)] if quote.speaker else []}


def language_of(article, main):
    language = article.language.value
    return analyzer(main if language == UNDETERMINED else language)


class Trees:
    """Documents in a list."""

    def __init__(self, articles, language="en"):
        self.documents = [Document(article, language) for article in articles]
        self.quotes = Trees([]) if articles else None
        if self.quotes:
            self.quotes.documents = [
                QuoteDocument(article, quote, language) for article in articles for quote in article.quotes
            ]
        self.by_frequency = False  # inside of a WeightingQuery
        self.frequency = cache(self._frequency)
        self.average = cache(self._average)

    def scores(self, node):
        """Return id → score of the articles that match."""
        scored = ((d.article.id, self.score(node, d)) for d in self.documents)
        return {id_: score for id_, score in scored if score is not None}

    def terms(self, field, d):
        """Return term → weight of an article in a field."""
        if field in FIELDS:
            return d.weights[field]
        if field in FORMS:
            return dict.fromkeys(d.forms[FORMS[field]], 1)
        if field == "id":
            return {d.article.id: 1}
        if field == "date":
            return {"dated": 1} if d.article.date else {}
        return {value: 1 for value, _ in d.values.get(field, [])}

    # Scores: None where an article does not match.

    def score(self, node, d):
        if node == query.NullQuery:
            return None
        found = next(method for kind, method in SCORES if isinstance(node, kind))
        return found(self, node, d)

    def several(self, nodes, d):
        return [score for score in (self.score(node, d) for node in nodes) if score is not None]

    def term(self, field, term, d):
        tf = self.terms(field, d).get(term, 0)
        if not tf:
            return None
        if field not in FIELDS or self.by_frequency:
            return float(tf)
        frequency, many = self.frequency(field, term), len(self.documents)
        idf = math.log(1 + (many - frequency + 0.5) / (frequency + 0.5))
        idf *= (sum(self.terms(field, other).get(term, 0) for other in self.documents) / frequency) ** 0.5
        length = byte_to_length(length_to_byte(d.lengths[field]))
        return idf * (tf / (tf + K1 * (1 - B + B * (length / self.average(field)))))

    def _frequency(self, field, term):
        return sum(bool(other.weights[field][term]) for other in self.documents)

    def _average(self, field):
        lengths = [other.lengths[field] for other in self.documents if other.lengths[field]]
        return sum(lengths) / len(lengths)

    def _term(self, node, d):
        score = self.term(node.fieldname, node.text, d)
        return None if score is None else node.boost * score

    def _every(self, node, d):
        return node.boost if node.fieldname is None or self.terms(node.fieldname, d) else None

    def _and(self, node, d):
        found = self.several(node.subqueries, d)
        return sum(found) * node.boost if found and len(found) == len(node.subqueries) else None

    def _or(self, node, d):
        found = self.several(node.subqueries, d)
        return sum(found) * node.boost if found and len(found) >= node.minmatch else None

    def _best(self, node, d):
        found = self.several(node.subqueries, d)
        return max(found) * node.boost if found else None

    def _not(self, node, d):
        return 0.0 if self.score(node.query, d) is None else None

    def _and_not(self, node, d):
        return self.score(node.a, d) if self.score(node.b, d) is None else None

    def _and_maybe(self, node, d):
        needed, extra = self.score(node.a, d), self.score(node.b, d)
        return None if needed is None else needed + (extra or 0.0)

    def _require(self, node, d):
        return None if self.score(node.b, d) is None else self.score(node.a, d)

    def _otherwise(self, node, d):
        anywhere = any(self.score(node.a, other) is not None for other in self.documents)
        return self.score(node.a if anywhere else node.b, d)

    def _constant(self, node, d):
        return None if self.score(node.child, d) is None else node.score

    def _weighting(self, node, d):
        before, self.by_frequency = self.by_frequency, True
        score = self.score(node.child, d)
        self.by_frequency = before
        return score

    def _said(self, node, d):
        own = [quote for quote in self.quotes.documents if quote.article is d.article]
        scores = [score for quote in own if (score := self.quotes.score(node.tree, quote)) is not None]
        return node.boost * max(scores) if scores else None

    def _column(self, node, d):
        value = {"id": d.article.id, "outlet": d.article.outlet.value if d.article.outlet else ""}
        return 1.0 if value[node.fieldname] == node.condition else None

    # Several terms

    def _many(self, node, d):
        terms = self.matching(node, d)
        if not terms:
            return None
        if getattr(node, "constantscore", False):
            return node.boost
        return node.boost * sum(self.term(node.fieldname, term, d) for term in terms)

    def matching(self, node, d):
        """Return the terms of an article that a node stands for."""
        kind = next(kind for kind in MATCHES if isinstance(node, kind))
        return sorted(term for term in self.terms(node.fieldname, d) if MATCHES[kind](node, term))

    def _range(self, node, d):
        if d.article.date is None:
            return None
        begins = (d.article.date.value.start.toordinal() - 1) * 86_400_000_000
        return node.boost if between(node, begins, node.start, node.end) else None

    # Spans: of an article that matches, where; ascending.

    def _spans(self, node, d):
        kept = self.spans(node, d)
        return self.weight(node, d) if kept else None

    def weight(self, node, d):
        """Return the score of a node of spans: that of its parts."""
        if isinstance(node, query.Phrase):
            return node.boost * sum(self.term(node.fieldname, word, d) for word in node.words)
        if isinstance(node, query.SpanNot):
            return self.score(node.a, d) + (self.score(node.b, d) or 0.0)
        return sum(self.several(parts(node), d)) * getattr(node, "boost", 1.0)

    def spans(self, node, d):
        if isinstance(node, query.Phrase):
            return self.near([self.places(node.fieldname, word, d) for word in node.words], node.slop)
        if self.score_of_parts_is_missing(node, d):
            return []
        return sorted(set(SPANS[next(kind for kind in SPANS if isinstance(node, kind))](self, node, d)))

    def score_of_parts_is_missing(self, node, d):
        """Return whether a node cannot match because a clause that it needs does not."""
        if isinstance(node, (query.SpanOr, query.Or, query.DisjunctionMax)):
            return not self.several(parts(node), d)
        needed = [node.a] if isinstance(node, query.SpanNot) else parts(node)
        return any(self.score(part, d) is None for part in needed)

    def places(self, field, term, d):
        return [(place, place) for place in sorted(d.places[field].get(term, ()))]

    def near(self, lists, slop, mindist=1, *, ordered=True):
        reached = lists[0]
        for follows in lists[1:]:
            reached = {
                (min(a[0], b[0]), max(a[1], b[1]))
                for a in reached
                for b in follows
                if (not ordered or a[0] <= b[0]) and mindist <= gap(a, b) <= slop
            }
        return sorted(reached)

    def before(self, lists):
        if len(lists) == 1:
            return lists[0]
        half = len(lists) // 2
        first, last = self.before(lists[:half]), self.before(lists[half:])
        return [a for a in first if last and a[1] < min(b[0] for b in last)]

    def halves(self, lists, slop, *, ordered):
        """Return spans as a sequence joins them: its two halves, each joined, stand near."""
        if len(lists) == 1:
            return lists[0]
        half = len(lists) // 2
        pair = [self.halves(part, slop, ordered=ordered) for part in (lists[:half], lists[half:])]
        return self.near(pair, slop, ordered=ordered)

    def all(self, nodes, d):
        return [self.spans(node, d) for node in nodes]

    def union(self, nodes, d):
        return [span for node in nodes if self.score(node, d) is not None for span in self.spans(node, d)]


def parts(node):
    """Return the clauses of a node of spans or of a compound."""
    for name in ("subqueries", "qs", "subqs"):
        if hasattr(node, name):
            return list(getattr(node, name))
    if hasattr(node, "a"):
        return [node.a, node.b]
    return [node.q] if hasattr(node, "q") else []


def gap(a, b):
    """Return the distance between two spans, 0 where they overlap."""
    return max(b[0] - a[1], a[0] - b[1], 0)


def inside(a, b):
    return a[0] <= b[0] and b[1] <= a[1]


def overlap(a, b):
    return a[0] <= b[1] and b[0] <= a[1]


def merged(spans):
    """Join spans that overlap or touch."""
    joined = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def between(node, value, start, end):
    low = start is None or value > start or (value == start and not node.startexcl)
    high = end is None or value < end or (value == end and not node.endexcl)
    return low and high


def as_bytes(text):
    return None if text is None else text.encode("utf-8", "surrogatepass")


MATCHES = {
    query.Prefix: lambda node, term: term.startswith(node.text),
    query.Wildcard: lambda node, term: fnmatch.fnmatchcase(term, node.text),
    query.Regex: lambda node, term: re.match(node.text, term) is not None,
    query.FuzzyTerm: lambda node, term: (
        term.startswith(node.text[: node.prefixlength]) and distance(term, node.text) <= node.maxdist
    ),
    query.Variations: lambda node, term: term in varied(node.text),
    query.TermRange: lambda node, term: between(
        node, as_bytes(term), as_bytes(node.start), as_bytes(node.end)
    ),
}

SPANS = {
    query.Term: lambda self, node, d: self.places(node.fieldname, node.text, d),
    query.MultiTerm: lambda self, node, d: [
        place for term in self.matching(node, d) for place in self.places(node.fieldname, term, d)
    ],
    query.ConstantScoreQuery: lambda self, node, d: self.spans(node.child, d),
    query.Ordered: lambda self, node, d: self.before(self.all(node.subqueries, d)),
    query.Sequence: lambda self, node, d: self.halves(
        self.all(node.subqueries, d), node.slop, ordered=node.ordered
    ),
    query.CompoundQuery: lambda self, node, d: self.union(node.subqueries, d),
    query.SpanNear: lambda self, node, d: self.near(
        self.all([node.a, node.b], d), node.slop, node.mindist, ordered=node.ordered
    ),
    query.SpanNear2: lambda self, node, d: self.near(
        self.all(node.qs, d), node.slop, node.mindist, ordered=node.ordered
    ),
    query.SpanOr: lambda self, node, d: merged(self.union(node.subqs, d)),
    query.SpanFirst: lambda self, node, d: [span for span in self.spans(node.q, d) if span[1] <= node.limit],
    query.SpanNot: lambda self, node, d: [
        span
        for span in self.spans(node.a, d)
        if not any(overlap(span, other) for other in self.union([node.b], d))
    ],
    query.SpanContains: lambda self, node, d: [
        span for span in self.spans(node.a, d) if any(inside(span, other) for other in self.spans(node.b, d))
    ],
    query.SpanBefore: lambda self, node, d: self.before(self.all([node.a, node.b], d)),
    query.SpanCondition: lambda self, node, d: self.spans(node.a, d),
}

SPANNING = (
    *(query.Phrase, query.Sequence, query.SpanFirst, query.SpanNear, query.SpanNear2, query.SpanOr),
    *(query.SpanNot, query.SpanContains, query.SpanBefore, query.SpanCondition),
)

SCORES = (
    (Said, Trees._said),
    (query.Term, Trees._term),
    (query.Every, Trees._every),
    (SPANNING, Trees._spans),
    (query.MultiTerm, Trees._many),
    (query.NumericRange, Trees._range),
    (query.And, Trees._and),
    (query.Or, Trees._or),
    (query.DisjunctionMax, Trees._best),
    (query.Not, Trees._not),
    (query.AndNot, Trees._and_not),
    (query.AndMaybe, Trees._and_maybe),
    (query.Require, Trees._require),
    (query.Otherwise, Trees._otherwise),
    (query.ConstantScoreQuery, Trees._constant),
    (query.WeightingQuery, Trees._weighting),
    (query.ColumnQuery, Trees._column),
)
