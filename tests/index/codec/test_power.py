"""Power failure at any instant of a commit leaves the old generation or the new one, whole.

The disk keeps what was forced to it.  Of the rest anything may be there or not: a file may be empty,
cut, or full of zeros, and of the names made, changed and removed since the folder was last forced,
none, all, or the last alone.
"""

import itertools
import os
from pathlib import Path

import pytest

from index.codec.commit import newest
from tests.index.codec.archive import archives, commit, is_whole
from tests.index.codec.disk import Disk

SEED = 5
GENERATIONS = (2, 5)
"""One that adds and deletes, and one that merges."""

LOST = {
    "zeros": lambda data: bytes(len(data)),
    "cut": lambda data: data[: len(data) // 2],
    "empty": lambda _: b"",
    "a zeroed block": lambda data: bytes(min(len(data), 4096)) + data[4096:],
}


class Recorder:
    """What is on a disk after each operation of a commit: forced, and merely written."""

    def __init__(self, folder):
        self.folder = folder
        self.forced = dict(self._data())
        self.durable = self._names()
        self.history = []
        self.instants = []

    def _names(self):
        return {each.name: each.stat().st_ino for each in os.scandir(self.folder)}

    def _data(self):
        return {
            each.stat().st_ino: (self.folder / each.name).read_bytes() for each in os.scandir(self.folder)
        }

    def __call__(self, operation):
        names, data = self._names(), self._data()
        if operation.name == "fsync" and operation.path == str(self.folder):
            self.durable, self.history = names, []
        elif operation.name == "fsync":
            number = names[Path(operation.path).name]
            self.forced[number] = data[number]
        if names != (self.history or [self.durable])[-1]:
            self.history.append(names)
        self.instants.append((self.durable, tuple(self.history), data, dict(self.forced)))


def states(recorder):
    """Yield every state, each once, that a power failure may leave: name → content."""
    seen = set()
    for durable, history, data, forced in recorder.instants:
        listings = [durable, *history]
        if len(history) > 1:  # the last change alone
            before, last = history[-2:]
            listings.append(
                {
                    **{
                        name: number for name, number in durable.items() if name in last or name not in before
                    },
                    **{name: number for name, number in last.items() if before.get(name) != number},
                }
            )
        for names, lose in itertools.product(listings, LOST.values()):
            state = {name: forced.get(number, lose(data.get(number, b""))) for name, number in names.items()}
            key = frozenset(state.items())
            if key not in seen:
                seen.add(key)
                yield state


@pytest.mark.parametrize("generation", GENERATIONS)
def test_power_failure_leaves_a_whole_generation(tmp_path, monkeypatch, generation):
    path = tmp_path / "index"
    path.mkdir()
    for _ in range(generation - 1):
        commit(path, SEED)
    expected = archives(SEED, generation)
    recorder = Recorder(path)
    with monkeypatch.context() as patched:
        Disk(path, after=recorder).patch(patched)
        commit(path, SEED)
    reached = set()
    for number, state in enumerate(states(recorder)):
        copy = tmp_path / f"{number}"
        copy.mkdir()
        for name, data in state.items():
            (copy / name).write_bytes(data)
        reached.add(newest(copy))
        assert newest(copy) in {generation - 1, generation}
        assert is_whole(copy, expected[newest(copy)])
    assert reached == {generation - 1, generation}
    assert newest(path) == generation


def test_what_is_forced_to_disk_before_a_generation_names_it(tmp_path, monkeypatch):
    path = tmp_path / "index"
    path.mkdir()
    for generation in range(1, 8):
        disk = Disk(path)
        with monkeypatch.context() as patched:
            disk.patch(patched)
            commit(path, SEED)
        done = [(each.name, Path(each.path).name) for each in disk.operations]
        renamed = done.index(("rename", f"commit-{generation}.tmp"))
        last_write = max(at for at, (name, _) in enumerate(done[:renamed]) if name == "write")
        forced = [at for at, each in enumerate(done) if each == ("fsync", path.name)]
        assert last_write < max(at for at in forced if at < renamed), "the folder is forced before the rename"
        assert min(at for at in forced if at > renamed) < len(done), "and after it"
        removed = [at for at, (name, file) in enumerate(done) if name == "unlink" and file != "cursor.tmp"]
        assert all(at > min(at for at in forced if at > renamed) for at in removed), (
            "nothing goes before that"
        )
        written = {
            file
            for name, file in done[:renamed]
            if name == "open" and file.endswith((".arrays", ".live", ".tmp"))
        }
        assert written
        for file in written:
            synced = [at for at, each in enumerate(done) if each == ("fsync", file)]
            assert synced
            assert (
                max(at for at, each in enumerate(done[:renamed]) if each == ("write", file))
                < synced[-1]
                < renamed
            )
