"""One writer at a time, whoever else there is; the lock is free when its holder is gone, however it went."""

import errno
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from index.errors import IndexLocked
from index.lock import WriteLock
from tests.index.codec.processes import context


def hold(path, held):
    WriteLock(path, 0)
    held.send(None)
    signal.pause()


def descriptors():
    return {each.name for each in Path("/proc/self/fd").iterdir()}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "write.lock"


@pytest.fixture
def holder(path):
    """Another process that holds the lock."""
    ours, theirs = context().Pipe(duplex=False)
    process = context().Process(target=hold, args=(path, theirs), daemon=True)
    process.start()
    ours.recv()
    yield process
    process.kill()
    process.join()


def test_it_says_which_process_holds_it_and_how_long_it_waited(path, holder):
    with pytest.raises(
        IndexLocked, match=rf"write\.lock: another writer \(process {holder.pid}\).*waited 0\.2 s"
    ):
        WriteLock(path, 0.2)


def test_it_is_free_when_its_holder_was_killed(path, holder):
    holder.kill()
    holder.join()
    lock = WriteLock(path, 0)
    assert path.read_text() == f"{os.getpid()}\n"
    lock.release()
    assert path.read_text() == ""


def test_a_waiting_writer_gets_it_when_it_is_released(path):
    first, got = WriteLock(path, 0), []
    thread = threading.Thread(target=lambda: got.append(WriteLock(path, 30)))
    thread.start()
    time.sleep(0.1)
    assert got == []
    first.release()
    thread.join()
    assert got[0].held
    with pytest.raises(IndexLocked):
        WriteLock(path, 0)
    got[0].release()


def test_it_is_released_once(path):
    lock = WriteLock(path, 0)
    lock.release()
    assert not lock.held
    other = WriteLock(path, 0)
    lock.release()
    with pytest.raises(IndexLocked):
        WriteLock(path, 0)
    other.release()


def test_a_child_that_was_forked_meanwhile_does_not_keep_it(path):
    lock = WriteLock(path, 0)
    child = os.posix_spawn(
        "/bin/sleep", ["sleep", "60"], {}, file_actions=[(os.POSIX_SPAWN_DUP2, lock._handle, 9)]
    )
    try:
        lock.release()
        WriteLock(path, 0).release()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_a_full_disk_does_not_keep_a_writer_out(path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        lock = WriteLock(path, 0)
    with pytest.raises(IndexLocked, match="process unknown"):
        WriteLock(path, 0)
    lock.release()
    WriteLock(path, 0).release()


def test_a_wait_that_is_interrupted_leaves_no_descriptor(path, monkeypatch):
    lock = WriteLock(path, 0)
    before = descriptors()

    def interrupted(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(time, "sleep", interrupted)
        with pytest.raises(KeyboardInterrupt):
            WriteLock(path, 1)
    with pytest.raises(IndexLocked):
        WriteLock(path, 0)
    assert descriptors() == before
    lock.release()


def test_a_folder_that_is_gone_is_said_to_be(tmp_path):
    with pytest.raises(FileNotFoundError):
        WriteLock(tmp_path / "nowhere" / "write.lock", 0)
