"""Known people: who is one person and who is not, from ``speakers.jsonl`` in a SOURCE folder.

A line has a ``name``, with its ``spellings`` and an ``id`` where wanted; or two names that are the ``same``
person's or ``different`` people's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.errors import BadSource
from index.persons import Decided, Known
from index.sources.beside import said
from index.sources.files import SPEAKERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from index.sources.reading import Notes

PAIR = 2

_Paired = tuple[str, tuple[str, str]]
"""``same`` or ``different``, and two names."""

_EXPECTED = "says nothing of people: a name (spellings, id), or two names as same or different"


def read(sources: Iterable[Path], limit: int, notes: Notes) -> tuple[Decided, list[BadSource]]:
    """Return what the folders among ``sources`` say of people, and what could not be read of them."""
    known: list[Known] = []
    pairs: dict[str, list[tuple[str, str]]] = {"same": [], "different": []}
    bad: list[BadSource] = []
    lines: Iterator[Known | _Paired | BadSource] = said(SPEAKERS, sources, limit, notes, _said, _EXPECTED)
    for each in lines:
        if isinstance(each, BadSource):
            bad.append(each)
        elif isinstance(each, Known):
            known.append(each)
        else:
            pairs[each[0]].append(each[1])
    return Decided(tuple(known), tuple(pairs["same"]), tuple(pairs["different"])), bad


def _said(record: Mapping[str, Any]) -> Known | _Paired | None:
    name, spellings, id_ = (record.get(key) for key in ("name", "spellings", "id"))
    if _are_names([name]) and _are_names(spellings or []) and (id_ is None or _are_names([id_])):
        return Known(str(name), tuple(spellings or ()), id_)
    for key in ("same", "different"):
        pair: Any = record.get(key)
        if _are_names(pair) and len(pair) == PAIR:
            return key, (pair[0], pair[1])
    return None


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value)
