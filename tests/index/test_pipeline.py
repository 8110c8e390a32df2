"""From SOURCEs to a writer: what build and add promise, on a writer in memory."""

import dataclasses
import gzip
import random
from datetime import date

import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index import pipeline, settings, tasks
from index.article import Article
from index.bounded import Outcome
from index.errors import BadSource, PressmarkError
from index.persons import Decided
from index.pipeline import Report
from index.sources import Notes
from index.tasks import Days

DAYS = Days(date(2024, 6, 1))


class Shelf:
    """An engine that is a dict: what its writers commit."""

    def __init__(self):
        self.articles = {}
        self.generation = 0
        self.open = 0

    def writer(self):
        assert not self.open, "one writer at a time"
        self.open += 1
        return ShelfWriter(self)


class ShelfWriter:
    def __init__(self, shelf):
        self.shelf = shelf
        self.articles = dict(shelf.articles)

    def known(self):
        return {id_: (article.digest, origin) for id_, (article, origin) in self.shelf.articles.items()}

    def put(self, article, origin):
        self.articles[article.id] = (article, origin)

    def apart(self, jobs):
        del jobs

    def decide(self, decided, *, beside=False):
        del beside
        return decided != Decided()

    def delete(self, ids):
        return [id_ for id_ in ids if self.articles.pop(id_, None)]

    def commit(self):
        self.shelf.articles = self.articles
        self.shelf.generation += 1
        self.shelf.open -= 1
        return self.shelf.generation

    def cancel(self):
        self.shelf.open -= 1


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def place(tmp_path):
    """A folder of sources, whose index is beside it."""
    (tmp_path / "news").mkdir()
    return tmp_path / "news"


def options(place, **flags):
    return settings.load({"index": str(place.parent / "idx"), **flags}, environ={}, folder=place.parent)


def run(command, shelf, *paths, days=DAYS, **flags):
    return pipeline.write(command, shelf.writer, paths, options(paths[0], **flags), days)


def write(place, name="a.jsonl", **bodies):
    """Write one article a line: id=body, in English so that no language is guessed."""
    lines = [
        {"id": id_, "body": body, "title": f"Title of {id_}", "language": "en"}
        for id_, body in bodies.items()
    ]
    (place / name).write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))


def bodies(shelf):
    return {id_: article.body for id_, (article, _) in shelf.articles.items()}


def quarantined(place):
    path = place.parent / "idx.quarantine.jsonl"
    return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def counted(report):
    return {name: count for name, count in dataclasses.asdict(report).items() if type(count) is int and count}


def test_build_makes_the_index_equal_to_its_sources(shelf, place):
    write(place, a="one", b="two", c="three")
    report = run("build", shelf, place)
    assert counted(report) == {"read": 3, "added": 3, "generation": 1}
    before = dict(shelf.articles)
    write(place, a="one", b="TWO", d="four")
    report = run("build", shelf, place)
    assert counted(report) == {
        "read": 3,
        "added": 1,
        "replaced": 1,
        "unchanged": 1,
        "deleted": 1,
        "generation": 2,
    }
    assert bodies(shelf) == {"a": "one", "b": "TWO", "d": "four"}
    assert shelf.articles["a"] is before["a"]


def test_a_rerun_writes_nothing(shelf, place):
    write(place, a="one", b="two")
    run("build", shelf, place)
    report = run("build", shelf, place)
    assert (report.unchanged, report.generation, shelf.generation) == (2, None, 1)


def test_an_article_does_not_depend_on_where_its_file_is(shelf, place):
    write(place, a="one", b="two")
    run("build", shelf, place)
    (place / "a.jsonl").rename(place / "z.ndjson")
    assert run("build", shelf, place).unchanged == 2


def test_what_add_brought_stays_until_it_is_deleted(shelf, place, tmp_path):
    write(place, a="one", b="two")
    write(tmp_path, "more.jsonl", c="three", b="TWO")
    run("build", shelf, place)
    assert counted(run("add", shelf, tmp_path / "more.jsonl")) == {
        "read": 2, "added": 1, "replaced": 1, "generation": 2,
    }  # fmt: skip
    write(place, a="one")
    run("build", shelf, place)
    assert bodies(shelf) == {"a": "one", "b": "TWO", "c": "three"}
    assert pipeline.delete(shelf.writer, ["c", "x", "c", "b"]) == (["c", "b"], ["x"])
    assert bodies(shelf) == {"a": "one"}
    assert pipeline.delete(shelf.writer, ["x"]) == ([], ["x"])
    assert (shelf.generation, shelf.open) == (3, 0)


def test_add_deletes_nothing(shelf, place):
    write(place, a="one", b="two")
    run("build", shelf, place)
    write(place, a="one")
    run("add", shelf, place)
    assert bodies(shelf) == {"a": "one", "b": "two"}


def test_what_decides_on_an_article_decides_on_its_digest(place):
    write(place, a="one")
    (given_,) = pipeline.sources.read([place], limit=1000, notes=Notes())
    task = tasks.Task(given_.source, {})
    same = dataclasses.replace(given_.source, place=None)
    names = [
        tasks.digest(task, DAYS, "en"),
        tasks.digest(task, DAYS, "fa"),
        tasks.digest(task, Days(DAYS.today, date(2024, 5, 1)), "en"),
        tasks.digest(tasks.Task(given_.source, {"date": "2021"}), DAYS, "en"),
        *(
            tasks.digest(tasks.Task(dataclasses.replace(given_.source, **{name: value}), {}), DAYS, "en")
            for name, value in [
                ("content", "other"), ("form", "text"), ("url", "u"), ("title", "t"), ("date", "2021"),
                ("outlet", "o"), ("language", "fa"), ("speakers", ("s",)), ("fetched", date(2024, 1, 1)),
            ]
        ),
    ]  # fmt: skip
    assert len(set(names)) == len(names)
    assert tasks.digest(tasks.Task(same, {}), Days(date(2030, 1, 1)), "en") == names[0]


def test_corrections_override_and_come_and_go(shelf, place):
    write(place, a="one", b="two")
    run("build", shelf, place)
    (place / "corrections.jsonl").write_text(
        '{"id": "a", "field": "outlet", "value": "Mehr News Agency"}\n{"id": 3}\n'
    )
    report = run("build", shelf, place)
    assert counted(report) == {"read": 2, "replaced": 1, "unchanged": 1, "quarantined": 1, "generation": 2}
    outlet = shelf.articles["a"][0].outlet
    assert (outlet.value, outlet.method) == ("Mehr News Agency", "corrected")
    (place / "corrections.jsonl").unlink()
    run("build", shelf, place)
    assert shelf.articles["a"][0].outlet is None


def test_a_correction_of_no_article_is_reported(shelf, place):
    write(place, a="one")
    line = '{"id": "%s", "field": "title", "value": "Right"}\n'
    (place / "corrections.jsonl").write_text("".join(line % name for name in "abcdefgh"))
    (warning,) = run("build", shelf, place).warnings
    assert warning == (
        "corrections of articles that these sources do not hold, 7: 'b', 'c', 'd', 'e', 'f', …"
    )


def test_the_same_again_is_skipped_and_another_with_its_id_is_quarantined(shelf, place):
    write(place, "1.jsonl", a="one", b="two")
    write(place, "2.jsonl", a="one", b="TWO", c="three")
    report = run("build", shelf, place)
    assert counted(report) == {"read": 5, "added": 3, "repeated": 1, "quarantined": 1, "generation": 1}
    assert bodies(shelf) == {"a": "one", "b": "two", "c": "three"}
    (entry,) = quarantined(place)
    assert entry["place"] == f"{place}/2.jsonl:2"
    assert (entry["id"], orjson.loads(entry["raw"])["body"]) == ("b", "TWO")
    assert "another article of this run" in entry["reason"]


def test_failures_cost_themselves_and_are_kept_whole(shelf, place):
    write(place, a="one")
    (place / "bad.jsonl").write_bytes(
        b'{"id": "x", "title": " "}\n{broken\ncaf\xe9\n{"id": "b", "body": "two"}\n'
    )
    (place / "empty.txt").write_bytes(b"")
    (place / "picture.html").write_bytes(random.Random(3).randbytes(3000))
    report = run("build", shelf, place)
    assert counted(report) == {"read": 7, "added": 2, "quarantined": 5, "generation": 1}
    assert bodies(shelf) == {"a": "one", "b": "two"}
    kept = {
        (each["place"].removeprefix(f"{place}/"), each.get("raw"), each["id"]) for each in quarantined(place)
    }
    assert {("bad.jsonl:1", '{"id": "x", "title": " "}', "x"), ("bad.jsonl:2", "{broken", None)} < kept
    (place / "bad.jsonl").unlink()
    (place / "empty.txt").unlink()
    (place / "picture.html").unlink()
    assert run("build", shelf, place).deleted == 1
    assert quarantined(place) == []


def test_on_error_stop_leaves_everything_as_it_was(shelf, place):
    write(place, a="one")
    (place / "bad.jsonl").write_text("{broken\n")
    run("build", shelf, place)
    before = quarantined(place)
    write(place, a="ONE", b="two")
    (place / "bad.jsonl").write_text("{still broken\n")
    with pytest.raises(BadSource, match="is not JSON"):
        run("build", shelf, place, on_error="stop")
    assert (bodies(shelf), quarantined(place), shelf.open) == ({"a": "one"}, before, 0)


def test_nothing_is_deleted_where_nobody_knows_what_vanished(shelf, place):
    write(place, "1.jsonl", a="one")
    (place / "2.jsonl.gz").write_bytes(gzip.compress(b'{"id": "b", "body": "two", "language": "en"}\n' * 3))
    run("build", shelf, place)
    (place / "2.jsonl.gz").write_bytes((place / "2.jsonl.gz").read_bytes()[:30])
    report = run("build", shelf, place)
    assert (report.deleted, report.quarantined, bodies(shelf)) == (0, 1, {"a": "one", "b": "two"})
    assert report.warnings == (
        "articles that are not in the sources were kept, 1: an input could not be read to its end",
    )
    for each in place.iterdir():
        each.unlink()
    report = run("build", shelf, place)
    assert (report.deleted, bodies(shelf)) == (0, {"a": "one", "b": "two"})
    assert report.warnings == ("articles that are not in the sources were kept, 2: no article was found",)


def test_an_article_that_cannot_be_recovered_any_more_goes(shelf, place):
    write(place, a="one", b="two")
    run("build", shelf, place)
    (place / "a.jsonl").write_text(
        '{"id": "a", "body": "one", "title": "Title of a", "language": "en"}\n{"id": "b"}\n'
    )
    assert counted(run("build", shelf, place)) == {
        "read": 2, "unchanged": 1, "deleted": 1, "quarantined": 1, "generation": 2,
    }  # fmt: skip
    assert bodies(shelf) == {"a": "one"}


def test_the_first_run_makes_an_index_even_of_nothing(shelf, place):
    (place / "bad.jsonl").write_text("{broken\n")
    assert run("build", shelf, place).generation == 1


class Choking(ShelfWriter):
    """Raises on some articles, having written half of each, as engines do."""

    def put(self, article, origin):
        super().put(article, origin)
        if "poison" in article.body:
            raise TypeError("half of it is written")


class ChokingShelf(Shelf):
    def writer(self):
        self.open += 1
        return Choking(self)


def test_a_batch_that_the_writer_chokes_on_is_redone_without_the_article(place):
    write(place, a="one", b="poison", c="three", d="more poison", e="five")
    shelf, other = ChokingShelf(), Shelf()
    report = run("build", shelf, place)
    assert counted(report) == {"read": 5, "added": 3, "quarantined": 2, "generation": 1}
    assert [(each["id"], each["reason"]) for each in quarantined(place)] == [
        (id_, "could not be written: TypeError: half of it is written") for id_ in "bd"
    ]
    write(place, a="one", c="three", e="five")
    run("build", other, place)
    assert shelf.articles == other.articles
    write(place, **{f"p{n}": f"poison {n}" for n in range(9)})
    with pytest.raises(PressmarkError, match="fails on article after article"):
        run("build", shelf, place)
    assert shelf.open == 0


class Interrupted(ShelfWriter):
    """Is interrupted, or finds the disk full, at its n-th step."""

    left = 0
    error = KeyboardInterrupt

    def _step(self):
        Interrupted.left -= 1
        if Interrupted.left < 0:
            raise Interrupted.error

    def put(self, article, origin):
        self._step()
        super().put(article, origin)

    def delete(self, ids):
        self._step()
        return super().delete(ids)


class InterruptedShelf(Shelf):
    def writer(self):
        self.open += 1
        return Interrupted(self)


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interrupted_run_changes_nothing_and_the_next_one_completes_it(place, monkeypatch, error):
    monkeypatch.setattr(Interrupted, "error", error)
    whole, shelf = Shelf(), InterruptedShelf()
    monkeypatch.setattr(Interrupted, "left", 99)
    write(place, a="one", b="two", gone="x")
    run("build", whole, place)
    run("build", shelf, place)
    write(place, a="ONE", b="two", c="three")
    before = dict(shelf.articles)
    for step in range(3):
        monkeypatch.setattr(Interrupted, "left", step)
        with pytest.raises((KeyboardInterrupt, OSError)):
            run("build", shelf, place)
        assert shelf.articles == before
    assert sorted(each.name for each in place.parent.iterdir()) == ["news"]
    monkeypatch.setattr(Interrupted, "left", 99)
    run("build", shelf, place)
    run("build", whole, place)
    assert shelf.articles == whole.articles
    assert bodies(shelf) == {"a": "ONE", "b": "two", "c": "three"}


def test_any_number_of_jobs_gives_the_same(place):
    write(place, **{f"id{n}": f"Body number {n}" for n in range(20)})
    one, three = Shelf(), Shelf()
    run("build", one, place)
    run("build", three, place, jobs="3")
    assert list(one.articles.items()) == list(three.articles.items())


def test_a_page_that_takes_too_long_keeps_its_text(shelf, place):
    attributes = " ".join(f"a{n}=b" for n in range(100_000))
    page = f"<html><body><p {attributes}>Ceasefire announced in Gaza.</p></body></html>"
    (place / "slow.html").write_text(page)
    (place / "quick.html").write_text(
        "<html><body><p>Talks go on in Geneva, the minister said.</p></body></html>"
    )
    report = run("build", shelf, place, article_seconds="3")
    assert (report.added, report.quarantined) == (2, 0)
    assert "Ceasefire announced in Gaza." in bodies(shelf)["slow"]
    assert f"{place}/slow.html: took longer than 3 s; its text was kept as it stands" in report.warnings


SAID = "Ceasefire announced in Gaza, the minister said on Monday in Geneva."
HOSTILE = {
    "nested.html": "<html><body>" + "<div>" * 5000 + f"<p>{SAID}</p>" * 5,
    "breaks.html": f"<html><body>{SAID}" + "<br>" * 5_000 + SAID,
    "links.html": "<html><body>" + "<a href=x>" * 5_000 + SAID,
    "laughs.html": '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {name} "{f"&{last};" * 10}">' for last, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + f"]><html><body><p>{SAID}</p><p>&i;</p></body></html>",
    "outside.html": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>{SAID}</p><p>&e;</p>',
    "references.html": f"<html><body><p>&#xD800;&#0;&#x110000;{SAID}</p></body></html>",
    "comment.html": f"<html><body><!-- <p>{SAID}</p>",
    "declared.html": f'<?xml version="1.0" encoding="utf-16"?><html><body><p>{SAID}</p></body></html>',
    "line.txt": f"{SAID} " + "word " * 20_000,
    "token.txt": f"{SAID} " + "x" * 5_000,
    "marks.txt": f"{SAID} e" + "\u0301" * 50_000,
    "quotes.txt": f"{SAID} " + "“" * 50_000,
    "controls.txt": f"\ufeff\u202e\x07{SAID}\u202c\u200f\x00",
    "spaces.txt": f"{SAID}" + " " * 500_000 + "\n" * 500_000,
}


def test_no_text_of_a_hostile_document_is_lost_in_silence(shelf, place):
    for name, content in HOSTILE.items():
        (place / name).write_bytes(content.encode("utf-8"))
    report = run("build", shelf, place)
    assert report.added == len(HOSTILE)
    for id_, body in bodies(shelf).items():
        assert SAID in " ".join(body.split()), id_
        assert "root:" not in body
        assert "\0" not in body


def test_what_no_json_can_hold_is_never_written():
    sound = Article("a", "One.")
    assert tasks.problem(Outcome(sound)) == ""
    assert "no JSON" in tasks.problem(Outcome(dataclasses.replace(sound, body="One \ud800.")))
    assert tasks.problem(Outcome(None, "is too large")) == "is too large"


def test_the_plain_way_of_recovery_keeps_the_text(place):
    (place / "a.html").write_text("<html><body><div>" * 5000 + "<p>Ceasefire announced in Gaza.</p>")
    (place / "b.txt").write_text("Ceasefire announced in Gaza.")
    write(place, "c.jsonl", c="Ceasefire announced in Gaza.")
    page, text, body = (
        tasks.Task(each.source, {}) for each in pipeline.sources.read([place], limit=10**6, notes=Notes())
    )
    for task in (page, text):
        found = tasks.recovered_plainly(task, days=DAYS)
        assert (found.id, found.body) == (task.source.id, "Ceasefire announced in Gaza.")
    with pytest.raises(BadSource):
        tasks.recovered_plainly(body, days=DAYS)


def test_inspect_yields_articles_and_errors_in_order_and_writes_nothing(place):
    write(place, "1.jsonl", a="one", b="two")
    (place / "2.jsonl").write_text('{broken\n{"id": "c", "title": ""}\n')
    write(place, "3.jsonl", d="four")
    (place / "corrections.jsonl").write_text('{"id": "d", "field": "title", "value": "Corrected"}\n')
    found = list(pipeline.inspect([place], options(place), DAYS, Notes()))
    shown = [each.place.rpartition("/")[2] if isinstance(each, BadSource) else each[1].id for each in found]
    assert sorted(shown) == ["2.jsonl:1", "2.jsonl:2", "a", "b", "d"]
    assert [each for each in shown if "." not in each] == ["a", "b", "d"]
    assert found[-1][1].title.method == "corrected"
    assert [each.name for each in place.parent.iterdir()] == ["news"]


ids = st.sampled_from("abcde")
words = st.sampled_from(["one", "two", "three"])


@hypothesis_settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["build", "add", "delete"]),
            st.dictionaries(ids, words, min_size=1, max_size=4),
            st.sampled_from(["", "{broken\n", '{"id": "f"}\n', '{"id": "a", "body": ["x"]}\n']),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_sequence_of_commands_agrees_with_a_model(place, steps):
    shelf, model = Shelf(), {}
    for command, articles, garbage in steps:
        if command == "delete":
            gone, missing = pipeline.delete(shelf.writer, articles)
            assert (set(gone), set(missing)) == (set(articles) & set(model), set(articles) - set(model))
            model = {id_: value for id_, value in model.items() if id_ not in articles}
            continue
        write(place, **articles)
        (place / "z.jsonl").write_text(garbage or "\n")
        report = run(command, shelf, place)
        assert isinstance(report, Report)
        assert report.quarantined == bool(garbage)
        if command == "build":
            model = {id_: value for id_, value in model.items() if value[1] == "add" or id_ in articles}
        for id_, body in articles.items():
            if model.get(id_, ("",))[0] != body:
                model[id_] = (body, command)
        assert {id_: (article.body, origin) for id_, (article, origin) in shelf.articles.items()} == model
