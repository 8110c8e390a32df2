"""Random trees of ``whoosh.query`` and random articles to ask them of, all from one seeded source."""

from datetime import date, datetime, timedelta

from whoosh import query, scoring

from index import edtf
from index.article import LEVELS, Article, Found, Quote
from search.said import Said

WORDS = [
    *"ceasefire cease talks talked talking siege sieges seige border bored town towns minister".split(),
    *"ministers the of and not Gaza Iran rocket rockets résistance Kazemi-Qomi U.S. 北京大学 كتاب".split(),
]
OUTLETS = ["Press TV", "Mehr News Agency", "Reuters", "Zürich Post"]
NAMES = ["Khaled al-Qaddoumi", "Ismail Haniyeh", "Haniyeh"]
LANGUAGES = ["en", "en", "en", "und", "de", "ar"]
FIRST_DAY = date(2021, 5, 1)
BOOSTS = [1.0, 1.0, 1.0, 0.5, 2.5]


def found(rng, value):
    return Found(value, confidence=rng.choice(LEVELS))


def article(rng, id_):
    """Return an article of common words, so that nodes meet and spans overlap."""

    def text(most):
        return " ".join(rng.choices(WORDS, k=rng.randrange(most)))

    title = text(6)
    return Article(
        id=id_,
        body=text(30),
        title=found(rng, title) if title else None,
        date=found(rng, edtf.day(FIRST_DAY + timedelta(days=rng.randrange(30))))
        if rng.random() < 0.8
        else None,
        outlet=found(rng, rng.choice(OUTLETS)) if rng.random() < 0.8 else None,
        language=found(rng, rng.choice(LANGUAGES)),
        speakers=tuple(found(rng, name) for name in rng.sample(NAMES, rng.randrange(3))),
        quotes=tuple(quote(rng, text(12)) for _ in range(rng.randrange(4))),
        digest=str(rng.randrange(10)),
    )


def quote(rng, text):
    name, start = rng.choice([*NAMES, None]), rng.randrange(100)
    kind, level = rng.choice(["direct", "mixed", "indirect"]), rng.choice(LEVELS)
    return Quote(text, start, start + len(text), name, name, None, "said", kind, level)


class Grower:
    """Grows trees over the terms that some documents have."""

    def __init__(self, rng, brute):
        self.rng = rng
        self.leaves, self.patterns = LEAVES, "body_forms"
        self.quotes = QuoteGrower(rng, brute.quotes)
        self.terms = {
            name: sorted(set().union(*(brute.terms(name, d) for d in brute.documents)))
            for name in (
                *("text", "title", "body", "title_forms", "body_forms"),
                *("outlet", "language", "speaker", "id"),
            )
        }

    def word(self, field):
        """Return a term, mostly one that is there."""
        known = self.terms[field]
        return self.rng.choice(known) if known and self.rng.random() < 0.9 else "nowhere"

    def boost(self):
        return self.rng.choice(BOOSTS)

    def field(self, *, spanning=False):
        texts = ["text", "body", "body", "title"]
        return self.rng.choice(texts if spanning else [*texts, *self.terms])

    def tree(self, depth=3):
        """Return a random tree."""
        if depth == 0 or self.rng.random() < 0.2:
            return self.rng.choice(self.leaves)(self)
        return self.rng.choice(COMPOUNDS)(self, depth - 1)

    def trees(self, depth, least=1, most=4):
        return [self.tree(depth) for _ in range(self.rng.randint(least, most))]

    def span(self, field, depth=2):
        """Return a tree of spans in one field."""
        if depth == 0 or self.rng.random() < 0.3:
            return self.rng.choice(SPAN_LEAVES)(self, field)
        return self.rng.choice(SPAN_NODES)(self, field, depth - 1)

    def spans(self, field, depth, most=4):
        return [self.span(field, depth) for _ in range(self.rng.randint(1, most))]

    def slop(self):
        return self.rng.choice([1, 1, 2, 4, 9])

    def flag(self):
        return self.rng.random() < 0.5

    def days(self):
        """Return two days in order, or open ends."""
        start, end = sorted(
            datetime.combine(FIRST_DAY + timedelta(days=self.rng.randrange(30)), datetime.min.time())
            for _ in range(2)
        )
        return self.rng.choice([start, start, None]), self.rng.choice([end, end, None])


class QuoteGrower(Grower):
    """Grows trees over quotes, which have words and speakers."""

    def __init__(self, rng, brute):
        self.rng = rng
        self.leaves, self.patterns = QUOTE_LEAVES, "text"
        self.terms = {
            name: sorted(set().union(*(brute.terms(name, d) for d in brute.documents)))
            for name in ("text", "speaker")
        }

    def field(self, *, spanning=False):
        return "text" if spanning else self.rng.choice(["text", "text", "speaker"])


def said(grower):
    return Said(grower.quotes.tree(2), boost=grower.boost())


def term(grower, field=None):
    field = field or grower.field()
    return query.Term(field, grower.word(field), boost=grower.boost())


def phrase(grower, field=None):
    field = field or grower.field(spanning=True)
    words = [grower.word(field) for _ in range(grower.rng.randint(1, 3))]
    return query.Phrase(field, words, slop=grower.slop(), boost=grower.boost())


def prefix(grower, field=None):
    field = field or grower.field()
    text = grower.word(field)
    return query.Prefix(
        field, text[: grower.rng.randint(1, 3)], boost=grower.boost(), constantscore=grower.flag()
    )


def wildcard(grower, field=None):
    field = field or grower.field()
    text = list(grower.word(field))
    text[grower.rng.randrange(len(text))] = grower.rng.choice(["?", "*", "[a-m]"])
    return query.Wildcard(field, "".join(text), boost=grower.boost(), constantscore=grower.flag())


def regex(grower, field=None):
    field = field or grower.field()
    text = grower.rng.choice(["s[ai]", ".*e.*", "t.{0,3}s", "ta{0,2}", "(sieg|town)", "^m", "x?b"])
    return query.Regex(field, text, boost=grower.boost(), constantscore=grower.flag())


def fuzzy(grower, field=None):
    field = field or grower.field()
    text = grower.word(field)
    at = grower.rng.randrange(len(text))
    text = grower.rng.choice([text[:at] + text[at + 1 :], text[:at] + "x" + text[at:], text])
    maxdist, same = grower.rng.choice([1, 2]), grower.rng.choice([0, 1, 9])
    boost = grower.boost()
    return query.FuzzyTerm(field, text, boost, maxdist, same, constantscore=grower.flag())


def term_range(grower, field=None):
    field = field or grower.field()
    start, end = sorted([grower.word(field), grower.word(field)])
    chosen = grower.rng.choice([(start, end), (start, None), (None, end)])
    return query.TermRange(
        field, *chosen, grower.flag(), grower.flag(), boost=grower.boost(), constantscore=grower.flag()
    )


def every(grower):
    field = grower.rng.choice([None, "text", "title", "body", "date", "outlet", "speaker", "body_forms"])
    return query.Every(field, boost=grower.boost())


def variations(grower, field=None):
    word = grower.rng.choice(["talk", "siege", "town", "minister", "rocket"])
    return query.Variations(field or grower.patterns, word, boost=grower.boost())


def date_range(grower):
    return query.DateRange("date", *grower.days(), grower.flag(), grower.flag(), boost=grower.boost())


def number_range(grower):
    found = date_range(grower)
    return query.NumericRange("date", found.start, found.end, boost=found.boost, constantscore=grower.flag())


def column(grower):
    field = grower.rng.choice(["outlet", "id"])
    return query.ColumnQuery(field, grower.word(field))


SPAN_LEAVES = [term, term, term, phrase, prefix, wildcard, variations]

LEAVES = [
    *(term, term, term, phrase, prefix, wildcard, regex, fuzzy, term_range, every, variations),
    *(date_range, number_range, column, lambda _: query.NullQuery),
    *(lambda grower: grower.span(grower.field(spanning=True)),) * 4,
    *(said, said),
]

QUOTE_LEAVES = [
    *(term, term, term, phrase, prefix, wildcard, regex, fuzzy, term_range, variations),
    lambda grower: query.Every(grower.rng.choice([None, "text", "speaker"]), boost=grower.boost()),
    *(lambda grower: grower.span("text"),) * 4,
]

SPAN_NODES = [
    lambda g, f, d: query.SpanNear(
        g.span(f, d), g.span(f, d), g.slop(), ordered=g.flag(), mindist=g.rng.choice([1, 1, 2])
    ),
    lambda g, f, d: query.SpanNear2(
        g.spans(f, d), g.slop(), ordered=g.flag(), mindist=g.rng.choice([1, 1, 2])
    ),
    lambda g, f, d: query.SpanOr(g.spans(f, d)),
    lambda g, f, d: query.SpanNot(g.span(f, d), g.span(f, d)),
    lambda g, f, d: query.SpanFirst(g.span(f, d), limit=g.rng.randrange(12)),
    lambda g, f, d: query.SpanContains(g.span(f, d), g.span(f, d)),
    lambda g, f, d: query.SpanBefore(g.span(f, d), g.span(f, d)),
    lambda g, f, d: query.SpanCondition(g.span(f, d), g.span(f, d)),
    lambda g, f, d: query.Sequence(g.spans(f, d), g.slop(), ordered=g.flag(), boost=g.boost()),
    lambda g, f, d: query.Ordered(g.spans(f, d), boost=g.boost()),
    lambda g, f, d: query.Or(g.spans(f, d)),
    lambda g, f, d: query.And(g.spans(f, d)),
]

COMPOUNDS = [
    lambda g, d: query.And(g.trees(d), boost=g.boost()),
    lambda g, d: query.And([*g.trees(d, most=2), query.Not(g.tree(d))], boost=g.boost()),
    lambda g, d: query.Or(g.trees(d), boost=g.boost()),
    lambda g, d: query.Or(g.trees(d, least=2), boost=g.boost(), minmatch=2),
    lambda g, d: query.DisjunctionMax(g.trees(d), boost=g.boost()),
    lambda g, d: query.Not(g.tree(d)),
    lambda g, d: query.AndNot(g.tree(d), g.tree(d)),
    lambda g, d: query.AndMaybe(g.tree(d), g.tree(d)),
    lambda g, d: query.Require(g.tree(d), g.tree(d)),
    lambda g, d: query.Otherwise(g.tree(d), g.tree(d)),
    lambda g, d: query.ConstantScoreQuery(g.tree(d), g.boost()),
    lambda g, d: query.WeightingQuery(g.tree(d), scoring.Frequency()),
]
