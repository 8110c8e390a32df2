"""Copies of an index: its newest generation taken out into a folder of its own, and put back as the newest.

A copy is an index itself: it can be checked, served and read where it stands.  Every file is compared with
its checksum while it is copied, so that no damage is carried on.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from index.codec import commit as commits
from index.codec.arrays import Written
from index.embedded import make_cursor_key
from index.errors import CorruptIndex
from index.generation import Generation
from index.lock import WriteLock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    from index.codec.commit import Commit, FileEntry

_PART = 1 << 20
"""Bytes copied at once."""

_INCOMING = "seg-restored.part"
"""A file that is not whole yet: the next writer removes what a killed one left under this name."""


def snapshot(path: Path, folder: Path) -> Commit:
    """Copy the newest generation of the index at ``path`` into a folder that is new or empty; return it.

    Writers and readers need not wait for it.  Raises NoIndex, CorruptIndex, and FileExistsError where there
    is something in the folder; what fails leaves it empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(
            errno.EEXIST, "a snapshot wants a folder of its own, and this one is not empty", folder
        )
    with contextlib.ExitStack() as held:
        commit, files = _opened(path, held)
        try:
            for entry, file in files.items():
                _copy(file, folder / entry.name, entry)
            # A key of its own: it may be served beside the index, and counts its generations by itself.
            make_cursor_key(folder)
            commits.write(folder, commit)
        except BaseException:
            for made in folder.iterdir():
                made.unlink()
            raise
    commits.sync_folder(folder.parent)
    return commit


def restore(path: Path, folder: Path, timeout: float) -> Commit:
    """Make the newest generation of a snapshot the newest of the index at ``path``, and return it as that.

    Whatever was there before is superseded, as by any commit, damaged or not; running services see it.
    It has the snapshot's place in the inbox of writes: what came behind that and is done is not there any
    more to be done again, and what waits comes on top.
    Raises NoIndex where the folder holds no index, CorruptIndex where it is damaged, IndexLocked.
    """
    with contextlib.ExitStack() as held:
        commit, files = _opened(folder, held)
        path.mkdir(parents=True, exist_ok=True)
        lock = WriteLock(path / "write.lock", timeout)
        held.callback(lock.release)
        make_cursor_key(path)
        incoming = path / _INCOMING
        for entry, file in files.items():
            _copy(file, incoming, entry)
            incoming.rename(path / entry.name)
        number = max(commits.newest(path) + 1, commit.generation)
        restored = replace(commit, generation=number, created=time.time())
        commits.write(path, restored)
        with contextlib.suppress(OSError):  # it costs space alone, and the next writer tries again
            commits.clean(path)
    commits.sync_folder(path.parent)
    return restored


def _opened(path: Path, held: contextlib.ExitStack) -> tuple[Commit, Mapping[FileEntry, BinaryIO]]:
    """Return the newest generation with its files held open, whatever a writer removes."""
    while True:
        commit = Generation.open(path).commit
        try:
            files = {entry: held.enter_context((path / entry.name).open("rb")) for entry in commit.entries()}
        except FileNotFoundError as error:
            if commits.newest(path) == commit.generation:
                raise CorruptIndex(
                    f"{error.filename}: a file of generation {commit.generation}, and it is gone"
                ) from error
        else:
            return commit, files


def _copy(source: BinaryIO, to: Path, entry: FileEntry) -> None:
    """Copy a file and force it to disk; raise CorruptIndex where it is not what was written."""
    crc = length = 0
    with to.open("wb") as file:
        while part := source.read(_PART):
            crc, length = zlib.crc32(part, crc), length + len(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    if Written(length, crc) != entry.written:
        to.unlink()
        raise CorruptIndex(f"{source.name}: its checksum does not fit its content")
