"""The documents of the benchmark: one plain file of JSON lines that every engine reads."""

from __future__ import annotations

import io
import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson
import zstandard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

WINDOW = 1 << 31
"""The archives are compressed with ``zstd --long=27``: a decoder must allow for it."""

REUTERS, NEWS = "news/reuters-21578.jsonl.zst", "news/news.jsonl.zst"

LENGTH = 130
"""Characters after which a passage ends with its sentence: gives 1,038,000 passages of 203 on average."""

# Where a sentence or a paragraph ends: behind its last mark and the quotation marks that close with it.
END = re.compile(r"(?<=[.!?])[\"”’)\]]*\s+|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Document:
    """A story, or a passage of one.

    ``outlet`` and ``people`` stand for facets of one and of many values: in Reuters-21578, where
    one agency wrote all, the city of the dateline and the places; elsewhere outlet and authors.
    """

    id: str
    title: str
    body: str
    date: str
    outlet: str
    people: tuple[str, ...] = ()

    @property
    def month(self) -> str:
        """The year and month, empty where there is no date."""
        return self.date[:7]

    @property
    def day(self) -> int:
        """The date as a number such as 19870226, 0 where there is none."""
        return int(self.date.replace("-", "") or 0)

    @property
    def text(self) -> str:
        """Title and body, as the rivals index them."""
        return f"{self.title}\n{self.body}"


def reuters(data: Path) -> Iterator[Document]:
    """Yield the stories of Reuters-21578 that have a text."""
    for row in _rows(data / REUTERS):
        city = (row.get("dateline") or "").partition(",")[0].strip()
        yield from _document(row, city, row.get("places") or ())


def news(data: Path) -> Iterator[Document]:
    """Yield the stories of the larger archive that have a text."""
    for row in _rows(data / NEWS):
        yield from _document(row, (row.get("outlet") or "").strip(), row.get("authors") or ())


def million(data: Path) -> Iterator[Document]:
    """Yield both archives, cut into passages: every sentence once, each passage with its story's title."""
    for story in chain(reuters(data), news(data)):
        for number, passage in enumerate(passages(story.body)):
            yield Document(f"{story.id}-{number}", story.title, passage, *_facets(story))


SETS: Mapping[str, Callable[[Path], Iterator[Document]]] = {
    "reuters": reuters,
    "news": news,
    "million": million,
}
"""The sets by name: 21,577 stories, 55,000 stories, about a million passages."""


def passages(body: str, length: int = LENGTH) -> Iterator[str]:
    """Yield a text in passages that end with the first sentence to bring them to ``length`` characters.

    >>> list(passages('He said: "No." She left.\\n\\nIt rained. It stopped.', 14))
    ['He said: "No."', 'She left.\\n\\nIt rained.', 'It stopped.']
    """
    begin = 0
    for end in (*(found.end() for found in END.finditer(body)), len(body)):
        passage = body[begin:end].strip()
        if passage and (len(passage) >= length or end == len(body)):
            yield passage
            begin = end


def write(documents: Iterable[Document], path: Path) -> tuple[int, int]:
    """Write the documents to ``path`` and return how many they are and how many bytes of text they have."""
    number = size = 0
    with path.open("w", encoding="utf-8") as file:
        for document in documents:
            number += 1
            size += len(document.text.encode())
            file.write(json.dumps(asdict(document)) + "\n")
    return number, size


def read(path: Path) -> Iterator[Document]:
    """Yield the documents of a file that ``write`` made."""
    with path.open("rb") as file:
        for row in map(
            orjson.loads, file
        ):  # what reading costs is counted for all engines: as little as can be
            row["people"] = tuple(row["people"])
            yield Document(**row)


def _document(row: Mapping[str, Any], outlet: str, people: Iterable[str]) -> Iterator[Document]:
    title, body = row.get("title") or "", row.get("body") or ""
    if title or body:
        names = tuple(dict.fromkeys(name for name in map(str.strip, people) if name))
        yield Document(row["id"], title, body, _date(row.get("date") or ""), outlet, names)


def _date(written: str) -> str:
    """Return a day that exists, or nothing.

    >>> _date("2008-05-15T04:04:00-04:00"), _date("2020-13-01")
    ('2008-05-15', '')
    """
    try:
        return date.fromisoformat(written[:10]).isoformat()
    except ValueError:
        return ""


def _facets(story: Document) -> tuple[str, str, tuple[str, ...]]:
    return story.date, story.outlet, story.people


def _rows(archive: Path) -> Iterator[dict[str, Any]]:
    with archive.open("rb") as file:
        stream = zstandard.ZstdDecompressor(max_window_size=WINDOW).stream_reader(file)
        yield from map(json.loads, io.TextIOWrapper(stream, encoding="utf-8"))
