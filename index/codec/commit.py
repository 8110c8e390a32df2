"""The commit file: which segments a generation has, and what their files should be.

One small JSON file a generation, ``commit-<number>.json``, with a checksum over its content.
A commit is its rename: before it the generation does not exist, after it all of it does.
"""

from __future__ import annotations

import os
import re
import time
import zlib
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import orjson

from index.codec.arrays import Written
from index.errors import CorruptIndex

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FORMAT = 1
"""Version of the format of an index: commit file, segment files and masks."""

KEPT = 600.0
"""Seconds that a generation is kept after the next one superseded it: a reader's cursor may hold it."""

_NAME = re.compile(r"commit-(\d+)\.json")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the index, and what it should be."""

    name: str
    length: int
    crc: int

    @classmethod
    def of(cls, name: str, written: Written) -> FileEntry:
        """Return the entry of a file just written."""
        return cls(name, written.length, written.crc)

    @property
    def written(self) -> Written:
        """What the file was when it was written."""
        return Written(self.length, self.crc)


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment: its file, its documents, and where some are deleted the file that says which live."""

    file: FileEntry
    documents: int
    live: FileEntry | None = None

    def files(self) -> Iterable[FileEntry]:
        """Return all files of the segment."""
        return (self.file,) if self.live is None else (self.file, self.live)


@dataclass(frozen=True, slots=True)
class Commit:
    """A generation: its number, the archive's main language, its segments."""

    generation: int
    language: str
    segments: tuple[SegmentEntry, ...]
    created: float

    def files(self) -> set[str]:
        """Return the names of all files of the generation."""
        return {entry.name for segment in self.segments for entry in segment.files()}


def newest(path: Path) -> int:
    """Return the number of the newest generation at ``path``, -1 where there is none."""
    return max(generations(path), default=-1)


def generations(path: Path) -> list[int]:
    """Return the numbers of all generations at ``path``."""
    try:
        names = os.listdir(path)  # noqa: PTH208 - half the time of iterdir, on every request
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [int(found[1]) for name in names if (found := _NAME.fullmatch(name))]


def read(path: Path, generation: int) -> Commit:
    """Return a commit; raise FileNotFoundError where it is gone, CorruptIndex where it is damaged."""
    file = _file(path, generation)
    try:
        envelope = orjson.loads(file.read_bytes())
        content = envelope["commit"]
        if zlib.crc32(_bytes(content)) != envelope["crc"]:
            raise CorruptIndex(f"{file}: its checksum does not fit its content")
        if content["format"] != FORMAT:
            raise CorruptIndex(f"{file}: format {content['format']}, of which this version knows nothing")
        segments = tuple(
            SegmentEntry(
                FileEntry(**each["file"]),
                each["documents"],
                FileEntry(**each["live"]) if each["live"] else None,
            )
            for each in content["segments"]
        )
        return Commit(content["generation"], content["language"], segments, content["created"])
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise CorruptIndex(f"{file}: not a commit file: {error!r}") from error


def write(path: Path, commit: Commit) -> None:
    """Make a generation: every file that it names is synced already.

    File, directory, rename, directory: after a power failure there is the new generation or the
    one before.
    """
    content = {"format": FORMAT, **asdict(commit)}
    file = _file(path, commit.generation)
    temporary = file.with_suffix(".tmp")
    with temporary.open("wb") as stream:
        stream.write(
            orjson.dumps({"crc": zlib.crc32(_bytes(content)), "commit": content}, option=orjson.OPT_INDENT_2)
        )
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(path)
    temporary.rename(file)
    sync_folder(path)


def clean(path: Path, now: float | None = None) -> None:
    """Remove what no kept generation names: old generations, and what a killed writer left.

    A generation is kept for ``KEPT`` seconds after it was superseded; while files that only old
    ones name take more than the live ones, the oldest go first.
    """
    now = time.time() if now is None else now
    commits = [read(path, number) for number in sorted(generations(path))]
    live = commits[-1]
    kept = [one for one, following in pairwise(commits) if now - following.created < KEPT]
    while kept and _bytes_beside(path, kept, live) > _size(path, live.files()):
        kept = kept[1:]
    names = set().union(live.files(), *(commit.files() for commit in kept))
    names.update(_file(path, commit.generation).name for commit in (*kept, live))
    for name in os.listdir(path):  # noqa: PTH208
        if _OURS.fullmatch(name) and name not in names:
            (path / name).unlink(missing_ok=True)


_OURS = re.compile(r"commit-\d+\.(json|tmp)|seg-[0-9a-z-]+\.(arrays|live)|tmp\w+")
"""Files that writers make."""


def sync_folder(path: Path) -> None:
    """Force a folder's entries to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _bytes_beside(path: Path, kept: Iterable[Commit], live: Commit) -> int:
    return _size(path, set().union(*(commit.files() for commit in kept)) - live.files())


def _size(path: Path, names: Iterable[str]) -> int:
    return sum((path / name).stat().st_size for name in names)


def _file(path: Path, generation: int) -> Path:
    return path / f"commit-{generation}.json"


def _bytes(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
