"""Processes that write segments of their own: the same archive as one, whatever happens to them."""

import dataclasses
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path

import orjson
import pytest

from index import pipeline, runs
from index.check import check
from index.codec import commit as commits
from index.embedded import open_writer, stats
from index.errors import PressmarkError
from index.generation import Generation
from index.settings import load
from index.tasks import Days
from search.embedded import EmbeddedSearcher
from search.request import Request
from tests.index.codec.archive import held, leftovers
from tests.index.making import open_troubled

ROOT = Path(__file__).parents[2]
DAYS = Days(date(2024, 6, 1))
WORDS = "ceasefire rocket siege talks minister Gaza border résistance مقاومة U.S. said".split()
QUERIES = ("ceasefire", "rocket siege", '"talks minister"', "bord*", "said:(rocket) OR U.S.")


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    """Runs of a few articles."""
    monkeypatch.setattr(runs, "_FIRST", 2_000)
    monkeypatch.setattr(runs, "_DOUBLED", 8)


def news(path, seed, count=120):
    """Write random articles, some of them twice, under an id twice, or none at all."""
    chance = random.Random(seed)
    lines = []
    for number in range(count):
        words = " ".join(chance.choices(WORDS, k=chance.randrange(5, 60)))
        line = {
            "id": f"id{chance.randrange(count)}" if not number % 7 else f"new{number}",
            "body": f"{words}. “{' '.join(chance.choices(WORDS, k=12))},” Khaled al-Qaddoumi said.",
            "title": " ".join(chance.choices(WORDS, k=4)),
            "date": f"2021-05-{chance.randrange(1, 29)}",
            "outlet": chance.choice(["Press TV", "Reuters"]),
            "language": "en",
        }
        lines.append(line)
        if not number % 11:
            lines += [chance.choice(lines), {"id": f"bad{number}", "title": " "}]
    encoded = [orjson.dumps(line) for line in lines]
    encoded.insert(len(encoded) // 2, b"{broken")
    path.write_bytes(b"\n".join(encoded))


def build(place, index, jobs, tick=lambda: None, opener=None, **flags):
    flags = {"index": str(index), "jobs": str(jobs)} | flags
    options = load(flags, environ={}, folder=place)
    opened = opener or partial(open_writer, language="en", stories=True)
    return pipeline.write("build", partial(opened, index), [place], options, DAYS, tick)


def answers(index):
    """Return what an archive answers, and all that it holds."""
    searcher = EmbeddedSearcher(index)
    requests = [Request(query, facets=("outlet", "speaker"), limit=50) for query in QUERIES]
    results = [searcher.search(request) for request in requests]
    found = [
        (
            each.total,
            [(hit.entry.id, hit.score, hit.snippets, hit.cluster and hit.cluster.id) for hit in each.hits],
            each.facets,
        )
        for each in results
    ]
    assert all(total for total, *_ in found)
    held_ = held(Generation.open(index))
    numbers = dataclasses.asdict(stats(index))
    del numbers["segments"], numbers["bytes"]
    return found, held_, numbers, dict(Generation.open(index).known())


def quarantined(index):
    lines = index.with_name(index.name + ".quarantine.jsonl").read_bytes().splitlines()
    return sorted(orjson.dumps(orjson.loads(line)) for line in lines)


def counted(report):
    return {**dataclasses.asdict(report), "seconds": 0.0}


def test_any_number_of_jobs_makes_the_same_archive(tmp_path):
    place = tmp_path / "news"
    place.mkdir()
    one, more = tmp_path / "one", tmp_path / "more"
    for seed, jobs in ((1, 3), (2, 2)):  # the second time some are replaced, and many go
        news(place / "a.jsonl", seed)
        alone = counted(build(place, one, 1))
        assert alone["quarantined"] > 5
        ticks = Counter()
        assert counted(build(place, more, jobs, partial(ticks.update, ["read"]))) == alone
        assert ticks["read"] == alone["read"]
        assert answers(more) == answers(one)
        assert quarantined(more) == quarantined(one)
        assert check(more) == []
        assert leftovers(more) == set()
        assert multiprocessing.active_children() == []


@pytest.mark.parametrize("seed", range(2))
def test_a_process_that_is_killed_costs_nothing(tmp_path, seed):
    place = tmp_path / "news"
    place.mkdir()
    news(place / "a.jsonl", seed)
    build(place, tmp_path / "whole", 1)
    chance = random.Random(seed)
    instants = chance.sample(range(10, 120), 2)
    ticks, killed = 0, []

    def tick():
        nonlocal ticks
        ticks += 1
        if ticks in instants:
            child = chance.choice(multiprocessing.active_children())
            os.kill(child.pid, signal.SIGKILL)
            killed.append(child.pid)

    report = build(place, tmp_path / "killed", 2, tick)
    assert len(killed) == 2
    assert ticks == report.read
    assert report.warnings == ()
    assert answers(tmp_path / "whole") == answers(tmp_path / "killed")
    assert check(tmp_path / "killed") == []
    assert leftovers(tmp_path / "killed") == set()


def lines(place, **bodies):
    place.mkdir(exist_ok=True)
    texts = {f"a{number}": "Talks go on in Geneva. " * 9 for number in range(60)} | bodies
    rows = [{"id": id_, "body": body, "title": f"On {id_}", "language": "en"} for id_, body in texts.items()]
    (place / "a.jsonl").write_bytes(b"\n".join(map(orjson.dumps, rows)))
    return set(texts)


def test_an_article_that_a_process_chokes_on_costs_itself_alone(tmp_path):
    ids = lines(tmp_path / "news", x="poison", y="Talks.")
    report = build(tmp_path / "news", tmp_path / "idx", 2, opener=open_troubled)
    assert (report.added, report.quarantined) == (len(ids) - 1, 1)
    kept = [orjson.loads(line) for line in quarantined(tmp_path / "idx")]
    reason = "could not be written: TypeError: half of it is written"
    assert sorted((each["id"], each["reason"]) for each in kept) == [("x", reason)]
    assert set(Generation.open(tmp_path / "idx").known()) == ids - {"x"}
    assert check(tmp_path / "idx") == []


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        ("the disk is full", OSError, "No space left on device"),
        ("deadly", PressmarkError, r"ended 3 times, at last at .*news/a.jsonl:61 \(x\)"),
    ],
)
def test_what_is_no_articles_fault_leaves_the_index_as_it_was(tmp_path, body, error, words):
    before = lines(tmp_path / "news")
    build(tmp_path / "news", tmp_path / "idx", 1)
    lines(tmp_path / "news", a0="Changed. " * 300, x=body)
    with pytest.raises(error, match=words):
        build(tmp_path / "news", tmp_path / "idx", 2, opener=open_troubled)
    assert set(Generation.open(tmp_path / "idx").known()) == before
    assert commits.newest(tmp_path / "idx") == 1
    assert leftovers(tmp_path / "idx") == set()
    assert multiprocessing.active_children() == []


def test_an_interruption_ends_all_processes_and_changes_nothing(tmp_path):
    lines(tmp_path / "news")
    ticks = 0

    def tick():
        nonlocal ticks
        ticks += 1
        if ticks == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "news", tmp_path / "idx", 2, tick)
    assert multiprocessing.active_children() == []
    assert held(Generation.open(tmp_path / "idx")) == {}
    assert leftovers(tmp_path / "idx") == set()


def test_a_page_that_takes_too_long_keeps_its_text_and_costs_no_other(tmp_path):
    ids = lines(tmp_path / "news")
    attributes = " ".join(f"a{n}=b" for n in range(100_000))
    page = f"<html><body><p {attributes}>Ceasefire announced in Gaza.</p></body></html>"
    (tmp_path / "news" / "slow.html").write_text(page)
    report = build(tmp_path / "news", tmp_path / "idx", 2, article_seconds="3")
    slow = tmp_path / "news" / "slow.html"
    assert f"{slow}: took longer than 3 s; its text was kept as it stands" in report.warnings
    stored = held(Generation.open(tmp_path / "idx"))
    assert set(stored) == ids | {"slow"}
    assert "Ceasefire announced in Gaza." in stored["slow"].body


def test_a_build_that_is_killed_leaves_no_process_and_hinders_nobody(tmp_path):
    place, index = tmp_path / "news", tmp_path / "idx"
    place.mkdir()
    row = {"title": "Talks", "language": "en", "body": "Talks go on in Geneva. " * 900}
    many = [orjson.dumps(row | {"id": str(number)}) for number in range(150)]
    (place / "a.jsonl").write_bytes(b"\n".join(many))
    process = subprocess.Popen(
        [sys.executable, "-m", "index", "build", place, "--index", index, "--jobs", "2"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    while process.poll() is None and not list(index.glob("seg-*")):
        time.sleep(0.01)
    process.kill()
    _, err = process.communicate()  # ends with the last of its processes
    assert err == b""
    assert commits.newest(index) == 0
    lines(place)
    build(place, index, 1)
    assert check(index) == []
    assert leftovers(index) == set()
