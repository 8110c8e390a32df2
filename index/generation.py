"""A generation of an index, held open: one snapshot for any number of threads.

Segments never change, so what was opened of one is kept for the next generation that holds it.
"""

from __future__ import annotations

import zlib
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.codec import commit as commits
from index.codec import people
from index.codec.arrays import Written
from index.codec.columns import TEXTS
from index.codec.commit import newest
from index.codec.stories import StoriesFile
from index.errors import CorruptIndex, NoIndex
from index.known import Known
from index.segment import Segment, SegmentFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from index.codec.commit import Commit, FileEntry, SegmentEntry
    from index.persons import Decided
    from index.stories import Stories

_RETRIES = 5
"""A commit may remove a generation between listing and opening it."""


def _nothing(_: Commit) -> None:
    """Leave the files to ``check``."""


class Generation:
    """All segments of one commit, and what is derived from them together."""

    def __init__(
        self,
        path: Path,
        commit: Commit,
        segments: tuple[Segment, ...],
        stories: StoriesFile,
        decided: Decided,
    ) -> None:
        self.path = path
        self.commit = commit
        self.number = commit.generation
        self.language = commit.language
        self.segments = segments
        self.listed = stories
        self.decided = decided
        self.documents = sum(segment.documents for segment in segments)

    @classmethod
    def open(
        cls,
        path: Path,
        previous: Generation | None = None,
        number: int | None = None,
        verify: Callable[[Commit], object] = _nothing,
    ) -> Generation:
        """Open the newest generation, or one by its number; raise NoIndex or CorruptIndex.

        Segments that ``previous`` holds are not opened again.  ``verify`` may read the files whole.
        """
        for _ in range(_RETRIES):
            wanted = newest(path) if number is None else number
            if wanted < 0:
                raise NoIndex(f"{path}: {_absence(path)}; make one with: python -m index build SOURCE")
            try:
                opened = cls._read(path, commits.read(path, wanted), previous)
                verify(opened.commit)
            except (FileNotFoundError, IsADirectoryError) as error:
                if number is not None or newest(path) == wanted:
                    raise CorruptIndex(
                        f"{error.filename}: a file of generation {wanted}, and it is gone"
                    ) from error
            else:
                return opened
        raise CorruptIndex(f"{path}: its generations go faster than they can be opened")

    @classmethod
    def _read(cls, path: Path, commit: Commit, previous: Generation | None) -> Generation:
        known = {segment.name: segment for segment in previous.segments} if previous else {}
        segments = tuple(open_segment(path, entry, known) for entry in commit.segments)
        same = previous is not None and previous.commit.stories == commit.stories
        stories = previous.listed if previous and same else StoriesFile(path, commit.stories)
        return cls(path, commit, segments, stories, people.read(path, commit.people))

    @property
    def stories(self) -> Stories:
        """Which articles run one text; read when it is first asked for."""
        return self.listed.stories

    def known(self) -> Known:
        """Return id → (digest, origin) of every live article."""
        return Known(self.segments)

    @cached_property
    def averages(self) -> Mapping[str, float]:
        """The mean length of each text field over the live articles that have it; 1 where none has."""
        means = {}
        for name in TEXTS:
            totals = [segment.total(name) for segment in self.segments]
            count = sum(having for _, having in totals)
            means[name] = sum(length for length, _ in totals) / count if count else 1.0
        return means

    def counts(self, field: str) -> Counter[str]:
        """Return how many live articles have each value of a field."""
        counts: Counter[str] = Counter()
        for segment in self.segments:
            counts.update(segment.counts(field))
        return counts


def _absence(path: Path) -> str:
    """Say what is there instead of an index."""
    if any(path.glob("_*.toc")):
        return "this index was made by stock Whoosh or by an early version, and is not opened"
    return "there is no index here"


def open_segment(path: Path, entry: SegmentEntry, known: Mapping[str, Segment] | None = None) -> Segment:
    """Open a segment, or take what is the same of a known one; raise CorruptIndex where it is damaged."""
    before = (known or {}).get(path.joinpath(entry.file.name).stem)
    if before and before.entry == entry:
        return before
    file = before.file if before else _file(path, entry)
    return Segment(file, None if entry.live is None else _live(path, entry.live, file.size), entry)


def _file(path: Path, entry: SegmentEntry) -> SegmentFile:
    file = SegmentFile(path / entry.file.name)
    if (file.file.length, file.size) != (entry.file.length, entry.documents):
        raise CorruptIndex(f"{path / entry.file.name}: it is not the file that its generation names")
    return file


def _live(path: Path, entry: FileEntry, size: int) -> NDArray[np.bool_]:
    data = (path / entry.name).read_bytes()
    if Written(len(data), zlib.crc32(data)) != entry.written or len(data) != (size + 7) // 8:
        raise CorruptIndex(f"{path / entry.name}: its checksum does not fit its content")
    return np.unpackbits(np.frombuffer(data, dtype=np.uint8), count=size).astype(np.bool_)
