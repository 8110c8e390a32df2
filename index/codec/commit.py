"""The commit file: which segments a generation has, and what their files should be.

One small JSON file a generation, ``commit-<number>.json``, with a checksum over its bytes.
A commit is its rename: before it the generation does not exist, after it all of it does.
FORMAT.md has every byte.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
import zlib
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import orjson

from index.codec.arrays import Written
from index.errors import CorruptIndex
from index.writer import Position

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

FORMAT = 1
"""Version of the format of an index: commit file, segment files and masks."""

KEPT = 600.0
"""Seconds that a generation is kept after the next one superseded it: a reader's cursor may hold it."""

_NAME = re.compile(r"commit-(\d+)\.json")

_OURS = re.compile(
    r"commit-\d+\.(json|tmp)|seg-\d+-m?\d+-[0-9a-f]{8}(\.arrays|-\d+\.live)|seg-\w+\.part|cursor\.tmp"
    r"|(stories|people)-\d+-[0-9a-f]{8}\.json"
)
"""Files that writers make and may remove; whatever else lies in the folder is not theirs."""

_SEAL = re.compile(rb'\{"commit":(.+),"crc":(\d{1,10})\}\n', re.DOTALL)
"""The whole of a commit file: the generation, and the CRC-32 of the bytes that say it."""


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
    """A generation: its number, the archive's main language, its segments.

    ``stories`` and ``people`` are the files of near-copies and of what is said of people, where there is
    any; ``emptied`` says how far the inbox of writes over HTTP is emptied into it.
    """

    generation: int
    language: str
    segments: tuple[SegmentEntry, ...]
    created: float
    stories: FileEntry | None = None
    people: FileEntry | None = None
    emptied: Position | None = None

    def entries(self) -> Iterator[FileEntry]:
        """Yield all files of the generation."""
        for segment in self.segments:
            yield from segment.files()
        yield from filter(None, (self.stories, self.people))

    def files(self) -> set[str]:
        """Return the names of all files of the generation."""
        return {entry.name for entry in self.entries()}


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
    file = commit_file(path, generation)
    sealed = _SEAL.fullmatch(file.read_bytes())
    if sealed is None or zlib.crc32(sealed[1]) != int(sealed[2]):
        raise CorruptIndex(f"{file}: its checksum does not fit its content")
    content = orjson.loads(sealed[1])
    if content["format"] != FORMAT:
        raise CorruptIndex(
            f"{file}: format {content['format']}, of which this version knows nothing; rebuild"
        )
    if content["generation"] != generation:
        raise CorruptIndex(f"{file}: it is generation {content['generation']}, under another name")
    segments = tuple(
        SegmentEntry(
            FileEntry(**each["file"]), each["documents"], FileEntry(**each["live"]) if each["live"] else None
        )
        for each in content["segments"]
    )
    stories, people = (
        FileEntry(**entry) if (entry := content.get(name)) else None for name in ("stories", "people")
    )
    emptied = Position(**position) if (position := content.get("emptied")) else None
    return Commit(generation, content["language"], segments, content["created"], stories, people, emptied)


def write(path: Path, commit: Commit) -> None:
    """Make a generation: every file that it names is synced already.

    File, directory, rename, directory: after a power failure there is the new generation or the
    one before.
    """
    content = orjson.dumps({"format": FORMAT, **asdict(commit)}, option=orjson.OPT_INDENT_2)
    file = commit_file(path, commit.generation)
    temporary = file.with_suffix(".tmp")
    write_synced(temporary, b'{"commit":%b,"crc":%d}\n' % (content, zlib.crc32(content)))
    sync_folder(path)
    temporary.rename(file)
    sync_folder(path)


def clean(path: Path, now: float | None = None) -> None:
    """Remove what no kept generation names: old generations, and what a killed writer left.

    A generation is kept for ``KEPT`` seconds after it was superseded; while files that only old
    ones name take more than the live ones, the oldest go first.  An old one that is damaged serves
    nobody and goes at once.  Raises CorruptIndex, and removes nothing, where the newest is damaged,
    and OSError where a commit file cannot be removed; a later writer tries again.
    """
    now = time.time() if now is None else now
    sizes = _sizes(path)
    numbers = sorted(generations(path))
    live = read(path, numbers[-1])
    commits = [*_whole(path, numbers[:-1], sizes), live]
    kept = [one for one, following in pairwise(commits) if now - following.created < KEPT]
    while kept and _total(sizes, _beside(kept, live)) > _total(sizes, live.files()):
        kept = kept[1:]
    names = set().union(*(commit.files() for commit in (*kept, live)))
    names.update(commit_file(path, commit.generation).name for commit in (*kept, live))
    _remove(path, [name for name in sizes if _OURS.fullmatch(name) and name not in names])


def _whole(path: Path, numbers: Iterable[int], sizes: Mapping[str, int]) -> Iterator[Commit]:
    """Yield the generations that can be read and have all their files."""
    for number in numbers:
        with contextlib.suppress(CorruptIndex, OSError):
            commit = read(path, number)
            if commit.files() <= sizes.keys():
                yield commit


def _remove(path: Path, names: Collection[str]) -> None:
    """Remove files, first those that name others: no generation is there without its files."""
    if not names:
        return
    # On behalf of a writer that was killed before it forced the newest generation to disk.
    sync_folder(path)
    for name in filter(_NAME.fullmatch, names):
        (path / name).unlink()
    sync_folder(path)
    for name in names:
        with contextlib.suppress(OSError):  # it costs space alone, and a later writer tries again
            (path / name).unlink()


def write_synced(path: Path, data: bytes) -> None:
    """Write a file and force it to disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Force a folder's entries to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def commit_file(path: Path, generation: int) -> Path:
    """Return where a generation's commit file stands."""
    return path / f"commit-{generation}.json"


def _beside(kept: Iterable[Commit], live: Commit) -> set[str]:
    """Return the files that only old generations name."""
    return set().union(*(commit.files() for commit in kept)) - live.files()


def _sizes(path: Path) -> dict[str, int]:
    """Return the size of each file in the folder."""
    sizes = {}
    for name in os.listdir(path):  # noqa: PTH208 - names alone
        with contextlib.suppress(FileNotFoundError):
            sizes[name] = (path / name).lstat().st_size
    return sizes


def _total(sizes: Mapping[str, int], names: Iterable[str]) -> int:
    return sum(sizes.get(name, 0) for name in names)
