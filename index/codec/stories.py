"""The stories of a generation as a file: ``Stories.pack`` in a file of its own, which the commit names."""

from __future__ import annotations

import secrets
import zlib
from functools import cached_property
from typing import TYPE_CHECKING

import orjson

from index.codec.arrays import Written
from index.codec.commit import FileEntry, write_synced
from index.errors import CorruptIndex
from index.stories import Stories

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def write(path: Path, generation: int, stories: Stories) -> FileEntry | None:
    """Write the stories of a generation and return the entry of their file, None where there is no story."""
    if not stories.stories and not stories.retired:
        return None
    name = f"stories-{generation}-{secrets.token_hex(4)}.json"
    data = stories.pack()
    write_synced(path / name, data)
    return FileEntry.of(name, Written(len(data), zlib.crc32(data)))


_FEW = 8
"""Ids that are looked for in the bytes: making stories of those takes a hundred times as long."""


class StoriesFile:
    """The file, compared with its checksum when it is opened, and read when it is first asked for."""

    def __init__(self, path: Path, entry: FileEntry | None) -> None:
        self.entry = entry
        self._packed = b""
        if entry:
            self._packed = (path / entry.name).read_bytes()
            if Written(len(self._packed), zlib.crc32(self._packed)) != entry.written:
                raise CorruptIndex(f"{path / entry.name}: its checksum does not fit its content")

    def may_name(self, ids: Collection[str]) -> bool:
        """Return whether one of some articles may be in a story; few are looked for in the bytes."""
        return len(ids) > _FEW or any(self._has(id_) for id_ in ids)

    def _has(self, id_: str) -> bool:
        try:
            return orjson.dumps(id_) in self._packed
        except TypeError:  # a lone surrogate: no JSON has it
            return False

    @cached_property
    def stories(self) -> Stories:
        """The stories, none where there is no file."""
        return Stories.unpack(self._packed) if self._packed else Stories()
