"""The writer: what is committed is there, whole, for everyone; what is not is not."""

import os
import stat
import subprocess
import sys
from datetime import date

import orjson
import pytest

from index import pipeline, segments
from index.analysis import Analyzer
from index.article import Article, Found
from index.check import check
from index.codec import builder
from index.codec.fields import schema
from index.embedded import CURSOR_KEY, open_writer
from index.errors import CorruptIndex, IndexLocked, NoIndex, PressmarkError, Unwritable
from index.generation import Generation
from index.settings import load
from index.tasks import Days


def article(id_, body="the ceasefire holds", **more):
    return Article(id=id_, body=body, **more)


def commit(path, *articles, delete=()):
    writer = open_writer(path, language="en")
    for each in articles:
        writer.put(each, "build")
    writer.delete(delete)
    return writer.commit()


def ids(path):
    return set(Generation.open(path).known())


def test_nothing_is_visible_before_the_commit_and_nothing_after_a_cancel(tmp_path):
    commit(tmp_path, article("a"))
    writer = open_writer(tmp_path, language="en")
    writer.put(article("b"), "add")
    assert ids(tmp_path) == {"a"}
    writer.cancel()
    assert ids(tmp_path) == {"a"}
    assert commit(tmp_path, article("c")) > 0
    assert ids(tmp_path) == {"a", "c"}


def test_an_article_put_again_replaces_the_one_of_its_id(tmp_path):
    commit(tmp_path, article("a", "old words", digest="1"), article("b"))
    commit(tmp_path, article("a", "new words", digest="2"))
    generation = Generation.open(tmp_path)
    assert generation.known() == {"a": ("2", "build"), "b": ("", "build")}
    assert [len(segment.postings("text", "old").docs) for segment in generation.segments] == [0] * len(
        generation.segments
    )
    assert check(tmp_path) == []


def test_an_id_is_put_once_in_a_commit(tmp_path):
    writer = open_writer(tmp_path, language="en")
    writer.put(article("a"), "add")
    with pytest.raises(ValueError, match="already put"):
        writer.put(article("a", "other"), "add")
    writer.cancel()


def test_a_second_writer_waits_and_then_says_who_holds_the_index(tmp_path):
    writer = open_writer(tmp_path, language="en")
    with pytest.raises(IndexLocked, match=rf"process {os.getpid()}\)"):
        open_writer(tmp_path, language="en", timeout=0.1)
    writer.cancel()
    open_writer(tmp_path, language="en", timeout=0.1).cancel()


def test_a_writer_that_is_killed_leaves_the_last_commit_and_no_lock(tmp_path):
    commit(tmp_path, article("a"))
    code = f"""
import os, signal
from pathlib import Path
from index.article import Article
from index.embedded import open_writer
writer = open_writer(Path({str(tmp_path)!r}), language="en")
for number in range(50):
    writer.put(Article(id=str(number), body="words " * 50), "add")
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    assert ids(tmp_path) == {"a"}
    commit(tmp_path, article("b"))
    assert ids(tmp_path) == {"a", "b"}
    assert check(tmp_path) == []


def test_no_index_and_a_damaged_one_are_told_apart(tmp_path):
    with pytest.raises(NoIndex, match="build"):
        Generation.open(tmp_path / "nowhere")
    commit(tmp_path / "index", article("a"))
    for file in (tmp_path / "index").glob("*.arrays"):
        file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(CorruptIndex, match=r"seg-.*end is missing"):
        Generation.open(tmp_path / "index")
    assert check(tmp_path / "index")


def test_the_cursor_key_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    commit(tmp_path, article("a"))
    key = (tmp_path / CURSOR_KEY).read_bytes()
    assert stat.S_IMODE((tmp_path / CURSOR_KEY).stat().st_mode) == 0o600
    commit(tmp_path, article("b"))
    assert (tmp_path / CURSOR_KEY).read_bytes() == key


def test_a_cursor_key_that_is_damaged_is_made_anew(tmp_path):
    commit(tmp_path, article("a"))
    key = tmp_path / CURSOR_KEY
    made = key.read_bytes()
    for damaged in (b"", made[:-1], bytes([made[0] ^ 1]) + made[1:]):
        key.write_bytes(damaged)
        assert [CURSOR_KEY in line for line in check(tmp_path)] == [True]
        commit(tmp_path, article("a"))
        assert key.read_bytes() not in {made, damaged}
        assert check(tmp_path) == []
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_held_generation_stays_what_it_was_while_others_commit(tmp_path):
    commit(tmp_path, *(article(str(number), f"words of {number}") for number in range(20)))
    held = Generation.open(tmp_path)
    before = [(segment.terms("text"), segment.article(0)) for segment in held.segments]
    commit(tmp_path, article("new"), delete=["3", "4"])
    commit(tmp_path, article("newer"), delete=["5"])
    assert [(segment.terms("text"), segment.article(0)) for segment in held.segments] == before
    assert held.documents == 20


def test_stored_articles_come_back_equal(tmp_path):
    whole = article(
        "https://example.org/a?b=ü", title=Found("Talks", 0, 5, "first-line", "high", "body", "Talks")
    )
    commit(tmp_path, whole)
    (segment,) = Generation.open(tmp_path).segments
    assert segment.article(segment.find(whole.id)) == whole
    assert segment.find("nobody") is None


def test_plain_whoosh_code_analyses_text_as_the_index_does():
    assert [token for token, *_ in schema("en")["body"].index("Talks, Kazemi-Qomi's talks")] == [
        b"talk", b"kazemi", b"kazemiqomi", b"qomi",
    ]  # fmt: skip


class Choking(Analyzer):
    """Fails on a word, wherever it stands, and once on any word when it has met so many."""

    left = 1 << 30

    def stems(self, word):
        Choking.left -= 1
        if word == "poison" or Choking.left == 0:
            raise ZeroDivisionError(word)
        return super().stems(word)


@pytest.fixture
def choking(monkeypatch):
    monkeypatch.setattr(segments, "analyzer", Choking)
    monkeypatch.setattr(Choking, "left", 1 << 30)


LARGE = 3_000_000
"""Bytes of a body that fills most of a batch: the next such article makes the writer analyse both."""


def test_what_is_known_is_what_lives(tmp_path):
    path = tmp_path / "idx"
    for number, origin in enumerate(("build", "add", "build")):
        writer = open_writer(path, language="en")
        writer.delete(["gone", f"only{number - 1}"])
        for id_ in ("both", "gone", f"only{number}"):
            if (id_, number) != ("gone", 2):
                writer.put(Article(id_, f"A talk {number}.", digest=str(number)), origin)
        writer.commit()
    known = Generation.open(path).known()
    assert dict(known.items()) == known == {"both": ("2", "build"), "only2": ("2", "build")}
    assert len(known) == 2
    assert [id_ in known for id_ in ("both", "gone", "only0", "only1", "only2", "", "zzz")] == [
        True, False, False, False, True, False, False,
    ]  # fmt: skip


def test_an_article_is_put_once_a_commit_however_long_that_is(tmp_path):
    writer = open_writer(tmp_path / "idx", language="en", memory=1)
    writer.put(Article("first", "A talk."), "add")
    number = 0
    while not list((tmp_path / "idx").glob("seg-*.arrays")):
        writer.put(Article(f"a{number}", "A talk. " * 30_000), "add")
        number += 1
    for id_ in ("first", "a0", f"a{number - 1}"):
        with pytest.raises(ValueError, match="already put"):
            writer.put(Article(id_, "Again."), "add")
    writer.put(Article("last", "A talk."), "add")
    writer.commit()
    assert len(ids(tmp_path / "idx")) == number + 2


@pytest.mark.usefixtures("choking")
@pytest.mark.parametrize("behind", [0, LARGE])
def test_an_article_that_cannot_be_analysed_is_named_however_many_came_behind_it(tmp_path, behind):
    writer = open_writer(tmp_path, language="en")
    writer.put(article("a"), "add")
    writer.put(article("b", "poison " + "a talk " * (LARGE // 7)), "add")

    def go_on():
        writer.put(article("c", "a talk " * (behind // 7)), "add")
        writer.put(article("d"), "add")
        writer.commit()

    with pytest.raises(Unwritable, match="ZeroDivisionError") as found:
        go_on()
    assert found.value.id == "b"
    writer.cancel()
    assert ids(tmp_path) == set()


@pytest.mark.usefixtures("choking")
def test_where_no_article_fails_by_itself_none_is_blamed(tmp_path):
    writer = open_writer(tmp_path, language="en")
    for name in "ab":
        writer.put(article(name, f"word{name}"), "add")
    writer.commit()
    writer = open_writer(tmp_path, language="en")
    writer.put(article("c", "nothing that fails"), "add")
    Choking.left = 1
    with pytest.raises(PressmarkError, match="cannot be analysed together"):
        writer.commit()
    assert ids(tmp_path) == {"a", "b"}


@pytest.mark.usefixtures("choking")
@pytest.mark.parametrize("large", [False, True])
def test_only_the_article_that_cannot_be_analysed_goes_to_the_quarantine(tmp_path, large, monkeypatch):
    monkeypatch.setattr(builder, "BATCH", builder.BATCH // 100)  # full size, recovery takes most of a minute
    names = "abcdef"
    lines = [
        {
            "id": name,
            "title": f"Title of {name}",
            "language": "en",
            "body": ("poison " if name in "be" else "plain ") + "a talk " * (large * LARGE // 700),
        }
        for name in names
    ]
    (tmp_path / "news.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    options = load({"index": str(tmp_path / "idx")}, environ={}, folder=tmp_path)
    report = pipeline.write(
        "build",
        lambda: open_writer(tmp_path / "idx", language="en"),
        [tmp_path / "news.jsonl"],
        options,
        Days(date(2024, 6, 1)),
    )
    assert (report.added, report.quarantined) == (4, 2)
    kept = (tmp_path / "idx.quarantine.jsonl").read_bytes().splitlines()
    assert [(orjson.loads(line)["id"], orjson.loads(line)["reason"]) for line in kept] == [
        (name, "could not be written: ZeroDivisionError: poison") for name in "be"
    ]
    assert ids(tmp_path / "idx") == set("acdf")
    assert check(tmp_path / "idx") == []
