"""What is in the inbox is in the index once, in the order in which it came, whatever happens on the way."""

import json
import random
import time
from dataclasses import replace
from functools import partial

import pytest

from index import pipeline
from index.check import check
from index.embedded import EmbeddedWriter, open_writer
from index.errors import InboxUnavailable
from index.follow import Follower
from index.generation import Generation
from index.inbox import Inbox
from index.jobs import ANY, CONFLICT, DONE, MISSING, NONE, REFUSED, Line
from index.lock import WriteLock
from index.quarantine import path_of
from index.settings import load
from tests.index.following import context, follow_for_ever
from tests.service.service import until


@pytest.fixture
def made(tmp_path):
    settings = load({"index": str(tmp_path / "index"), "commit_every": "0"}, environ={}, folder=tmp_path)
    opener = partial(open_writer, settings.index, language="en", timeout=60.0)
    with Inbox(settings.state) as inbox:
        follower = Follower(inbox, opener, settings)
        yield inbox, follower
        follower.close()


def put(id_, words, number=1, condition=""):
    # With its language supplied, an article is recovered in a millisecond.
    return Line(number, id_, "put", json.dumps({"body": words, "language": "en"}).encode(), condition)


def delete(id_, number=1, condition=""):
    return Line(number, id_, "delete", b"", condition)


def job(made, *lines):
    """Send lines as one job, empty the inbox, and return what became of each."""
    inbox, follower = made
    name, _ = inbox.put(lines, request="r")
    emptied(follower)
    return [outcome.result for outcome in inbox.job(name).outcomes]


def emptied(follower):
    return follower.run(lambda _: None, once=True)


def bodies(follower):
    generation = Generation.open(follower.settings.index)
    return {id_: digest for id_, (digest, _) in generation.known().items()}


def version(made, id_):
    return bodies(made[1]).get(id_)


def test_articles_come_change_and_go(made):
    assert job(made, put("a", "rain"), put("b", "snow", 2)) == ["created", "created"]
    assert job(made, put("a", "rain"), put("b", "sleet", 2), delete("c", 3)) == [
        *("unchanged", "replaced", "not-found")
    ]
    assert job(made, delete("a")) == ["deleted"]
    assert bodies(made[1]).keys() == {"b"}


def test_lines_of_one_id_take_effect_one_after_the_other(made):
    many = [put("a", "one"), put("a", "two", 2), delete("a", 3), put("a", "three", 4), put("a", "three", 5)]
    assert job(made, *many) == ["created", "replaced", "deleted", "created", "unchanged"]
    first = version(made, "a")
    assert job(made, put("a", "three")) == ["unchanged"]
    assert version(made, "a") == first


def test_any_number_of_lines_of_one_id_costs_one_commit(made):
    job(made, put("a", "rain"))
    before = Generation.open(made[1].settings.index).number
    many = [put("a", f"version {number}", number) for number in range(1, 401)]
    assert job(made, *many, delete("b", 401), put("b", "snow", 402)) == [
        *["replaced"] * 400, "not-found", "created",
    ]  # fmt: skip
    assert Generation.open(made[1].settings.index).number == before + 1
    assert job(made, put("a", "version 400"), put("b", "snow", 2)) == ["unchanged"] * 2


def drawn(chance, versions):
    """A line for one of three ids, of which anything may hold."""
    id_, raws = chance.choice("abc"), [raw for raw, _ in versions]
    condition = chance.choice(["", "", "", ANY, NONE, *(version for _, version in versions)])
    if chance.random() < 0.25:
        return Line(0, id_, "delete", b"", condition)
    return Line(0, id_, "put", chance.choice([*raws, *raws, b'{"title": " "}', b'{"title": 5}']), condition)


def told(inbox, name):
    return [(one.id, one.result, one.detail, one.version) for one in inbox.job(name).outcomes]


def test_lines_of_one_batch_become_what_they_become_one_by_one(made, tmp_path):
    chance = random.Random(5)
    folder = tmp_path / "rival"
    settings = load({"index": str(folder / "index"), "commit_every": "0"}, environ={}, folder=tmp_path)
    inbox, follower = made
    rival = Follower(Inbox(settings.state), partial(open_writer, settings.index, language="en"), settings)
    raws = [put("a", words).raw for words in ("rain", "snow", "hail")]
    job(made, *(Line(number, "abc"[number], "put", raw) for number, raw in enumerate(raws)))
    versions = list(zip(raws, (version(made, id_) for id_ in "abc"), strict=True))
    job(made, *(delete(id_, number) for number, id_ in enumerate("abc")))
    results = set()
    for _ in range(5):
        lines = [replace(drawn(chance, versions), number=number) for number in range(1, 25)]
        name, _ = inbox.put(lines, request="r")
        assert follower.batch().total() == len(lines)
        alone = []
        for line in lines:
            alone.append(rival.inbox.put([line], request="r")[0])
            assert rival.batch().total() == 1
        found, wanted = told(inbox, name), [told(rival.inbox, one)[0] for one in alone]
        assert found == wanted
        assert bodies(follower) == bodies(rival)
        results |= {result for _, result, *_ in found}
    assert results == {*DONE, CONFLICT, MISSING, REFUSED}
    assert check(settings.index) == check(follower.settings.index) == []
    quarantines = [path_of(one.settings.index).read_bytes().splitlines() for one in (follower, rival)]
    assert len(quarantines[0]) == len(quarantines[1])
    rival.close()
    rival.inbox.close()


def test_a_condition_holds_of_the_article_as_it_is_when_its_turn_comes(made):
    assert job(made, put("a", "one", condition=ANY)) == ["precondition-failed"]
    assert job(made, put("a", "one", condition=NONE)) == ["created"]
    assert job(made, put("a", "two", condition=NONE)) == ["precondition-failed"]
    seen = version(made, "a")
    lines = [put("a", "two", 1, seen), put("a", "three", 2, seen), delete("a", 3, seen)]
    assert job(made, *lines) == ["replaced", "precondition-failed", "precondition-failed"]
    assert job(made, delete("a", 1, f"{seen},{version(made, 'a')}")) == ["deleted"]


def test_what_is_no_article_costs_itself_and_says_why(made):
    inbox, follower = made
    empty = Line(2, "b", "put", b'{"title": "  "}')
    broken = Line(3, "c", "put", b'{"title": 5}')
    name, _ = inbox.put([put("a", "rain"), empty, broken], request="r")
    assert emptied(follower) == {"created": 1, "invalid-article": 2}
    assert [(one.result, one.detail) for one in inbox.job(name).outcomes] == [
        ("created", ""),
        ("invalid-article", "neither a title nor a body remains"),
        ("invalid-article", "title is not a string"),
    ]
    kept = [json.loads(line) for line in path_of(follower.settings.index).read_text().splitlines()]
    assert [(one["id"], one["place"]) for one in kept] == [
        *(("b", f"job {name}, line 2"), ("c", f"job {name}, line 3"))
    ]


def test_what_came_by_a_command_is_not_undone_when_a_follower_died_behind_its_commit(made, monkeypatch):
    inbox, follower = made
    name, _ = inbox.put([put("a", "rain"), put("b", "snow", 2)], request="r")
    real = Inbox.settle

    def dies(self, emptied, generation):
        if generation is not None:
            raise InboxUnavailable("killed here")
        real(self, emptied, generation)

    monkeypatch.setattr(Inbox, "settle", dies)
    with pytest.raises(InboxUnavailable):
        emptied(follower)
    monkeypatch.undo()
    assert inbox.job(name).outcomes == (), "nobody may take it for done"
    assert pipeline.delete(follower.open_writer, ["a"]) == (["a"], [])
    assert emptied(follower) == {}
    assert bodies(follower).keys() == {"b"}
    assert [one.result for one in inbox.job(name).outcomes] == ["created", "created"]


def test_what_failed_before_the_commit_is_done_again(made, monkeypatch):
    inbox, follower = made
    name, _ = inbox.put([put("a", "rain", condition=NONE)], request="r")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(EmbeddedWriter, "commit", full)
    said = []
    with pytest.raises(OSError, match="No space"):
        follower.run(said.append, once=True)
    monkeypatch.undo()
    assert inbox.job(name).waiting
    assert emptied(follower) == {"created": 1}


def test_an_article_that_the_writer_chokes_on_costs_only_itself(made, monkeypatch):
    real = EmbeddedWriter.put

    def chokes(self, article, origin):
        if article.id.startswith("bad"):
            raise ValueError("too much")
        real(self, article, origin)

    monkeypatch.setattr(EmbeddedWriter, "put", chokes)
    ids = ["a", "bad1", "b", "bad2", "bad3", "bad4", "c", "bad5"]
    results = job(made, *(put(id_, f"words of {id_}", number) for number, id_ in enumerate(ids, 1)))
    assert results == ["invalid-article" if id_.startswith("bad") else "created" for id_ in ids]
    assert bodies(made[1]).keys() == {"a", "b", "c"}


def test_where_the_last_line_of_an_id_is_choked_on_the_one_before_it_stands(made, monkeypatch):
    real = EmbeddedWriter.put

    def chokes(self, article, origin):
        if "poison" in article.body:
            raise ValueError("too much")
        real(self, article, origin)

    monkeypatch.setattr(EmbeddedWriter, "put", chokes)
    lines = [put("a", "rain"), put("a", "snow", 2), put("b", "hail", 3), put("a", "poison", 4)]
    assert job(made, *lines) == ["created", "replaced", "created", "invalid-article"]
    assert job(made, put("a", "snow")) == ["unchanged"]


def test_another_writer_is_waited_for(made, tmp_path):
    inbox, follower = made
    inbox.put([put("a", "rain")], request="r")
    patient = Follower(
        inbox, partial(open_writer, tmp_path / "index", language="en", timeout=0.0), follower.settings
    )
    writer = follower.open_writer()
    said, looks = [], iter([True, True, True, True])
    patient.run(said.append, lambda: next(looks, False))
    assert "another writer" in said[0]
    writer.cancel()
    assert emptied(follower) == {"created": 1}


def test_one_follower_works_at_a_time(made):
    inbox, follower = made
    inbox.put([put("a", "rain")], request="r")
    held = WriteLock(inbox.path.with_name("follow.lock"), 0.0)
    looks = iter([False])
    with pytest.raises(Exception, match="another writer"):
        follower.run(lambda _: None, lambda: next(looks, False))
    held.release()
    assert inbox.waits()


def test_a_follower_that_is_killed_at_any_instant_loses_and_doubles_nothing(made):
    """Each kill finds lines under way; what was acknowledged is there in the end, once and in order."""
    inbox, follower = made
    chance = random.Random(3)
    latest, names = {"first": put("first", "rain").raw}, []
    names.append(inbox.put([put("first", "rain")], request="r")[0])
    emptied(follower)
    reached, whole = [], None
    for turn in range(8):
        for _ in range(5):
            ids = [f"a{chance.randrange(30)}" for _ in range(chance.randrange(1, 5))]
            lines = [put(id_, f"turn {turn} {chance.random()}", n) for n, id_ in enumerate(ids, 1)]
            names.append(inbox.put(lines, request="r")[0])
            latest.update((line.id, line.raw) for line in lines)
        process = context().Process(target=follow_for_ever, args=(follower.settings.index,))
        began = time.monotonic()
        process.start()
        if whole is None:  # how long it takes on this machine, beside whatever else runs there
            until(lambda: not inbox.waits(), "the end of the inbox")
            whole = time.monotonic() - began
        else:
            process.join(chance.uniform(0, whole))
        process.kill()
        process.join()
        assert check(follower.settings.index) == []
        reached.append(sum(len(inbox.job(name).waiting) for name in names))
    assert len(set(reached)) > 3, "the kills fell into the same place"
    emptied(follower)
    assert all(inbox.job(name).waiting == () for name in names)
    results = [outcome.result for name in names for outcome in inbox.job(name).outcomes]
    assert results.count("created") == len(latest), "each id came into being once"
    assert set(results) <= {"created", "replaced"}
    assert bodies(follower).keys() == latest.keys()
    again = [Line(number, id_, "put", raw) for number, (id_, raw) in enumerate(latest.items(), 1)]
    assert set(job(made, *again)) == {"unchanged"}, "the last line of each id is what the index holds"
