"""The embedded searcher: it answers from the newest generation that is whole, and says so where none is."""

import gc
import random
import time
import weakref
from dataclasses import replace
from pathlib import Path

import pytest

from index.article import Article
from index.embedded import open_writer
from search.collect import Wanted
from search.deadline import OutOfTime
from search.embedded import EmbeddedSearcher
from search.errors import EngineUnavailable, QueryTooComplex, SnapshotExpired
from search.request import After, Request


def commit(path, *ids):
    writer = open_writer(path, language="en")
    for id_ in ids:
        writer.put(Article(id_, f"talks about {id_}"), "build")
    return writer.commit()


def found(searcher, **request):
    return {hit.entry.id for hit in searcher.search(Request(q="talks", **request)).hits}


def test_a_request_sees_every_commit_that_returned_before_it(tmp_path):
    commit(tmp_path, "a")
    searcher = EmbeddedSearcher(tmp_path)
    assert found(searcher) == {"a"}
    for id_ in "bcdefghij":
        generation = commit(tmp_path, id_)
        assert searcher.generation() == generation
        assert id_ in found(searcher)


def test_a_pattern_of_too_many_words_is_refused_or_taken_for_a_word(tmp_path):
    writer = open_writer(tmp_path, language="en")
    writer.put(Article("many", " ".join(f"tal{number:04}" for number in range(1_100))), "build")
    writer.put(Article("one", "tal and talk"), "build")
    writer.commit()
    searcher = EmbeddedSearcher(tmp_path)
    for pattern in ("tal*", "tal?*", "talk OR ta*"):
        with pytest.raises(QueryTooComplex):
            searcher.search(Request(q=pattern))
    for pattern, ids in (("tal*", {"one"}), ("tal?*", {"one"})):
        results = searcher.search(Request(q=pattern, syntax="simple"))
        assert {hit.entry.id for hit in results.hits} == ids
        assert "stands for over 1,024 words" in results.warnings[0]


def test_without_an_index_it_is_unavailable_until_there_is_one(tmp_path):
    searcher = EmbeddedSearcher(tmp_path / "index")
    with pytest.raises(EngineUnavailable, match="build"):
        searcher.search(Request())
    commit(tmp_path / "index", "a")
    assert found(searcher) == {"a"}


def test_a_damaged_generation_is_not_switched_to(tmp_path):
    commit(tmp_path, "a")
    searcher = EmbeddedSearcher(tmp_path, tmp_path.with_suffix(".state"))
    assert found(searcher) == {"a"}
    generation = commit(tmp_path, "b")
    newer = max(tmp_path.glob("seg-*.arrays"), key=lambda path: path.stat().st_mtime_ns)
    data = bytearray(newer.read_bytes())
    data[len(data) // 2] ^= 1
    newer.write_bytes(data)
    assert found(searcher) == {"a"}
    assert searcher.generation() == generation - 1
    with pytest.raises(EngineUnavailable, match=newer.name):
        EmbeddedSearcher(tmp_path).search(Request())
    (tmp_path / f"commit-{generation}.json").unlink()
    assert found(EmbeddedSearcher(tmp_path)) == {"a"}
    commit(tmp_path, "c")
    commit(tmp_path, "d")
    assert found(searcher) == {"a", "c", "d"}


def mapped(path):
    """Return the lines of what this process maps from a folder."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return [line for line in lines if str(path) in line]


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="the system does not tell what is mapped")
def test_who_waits_for_a_fork_keeps_no_files_that_are_out_of_date(tmp_path):
    commit(tmp_path, "a")
    searcher = EmbeddedSearcher(tmp_path)
    searcher.prepare()
    assert mapped(tmp_path)
    searcher.let_go()
    assert mapped(tmp_path), "it is the newest still"
    commit(tmp_path, "b")
    searcher.let_go()
    assert not mapped(tmp_path)
    searcher.prepare()
    assert found(searcher) == {"a", "b"}


def test_a_generation_that_nobody_holds_goes_at_once(tmp_path):
    commit(tmp_path, "a")
    searcher = EmbeddedSearcher(tmp_path)
    searcher.prepare()
    held = weakref.ref(searcher.snapshot())
    gc.collect()
    gc.disable()
    try:
        del searcher
        assert held() is None, "something of it is in a circle: frozen in a worker, that would stay"
    finally:
        gc.enable()


@pytest.mark.parametrize("there", ["nothing", "no index"])
def test_what_cannot_be_prepared_is_told_to_who_asks(tmp_path, there):
    if there == "no index":
        (tmp_path / "commit-0.json").write_text("{}")
    searcher = EmbeddedSearcher(tmp_path)
    searcher.prepare()
    searcher.let_go()
    with pytest.raises(EngineUnavailable):
        searcher.search(Request())


def test_a_page_is_cut_from_the_generation_of_the_page_before(tmp_path):
    commit(tmp_path, *"abcd")
    searcher = EmbeddedSearcher(tmp_path)
    first = searcher.search(Request(q="talks", limit=2))
    commit(tmp_path, *"efgh")
    after = After(first.generation, *first.next)
    assert found(searcher, after=after).isdisjoint("efgh")
    assert found(EmbeddedSearcher(tmp_path), after=after) == found(searcher, after=after)
    with pytest.raises(SnapshotExpired):
        searcher.search(Request(q="talks", after=After(99, *first.next)))


def test_zero_hits_name_the_clause_that_removed_the_last(tmp_path):
    commit(tmp_path, "x", "y")
    searcher = EmbeddedSearcher(tmp_path)
    assert searcher.search(Request(q="talks zebra")).warnings == ("No article matches zebra.",)
    (warning,) = searcher.search(Request(q="x talks y")).warnings
    assert warning.startswith("y removed the last hit")
    (warning,) = searcher.search(Request(q="talks", filters={"outlet": ("Reuters",)})).warnings
    assert "outlet" in warning


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """A snapshot of three segments with words in common."""
    rng = random.Random(7)
    path = tmp_path_factory.mktemp("crowd")
    words = [f"word{n}" for n in range(40)]
    for part in range(3):
        writer = open_writer(path, language="en")
        for n in range(400):
            writer.put(Article(f"{part}-{n}", " ".join(rng.choices(words, k=30))), "build")
        writer.commit()
    return EmbeddedSearcher(path)


QUERIES = [
    "word1",
    "word1 word2",
    "word1 OR word2",
    '"word1 word2"',
    "word*",
    "wrod1~",
    "word1 -(word2 word3*)",
]


@pytest.mark.parametrize("q", QUERIES)
def test_a_deadline_that_has_passed_leaves_less_and_says_so(crowd, q):
    whole = crowd.search(Request(q=q))
    assert (whole.partial, whole.relation) == (False, "eq")
    late = crowd.search(Request(q=q, deadline=1, facets=("outlet", "date")))
    assert (late.partial, late.relation) == (True, "gte")
    assert late.total < whole.total
    assert late.facets == {}
    later = crowd.search(Request(q=q, deadline=time.monotonic_ns() + 10**12))
    assert [hit.score for hit in later.hits] == [hit.score for hit in whole.hits]
    assert (later.total, later.partial) == (whole.total, False)


def test_what_is_excluded_stays_excluded_when_the_time_is_up(crowd):
    snapshot = crowd.snapshot()
    planned = snapshot.plan(Request(q="-(word1 OR word2)", match="any"))
    parts = snapshot.parts(planned, Wanted("relevance", 10), 1)
    assert all(part.cut and not part.total for part in parts)


def test_a_plan_that_was_not_finished_is_not_remembered(crowd):
    request = Request(q="wodr2~", match="any")
    with pytest.raises(OutOfTime):
        crowd.snapshot().plan(replace(request, deadline=1))
    assert crowd.search(request).total


@pytest.mark.parametrize("q", ["word1", "wodr3~"])
def test_counts_know_when_the_time_was_up(crowd, q):
    request = Request(q=q, facets=("outlet",))
    assert not crowd.facet(request).partial
    assert not crowd.trend(request, share=True).partial
    late = replace(request, deadline=1)
    assert (crowd.facet(late).partial, crowd.facet(late).relation) == (True, "gte")
    assert (crowd.trend(late).partial, crowd.trend(late).relation) == (True, "gte")


def test_suggestions_know_when_the_time_was_up(crowd):
    assert not crowd.suggest(Request(q="wodr")).partial
    assert crowd.suggest(Request(q="wodr", deadline=1)).partial
