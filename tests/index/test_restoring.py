"""A snapshot that comes back under a follower: what was done since is undone, what waits comes on top."""

import json
import shutil
from functools import partial

import pytest

from index.check import check
from index.embedded import open_writer
from index.errors import InboxUnavailable
from index.follow import Follower
from index.generation import Generation
from index.inbox import Inbox
from index.jobs import NONE, Line
from index.settings import load
from index.snapshots import restore, snapshot
from tests.index.following import context, follow_for_ever
from tests.service.service import until


class Archive:
    """An index with its inbox and a follower that works when it is told."""

    def __init__(self, folder):
        self.settings = load({"index": str(folder / "index"), "commit_every": "0"}, environ={}, folder=folder)
        self.index = self.settings.index
        self.inbox = Inbox(self.settings.state)
        self.follower = Follower(
            self.inbox, partial(open_writer, self.index, language="en", timeout=60.0), self.settings
        )

    def write(self, id_, words, condition="", key=None):
        line = Line(
            1, id_, "put", json.dumps({"title": words, "body": words, "language": "en"}).encode(), condition
        )
        return self.inbox.put([line], request=f"{id_} {words}", key=key)[0]

    def follow(self):
        return self.follower.run(lambda _: None, once=True)

    def held(self):
        generation = Generation.open(self.index)
        return {
            article.id: article.title.value
            for segment in generation.segments
            for doc, article in ((doc, segment.article(doc)) for doc in range(segment.documents))
            if segment.live[doc]
        }

    def result(self, job):
        return [outcome.result for outcome in self.inbox.job(job).outcomes]

    def version(self, id_):
        return Generation.open(self.index).known()[id_][0]

    def close(self):
        self.follower.close()
        self.inbox.close()


@pytest.fixture
def archive(tmp_path):
    made = Archive(tmp_path / "one")
    yield made
    made.close()


def test_what_was_done_since_the_snapshot_is_undone_and_not_done_again(archive, tmp_path):
    archive.write("a", "rain")
    archive.follow()
    snapshot(archive.index, tmp_path / "kept")
    done = [archive.write("a", "sleet"), archive.write("b", "snow")]
    archive.follow()
    restore(archive.index, tmp_path / "kept", 10.0)
    assert archive.follow() == {}
    assert archive.held() == {"a": "rain"}
    assert [archive.result(job) for job in done] == [["replaced"], ["created"]], "what a job told stays"


def test_what_waits_is_done_to_the_archive_that_came_back(archive, tmp_path):
    archive.write("a", "rain")
    archive.follow()
    first = archive.version("a")
    snapshot(archive.index, tmp_path / "kept")
    archive.write("a", "sleet")
    archive.write("b", "snow")
    archive.follow()
    jobs = [
        archive.write("a", "hail", archive.version("a")),
        archive.write("a", "thaw", first),
        archive.write("b", "fog", NONE),
    ]
    restore(archive.index, tmp_path / "kept", 10.0)
    assert all(archive.inbox.job(job).waiting for job in jobs)
    archive.follow()
    assert [archive.result(job) for job in jobs] == [["precondition-failed"], ["replaced"], ["created"]]
    assert archive.held() == {"a": "thaw", "b": "fog"}


def test_a_job_of_which_nobody_was_told_that_it_is_done_waits(archive, tmp_path, monkeypatch):
    archive.write("a", "rain")
    archive.follow()
    snapshot(archive.index, tmp_path / "kept")
    job = archive.write("b", "snow")

    def dies(self, emptied, generation):
        if generation is not None:
            raise InboxUnavailable("killed here")
        real(self, emptied, generation)

    real = Inbox.settle
    monkeypatch.setattr(Inbox, "settle", dies)
    with pytest.raises(InboxUnavailable):
        archive.follow()
    monkeypatch.undo()
    assert archive.held() == {"a": "rain", "b": "snow"}
    restore(archive.index, tmp_path / "kept", 10.0)
    archive.follow()
    assert archive.result(job) == ["created"]
    assert archive.held() == {"a": "rain", "b": "snow"}


def test_a_key_names_the_request_that_was_undone_and_another_one_does_it_again(archive, tmp_path):
    archive.write("a", "rain")
    archive.follow()
    snapshot(archive.index, tmp_path / "kept")
    job = archive.write("b", "snow", key="k1")
    archive.follow()
    restore(archive.index, tmp_path / "kept", 10.0)
    assert archive.write("b", "snow", key="k1") == job
    archive.follow()
    assert archive.held() == {"a": "rain"}
    archive.write("b", "snow", key="k2")
    archive.follow()
    assert archive.held() == {"a": "rain", "b": "snow"}


@pytest.fixture
def twin(archive, tmp_path):
    """A copy of an archive, state folder and all, behind which the first one went on."""
    archive.write("a", "rain")
    archive.follow()
    archive.close()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    for number in range(5):
        archive.write(f"later{number}", "sun")
    archive.follow()
    made = Archive(tmp_path / "two")
    yield made
    made.close()


def test_a_snapshot_of_what_a_copy_became_hides_no_write_to_the_copy(archive, twin, tmp_path):
    snapshot(archive.index, tmp_path / "kept")
    restore(twin.index, tmp_path / "kept", 10.0)
    jobs = [twin.write(f"new{number}", "snow") for number in range(7)]
    twin.follow()
    assert [twin.result(job) for job in jobs] == [["created"]] * 7
    assert twin.held().keys() == archive.held().keys() | {f"new{number}" for number in range(7)}


def test_a_state_folder_that_is_older_than_the_index_hides_no_write(archive, twin):
    """The numbers of its jobs are given a second time."""
    shutil.rmtree(twin.index)
    shutil.copytree(archive.index, twin.index)
    jobs = []
    for number in range(7):
        jobs.append(twin.write(f"new{number}", "snow"))
        twin.follow()
    assert [twin.result(job) for job in jobs] == [["created"]] * 7
    assert twin.held().keys() == archive.held().keys() | {f"new{number}" for number in range(7)}


def test_beside_a_follower_at_work_each_write_comes_before_or_behind(archive, tmp_path):
    """A write that a generation before the restored one took is undone, all others are there."""
    for number in range(3):
        archive.write(f"old{number}", "rain")
    archive.follow()
    snapshot(archive.index, tmp_path / "kept")
    process = context().Process(target=follow_for_ever, args=(archive.index,))
    process.start()
    jobs = {}

    def sent():
        id_ = f"new{len(jobs)}"
        jobs[id_] = archive.write(id_, "snow")
        return jobs[id_]

    restored = []
    try:
        for _ in range(3):
            first = sent()  # those behind it come on both sides of the restore
            until(lambda first=first: sent() and not archive.inbox.job(first).waiting, "the follower")
            restored.append(restore(archive.index, tmp_path / "kept", 60.0).generation)
    finally:
        process.kill()
        process.join()
    archive.follow()
    assert check(archive.index) == []
    taken = {id_: archive.inbox.job(job).generation for id_, job in jobs.items()}
    assert archive.held().keys() == {"old0", "old1", "old2"} | {
        id_ for id_, generation in taken.items() if generation is None or generation > restored[-1]
    }
    assert len({generation for generation in taken.values() if generation}) > 1
