"""``Said`` finds articles by one quote that all of a tree matches."""

import pytest
from whoosh import query

from index.article import Article, Found, Quote
from index.embedded import open_writer
from index.generation import Generation
from search import nodes
from search.embedded import EmbeddedSearcher
from search.evaluate import evaluate
from search.leaves import Scope
from search.request import Request
from search.said import Said
from search.statistics import Statistics

QUOTES = {
    "a": [("the rockets must stop", "Haniyeh"), ("a siege is no answer", "Qaddoumi")],
    "b": [("rockets and a siege, a siege", "Qaddoumi")],
    "c": [],
    "d": [("a siege", None)],
}


@pytest.fixture(scope="module")
def generation(tmp_path_factory):
    path = tmp_path_factory.mktemp("index")
    for part in (["a", "c"], ["b", "d"]):
        writer = open_writer(path, language="en")
        for id_ in part:
            said = tuple(
                Quote(text, 0, len(text), name, name, None, "said", "direct", "high")
                for text, name in QUOTES[id_]
            )
            speakers = tuple(Found(name) for _, name in QUOTES[id_] if name)
            article = Article(id_, "rockets, a siege", language=Found("en"), speakers=speakers, quotes=said)
            writer.put(article, "add")
        writer.commit()
    return Generation.open(path)


def found(tree, generation):
    statistics = Statistics(generation)
    return {
        segment.columns.ids[doc]
        for segment in generation.segments
        for doc in evaluate(Said(tree), Scope(segment, statistics, segment.passing)).docs.tolist()
    }


ROCKET, SIEGE = query.Term("text", "rocket"), query.Term("text", "sieg")


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (SIEGE, {"a", "b", "d"}),
        (query.And([ROCKET, SIEGE]), {"b"}),
        (query.And([SIEGE, nodes.Values("speaker", frozenset(["Qaddoumi"]), 0)]), {"a", "b"}),
        (query.And([ROCKET, nodes.Values("speaker", frozenset(["Qaddoumi"]), 0)]), {"b"}),
        (nodes.Sequence("text", ((("no",), 0), (("answer",), 1))), {"a"}),
        (nodes.Forms("text", ("rockets",)), {"a", "b"}),
        (query.Not(SIEGE), {"a"}),
        (query.Every(), {"a", "b", "d"}),
        (query.NullQuery, set()),
    ],
    ids=lambda value: repr(sorted(value) if isinstance(value, set) else value),
)
def test_one_quote_matches_all_of_the_tree(tree, expected, generation):
    assert found(tree, generation) == expected


@pytest.mark.parametrize(
    "around",
    [lambda said: said, lambda said: query.And([said]), lambda said: query.Otherwise(said, query.NullQuery)],
)
def test_it_scores_as_the_best_quote_whoever_evaluates_the_node_around_it(around, generation):
    statistics = Statistics(generation)
    for segment in generation.segments:
        scope = Scope(segment, statistics, segment.passing)
        plain, within = (
            evaluate(Said(SIEGE, boost=2.0), scope),
            evaluate(around(Said(SIEGE, boost=2.0)), scope),
        )
        assert plain.docs.tolist() == within.docs.tolist()
        assert plain.scores.tolist() == pytest.approx(within.scores.tolist())
        quotes, of_quotes = statistics.quotes_of(segment)
        of_each = evaluate(SIEGE, Scope(quotes, of_quotes, quotes.passing))
        assert plain.scores.max() == pytest.approx(2 * of_each.scores.max())


@pytest.mark.parametrize(
    ("q", "expected", "parsed"),
    [
        ("said:siege", {"a", "b", "d"}, "said:(siege)"),
        ("said:(rockets siege)", {"b"}, "said:(rockets AND siege)"),
        ("said:(rockets OR siege)", {"a", "b", "d"}, "said:(rockets OR siege)"),
        ("said:(rockets) BY:Haniyeh", {"a"}, 'said:(rockets) BY:"Haniyeh"'),
        ("said:(siege) BY:Haniyeh", set(), 'said:(siege) BY:"Haniyeh"'),
        ("said:(siege) BY:Qadoumi", {"a", "b"}, 'said:(siege) BY:"Qaddoumi"'),
        ("said:* BY:(Haniyeh OR Qaddoumi)", {"a", "b"}, None),
        ("said:sieg* -said:rockets", {"d"}, "said:(sieg*) AND NOT said:(rockets)"),
        ("rockets -said:*", {"c"}, "rockets AND NOT said:(*)"),
        ('said:"no answer"', {"a"}, 'said:("no answer")'),
        ("said:(siege speaker:*)", {"a", "b"}, None),
    ],
)
def test_the_query_language_asks_for_what_was_said(q, expected, parsed, generation):
    results = EmbeddedSearcher(generation.path).search(Request(q=q))
    assert {hit.entry.id for hit in results.hits} == expected
    assert parsed is None or results.parsed == parsed
