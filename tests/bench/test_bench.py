"""The benchmark compares like with like: all engines find the same articles in a small archive."""

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import corpus, growth, http, report
from tests.bench.engines import bm25s, fts5, lucene, ours, tantivy, whoosh
from tests.bench.engines.engine import Answer, Engine
from tests.bench.http import Load, Shares
from tests.bench.measure import Built, Corpus, build, interpreter, private
from tests.bench.query import Query
from tests.bench.race import Sample, race, times
from tests.bench.refresh import STEPS, Cost, refresh
from tests.bench.results import Memory, Results, load, save
from tests.bench.work import Work, command
from tests.bench.workload import game, questions, vocabulary, workload

DOCUMENTS = [
    corpus.Document(
        "1", "Oil prices rise", "Crude oil prices rose in London.", "1987-02-27", "LONDON", ("uk",)
    ),
    corpus.Document(
        "2",
        "Grain harvest",
        "The harvest of grain fell; oil did not.",
        "1987-03-02",
        "CHICAGO",
        ("usa", "uk"),
    ),
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
    (Query("OR + date", ("oil", "operations"), days=(19870301, 19870331)), {"2", "3"}),
    (Query("OR + facets", ("oil", "operations"), facets=True), {"1", "2", "3", "5"}),
)
FACETED, _ = CASES[-1]

ENGINES = {
    "tantivy": (tantivy, tantivy.Tantivy),
    "FTS5": (fts5, fts5.Fts5),
    "bm25s": (bm25s, bm25s.Bm25s),
    "Whoosh": (whoosh, whoosh.Whoosh),
    "pressmark": (ours, ours.Ours),
    "first time": (ours, ours.Anew),
    "Lucene": None,
}


@pytest.fixture(scope="module")
def java(tmp_path_factory):
    try:
        return lucene.prepare(tmp_path_factory.mktemp("tools"))
    except LookupError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench") / "index"
    if request.param == "Lucene":
        tools = request.getfixturevalue("java")
        file = folder.with_name("corpus.jsonl")
        source = Corpus(file, *corpus.write(DOCUMENTS, file))
        assert build(tools.command("index", file, folder), folder, source).documents == len(DOCUMENTS)
        opened = lucene.Lucene(tools, folder)
    else:
        module, searcher = ENGINES[request.param]
        folder.mkdir()
        module.build(iter(DOCUMENTS), folder)
        opened = searcher(folder)
    with closing(opened):
        yield opened


@pytest.mark.parametrize(("query", "found"), CASES, ids=[query.kind for query, _ in CASES])
def test_every_engine_finds_the_same(engine, query, found):
    if not engine.answers(query):
        pytest.skip(f"{engine.name} cannot answer that")
    answer = engine.search(query)
    assert set(answer.ids) == found
    assert answer.total in (len(found), None)


def test_every_engine_counts_the_same_facets(engine):
    if not engine.answers(FACETED):
        pytest.skip(f"{engine.name} counts no facets")
    facets = engine.search(FACETED).facets
    assert {name: dict(facets[name]) for name in ("month", "outlet", "person")} == {
        "month": {"1987-02": 1, "1987-03": 2, "1987-04": 1},
        "outlet": {"LONDON": 2, "CHICAGO": 2},
        "person": {"uk": 2, "usa": 1},
    }


def test_only_bm25s_lets_queries_pass_and_gives_no_total(engine):
    answered = [query for query, _ in CASES if engine.answers(query)]
    assert len(answered) == (2 if engine.name == "bm25s" else len(CASES))
    assert (engine.search(answered[0]).total is None) == (engine.name == "bm25s")


def test_lucene_says_what_a_search_cost_its_own_thread(engine):
    assert (engine.search(FACETED).cpu is not None) == (engine.name == "Lucene")


def test_without_a_jdk_lucene_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(lucene, "USUAL", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(LookupError, match="no JDK 21 or newer"):
        lucene.prepare(tmp_path / "tools")


def test_the_newest_jdk_that_can_compile_is_taken(monkeypatch, tmp_path):
    for version, tool in (("17.0.1", "javac"), ("21.0.2", "javac"), ("24", "javac"), ("25", "java")):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / tool).touch()
        (tmp_path / version / "release").write_text(f'IMPLEMENTOR="X"\nJAVA_VERSION="{version}"\n')
    monkeypatch.setattr(lucene, "USUAL", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "21.0.2"))
    assert lucene.jdk() == tmp_path / "24"


def test_a_corpus_survives_its_file(tmp_path):
    file = tmp_path / "corpus.jsonl"
    assert corpus.write(DOCUMENTS, file) == (5, sum(len(one.text.encode()) for one in DOCUMENTS))
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


@pytest.mark.parametrize("length", [1, 20, 60, 1000])
def test_passages_are_the_text_cut_behind_sentences(length):
    body = 'He said: "No." She left.\n\nIt rained, as in 1.5 of 2 years. “Why?” It stopped'
    cut = list(corpus.passages(body, length))
    assert " ".join(cut).split() == body.split()
    assert all(len(passage) >= length for passage in cut[:-1])
    assert all(passage.endswith((".", '"', "”")) for passage in cut[:-1])


def test_queries_of_the_game_keep_stop_words_in_phrases_alone():
    lines = [
        '{"query": "the", "tags": ["term"]}',
        '{"query": "+battle +of +bulge", "tags": ["intersection", "global"]}',
        '{"query": "\\"battle of bulge\\"", "tags": ["phrase", "phrase:num_tokens_3"]}',
        '{"query": "of battle", "tags": ["union"]}',
        '{"query": "+python -snake", "tags": ["negated"]}',
        '{"query": "u.s. navy", "tags": ["union"]}',
    ]
    assert game(lines) == [
        Query("SBG term", ("the",)),
        Query("SBG AND", ("battle", "bulge")),
        Query("SBG phrase", ("battle", "of", "bulge")),
    ]


def test_queries_of_the_game_are_asked_where_their_words_occur():
    played = [Query("SBG OR", ("crude", "oil")), Query("SBG OR", ("crude", "palm"))]
    known = vocabulary(DOCUMENTS, [], {word for query in played for word in query.words})
    assert workload([], known, each=5, seed=7, played=played) == [played[0]]


def test_a_date_filter_keeps_the_middle_half():
    days = [f"2001-01-{day:02}" for day in range(1, 29)]
    documents = [replace(DOCUMENTS[0], date=day) for day in [*days, "", ""]]
    assert vocabulary(documents, []).days == (20010108, 20010122)


class Counting(Engine):
    """Answers everything, and remembers what it was asked."""

    def __init__(self, name, every):
        self.name, self.every, self.asked, self.begun = name, every, [], 0

    def begin(self):
        self.begun += 1

    def search(self, query):
        self.asked.append(query)
        return Answer([], len(query.words), cpu=0.5 if self.name == "fast" else 2.0)


def test_a_race_asks_all_engines_and_a_slow_one_fewer_queries():
    queries = [Query(kind, (word,)) for kind in ("rare term", "prefix") for word in "abcdefghij"]
    fast, slow = Counting("fast", 1), Counting("slow", 5)
    samples = race([fast, slow], queries, rounds=2, seed=7)
    assert (len(fast.asked), len(slow.asked), fast.begun) == (60, 12, 3)
    assert sum(sample.engine == "slow" for sample in samples) == 8
    found = times(samples, "cpu", "fast")
    assert {kind: one["slow"].queries for kind, one in found.items()} == {"rare term": 2, "prefix": 2}
    assert {one["slow"].ratio50 for one in found.values()} == {0.25}


def test_a_ratio_is_taken_over_the_queries_that_both_got():
    a, b = Query("prefix", ("a",)), Query("prefix", ("b",))
    samples = [Sample("x", a, 0, 1.0, 1), Sample("x", b, 0, 9.0, 1), Sample("y", a, 0, 2.0, 1)]
    assert times(samples, "cpu", "x")["prefix"]["y"].ratio99 == 0.5


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.setitem(corpus.SETS, "reuters", lambda _: iter(DOCUMENTS))
    return Work(tmp_path, tmp_path / "work", "reuters", None)


def test_an_index_is_built_once_for_the_same_documents_and_version(work):
    source = work.corpus()
    made = command("fts5", source.file, work.folder / "fts5")
    first = work.built("fts5", made, source, "1")
    assert first.documents == len(DOCUMENTS)
    assert work.built("fts5", ["false"], source, "1") == first
    with pytest.raises(RuntimeError, match="false ended with 1"):
        work.built("fts5", ["false"], source, "2")


def test_a_forgotten_index_is_built_anew(work):
    source = work.corpus(2)
    made = command("fts5", source.file, work.folder / "fts5")
    assert work.built("fts5", made, source, "1").documents == 2
    work.forget("fts5")
    assert not (work.folder / "fts5").exists()
    with pytest.raises(RuntimeError, match="false ended with 1"):
        work.built("fts5", ["false"], source, "1")


def test_one_more_article_is_found_and_leaves_the_index_alone(tmp_path):
    ours.build(iter(DOCUMENTS), tmp_path / "index")
    before = sorted(path.name for path in (tmp_path / "index").iterdir())
    costs = refresh(tmp_path / "index", tmp_path / "copy")
    assert set(costs) == {"all", *STEPS}
    assert costs["all"].cpu >= max(costs[step].cpu for step in ("add", "reopen", "search")) > 0
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == before


def test_private_memory_is_what_a_process_has_written():
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("only Linux tells")
    before = private(os.getpid())
    written = bytearray(os.urandom(1 << 25))
    assert private(os.getpid()) - before > len(written) * 0.9
    assert 0 < interpreter() < 1 << 25


def test_figures_survive_their_file_and_make_the_same_page_again(tmp_path):
    samples = [
        Sample(name, Query("AND", ("a", "b")), 0.1, seconds, 3)
        for name, seconds in (("pressmark", 0.001), ("tantivy", 0.002), ("first time", 0.003))
    ]
    found = times(samples, "cpu", "pressmark")
    costs = dict.fromkeys(("all", *STEPS), Cost(0.0015, 0.02, 0.003))
    built = {"tantivy": Built(100, 1000, 2.0, 3.0, 10_000_000, 500), "late": Built(50, 500, 2.0, 3.0, 1, 500)}
    small = Results("small", 100, 1000, found, found, built, Memory(30_000_000, 10_000_000), costs)
    load_ = Load(1, 0.002, 0.006, 0.0016, 0.001, 0.002, 0.0008)
    small = replace(small, requests=[load_], shares=Shares(0.0004, 0.0004, 0.0004, 0.0002))
    save(small, tmp_path / "results.json")
    assert load(tmp_path / "results.json") == small
    (tmp_path / growth.README).write_text(f"before\n{growth.BEGIN}\nold\n{growth.END}\nafter\n")
    large = replace(
        small, name="large", documents=1000, requests=(), shares=None, built={"tantivy": built["tantivy"]}
    )
    pages = []
    for _ in range(2):
        growth.write([large, small], tmp_path)
        pages.append([(tmp_path / name).read_text() for name in (growth.README, growth.PLOT)])
    assert pages[0] == pages[1]
    page, plot = pages[0]
    assert "old" not in page
    assert "| AND | 1 · 1 | 3 · 3 | 2 · 2 |" in page
    assert "| AND | 0.50 · 0.50 |" in page
    assert "| late | 0.50 · - | 1.00 · - | 0 · - |" in page
    assert "| private memory of a warm worker above a bare interpreter's, MB | 20.0 · 20.0 |" in page
    assert "| of that, the searcher's reopening, ms | 1.5 · 1.5 |" in page
    assert "| 1 | 2 · - | 6 · - | 2.0 · - | 3.0 · - | 2.0 · - |" in page
    assert "small: Of the CPU of one request: search 25% (400 µs)" in page
    assert ">OR + facets</text>" in plot


def test_without_the_data_it_says_what_it_needs():
    bare = {name: value for name, value in os.environ.items() if name != "PRESSMARK_DATA"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench"], env=bare, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "PRESSMARK_DATA" in done.stderr


def test_whole_requests_are_told_beside_the_empty_handler_and_in_shares():
    said = report.whole_requests(
        [Load(8, 0.002, 0.005, 0.001, 0.001, 0.002, 0.0005)], Shares(0.0002, 0.0003, 0.0001, 0.0002)
    )
    assert "2.0" in said.splitlines()[1]
    assert said.endswith(
        "search 20% (200 µs), snippets 30% (300 µs), encoding 10% (100 µs), "
        "the application around them 20% (200 µs), gunicorn 20% (200 µs)."
    )


def test_whole_requests_are_measured_over_http_and_in_process(tmp_path, monkeypatch):
    ours.build(iter(DOCUMENTS), tmp_path / "index")
    monkeypatch.setattr(http, "CONNECTIONS", (1, 2))
    queries = [query for query, _ in CASES]
    loads = http.measure(tmp_path / "index", queries, rounds=1, seed=7)
    assert [one.connections for one in loads] == [1, 2]
    for one in loads:
        assert one.p99 >= one.p50 > 0
        assert one.empty_p99 >= one.empty_p50 > 0
        assert min(one.cpu, one.empty_cpu) > 0
    shares = http.shares(tmp_path / "index", queries)
    assert min(shares.search, shares.encoding, shares.around) > 0
