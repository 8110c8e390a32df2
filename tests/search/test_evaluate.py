"""Every node of ``whoosh.query`` is answered: by arrays, or by Whoosh's own matchers."""

import inspect
from datetime import date, datetime

import pytest
from whoosh import query
from whoosh.query import spans
from whoosh.searching import Searcher
from whoosh.util.times import datetime_to_long

from index import edtf
from index.article import Article, Found
from index.codec.reader import ArrayReader
from index.embedded import open_writer
from index.generation import Generation
from search.bm25 import idf
from search.evaluate import EVALUATORS, evaluate
from search.leaves import Scope
from search.matchers import drain
from search.statistics import Statistics

BODIES = [
    "ceasefire talks between border towns",
    "rockets fell on border towns after the ceasefire",
    "talks about talks; a siege",
    "minister says siege must end after talks",
    "harvest report",
]

TALK, SIEGE, BORDER, TOWN = (query.Term("body", stem) for stem in ("talk", "sieg", "border", "town"))

SAMPLES = [
    query.Term("body", "talk", boost=2.0),
    query.Term("id", "a1"),
    query.And([TALK, SIEGE]),
    query.And([TALK, query.Not(SIEGE)]),
    query.Or([SIEGE, BORDER], boost=3.0),
    query.DefaultOr([SIEGE, BORDER]),
    query.PreloadedOr([SIEGE, BORDER]),
    query.SplitOr([SIEGE, BORDER]),
    query.Not(TALK),
    query.AndNot(TALK, SIEGE),
    query.AndMaybe(TALK, BORDER),
    query.Require(TALK, BORDER),
    query.Otherwise(query.Term("body", "nowhere"), TALK),
    query.DisjunctionMax([TALK, SIEGE]),
    query.ConstantScoreQuery(TALK, 4.0),
    query.WeightingQuery(TALK, None),
    query.Every(),
    query.Every("title"),
    query.NullQuery,
    query.Phrase("body", ["border", "town"]),
    query.Ordered([BORDER, TOWN]),
    query.Sequence([BORDER, TOWN]),
    query.Prefix("body", "ta"),
    query.Wildcard("body", "s*g"),
    query.Regex("body", "s.e."),
    query.FuzzyTerm("body", "siag", maxdist=1),
    query.Variations("body", "talk"),
    query.TermRange("body", "s", "t"),
    query.SpanFirst(TALK, limit=1),
    query.SpanNear(BORDER, TOWN),
    query.SpanNear2([BORDER, TOWN]),
    query.SpanNot(TALK, SIEGE),
    query.SpanOr([TALK, BORDER]),
    query.SpanContains(query.SpanNear(BORDER, TOWN), TOWN),
    query.SpanBefore(TALK, SIEGE),
    query.SpanCondition(TALK, BORDER),
    query.DateRange("date", datetime.fromisoformat("2021-05-01"), datetime.fromisoformat("2021-05-03")),
    query.NumericRange("date", datetime_to_long(datetime.fromisoformat("2021-05-02")), None),
    query.ColumnQuery("id", "a1"),
    query.NestedParent(query.Term("id", "a0"), TALK),
    query.NestedChildren(query.Term("id", "a0"), query.Term("id", "a0")),
]

# Nodes that only others are made of.
ABSTRACT = {
    *(
        query.Query,
        query.CompoundQuery,
        query.BinaryQuery,
        query.MultiTerm,
        query.ExpandingTerm,
        query.PatternQuery,
    ),
    *(query.WrappingQuery, spans.SpanQuery, spans.WrappingSpan, spans.SpanBiQuery),
}


@pytest.fixture(scope="module")
def generation(tmp_path_factory):
    path = tmp_path_factory.mktemp("index")
    writer = open_writer(path, language="en")
    for number, body in enumerate(BODIES):
        title = Found("Talks") if number % 2 else None
        day = Found(edtf.day(date(2021, 5, 1 + number)))
        writer.put(Article(f"a{number}", body, title=title, date=day, language=Found("en")), "build")
    writer.commit()
    writer = open_writer(path, language="en")
    writer.delete(["a2"])
    writer.commit()
    return Generation.open(path)


def answers(node, generation):
    (segment,) = generation.segments
    return evaluate(node, Scope(segment, Statistics(generation), segment.passing))


def test_every_node_of_whoosh_has_a_sample():
    nodes = {kind for _, kind in inspect.getmembers(query, inspect.isclass) if issubclass(kind, query.Query)}
    assert nodes - ABSTRACT == {type(sample) for sample in SAMPLES} - {type(query.NullQuery)}


@pytest.mark.parametrize("node", SAMPLES, ids=lambda node: repr(node).partition(" object at ")[0])
def test_a_node_matches_what_whoosh_matches(node, generation):
    (segment,) = generation.segments
    # Whoosh's SplitOr calls a class that does not exist.
    right = query.DefaultOr(node.subqueries) if isinstance(node, query.SplitOr) else node
    expected = sorted(set(right.docs(Searcher(ArrayReader(segment, "en")))))
    assert answers(node, generation).docs.tolist() == expected


def test_arrays_and_matchers_give_a_term_the_same_score(generation):
    by_arrays = answers(TALK, generation)
    by_matchers = answers(query.SpanOr([TALK]), generation)
    assert query.Term in EVALUATORS
    assert query.SpanOr not in EVALUATORS
    assert by_arrays.scores.tolist() == pytest.approx(by_matchers.scores.tolist(), rel=1e-12)


def test_scores_count_live_articles_alone(generation):
    tf, lengths = 1.0, [5, 8, 7, 2]
    norm = 1.2 * (1 - 0.75 + 0.75 * 5 / (sum(lengths) / 4))
    found = answers(TALK, generation)
    assert found.docs.tolist() == [0, 3]
    assert found.scores[0] == pytest.approx(idf(4, 2, 2) * tf / (tf + norm), rel=1e-12)


def test_scale_is_a_bonus_for_more_of_the_words(generation):
    (segment,) = generation.segments
    node = query.Or([TALK, SIEGE, BORDER], scale=0.9)
    _, scores = drain(node, segment, Statistics(generation))
    assert answers(node, generation).scores.tolist() == pytest.approx(scores.tolist(), rel=1e-9)


def test_an_and_of_nothing_matches_nothing(generation):
    assert answers(query.And([]), generation).docs.tolist() == []
