"""The index as plain Whoosh code reads it: ``open_index(path)`` is a ``whoosh.index.Index``.

Searchers, parsers, highlights, sorting, facets, more-like-this and corrections of stock Whoosh run
on it.  It is read-only; what needs speed goes through ``search``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from whoosh import index
from whoosh.reading import EmptyReader, IndexReader, MultiReader

from index.codec.commit import newest
from index.codec.fields import schema
from index.codec.reader import ArrayReader
from index.generation import Generation

if TYPE_CHECKING:
    from pathlib import Path

    from whoosh.fields import Schema


def open_index(path: Path) -> ArrayIndex:
    """Return the newest generation at ``path`` as a Whoosh index; raise NoIndex or CorruptIndex.

    Fields: ``text`` (title and body, weighted), ``title``, ``body``; ``title_forms`` and
    ``body_forms``, the words as they are written, folded, for prefixes, wildcards and corrections;
    ``outlet``, ``language``, ``speaker``, ``id`` and ``date``.
    """
    return ArrayIndex(Generation.open(path))


class ArrayIndex(index.Index):  # type: ignore[misc]
    """One generation, open; readers and searchers made later are of the newest one."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation

    def __repr__(self) -> str:
        return f"ArrayIndex({str(self._generation.path)!r}, generation {self._generation.number})"

    @property
    def schema(self) -> Schema:
        """The fields and how they are analysed."""
        return schema(self._generation.language)

    def latest_generation(self) -> int:
        """Return the number of the newest generation on disk."""
        return newest(self._generation.path)

    def up_to_date(self) -> bool:
        """Return whether this is the newest generation."""
        return self.latest_generation() == self._generation.number

    def refresh(self) -> ArrayIndex:
        """Return the newest generation; what both hold is not opened again."""
        return self if self.up_to_date() else ArrayIndex(self._opened())

    def last_modified(self) -> float:
        """Return when the generation was committed, in seconds since 1970."""
        return self._generation.commit.created

    def is_empty(self) -> bool:
        """Return whether no article lives."""
        return self._generation.documents == 0

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:  # noqa: ARG002 - segments are shared as it is
        """Return a reader of the newest generation."""
        if not self.up_to_date():
            self._generation = self._opened()
        held = self._generation
        readers = [ArrayReader(segment, held.language, held.number) for segment in held.segments]
        if not readers:
            return EmptyReader(self.schema)
        return readers[0] if len(readers) == 1 else MultiReader(readers, generation=held.number)

    def _opened(self) -> Generation:
        return Generation.open(self._generation.path, self._generation)

    def writer(self, **_: Any) -> NoReturn:
        """Refuse: articles are analysed, recovered and committed elsewhere."""
        raise NotImplementedError(
            "this index is read-only to Whoosh; write with index.embedded.open_writer or python -m index add"
        )

    def optimize(self) -> NoReturn:
        """Refuse, as ``writer`` does."""
        self.writer()

    def add_field(self, fieldname: str, fieldspec: Any) -> NoReturn:  # noqa: ARG002 - Whoosh's signature
        """Refuse, as ``writer`` does."""
        self.writer()

    def remove_field(self, fieldname: str) -> NoReturn:  # noqa: ARG002 - Whoosh's signature
        """Refuse, as ``writer`` does."""
        self.writer()
