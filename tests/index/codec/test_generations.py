"""Generations live and die: what a reader holds, what a writer keeps, what is removed, and what never is.

``PRESSMARK_CRASHES=all`` reads along five times as many commits.
"""

import os
import threading
import time

import pytest

from index.article import Article
from index.check import check
from index.codec import commit as commits
from index.codec.commit import KEPT, clean, newest
from index.embedded import open_writer
from index.errors import CorruptIndex, IndexLocked
from index.generation import Generation
from search.embedded import EmbeddedSearcher
from search.request import Request
from tests.index.codec.archive import archives, commit, held, is_whole, leftovers
from tests.index.codec.processes import add, commit_until, context

SEED = 11
COMMITS = 500 if os.environ.get("PRESSMARK_CRASHES") == "all" else 100
READERS = 4


def put(path, *articles, delete=()):
    writer = open_writer(path, language="en")
    writer.delete(delete)
    for each in articles:
        writer.put(each, "add")
    return writer.commit()


def large(id_, words=6_000):
    """Return an article beside which the others are small."""
    return Article(id=id_, body=" ".join(f"{id_}word{number}" for number in range(words)))


def small(id_):
    return Article(id=id_, body="the ceasefire holds")


# What is kept


def test_a_superseded_generation_is_kept_for_its_time(tmp_path):
    put(tmp_path, large("a"))
    put(tmp_path, small("b"))
    put(tmp_path, small("c"))
    superseded = {number: commits.read(tmp_path, number + 1).created for number in (0, 1, 2)}
    clean(tmp_path, superseded[1] + KEPT - 0.001)
    assert {1, 2, 3} <= set(commits.generations(tmp_path))
    clean(tmp_path, superseded[1] + KEPT)
    assert set(commits.generations(tmp_path)) - {2} == {3}
    clean(tmp_path, superseded[2] + KEPT)
    assert commits.generations(tmp_path) == [3]
    clean(tmp_path, superseded[2] + 100 * KEPT)
    assert commits.generations(tmp_path) == [3]
    assert check(tmp_path) == []


def test_a_file_lives_while_a_kept_generation_names_it(tmp_path):
    put(tmp_path, large("a"), small("b"), small("c"))
    for gone in "bc":
        put(tmp_path, delete=[gone])
    first, second, third = (commits.read(tmp_path, number).files() for number in (1, 2, 3))
    assert len(first & second & third) == 1, "one segment"
    assert len(second | third) == 3, "and a mask for each"
    clean(tmp_path, commits.read(tmp_path, 2).created + KEPT)
    names = {each.name for each in tmp_path.iterdir()}
    assert second | third <= names
    assert Generation.open(tmp_path, number=2).documents == 2
    clean(tmp_path, commits.read(tmp_path, 3).created + KEPT)
    assert leftovers(tmp_path) == set()
    assert not (second - third) & {each.name for each in tmp_path.iterdir()}


def test_over_the_cap_the_oldest_goes_first(tmp_path):
    put(tmp_path, large("a"))
    put(tmp_path, large("b", 7_000), delete=["a"])
    put(tmp_path, small("c"))
    # a is beside b and c, and no larger: all stay.
    assert {1, 2, 3} <= set(commits.generations(tmp_path))
    put(tmp_path, large("d", 8_000), delete=["b"])
    # Now a and b are beside c and d, and together larger: a has to go, b may stay.
    assert sorted(commits.generations(tmp_path)) == [2, 3, 4]
    sizes = {
        each.name: each.stat().st_size for each in tmp_path.iterdir() if each.suffix in {".arrays", ".live"}
    }
    live = sum(sizes[name] for name in commits.read(tmp_path, 4).files())
    assert sum(sizes.values()) <= 2 * live
    assert check(tmp_path) == []


def test_nothing_foreign_is_removed(tmp_path):
    foreign = [
        *(
            "tmpnotes",
            "tmp12345678",
            "notes.txt",
            "seg-notes.arrays",
            "seg-1-0-1234567.arrays",
            "commit-1.json.bak",
        ),
        *(
            "commit-.json",
            "seg.live",
            "seg-1.live",
            "my-seg-1-0-12345678.arrays",
            "_MAIN_1.toc",
            "MAIN_x.seg",
            ".part",
        ),
    ]
    for name in foreign:
        (tmp_path / name).write_text("mine")
    (tmp_path / "seg-9-0-12345678.arrays").mkdir()
    ours = [
        "seg-9-1-12345678.arrays",
        "seg-9-m4-12345678-10.live",
        "commit-7.tmp",
        "seg-abc_1234.part",
        "cursor.tmp",
    ]
    for name in ours:
        (tmp_path / name).write_text("left by a writer that was killed")
    put(tmp_path, small("a"))
    names = {each.name for each in tmp_path.iterdir()}
    assert {*foreign, "seg-9-0-12345678.arrays"} <= names
    assert names.isdisjoint(ours)


def test_a_damaged_old_generation_hinders_no_commit_and_goes(tmp_path):
    put(tmp_path, large("a"))
    put(tmp_path, small("b"))
    put(tmp_path, small("c"))
    for number, data in ((1, b"{"), (2, b"")):
        (tmp_path / f"commit-{number}.json").write_bytes(data)
    assert [line.split(":")[0] for line in check(tmp_path)] == [
        str(tmp_path / f"commit-{number}.json") for number in (2, 1)
    ]
    assert put(tmp_path, small("d")) == 4
    assert {1, 2}.isdisjoint(commits.generations(tmp_path))
    assert check(tmp_path) == []


def test_an_old_generation_that_lost_a_file_goes(tmp_path):
    put(tmp_path, large("a"), small("b"))
    put(tmp_path, delete=["b"])
    put(tmp_path, large("c", 8_000), delete=["a"])
    (tmp_path / next(iter(commits.read(tmp_path, 2).files() - commits.read(tmp_path, 1).files()))).unlink()
    assert check(tmp_path)
    put(tmp_path, small("d"))
    assert 2 not in commits.generations(tmp_path)
    assert check(tmp_path) == []


def test_a_damaged_newest_generation_stops_writers_and_nothing_is_removed(tmp_path):
    put(tmp_path, small("a"))
    put(tmp_path, small("b"))
    held_open = open_writer(tmp_path, language="en")
    (tmp_path / "commit-2.json").write_bytes(b"{}")
    before = {each.name for each in tmp_path.iterdir()}
    held_open.cancel()
    with pytest.raises(CorruptIndex, match="commit-2"):
        open_writer(tmp_path, language="en", timeout=0)
    assert {each.name for each in tmp_path.iterdir()} == before
    # And the lock is free: it is not what is in the way.
    with pytest.raises(CorruptIndex, match="commit-2"):
        open_writer(tmp_path, language="en", timeout=0)


# What a reader holds


def test_a_held_generation_answers_when_its_files_are_gone(tmp_path):
    for _ in range(4):
        commit(tmp_path, SEED)
    generation = Generation.open(tmp_path)
    expected = archives(SEED, generation.number)[-1]
    for name in generation.commit.files():
        (tmp_path / name).unlink()
    assert held(generation) == expected
    assert all(
        segment.postings("text", term) for segment in generation.segments for term in segment.terms("text")
    )


def test_four_readers_see_each_generation_whole_while_one_writer_commits(tmp_path):
    commit(tmp_path, SEED)
    states = archives(SEED, COMMITS)
    searcher = EmbeddedSearcher(tmp_path, tmp_path / "state")
    faults, answers, done = [], [0] * READERS, threading.Event()

    def read(reader):
        seen = 0
        while not done.is_set() or seen < COMMITS:
            try:
                if reader % 2:
                    # One searcher that lives on, and one that has just started.
                    own = searcher if reader == 1 else EmbeddedSearcher(tmp_path)
                    found = own.search(Request(limit=100))
                    number, ids = found.generation, {hit.entry.id: hit.entry.article for hit in found.hits}
                    whole = ids == states[number] and found.total == len(ids)
                else:
                    generation = Generation.open(tmp_path)
                    number, whole = generation.number, held(generation) == states[generation.number]
            except Exception as error:  # noqa: BLE001 - a thread tells its fault to the test
                faults.append(error)
                return
            if not whole or number < seen:
                faults.append((reader, seen, number))
                return
            seen = number
            answers[reader] += 1

    threads = [threading.Thread(target=read, args=(reader,)) for reader in range(READERS)]
    writer = context().Process(target=commit_until, args=(tmp_path, SEED, COMMITS))
    writer.start()
    for thread in threads:
        thread.start()
    writer.join()
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert writer.exitcode == 0
    assert min(answers) > COMMITS / 20
    assert is_whole(tmp_path, states[-1])
    assert check(tmp_path) == []


def test_a_request_that_starts_after_a_commit_sees_it(tmp_path):
    searcher = None
    for generation in range(1, 20):
        assert commit(tmp_path, SEED) == generation
        searcher = searcher or EmbeddedSearcher(tmp_path)
        assert searcher.search(Request()).generation == generation


# Writers


def test_eight_writers_at_once_lose_nothing(tmp_path):
    rounds = 5
    writers = [context().Process(target=add, args=(tmp_path, str(name), rounds)) for name in range(8)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert [each.exitcode for each in writers] == [0] * 8
    assert set(Generation.open(tmp_path).known()) == {
        f"{name}-{number}" for name in range(8) for number in range(rounds)
    }
    assert newest(tmp_path) == 8 * rounds
    assert check(tmp_path) == []
    assert leftovers(tmp_path) == set()


def test_two_writers_of_one_process_take_turns(tmp_path):
    first = open_writer(tmp_path, language="en")
    with pytest.raises(IndexLocked):
        open_writer(tmp_path, language="en", timeout=0)
    waited = []

    def second():
        waited.append(put(tmp_path, small("b")))

    thread = threading.Thread(target=second)
    thread.start()
    first.put(small("a"), "add")
    time.sleep(0.1)
    assert waited == []
    assert first.commit() == 1
    thread.join()
    assert waited == [2]
    assert set(Generation.open(tmp_path).known()) == {"a", "b"}


def test_a_writer_commits_once(tmp_path):
    writer = open_writer(tmp_path, language="en")
    writer.commit()
    other = open_writer(tmp_path, language="en", timeout=0)
    with pytest.raises(ValueError, match="open another one"):
        writer.commit()
    writer.cancel()
    with pytest.raises(IndexLocked):
        open_writer(tmp_path, language="en", timeout=0)
    other.put(small("a"), "add")
    assert other.commit() == 2


@pytest.mark.parametrize(
    "bad",
    [
        Article(id="bad", body=["poison"]),
        Article(id="bad", body="poison", date="2021-05-01"),
        Article(id="bad", body="poison", speakers=("poison",)),
    ],
)
def test_a_bad_article_poisons_no_other(tmp_path, bad):
    put(tmp_path, small("a"))
    writer = open_writer(tmp_path, language="en")
    try:
        writer.put(bad, "add")
    except (AttributeError, TypeError, ValueError):
        writer.put(small("next"), "add")
        with pytest.raises(ValueError, match="'bad' could not be put"):
            writer.commit()
        assert set(Generation.open(tmp_path).known()) == {"a"}
        put(tmp_path, small("next"))
    else:
        writer.put(small("next"), "add")
        writer.commit()
    found = {hit.entry.id for hit in EmbeddedSearcher(tmp_path).search(Request(q="poison")).hits}
    assert found <= {"bad"}
    assert check(tmp_path) == []
