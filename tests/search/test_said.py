"""``Said`` finds articles by one quote that all of a tree matches."""

import pytest
from whoosh import query

from index.article import Article, Found, Quote
from index.embedded import open_writer
from index.generation import Generation
from search import nodes
from search.evaluate import evaluate
from search.leaves import Scope
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
            writer.put(Article(id_, "rockets, a siege", language=Found("en"), quotes=said), "add")
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
