"""merge, export, snapshot and restore, as commands on a real index."""

import json
import os
from pathlib import Path

import pytest

from index import embedded
from index.cli import main
from index.codec import commit as commits
from index.generation import Generation
from index.lock import WriteLock
from index.settings import SETTINGS
from search.embedded import EmbeddedSearcher
from search.request import Request


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """Run a command on ``tmp_path/archive``: exit code, what was printed."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.env, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRESSMARK_INDEX", "archive")

    def run(*arguments):
        capfd.readouterr()
        code = main([str(each) for each in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return code, out or err

    return run


def add(run, *ids):
    for id_ in ids:
        text = f"Words of {id_}, which nobody else has said about the harbour of {id_ * 3}."
        line = {"id": id_, "title": f"Title of {id_}", "body": text, "language": "en"}
        Path("more.jsonl").write_text(json.dumps(line))
        assert run("add", "more.jsonl")[0] == 0


def ids(path):
    found = EmbeddedSearcher(path).search(Request(q="harbour", sort="date", limit=100))
    return [hit.entry.id for hit in found.hits]


def told(run, *arguments):
    code, out = run(*arguments, "--json")
    assert code == 0, out
    return [json.loads(line) for line in out.splitlines()]


def test_merging_leaves_one_segment_without_what_was_deleted_and_the_same_answers(run, tmp_path):
    add(run, "a", "b", "c")
    run("delete", "b")
    before = ids(tmp_path / "archive")
    assert len(Generation.open(tmp_path / "archive").segments) > 1
    assert told(run, "merge") == [{"generation": 5, "segments": 1}]
    (segment,) = Generation.open(tmp_path / "archive").segments
    assert (segment.documents, segment.file.size) == (2, 2)
    assert ids(tmp_path / "archive") == before == ["a", "c"]
    assert run("check")[0] == 0
    assert told(run, "merge") == [{"generation": None, "segments": 1}]
    run("delete", "a")
    assert told(run, "merge") == [{"generation": 7, "segments": 1}]
    assert Generation.open(tmp_path / "archive").segments[0].file.size == 1


def test_an_export_is_every_article_as_the_service_shows_it(run):
    add(run, "a", "b")
    run("delete", "a")
    (shown,) = told(run, "export")
    assert (shown["id"], shown["title"], shown["cluster"]) == ("b", "Title of b", None)
    assert shown["provenance"]["title"]["method"] == "supplied"
    assert len(shown["version"]) == 32


def test_a_snapshot_is_an_index_and_comes_back_under_a_new_number(run, tmp_path):
    add(run, "a", "b")
    run("delete", "a")
    (taken,) = told(run, "snapshot", "kept")
    assert (taken["generation"], taken["documents"]) == (3, 1)
    assert run("check", "--index", "kept") == (0, "kept is what was written\n")
    assert ids(tmp_path / "kept") == ["b"]
    add(run, "c", "d")
    service = EmbeddedSearcher(tmp_path / "archive")
    assert service.generation() == 5
    (back,) = told(run, "restore", "kept")
    assert back["generation"] == 6
    assert service.generation() == 6
    assert ids(tmp_path / "archive") == ["b"]
    assert run("check")[0] == 0
    add(run, "e")
    assert ids(tmp_path / "archive") == ["b", "e"]
    # Cursors and tags of the one say nothing of the other.
    keys = [(tmp_path / name / embedded.CURSOR_KEY).read_bytes() for name in ("archive", "kept")]
    assert keys[0] != keys[1]


def test_what_is_lost_or_damaged_is_restored_and_a_damaged_snapshot_is_not(run, tmp_path):
    add(run, "a")
    run("snapshot", "kept")
    add(run, "b")
    for file in (tmp_path / "archive").glob("commit-*.json"):
        file.write_bytes(b"damaged")
    assert run("check")[0] == 3
    assert run("restore", "kept")[0] == 0
    assert run("check")[0] == 0
    assert ids(tmp_path / "archive") == ["a"]
    assert run("restore", "kept", "--index", "elsewhere")[0] == 0
    assert run("check", "--index", "elsewhere")[0] == 0
    (segment,) = (tmp_path / "kept").glob("*.arrays")
    whole, before = segment.read_bytes(), commits.newest(tmp_path / "archive")
    for place in (len(whole) // 8, len(whole) // 3, len(whole) // 2, len(whole) - 1):
        segment.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        code, said = run("restore", "kept")
        assert (code, commits.newest(tmp_path / "archive")) == (3, before)
        assert said.startswith(f"kept/{segment.name}: ")
    assert ids(tmp_path / "archive") == ["a"]
    assert run("check")[0] == 0
    assert run("snapshot", "copy", "--index", "kept")[0] == 3
    assert list((tmp_path / "copy").iterdir()) == []


def test_each_way_to_fail_has_its_code(run, tmp_path):
    assert run("snapshot", "kept")[0] == 2, "there is no index"
    assert run("export")[0] == 2
    assert run("merge")[0] == 2
    assert not (tmp_path / "archive").exists()
    add(run, "a")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").touch()
    code, said = run("snapshot", "full")
    assert (code, said) == (2, "full: a snapshot wants a folder of its own, and this one is not empty\n")
    assert run("restore", "full")[0] == 2
    assert run("restore", "nowhere")[0] == 2
    run("snapshot", "kept")
    lock = WriteLock(tmp_path / "archive" / "write.lock", 0)
    try:
        assert run("restore", "kept", "--lock-timeout", "0")[0] == 4
        assert run("merge", "--lock-timeout", "0")[0] == 4
    finally:
        lock.release()


def test_a_snapshot_is_taken_of_files_that_a_writer_removes_meanwhile(run, tmp_path, monkeypatch):
    add(run, "a")
    real = os.fsync

    def removing(handle):
        for file in (tmp_path / "archive").glob("seg-*"):
            file.unlink()
        real(handle)

    monkeypatch.setattr(os, "fsync", removing)
    assert run("snapshot", "kept")[0] == 0
    monkeypatch.setattr(os, "fsync", real)
    assert run("check", "--index", "kept")[0] == 0
