"""Is an index what was written?  Every file read, every checksum and every invariant compared."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from index.codec import commit as commits
from index.codec.arrays import ArrayFile, checksum
from index.codec.invariants import broken
from index.codec.invariants_of_stories import untrue
from index.embedded import CURSOR_KEY, is_cursor_key
from index.errors import CorruptIndex
from index.generation import Generation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.codec.commit import FileEntry


def check(path: Path) -> list[str]:
    """Return what is damaged, a line each, none where all is well; raise NoIndex where there is no index.

    The files of every kept generation are compared with their checksums, the content of the newest
    one with itself: terms and documents ascend, frequencies fit positions, lengths fit frequencies,
    norms fit lengths, columns fit stored articles.
    """
    newest = commits.newest(path)
    if newest < 0:
        Generation.open(path)
    damage = [*_key(path), *_files(path)]
    if damage:  # what a damaged file says of itself is not worth reading
        return damage
    try:
        return list(_content(Generation.open(path, number=newest)))
    except CorruptIndex as error:
        return [str(error)]


def _key(path: Path) -> Iterator[str]:
    file = path / CURSOR_KEY
    if not file.is_file() or not is_cursor_key(file.read_bytes()):
        yield f"{file}: missing or damaged; the next writer makes another one, and cursors made before end"


def _files(path: Path) -> Iterator[str]:
    """Compare commit files and the files that they name with their checksums, each once."""
    seen: set[str] = set()
    for number in sorted(commits.generations(path), reverse=True):
        try:
            commit = commits.read(path, number)
        except FileNotFoundError:  # a writer removed it meanwhile
            continue
        except CorruptIndex as error:
            yield str(error)
            continue
        except OSError as error:
            yield f"{commits.commit_file(path, number)}: cannot be read: {error}"
            continue
        for entry in commit.entries():
            if entry.name not in seen:
                seen.add(entry.name)
                yield from _file(path, entry, number)


def _file(path: Path, entry: FileEntry, number: int) -> Iterator[str]:
    file = path / entry.name
    try:
        found = checksum(file)
        if found != entry.written:
            yield (
                f"{file}: {found.length:,} bytes that are not the {entry.length:,} that were written"
                f" ({_where(file)})"
            )
    except FileNotFoundError:
        if commits.commit_file(path, number).exists():
            yield f"{file}: a file of generation {number}, and it is gone"
    except OSError as error:
        yield f"{file}: cannot be read: {error}"


def _where(file: Path) -> str:
    """Say what of a damaged file is damaged."""
    if file.suffix != ".arrays":
        kind = file.name.partition("-")[0]
        return {"stories": "its stories", "people": "what is said of people"}.get(
            kind, "its mask of live documents"
        )
    try:
        arrays = ArrayFile(file)
    except CorruptIndex as error:
        return str(error).removeprefix(f"{file}: ")
    damaged = [name for name in arrays.names() if not arrays.sound(name)]
    return f"in {', '.join(damaged)}" if damaged else "between its arrays"


def _content(generation: Generation) -> Iterator[str]:
    ids = Counter(
        segment.columns.ids[doc]
        for segment in generation.segments
        for doc in np.flatnonzero(segment.live).tolist()
    )
    yield from (f"id {id_!r} stands in {count} articles" for id_, count in ids.items() if count > 1)
    yield from (f"stories: {line}" for line in untrue(generation))
    for segment in generation.segments:
        if not segment.documents:
            yield f"segment {segment.name}: none of its articles lives"
        try:
            yield from (f"segment {segment.name}: {line}" for line in broken(segment.file))
        except Exception as error:  # noqa: BLE001 - arrays that do not fit fail in any of a dozen ways
            yield f"segment {segment.name}: cannot be read: {error!r}"
