"""A searcher that looks at every article: slow, short, and the judge of all others.

It shares the planner with them, so that a query means the same, and nothing of how they store,
match, score, count or order.
"""

from __future__ import annotations

import fnmatch
import itertools
import math
from collections import Counter
from datetime import timedelta
from functools import cached_property

from whoosh import query
from whoosh.util.numeric import byte_to_length, length_to_byte

from index.analysis import analyze_pattern, analyzer
from index.article import LEVELS, UNDETERMINED
from index.persons import Sighting, is_full
from index.shingles import content
from index.signatures import LEAST
from index.speakers import Speakers
from index.stories import story_id
from index.syndication import judge
from search import nodes
from search.plan import plan
from search.results import Bucket, Facet, Hit, Results
from search.spelled import spelled

TITLE_WEIGHT, TITLE_GAP, K1, B = 3, 128, 1.2, 0.75
POOL, FADE, SHORT, FULL = 20, 50, 100, 300
FIELDS = ("text", "title", "body")


class Document:
    """An article's words: term → positions and weighted frequencies, by field."""

    def __init__(self, article, main):
        language = article.language.value
        chosen = analyzer(main if language == UNDETERMINED else language)
        self.article = article
        title = chosen.tokens(article.title.value) if article.title else []
        body = chosen.tokens(article.body)
        words = {
            "title": [(t.term, t.position, 1) for t in title if t.term],
            "body": [(t.term, t.position, 1) for t in body if t.term],
        }
        offset = TITLE_GAP + 1 + max(t.position for t in title) if title else 0
        self.begin = offset
        words["text"] = [(t.term, t.position, TITLE_WEIGHT) for t in title if t.term]
        words["text"] += [(t.term, t.position + offset, 1) for t in body if t.term]
        self.places = {name: {} for name in FIELDS}
        self.weights = {name: Counter() for name in FIELDS}
        for name, entries in words.items():
            for term, position, weight in sorted(set(entries)):
                self.places[name].setdefault(term, set()).add(position)
                self.weights[name][term] += weight
        head = article.body.encode("utf-8", "surrogatepass")[:2000].decode("utf-8", "ignore")
        told = [(article.title.value if article.title else "", TITLE_WEIGHT), (head, 1)]
        self.content = Counter()
        for text, weight in told:
            for term, places in chosen.terms(text)[0].items():
                self.content[term] += weight * len(places)
        for term in chosen.stopped:
            del self.content[term]
        self.lengths = {name: self.weights[name].total() for name in FIELDS}
        texts = {"title": article.title.value if article.title else "", "body": article.body}
        forms = {name: chosen.terms(text)[1] for name, text in texts.items()}
        self.forms = {**forms, "text": forms["title"] | forms["body"]}
        values = {
            "outlet": [article.outlet] if article.outlet else [],
            "language": [article.language],
            "speaker": article.speakers,
        }
        self.values = {
            name: [(f.value, LEVELS.index(f.confidence)) for f in found] for name, found in values.items()
        }


def cosine(one, other):
    """How near two vectors are, from term to weight, but for what floats cannot tell."""
    product = sum(weight * other[term] for term, weight in one.items() if term in other)
    norms = [math.sqrt(sum(weight**2 for weight in each.values())) for each in (one, other)]
    return round(product / math.prod(norms), 9) if product else 0


class Whole:
    """An article as an entry of a list: its own values, not those of columns."""

    def __init__(self, article):
        self.article = article
        self.speakers = tuple(speaker.value for speaker in article.speakers)
        self.id, self.language = article.id, article.language.value
        self.title, self.date, self.outlet = (
            found.value if found else None for found in (article.title, article.date, article.outlet)
        )


class Brute:
    """Articles in a list."""

    def __init__(self, articles, language="en", *, stories=False):
        self.language = language
        self.groups = together(articles) if stories else {each.id: {each.id} for each in articles}
        self.documents = [Document(article, language) for article in articles]
        self.languages = tuple(
            dict.fromkeys([language, *sorted({d.article.language.value for d in self.documents})])
        )

    def spellings(self, field):
        if field == "speaker":
            return self.people
        return spelled(
            field, Counter(value for d in self.documents for value in {value for value, _ in d.values[field]})
        )

    @cached_property
    def people(self):
        """Return the people: who is told apart by what stands in the articles, not by what is indexed."""
        named = [{value for value, _ in d.values["speaker"]} for d in self.documents]
        counts = Counter(name for names in named for name in names)
        beside = {name: frozenset().union(*(n for n in named if name in n)) - {name} for name in counts}
        return Speakers(
            Sighting(name, count, beside=frozenset() if is_full(name) else beside[name])
            for name, count in sorted(counts.items())
        )

    def names(self, field):
        return {value for d in self.documents for value, _ in d.values[field]}

    def members(self, story):
        groups = (group for group in self.groups.values() if story in map(story_id, group))
        return frozenset(next(groups, ()))

    def expand(self, node):
        word = analyze_pattern(node.text)
        every = sorted(set().union(*(d.forms[node.fieldname] for d in self.documents)))
        if isinstance(node, query.Prefix):
            return tuple(form for form in every if form.startswith(word))
        if isinstance(node, query.Wildcard):
            return tuple(form for form in every if fnmatch.fnmatchcase(form, word.replace("[", "[[]")))
        return tuple(form for form in every if distance(form, word) <= node.maxdist)

    # Matching and scoring: None where a document does not match, else its score.

    def score(self, node, d):
        kind = type(node)
        if kind in {query.Term, nodes.Synonym}:
            return self.words(
                node.fieldname, (node.text,) if kind is query.Term else node.words, node.boost, d
            )
        if kind is nodes.Sequence:
            if not self.occurs(node, d):
                return None
            return sum(self.words(node.fieldname, terms, node.boost, d) for terms, _ in node.steps)
        if kind is nodes.Forms:
            return node.boost if d.forms[node.fieldname].intersection(node.forms) else None
        if kind is nodes.Values:
            return (
                0.0
                if any(
                    value in node.names and level >= node.level for value, level in d.values[node.fieldname]
                )
                else None
            )
        if kind is nodes.Present:
            return 0.0 if self.present(node, d) else None
        if kind is nodes.Dates:
            return 0.0 if self.dated(node, d) else None
        if kind is nodes.Articles:
            return 0.0 if d.article.id in node.ids else None
        if isinstance(node, query.Every):
            return node.boost
        if isinstance(node, query.Not):
            return 0.0 if self.score(node.query, d) is None else None
        if isinstance(node, query.DisjunctionMax):
            found = [s for s in (self.score(clause, d) for clause in node.subqueries) if s is not None]
            return max(found) * node.boost if found else None
        if isinstance(node, query.Or):
            found = [s for s in (self.score(clause, d) for clause in node.subqueries) if s is not None]
            return sum(found) * node.boost if found and len(found) >= node.minmatch else None
        if isinstance(node, query.And):
            found = [self.score(clause, d) for clause in node.subqueries]
            return None if None in found else sum(found) * node.boost
        if node == query.NullQuery:
            return None
        raise AssertionError(node)

    def words(self, field, terms, boost, d):
        tf = sum(d.weights[field][term] for term in terms)
        if not tf:
            return None
        return boost * self.idf(field, terms) * (tf / (tf + self.norm(field, d)))

    def idf(self, field, terms):
        having = [sum(other.weights[field][term] for term in terms) for other in self.documents]
        frequency = sum(tf > 0 for tf in having)
        rare = math.log(1 + (len(self.documents) - frequency + 0.5) / (frequency + 0.5))
        return rare * math.sqrt(sum(having) / frequency)

    def norm(self, field, d):
        lengths = [other.lengths[field] for other in self.documents if other.lengths[field]]
        length = byte_to_length(length_to_byte(d.lengths[field]))
        return K1 * (1 - B + B * (length / (sum(lengths) / len(lengths))))

    def gain(self, words, d):
        """What is added to a score for words that stand early and together."""
        norm = self.norm("text", d)
        length = byte_to_length(length_to_byte(d.lengths["text"]))
        full = min(max((length - SHORT) / (FULL - SHORT), 0), 1)
        stand = []
        gained = 0
        for terms, boost in words:
            places = set().union(*(d.places["text"].get(term, ()) for term in terms))
            tf = sum(d.weights["text"][term] for term in terms)
            weight = boost * self.idf("text", terms) if tf else 0
            lead = full * sum(math.exp((d.begin - p) / FADE) for p in places if p >= d.begin)
            if tf:
                gained += weight * ((tf + lead) / (tf + lead + norm) - tf / (tf + norm))
            stand.append((weight, places))
        for (left, (one, ones)), (right, (other, others)) in itertools.combinations(enumerate(stand), 2):
            if right - left <= 2:
                near = sum(any(abs(q - p) <= 8 for q in others) for p in ones)
                ordered = sum(any(0 < q - p <= right - left for q in others) for p in ones)
                chance = min(16 / length, 1)
                both = 0.2 * (1 - chance) * near / (near + norm) + 0.1 * ordered / (ordered + norm)
                gained += (one + other) / 2 * both
        return gained

    def vouch(self, pool):
        """What documents score with two thirds of what the ten most like them score."""
        words = [d.content for d, _ in pool]
        having = Counter(term for terms in words for term in terms)
        size = len(pool)
        rare = {term: 1 + math.log(1 + (size - n + 0.5) / (n + 0.5)) for term, n in having.items()}
        vectors = [{term: (1 + math.log(tf)) * rare[term] for term, tf in terms.items()} for terms in words]
        vouched = []
        for one, (d, s) in enumerate(pool):
            near = [(cosine(vectors[one], vectors[other]), -other) for other in range(size) if other != one]
            nearest = [(how, -other) for how, other in sorted(near, reverse=True)[:10] if how > 0]
            total = sum(how for how, _ in nearest)
            more = sum(how * pool[other][1] for how, other in nearest) / total if total else 0
            vouched.append((d, s + 2 / 3 * more))
        return vouched

    def occurs(self, node, d):
        places = [
            set().union(*(d.places[node.fieldname].get(term, set()) for term in terms))
            for terms, _ in node.steps
        ]

        def from_here(number, place):
            if number == len(places):
                return True
            distance = node.steps[number][1]
            return any(
                place + distance + gap in places[number] and from_here(number + 1, place + distance + gap)
                for gap in range(node.slop + 1)
            )

        return any(from_here(1, place) for place in places[0])

    def present(self, node, d):
        article = d.article
        single = {"date": article.date, "title": article.title}
        if node.fieldname in single:
            found = single[node.fieldname]
            return found is not None and LEVELS.index(found.confidence) >= node.level
        if node.fieldname == "quotes":
            return bool(article.quotes)
        if node.fieldname == "body":
            return bool(d.lengths["body"])
        return any(level >= node.level for _, level in d.values[node.fieldname])

    def dated(self, node, d):
        found = d.article.date
        if found is None or LEVELS.index(found.confidence) < node.level:
            return False
        start, end = found.value.start.toordinal(), found.value.end.toordinal()
        return (
            node.start <= start and end <= node.end
            if node.certain
            else start <= node.end and node.start <= end
        )

    # The answer

    def search(self, request):
        planned = plan(request, self)
        scored = [(d, s) for d in self.documents if (s := self.score(planned.tree, d)) is not None]

        def passes(d, without=None):
            return all(
                self.score(node, d) is not None for field, node in planned.filters.items() if field != without
            )

        sort = request.sort or ("relevance" if request.q.strip() else "-date")
        ranked = sorted(((key(d, s, sort), d, s) for d, s in scored if passes(d)), key=lambda hit: hit[0])
        everyone = ranked
        if request.group == "cluster":
            ranked = list({min(self.groups[hit[1].article.id]): hit for hit in reversed(ranked)}.values())
            ranked.sort(key=lambda hit: hit[0])
        if sort == "relevance" and (planned.words or request.rank == "deep"):
            size = 100 if request.rank == "deep" else POOL
            pool = [(d, s + self.gain(planned.words, d)) for _, d, s in ranked[:size]]
            looks = [lambda pool: pool, self.vouch] if request.rank == "deep" else [lambda pool: pool]
            for look in looks:
                again = sorted(((key(d, s, sort), d, s) for d, s in look(pool)), key=lambda hit: hit[0])
                pool = [(d, s) for _, d, s in again]
            ranked = again + ranked[size:]
        rest = [
            hit for hit in ranked if request.after is None or hit[0] > (request.after.key, request.after.id)
        ]
        page = rest[: request.limit]
        multi = request.facet_mode == "multi"
        return Results(
            generation=0,
            total=len(ranked),
            hits=tuple(
                Hit(
                    Whole(d.article),
                    s if sort == "relevance" else None,
                    copies=self.copies(d, everyone) if request.group == "cluster" else None,
                )
                for _, d, s in page
            ),
            facets={
                f: self.facet(f, [d for d, _ in scored if passes(d, f if multi else None)], planned, request)
                for f in request.facets
            },
            next=page[-1][0] if len(rest) > len(page) else None,
            parsed=planned.parsed,
        )

    def copies(self, d, ranked):
        own = self.groups[d.article.id] - {d.article.id}
        return tuple(Whole(other.article) for _, other, _ in ranked if other.article.id in own)

    def facet(self, field, documents, planned, request):
        groups = None
        if request.facet_count == "stories":
            groups = [min(self.groups[d.article.id]) for d in documents]
        if field == "date":
            return histogram(documents, planned.level, request.interval, groups)
        spellings = self.spellings(field)
        names = [
            {spellings.canonical(v) for v, level in d.values[field] if level >= planned.level}
            for d in documents
        ]
        groups = groups or [d.article.id for d in documents]
        pairs = {(group, name) for group, each in zip(groups, names, strict=True) for name in each}
        counts = Counter(name for _, name in pairs)
        chosen = planned.selected.get(field, frozenset())
        listed = sorted(counts, key=lambda name: (-counts[name], name))[: request.facet_size]
        listed += sorted(chosen.difference(listed))
        values = tuple(Bucket(name, counts[name], name in chosen) for name in listed)
        return Facet(
            field,
            values,
            other=counts.total() - sum(b.count for b in values),
            missing=len({group for group, each in zip(groups, names, strict=True) if not each}),
        )


def key(d, score, sort):
    if sort == "relevance":
        return (-score, d.article.id)
    start = d.article.date.value.start.toordinal() if d.article.date else None
    return (math.inf if start is None else start if sort == "date" else -start, d.article.id)


def together(articles):
    """Return id → the ids of the articles that run its text, over copies of copies, whatever the dates."""
    contents = {each.id: content(each.body) for each in articles}
    groups = {each.id: {each.id} for each in articles}
    for one, other in itertools.combinations(contents, 2):
        long = min(len(contents[one].shingles), len(contents[other].shingles)) >= LEAST
        if long and judge(contents[one], contents[other]) == "copy":
            joined = groups[one] | groups[other]
            groups.update(dict.fromkeys(joined, joined))
    return groups


def histogram(documents, level, interval, groups=None):
    groups = groups or [d.article.id for d in documents]
    of = {d.article.id: group for d, group in zip(documents, groups, strict=True)}
    having = [
        d.article for d in documents if d.article.date and LEVELS.index(d.article.date.confidence) >= level
    ]
    dated = [article.date.value for article in having]
    if interval == "auto":
        span = (max(i.end for i in dated) - min(i.start for i in dated)).days + 1 if dated else 0
        interval = "day" if span <= 31 else "week" if span <= 183 else "month" if span <= 5 * 366 else "year"
    places = set()
    for article in having:
        i = article.date.value
        fits = name(i.start, interval) == name(i.end, interval)
        places.add((of[article.id], name(i.start, interval) if fits else None))
    counts = Counter(place for _, place in places if place)
    imprecise = sum(place is None for _, place in places)
    known = {article.id for article in having}
    return {
        "interval": interval,
        "counts": dict(counts),
        "imprecise": imprecise,
        "missing": len({of[d.article.id] for d in documents if d.article.id not in known}),
    }


def name(day, interval):
    monday = day - timedelta(days=day.weekday())
    return {
        "year": f"{day:%Y}",
        "month": f"{day:%Y-%m}",
        "week": f"{monday}/{monday + timedelta(days=6)}",
        "day": str(day),
    }[interval]


def distance(a, b):
    """Insertions, deletions, substitutions and swaps of neighbours between two words."""
    table = {(i, -1): i + 1 for i in range(-1, len(a))} | {(-1, j): j + 1 for j in range(-1, len(b))}
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            best = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (x != y))
            if i and j and x == b[j - 1] and a[i - 1] == y:
                best = min(best, table[i - 2, j - 2] + 1)
            table[i, j] = best
    return table[len(a) - 1, len(b) - 1]
