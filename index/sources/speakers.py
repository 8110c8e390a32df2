"""Known people: who is one person and who is not, from ``speakers.jsonl`` in a SOURCE folder.

A line has a ``name``, with its ``spellings`` and an ``id`` where wanted; or two names that are the ``same``
person's or ``different`` people's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.errors import BadSource
from index.persons import Decided, Known
from index.sources import compression, jsonl
from index.sources.files import SPEAKERS
from index.sources.reading import File, Unread, lossless, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from index.sources.reading import Notes

PAIR = 2


def read(sources: Iterable[Path], limit: int, notes: Notes) -> tuple[Decided, list[BadSource]]:
    """Return what the folders among ``sources`` say of people, and what could not be read of them."""
    known: list[Known] = []
    pairs: dict[str, list[tuple[str, str]]] = {"same": [], "different": []}
    bad: list[BadSource] = []
    for path in (source / SPEAKERS for source in sources if source.is_dir()):
        try:
            for each in _read(File(path, "", limit), notes) if path.exists() else ():
                if isinstance(each, BadSource):
                    bad.append(each)
                elif isinstance(each, Known):
                    known.append(each)
                else:
                    pairs[each[0]].append(each[1])
        except compression.DAMAGE as error:
            bad.append(Unread(shown(path), str(error)))
    return Decided(tuple(known), tuple(pairs["same"]), tuple(pairs["different"])), bad


def _read(file: File, notes: Notes) -> Iterator[Known | tuple[str, tuple[str, str]] | BadSource]:
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
            yield _said(record) or BadSource(
                str(place),
                "says nothing of people: a name (spellings, id), or two names as same or different",
                lossless(line),
            )


def _said(record: Mapping[str, Any]) -> Known | tuple[str, tuple[str, str]] | None:
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
