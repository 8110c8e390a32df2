"""A file is read whole once a host: by the first process that meets it, and again when it is another."""

import stat

import pytest

from index import verified
from index.codec import commit as commits
from index.errors import CorruptIndex
from index.verified import forget, verify
from tests.index.codec.archive import commit


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "index"
    for _ in range(3):
        commit(path, 5)
    return path


@pytest.fixture
def marks(tmp_path):
    return tmp_path / "state" / "verified"


@pytest.fixture
def read(monkeypatch):
    """The names of the files that were read whole."""
    names = []
    real = verified.checksum

    def counted(path):
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(verified, "checksum", counted)
    return names


def test_each_file_is_read_once_for_all_processes(path, marks, read):
    third = commits.read(path, 3)
    verify(path, third, marks)
    assert sorted(read) == sorted(third.files())
    verify(path, third, marks)
    assert sorted(read) == sorted(third.files())
    commit(path, 5)
    verify(path, commits.read(path, 4), marks)
    assert set(read[len(third.files()) :]) == commits.read(path, 4).files() - third.files()
    assert stat.S_IMODE(marks.stat().st_mode) == 0o700


def test_without_a_folder_for_marks_every_process_reads_all(path, read):
    third = commits.read(path, 3)
    for _ in range(2):
        verify(path, third, None)
    assert sorted(read) == sorted([*third.files()] * 2)


def test_damage_is_named_and_leaves_no_mark(path, marks):
    third = commits.read(path, 3)
    file = path / third.segments[0].file.name
    data = file.read_bytes()
    file.write_bytes(data[:-1] + b"x")
    for _ in range(2):
        with pytest.raises(CorruptIndex, match=file.name):
            verify(path, third, marks)
    file.write_bytes(data)
    verify(path, third, marks)


def test_a_mark_is_of_one_content(path, marks):
    third = commits.read(path, 3)
    verify(path, third, marks)
    entry = third.segments[0].file
    assert (marks / f"{entry.name}.{entry.crc:08x}").is_file()
    (marks / f"{entry.name}.{entry.crc:08x}").rename(marks / f"{entry.name}.00000000")
    (path / entry.name).write_bytes(b"")
    with pytest.raises(CorruptIndex):
        verify(path, third, marks)


def test_marks_of_files_that_are_gone_go(path, marks):
    for number in (2, 3):
        verify(path, commits.read(path, number), marks)
    last = commits.read(path, 3)
    forget(last, marks)
    names = {f"{entry.name}.{entry.crc:08x}" for segment in last.segments for entry in segment.files()}
    assert {mark.name for mark in marks.iterdir()} == names
    forget(last, marks / "nowhere")


def test_a_place_that_takes_no_marks_costs_time_alone(path, tmp_path, read):
    taken = tmp_path / "file"
    taken.write_text("")
    third = commits.read(path, 3)
    for _ in range(2):
        verify(path, third, taken / "verified")
    assert sorted(read) == sorted([*third.files()] * 2)
