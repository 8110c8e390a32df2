"""The documents of the benchmark: one plain file of JSON lines that every engine reads."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import zstandard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WINDOW = 1 << 31
"""The archives are compressed with ``zstd --long=27``: a decoder must allow for it."""


@dataclass(frozen=True, slots=True)
class Document:
    """A story; ``outlet`` is the city of its dateline, which stands in for an outlet of many values."""

    id: str
    title: str
    body: str
    date: str
    outlet: str

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


def reuters(archive: Path, limit: int) -> Iterator[Document]:
    """Yield the first ``limit`` stories of Reuters-21578 that have a text."""
    with archive.open("rb") as file:
        stream = zstandard.ZstdDecompressor(max_window_size=WINDOW).stream_reader(file)
        rows = map(json.loads, io.TextIOWrapper(stream, encoding="utf-8"))
        for _, row in zip(range(limit), rows, strict=False):
            title, body = row.get("title") or "", row.get("body") or ""
            if title or body:
                date, city = (row.get("date") or "")[:10], (row.get("dateline") or "").partition(",")[0]
                yield Document(row["id"], title, body, date, city.strip())


def write(documents: Iterator[Document], path: Path) -> int:
    """Write the documents to ``path`` and return how many bytes of text they have."""
    size = 0
    with path.open("w", encoding="utf-8") as file:
        for document in documents:
            size += len(document.text.encode())
            file.write(json.dumps(asdict(document)) + "\n")
    return size


def read(path: Path) -> Iterator[Document]:
    """Yield the documents of a file that ``write`` made."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Document(**json.loads(line))
