"""Corrections: what an archive knows better than its articles, from ``corrections.jsonl`` in a SOURCE folder.

A line has the ``id`` of an article, a ``field`` and its ``value``; of several lines for one
field the last counts.  The value of ``speakers`` may also be a list of names, empty where nobody
speaks.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from index.errors import BadSource
from index.sources.beside import said
from index.sources.files import CORRECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from index.sources.reading import Notes

FIELDS = ("title", "date", "outlet", "language", "speakers")
"""What can be corrected."""

Corrections = dict[str, dict[str, str]]
"""id → field → value; names of speakers stand one a line."""


_EXPECTED = f"is no correction: an id, a field ({', '.join(FIELDS)}) and a value are expected"


def read(sources: Iterable[Path], limit: int, notes: Notes) -> tuple[Corrections, list[BadSource]]:
    """Return the corrections of the folders among ``sources``, and what could not be read of them."""
    found: Corrections = defaultdict(dict)
    bad: list[BadSource] = []
    for each in said(CORRECTIONS, sources, limit, notes, _correction, _EXPECTED):
        if isinstance(each, BadSource):
            bad.append(each)
        else:
            id_, field, value = each
            found[id_][field] = value
    return dict(found), bad


def _correction(record: Mapping[str, Any]) -> tuple[str, str, str] | None:
    id_, field, value = (record.get(key) for key in ("id", "field", "value"))
    if isinstance(id_, int):
        id_ = str(id_)
    text = _names(value) if field == "speakers" else value
    given = isinstance(text, str) and (text.strip() or value == [])
    return (id_, str(field), str(text)) if isinstance(id_, str) and field in FIELDS and given else None


def _names(value: object) -> object:
    """Return a list of names as lines, any other value as it is; None for a list that holds no names."""
    if not isinstance(value, list):
        return value
    named = all(isinstance(name, str) and name.strip() for name in value)
    return "\n".join(" ".join(name.split()) for name in value) if named else None
