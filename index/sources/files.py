"""Which files of the SOURCEs are read, in which order, and the id of an article that fills one.

The order is that of the SOURCEs, and in a folder that of the bytes of the names.  In a folder
other files are passed over, hidden files and folders among them; named directly they are refused.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from index.errors import BadSource, PressmarkError
from index.sources.compression import ENDINGS
from index.sources.reading import File, Notes, Unread, derived, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

CORRECTIONS, SPEAKERS = "corrections.jsonl", "speakers.jsonl"
"""What the archive knows better, directly in a SOURCE folder: never articles."""


QUARANTINE = ".quarantine.jsonl"
"""How the name of a quarantine ends: what an index refused is no news, should it stand among it."""


class NotASource(PressmarkError):
    """A path that was named as a SOURCE and cannot be one."""


def ending(name: str, kinds: Collection[str]) -> tuple[str, str] | None:
    """Return the kind of a file and its whole ending as written, or None where it is of no kind.

    >>> ending("news.JSONL.gz", [".txt", ".jsonl"])
    ('.jsonl', '.JSONL.gz')
    """
    path = PurePath(name)
    packed = path.suffix if path.suffix.lower() in ENDINGS else ""
    suffix = PurePath(path.stem).suffix if packed else path.suffix
    return (suffix.lower(), suffix + packed) if suffix.lower() in kinds else None


def check(sources: Iterable[Path], kinds: Collection[str]) -> None:
    """Raise NotASource for a path that is not there, or is neither a folder nor a file of these kinds."""
    for source in sources:
        try:
            mode = source.stat().st_mode
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise NotASource(f"{shown(source)}: {reason}") from None
        if stat.S_ISDIR(mode):
            continue
        if not stat.S_ISREG(mode):
            raise NotASource(f"{shown(source)} is neither a file nor a folder")
        if ending(source.name, kinds) is None:
            known = ", ".join(kinds)
            raise NotASource(
                f"{shown(source)} is not read as news: its ending is none of {known} (.gz, .zst)"
            )


def walk(source: Path, kinds: Collection[str], limit: int, notes: Notes) -> Iterator[File | BadSource]:
    """Yield the files of a SOURCE, and an error for each that cannot be reached."""
    if not source.is_dir():
        written = ending(source.name, kinds)
        yield File(source, derived(source.name.removesuffix(written[1] if written else "")), limit)
        return
    found = False
    for each in _descend(source, kinds, limit, notes):
        found = True
        yield each
    if not found:
        yield Unread(shown(source), "holds nothing that can be read as news")


def _descend(source: Path, kinds: Collection[str], limit: int, notes: Notes) -> Iterator[File | BadSource]:
    # A stack of paths below the SOURCE, each with the folders it stands in: folders may be nested
    # deeper than functions can call one another.
    stack: list[tuple[str, tuple[tuple[int, int], ...]]] = [("", ())]
    while stack:
        below, above = stack.pop()
        path = source / below
        written = ending(below, kinds)
        try:
            info = path.stat()
            here = (info.st_dev, info.st_ino)
            if stat.S_ISDIR(info.st_mode):
                if here in above:
                    yield BadSource(shown(path), "is a link back to a folder that it stands in")
                    continue
                names = sorted((entry.name for entry in path.iterdir()), key=os.fsencode, reverse=True)
                shows = [name for name in names if not name.startswith(".")]
                notes.passed_over += len(names) - len(shows)
                inside = (*above, here)
                stack.extend((f"{below}/{name}" if below else name, inside) for name in shows)
                continue
        except OSError as error:
            if written or not isinstance(error, FileNotFoundError):  # a dead link of another kind is no news
                yield Unread(shown(path), error.strerror or str(error))
            continue
        if below in {CORRECTIONS, SPEAKERS}:
            continue
        if not written or below.endswith(QUARANTINE):
            notes.passed_over += 1
        elif not stat.S_ISREG(info.st_mode):
            yield BadSource(shown(path), "is not a regular file")
        else:
            yield File(path, derived(below.removesuffix(written[1])), limit)
