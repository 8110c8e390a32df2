"""The benchmark compares like with like: all engines find the same articles in a small archive."""

import os
import subprocess
import sys
from contextlib import closing

import pytest

from tests.bench import corpus
from tests.bench.engines import fts5, ours, tantivy
from tests.bench.workload import Query, questions, vocabulary, workload

DOCUMENTS = [
    corpus.Document("1", "Oil prices rise", "Crude oil prices rose in London.", "1987-02-27", "LONDON"),
    corpus.Document("2", "Grain harvest", "The harvest of grain fell; oil did not.", "1987-03-02", "CHICAGO"),
    corpus.Document("3", "", "Prices of crude grain oil.", "1987-03-31", "LONDON"),
    corpus.Document("4", "Ministers meet", "", "", ""),
    corpus.Document("5", "Operations resume", "The operator resumed operations.", "1987-04-01", "CHICAGO"),
]

# What each query finds, in words that every stemmer treats alike.
CASES = (
    (Query("common term", ("oil",)), {"1", "2", "3"}),
    (Query("AND", ("crude", "grain")), {"3"}),
    (Query("OR", ("harvest", "london", "ministers")), {"1", "2", "4"}),
    (Query("phrase", ("crude", "oil")), {"1"}),
    (Query("prefix", ("oper",)), {"5"}),
    (Query("term + date", ("oil",), days=(19870301, 19870331)), {"2", "3"}),
    (Query("OR + facets", ("oil", "operations"), facets=True), {"1", "2", "3", "5"}),
)

ENGINES = {"tantivy": (tantivy, tantivy.Tantivy), "FTS5": (fts5, fts5.Fts5), "pressmark": (ours, ours.Ours)}


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, tmp_path_factory):
    module, searcher = ENGINES[request.param]
    folder = tmp_path_factory.mktemp("index")
    module.build(iter(DOCUMENTS), folder)
    with closing(searcher(folder)) as opened:
        yield opened


@pytest.mark.parametrize(("query", "found"), CASES, ids=[query.kind for query, _ in CASES])
def test_every_engine_finds_the_same(engine, query, found):
    answer = engine.search(query)
    assert (set(answer.ids), answer.total) == (found, len(found))


def test_every_engine_counts_the_same_facets(engine):
    facets = engine.search(CASES[-1][0]).facets
    assert {name: dict(facets[name]) for name in ("month", "outlet")} == {
        "month": {"1987-02": 1, "1987-03": 2, "1987-04": 1},
        "outlet": {"LONDON": 2, "CHICAGO": 2},
    }


def test_a_corpus_survives_its_file(tmp_path):
    file = tmp_path / "corpus.jsonl"
    assert corpus.write(iter(DOCUMENTS), file) == sum(len(one.text.encode()) for one in DOCUMENTS)
    assert list(corpus.read(file)) == DOCUMENTS


def test_a_workload_is_the_same_for_the_same_seed_and_finds_something():
    asked = questions(["crude oil", "grain harvest prices", "the oil of london", "nothing here"])
    known = vocabulary(DOCUMENTS, asked)
    queries = workload(asked, known, each=2, seed=7)
    assert queries == workload(asked, known, each=2, seed=7)
    by_kind = {kind: {query.words for query in queries if query.kind == kind} for kind in ("AND", "phrase")}
    assert by_kind["AND"] < {("crude", "oil"), ("grain", "harvest", "prices"), ("oil", "london")}
    assert all(known.together(words) for words in by_kind["AND"])
    assert by_kind["phrase"] == {("crude", "oil"), ("grain", "harvest")}


def test_without_the_data_it_says_what_it_needs():
    bare = {name: value for name, value in os.environ.items() if name != "PRESSMARK_DATA"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench"], env=bare, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "PRESSMARK_DATA" in done.stderr
