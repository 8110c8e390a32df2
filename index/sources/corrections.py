"""Corrections: what an archive knows better than its articles, from ``corrections.jsonl`` in a SOURCE folder.

A line has the ``id`` of an article, a ``field`` and its ``value``; of several lines for one
field the last counts.  The value of ``speakers`` may also be a list of names, empty where nobody
speaks.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from index.errors import BadSource
from index.sources import compression, jsonl
from index.sources.files import CORRECTIONS
from index.sources.reading import File, Unread, lossless, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from index.sources.reading import Notes

FIELDS = ("title", "date", "outlet", "language", "speakers")
"""What can be corrected."""

Corrections = dict[str, dict[str, str]]
"""id → field → value; names of speakers stand one a line."""


def read(sources: Iterable[Path], limit: int, notes: Notes) -> tuple[Corrections, list[BadSource]]:
    """Return the corrections of the folders among ``sources``, and what could not be read of them."""
    found: Corrections = defaultdict(dict)
    bad: list[BadSource] = []
    for path in (source / CORRECTIONS for source in sources if source.is_dir()):
        try:
            for each in _read(File(path, "", limit), notes) if path.exists() else ():
                if isinstance(each, BadSource):
                    bad.append(each)
                else:
                    found[each[0]][each[1]] = each[2]
        except compression.DAMAGE as error:
            bad.append(Unread(shown(path), str(error)))
    return dict(found), bad


def _read(file: File, notes: Notes) -> Iterator[tuple[str, str, str] | BadSource]:
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
            id_, field, value = (record.get(key) for key in ("id", "field", "value"))
            if isinstance(id_, int):
                id_ = str(id_)
            text = _names(value) if field == "speakers" else value
            if (
                isinstance(id_, str)
                and field in FIELDS
                and isinstance(text, str)
                and (text.strip() or value == [])
            ):
                yield id_, str(field), text
            else:
                reason = f"is no correction: an id, a field ({', '.join(FIELDS)}) and a value are expected"
                yield BadSource(str(place), reason, lossless(line))


def _names(value: object) -> object:
    """Return a list of names as lines, any other value as it is; None for a list that holds no names."""
    if not isinstance(value, list):
        return value
    named = all(isinstance(name, str) and name.strip() for name in value)
    return "\n".join(" ".join(name.split()) for name in value) if named else None
