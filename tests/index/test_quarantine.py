"""What could not be indexed is kept whole, and appears all at once."""

import base64
import shutil

import orjson
import pytest

from index.errors import BadSource
from index.quarantine import Quarantine, path_of
from index.sources.reading import lossless


def entries(path):
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def fill(path, command, *raws):
    quarantine = Quarantine(path, command)
    for raw in raws:
        quarantine.put(BadSource("a.jsonl:3", "is not JSON", lossless(raw)), "some id")
    quarantine.flush()
    return quarantine


def test_the_input_is_kept_to_the_byte(tmp_path):
    path = path_of(tmp_path / "idx")
    quarantine = fill(path, "build", "{'é\n\0".encode(), b"caf\xe9 \xff\xfe")
    assert not path.exists()
    quarantine.publish()
    first, second = entries(path)
    assert first == {
        "place": "a.jsonl:3",
        "id": "some id",
        "reason": "is not JSON",
        "command": "build",
        "raw": "{'é\n\0",
    }
    assert base64.b64decode(second["raw_base64"]) == b"caf\xe9 \xff\xfe"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["idx.quarantine.jsonl"]


def test_build_begins_anew_and_add_goes_on(tmp_path):
    path = path_of(tmp_path / "idx")
    fill(path, "build", b"1", b"2").publish()
    fill(path, "add", b"3").publish()
    fill(path, "add").publish()
    assert [each["raw"] for each in entries(path)] == ["1", "2", "3"]
    fill(path, "build", b"4").publish()
    assert [each["raw"] for each in entries(path)] == ["4"]
    fill(path, "build").publish()
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_given_up_leaves_what_was_there(tmp_path):
    path = path_of(tmp_path / "idx")
    fill(path, "build", b"1").publish()
    fill(path, "build", b"2").cancel()
    assert [each["raw"] for each in entries(path)] == ["1"]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("written", ["idx", "idx/", "./idx"])
def test_it_stands_beside_the_index(tmp_path, monkeypatch, written):
    monkeypatch.chdir(tmp_path)
    assert path_of(tmp_path / written) == tmp_path / "idx.quarantine.jsonl"


def test_whoever_is_interrupted_while_it_is_opened_leaves_nothing_behind(tmp_path, monkeypatch):
    path = tmp_path / "index.quarantine.jsonl"
    path.write_bytes(b"{}\n")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copyfileobj", interrupted)
    quarantine = Quarantine(path, "add")
    with pytest.raises(KeyboardInterrupt):
        quarantine.flush()
    quarantine.cancel()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
