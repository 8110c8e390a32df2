"""What ``speakers.jsonl`` said of people, as a file of JSON, which the commit names."""

from __future__ import annotations

import secrets
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING

import orjson

from index.codec.arrays import Written
from index.codec.commit import FileEntry, write_synced
from index.errors import CorruptIndex
from index.persons import Decided, Known

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, generation: int, decided: Decided) -> FileEntry | None:
    """Write what is said of people and return the entry of the file, None where nothing is."""
    if decided == Decided():
        return None
    name = f"people-{generation}-{secrets.token_hex(4)}.json"
    data = orjson.dumps(asdict(decided))
    write_synced(path / name, data)
    return FileEntry.of(name, Written(len(data), zlib.crc32(data)))


def read(path: Path, entry: FileEntry | None) -> Decided:
    """Return what is said of people; raise CorruptIndex where the file is not what was written."""
    if entry is None:
        return Decided()
    data = (path / entry.name).read_bytes()
    if Written(len(data), zlib.crc32(data)) != entry.written:
        raise CorruptIndex(f"{path / entry.name}: its checksum does not fit its content")
    content = orjson.loads(data)
    known = (Known(each["name"], tuple(each["spellings"]), each["id"]) for each in content["known"])
    same, different = (tuple((one, other) for one, other in content[kind]) for kind in ("same", "different"))
    return Decided(tuple(known), same, different)
