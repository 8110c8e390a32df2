"""Files of JSON lines that stand beside the articles of a SOURCE folder, and what their lines say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from index.errors import BadSource
from index.sources import compression, jsonl
from index.sources.reading import File, Unread, lossless, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from index.sources.reading import Notes

T = TypeVar("T")


def said(
    name: str,
    sources: Iterable[Path],
    limit: int,
    notes: Notes,
    meaning: Callable[[Mapping[str, Any]], T | None],
    otherwise: str,
) -> Iterator[T | BadSource]:
    """Yield the meaning of each line of the files of a name, or what could not be read.

    ``otherwise`` is the reason where a line has none; ``limit`` is the most bytes of a line.
    """
    for path in (source / name for source in sources if source.is_dir()):
        try:
            if path.exists():
                yield from _read(File(path, "", limit), notes, meaning, otherwise)
        except compression.DAMAGE as error:
            yield Unread(shown(path), str(error))


def _read(
    file: File, notes: Notes, meaning: Callable[[Mapping[str, Any]], T | None], otherwise: str
) -> Iterator[T | BadSource]:
    with compression.opened(file.path) as stream:
        for number, line in jsonl.records(file, stream):
            if isinstance(line, BadSource):
                yield line
                continue
            place = file.place(str(number))
            try:
                record = jsonl.parse(line, place, notes)
            except BadSource as error:
                yield BadSource(error.place, error.reason, lossless(line))
                continue
            yield meaning(record) or BadSource(str(place), otherwise, lossless(line))
