"""Where Whoosh's own matchers are wrong, ours are right, and Whoosh is still wrong.

A case that Whoosh has learnt to answer fails here, and its node of ours can go.
"""

import pytest
from whoosh import query, scoring
from whoosh.searching import Searcher

from index.article import Article, Found
from index.codec.reader import ArrayReader
from index.embedded import open_writer
from index.generation import Generation
from search.evaluate import evaluate
from search.leaves import Scope
from search.matchers import Ranking, drain
from search.statistics import Statistics
from tests.engines.trees import Trees

BODIES = [
    "siege talks",
    "rockets fell on border towns after the ceasefire talks",
    "talks about talks; a siege",
    "minister says siege must end after peace talks",
    "harvest report of a border town",
    "ceasefire talks between border towns, peace",
    "border talks",
]
GONE = {"a4"}
ARTICLES = [
    Article(f"a{number}", body, outlet=Found(f"Outlet {number % 2}"), language=Found("en"))
    for number, body in enumerate(BODIES)
]


def term(text, boost=1.0):
    return query.Term("body", text, boost=boost)


TALK, SIEGE, BORDER, TOWN, END, PEACE = map(term, ["talk", "sieg", "border", "town", "end", "peac"])
NOWHERE = term("nowhere")

CASES = {
    "the boost of a compound of one clause is lost": query.And([TALK], boost=2.0),
    "and that of an Or": query.Or([TALK], boost=2.0),
    "and that of a sequence": query.Sequence([TALK], boost=2.0),
    "what scores nothing is not in a union of three": query.Or(
        [END, BORDER, query.ConstantScoreQuery(TALK, 0)]
    ),
    "minmatch is not implemented": query.Or([END, SIEGE, BORDER], minmatch=2),
    "the best score may be that of another document": query.DisjunctionMax([TALK, SIEGE]),
    "a Not scores 1": query.And([TALK, query.Not(BORDER)]),
    "a Not finds what was deleted": query.Not(query.Term("id", "a3")),
    "AndNot does not look at what comes first": query.AndNot(END, SIEGE),
    "AndMaybe loses a score when it is moved": query.And([TALK, query.AndMaybe(BORDER, PEACE)]),
    "Require is AndNot": query.Require(TALK, BORDER),
    "a constant score is none where the current document matters": query.Sequence(
        [query.ConstantScoreQuery(TALK, 4.0), query.ConstantScoreQuery(END, 4.0)], slop=9, ordered=False
    ),
    "a weighting is not used": query.WeightingQuery(TALK, scoring.Frequency()),
    "the boost of a prefix is lost": query.Prefix("body", "t", boost=2.0),
    "and a constant score is none": query.Prefix("body", "s"),
    "the boost of a wildcard of one term": query.Wildcard("body", "tow*", boost=2.0),
    "of a fuzzy word": query.FuzzyTerm("body", "tawn", boost=2.0),
    "of a range": query.TermRange("body", "t", "u", boost=2.0),
    "a regular expression's repetitions": query.Regex("body", "tax{0,2}l"),
    "a pattern of an unknown field raises": query.Prefix("nothing", "t"),
    "a pattern of three words among spans raises": query.SpanNear(BORDER, query.Regex("body", "[tsb]")),
    "spans in a conjunction raise": query.And([query.SpanNear(BORDER, TOWN), TALK]),
    "spans of many in a conjunction raise": query.And([query.SpanNear2([BORDER, TOWN]), TALK]),
    "long spans are passed over": query.SpanNear2(
        [TALK, query.SpanNear2([term("fell"), term("ceasefir")], slop=9)], ordered=False
    ),
    "no spans raise": query.SpanOr([]),
    "spans that none may overlap": query.SpanNot(TALK, NOWHERE),
    "a column finds what was deleted and has no score": query.ColumnQuery("outlet", "Outlet 0"),
    "SplitOr calls what is not there": query.SplitOr([TALK, SIEGE, BORDER]),
}


@pytest.fixture(scope="module")
def generation(tmp_path_factory):
    path = tmp_path_factory.mktemp("index")
    writer = open_writer(path, language="en")
    for each in ARTICLES:
        writer.put(each, "build")
    writer.commit()
    writer = open_writer(path, language="en")
    writer.delete(GONE)
    writer.commit()
    return Generation.open(path)


def scores(found, segment):
    docs, values = found
    return {
        segment.columns.ids[doc]: value for doc, value in zip(docs.tolist(), values.tolist(), strict=True)
    }


def stock(node, segment, statistics):
    """Return what Whoosh answers, or the error that it raises."""
    searcher = Searcher(ArrayReader(segment, "en"), weighting=Ranking(statistics))
    found = {}
    try:
        matcher = node.matcher(searcher, searcher.context())
        while matcher.is_active():
            found[segment.columns.ids[matcher.id()]] = matcher.score()
            matcher.next()
    except Exception as error:  # noqa: BLE001 - any will do
        return error
    return found


@pytest.mark.parametrize("node", CASES.values(), ids=CASES)
def test_ours_is_right_and_whoosh_is_wrong(node, generation):
    (segment,) = generation.segments
    statistics = Statistics(generation)
    right = pytest.approx(Trees([each for each in ARTICLES if each.id not in GONE]).scores(node), rel=1e-9)
    assert scores(drain(node, segment, statistics), segment) == right
    found = evaluate(node, Scope(segment, statistics, segment.passing))
    assert scores((found.docs, found.scores), segment) == right
    assert stock(node, segment, statistics) != right


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        # The articles of even numbers but the deleted one stand for those behind them.
        (query.NestedParent(query.ColumnQuery("outlet", "Outlet 0"), SIEGE), ["a0", "a2"]),
        (query.NestedParent(query.Term("id", "a1"), SIEGE, per_parent_limit=1), ["a1"]),
        (query.NestedChildren(query.ColumnQuery("outlet", "Outlet 0"), query.Term("id", "a2")), ["a3", "a5"]),
        (query.NestedChildren(query.Term("id", "a6"), query.Term("id", "a6")), []),
    ],
    ids=repr,
)
def test_nested_documents_are_those_that_follow_a_parent(node, expected, generation):
    (segment,) = generation.segments
    assert list(scores(drain(node, segment, Statistics(generation)), segment)) == expected
