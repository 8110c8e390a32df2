"""The values that reading passes along: a file to read, an input read, and what a run noted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from index.article import Place
from index.errors import BadSource
from index.sources.decoding import decode

if TYPE_CHECKING:
    from pathlib import Path

    from index.article import Source

ID_LENGTH = 512
"""Code points of the longest id."""

_KEYS, _REPORTS = 1_000, 100
"""What a run remembers of each kind at most: an archive of any size is read in constant memory."""


class Unread(BadSource):
    """An input of which an unknown part was not read, so that nobody can say what vanished from it."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: where it is, and the id of an article that fills it."""

    path: Path
    id: str
    limit: int
    """Bytes of one article, decompressed."""

    def place(self, position: str = "") -> Place:
        """Return the place of a record in it."""
        return Place(shown(self.path), position)

    def over(self, position: str = "", raw: str = "") -> BadSource:
        """Return the error for an article that is larger than the limit."""
        return BadSource(str(self.place(position)), f"is larger than {self.limit:,} bytes", raw)


@dataclass(frozen=True, slots=True)
class Input:
    """One piece of news as it was read, and the bytes that it was read from."""

    source: Source
    raw: bytes


@dataclass(slots=True)
class Notes:
    """What a run counts while it reads."""

    passed_over: int = 0
    """Files in folders that are no news, and records of WARC files that are no pages."""
    ignored: Counter[str] = field(default_factory=Counter)
    """Keys of JSONL lines that mean nothing here, with how many lines had them."""
    replaced: int = 0
    """Characters that could not be decoded and became U+FFFD."""
    reports: list[str] = field(default_factory=list)
    """Doubts about an input that was read all the same."""

    def ignore(self, key: str) -> None:
        """Count a key without meaning."""
        self.ignored[key if key in self.ignored or len(self.ignored) < _KEYS else "…"] += 1

    def report(self, doubt: str) -> None:
        """Keep a doubt, of the first hundred."""
        if len(self.reports) < _REPORTS:
            self.reports.append(doubt)
        elif len(self.reports) == _REPORTS:
            self.reports.append("more doubts like these are not listed")


def decoded(data: bytes, declared: str | None, place: Place, notes: Notes) -> str:
    """Return bytes as text, doubts noted; raise BadSource where they are not text."""
    try:
        found = decode(data, declared)
    except ValueError as error:
        raise BadSource(str(place), str(error), lossless(data)) from None
    notes.replaced += found.replaced
    if found.doubt:
        notes.report(f"{place}: {found.doubt}")
    return found.text


def shown(path: Path) -> str:
    r"""Return a path as text that can be printed: bytes that are not UTF-8 as ``\udc…`` escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")


def lossless(raw: bytes) -> str:
    """Return bytes as text from which the quarantine can make the same bytes again."""
    return raw.decode("utf-8", "surrogateescape")


def derived(text: str) -> str:
    """Return an id made of a path or a URL: itself, or where it is too long its head and a digest.

    >>> derived("https://example.org/a")
    'https://example.org/a'
    >>> len(derived("https://example.org/" + "a" * 900))
    512
    """
    if len(text) <= ID_LENGTH:
        return text
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{text[: ID_LENGTH - len(digest) - 1]}#{digest}"
