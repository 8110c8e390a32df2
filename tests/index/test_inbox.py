"""What the inbox took is there, whoever asks and whatever happened to the process that took it."""

import pytest

from index.errors import InboxFull, InboxUnavailable, KeyReused
from index.inbox import BATCH, KEPT, Inbox
from index.jobs import Line, Outcome
from index.writer import Position


@pytest.fixture
def inbox(tmp_path):
    with Inbox(tmp_path / "state", limit=100) as made:
        yield made


def lines(*ids, size=1):
    return [Line(number, id_, "put", b"x" * size) for number, id_ in enumerate(ids, 1)]


def settled(inbox, most=BATCH):
    """Take out the head as a follower does that found nothing to change."""
    head = inbox.head(most)
    inbox.note([(job, Outcome(line.number, line.id, "unchanged", "", "v")) for job, _, line in head])
    inbox.settle(inbox.position(head[-1][0], head[-1][2].number), 7)


def test_a_job_is_there_for_every_process_until_it_is_done(inbox):
    refused = [Outcome(3, None, "invalid-article", "is not JSON")]
    name, known = inbox.put(lines("a", "b"), refused, request="r", ignored={"colour": 2})
    assert not known
    with Inbox(inbox.path.parent) as other:
        job = other.job(name)
        assert (job.waiting, job.outcomes, job.ignored) == (
            ((1, "a"), (2, "b")),
            tuple(refused),
            {"colour": 2},
        )
        assert (job.finished, job.generation) == (None, None)
        assert other.waits()
        assert not other.finished(name)
    settled(inbox)
    job = inbox.job(name)
    assert [(one.line, one.result) for one in job.outcomes] == [
        *((1, "unchanged"), (2, "unchanged"), (3, "invalid-article"))
    ]
    assert (job.waiting, job.generation) == ((), 7)
    assert job.finished >= job.received
    assert not inbox.waits()
    assert inbox.finished(name)
    assert inbox.job("none") is None


def test_a_key_names_one_job(inbox):
    name, _ = inbox.put(lines("a"), request="r", key="k")
    assert inbox.put(lines("a"), request="r", key="k") == (name, True)
    with pytest.raises(KeyReused):
        inbox.put(lines("b"), request="other", key="k")
    settled(inbox)
    assert inbox.put(lines("a"), request="r", key="k") == (name, True)
    assert not inbox.waits()


def test_a_finished_job_and_its_key_are_forgotten_in_time(inbox):
    name, _ = inbox.put(lines("a"), request="r", key="k")
    inbox.put(lines("b"), request="r")
    inbox.forget(1e12)
    assert inbox.job(name), "it still waits"
    settled(inbox)
    done = inbox.job(name).finished
    inbox.forget(done + KEPT)
    assert inbox.job(name)
    inbox.forget(done + KEPT + 1)
    assert inbox.job(name) is None
    again, known = inbox.put(lines("a"), request="other", key="k")
    assert (again != name, known) == (True, False)


def test_a_full_inbox_takes_no_more_and_an_empty_one_takes_any(inbox):
    inbox.put(lines("a", size=1_000), request="r")
    with pytest.raises(InboxFull, match="1 jobs of 1,000 bytes"):
        inbox.put(lines("b"), request="r")
    settled(inbox)
    inbox.put(lines("b", size=60), request="r")
    with pytest.raises(InboxFull):
        inbox.put(lines("c", size=60), request="r")


def test_the_head_is_what_waits_in_its_order_ids_that_come_again_included(inbox):
    inbox.put(lines("a", "b", "a"), request="r")
    inbox.put(lines("c"), request="r")
    assert [line.id for _, _, line in inbox.head()] == ["a", "b", "a", "c"]
    assert [line.id for _, _, line in inbox.head(3)] == ["a", "b", "a"]
    settled(inbox, 3)
    assert [line.id for _, _, line in inbox.head()] == ["c"]


def test_a_position_of_another_inbox_says_nothing(inbox):
    name, _ = inbox.put(lines("a"), request="r")
    inbox.settle(Position("another", 99, 99), 7)
    assert inbox.job(name).waiting


def test_what_was_noted_and_not_committed_is_forgotten(inbox):
    name, _ = inbox.put(lines("a", "b"), request="r")
    (job, _, first), (_, _, second) = inbox.head()
    inbox.note([(job, Outcome(one.number, one.id, "created", "", "v")) for one in (first, second)])
    assert inbox.job(name).outcomes == ()
    inbox.settle(inbox.position(job, 1), None)
    assert [one.id for one in inbox.job(name).outcomes] == ["a"]
    assert inbox.job(name).waiting == ((2, "b"),)
    inbox.note([(job, Outcome(2, "b", "unchanged", "", "v"))])
    inbox.settle(inbox.position(job, 2), None)
    assert [one.result for one in inbox.job(name).outcomes] == ["created", "unchanged"]


def test_a_database_that_was_removed_is_made_anew(inbox):
    inbox.put(lines("a"), request="r")
    before = inbox.position(1, 1).inbox
    for file in inbox.path.parent.iterdir():
        file.unlink()
    name, _ = inbox.put(lines("b"), request="r")
    with Inbox(inbox.path.parent) as other:
        assert other.job(name).waiting == ((1, "b"),)
    assert inbox.position(1, 1).inbox != before


def test_a_file_that_is_no_database_is_said(inbox):
    inbox.put(lines("a"), request="r")
    inbox.close()
    inbox.path.write_bytes(b"nothing of the kind" * 500)
    with pytest.raises(InboxUnavailable, match=r"inbox\.sqlite3"):
        inbox.put(lines("a"), request="r")
    inbox.path.unlink()
    assert not inbox.waits()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InboxUnavailable, match="file"):
        Inbox(tmp_path / "file" / "state").waits()
