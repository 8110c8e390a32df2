"""Segment files that were read whole and found as written: each once a host, not once a process.

Opening a generation verifies dictionaries and norms alone; a service reads every new file whole
before it answers from it.  A mark in the state folder tells the other workers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.codec.arrays import checksum
from index.errors import CorruptIndex

if TYPE_CHECKING:
    from pathlib import Path

    from index.codec.commit import Commit, FileEntry

FOLDER = "verified"
"""The folder of marks in the state folder."""


def verify(path: Path, commit: Commit, marks: Path | None, held: Commit | None = None) -> None:
    """Read the files of a commit that nobody on this host has read yet; raise CorruptIndex for damage.

    ``marks`` is the folder of marks, or None where nothing can be written; ``held`` the commit that this
    process answers from, whose files it has read.
    """
    read = set(held.entries()) if held else set()
    for entry in commit.entries():
        if entry in read:
            continue
        mark = marks / f"{entry.name}.{entry.crc:08x}" if marks else None
        if mark is None or not mark.exists():
            _compare(path / entry.name, entry)
            if mark is not None:
                _mark(mark)


def forget(commit: Commit, marks: Path) -> None:
    """Remove the marks of files that a commit no longer names."""
    names = {f"{entry.name}.{entry.crc:08x}" for entry in commit.entries()}
    for mark in marks.iterdir() if marks.is_dir() else ():
        if mark.name not in names:
            mark.unlink(missing_ok=True)


def _compare(path: Path, entry: FileEntry) -> None:
    found = checksum(path)
    if found != entry.written:
        raise CorruptIndex(
            f"{path}: {found.length:,} bytes that are not the {entry.length:,} that were written"
        )


def _mark(mark: Path) -> None:
    try:
        mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mark.touch(mode=0o600)
    except OSError:  # the next process reads the file again: slower, and right
        return
