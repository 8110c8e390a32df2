"""A generation of an index, held open: one snapshot for any number of threads.

Segments never change, so what was read of one is kept for the next generation that holds it.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from index.columns import TEXTS
from index.errors import CorruptIndex, NoIndex
from index.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from index.writer import Origin

_COMMIT = re.compile(r"_MAIN_(\d+)\.toc")

_RETRIES = 5
"""A commit removes the files of the one before: between reading the commit file and opening what
it names they can go.  Two of 2,942 opens met this once under constant commits."""


def newest(path: Path) -> int:
    """Return the number of the newest generation at ``path``, -1 where there is none."""
    try:
        names = [entry.name for entry in path.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return -1
    return max((int(found[1]) for name in names if (found := _COMMIT.fullmatch(name))), default=-1)


class Generation:
    """All segments of one commit, and what is derived from them together."""

    def __init__(self, path: Path, number: int, language: str, segments: tuple[Segment, ...]) -> None:
        self.path = path
        self.number = number
        self.language = language
        self.segments = segments
        self.documents = sum(segment.documents for segment in segments)

    @classmethod
    def open(cls, path: Path, previous: Generation | None = None) -> Generation:
        """Open the newest generation; raise NoIndex or CorruptIndex.

        Segments that ``previous`` holds are not read again.
        """
        for _ in range(_RETRIES):
            number = newest(path)
            if number < 0:
                raise NoIndex(f"{path}: there is no index here; make one with: python -m index build SOURCE")
            try:
                return cls._read(path, number, previous)
            except FileNotFoundError:
                if newest(path) == number:
                    break
            except Exception as error:
                # Whoosh meets damage with any of a dozen exceptions: struct, zlib, pickle, Unicode …
                raise CorruptIndex(f"{path}: generation {number} cannot be read: {error!r}") from error
        raise CorruptIndex(f"{path}: generation {number} names files that are not there")

    @classmethod
    def _read(cls, path: Path, number: int, previous: Generation | None) -> Generation:
        storage = FileStorage(str(path))
        toc = TOC.read(storage, "MAIN", gen=number)
        known = {segment.name: segment.columns for segment in previous.segments} if previous else {}
        segments = (
            Segment(storage, toc.schema, segment, known.get(segment.segment_id())) for segment in toc.segments
        )
        return cls(path, number, toc.schema["text"].analyzer.language, tuple(segments))

    def known(self) -> dict[str, tuple[str, Origin]]:
        """Return id → (digest, origin) of every live article."""
        return {
            columns.ids[doc]: (columns.digests[doc], columns.origins[doc])  # type: ignore[misc]
            for segment in self.segments
            if (columns := segment.columns)
            for doc in np.flatnonzero(segment.live).tolist()
        }

    def places(self) -> dict[str, int]:
        """Return id → Whoosh's document number, counted through all segments."""
        numbers, base = {}, 0
        for segment in self.segments:
            numbers.update(
                {segment.columns.ids[doc]: base + doc for doc in np.flatnonzero(segment.live).tolist()}
            )
            base += segment.size
        return numbers

    @cached_property
    def averages(self) -> Mapping[str, float]:
        """The mean length of each text field over the live articles that have it; 1 where none has."""
        means = {}
        for name in TEXTS:
            lengths = np.concatenate(
                [segment.columns.lengths[name][segment.live] for segment in self.segments]
                or [np.zeros(0, dtype=np.int64)]
            )
            count = np.count_nonzero(lengths)
            means[name] = int(lengths.sum()) / count if count else 1.0
        return means

    def counts(self, field: str) -> Counter[str]:
        """Return how many live articles have each value of a field."""
        counts: Counter[str] = Counter()
        for segment in self.segments:
            column = segment.columns.values[field]
            alive = segment.live[column.documents()]
            numbers = np.bincount(column.ordinals[alive], minlength=len(column.values))
            counts.update(
                {value: int(number) for value, number in zip(column.values, numbers, strict=True) if number}
            )
        return counts
