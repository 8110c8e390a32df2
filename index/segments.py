"""Articles collected into segment files: in a writer, or beside it in processes of their own."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from index.analysis import analyzer
from index.article import UNDETERMINED
from index.codec.budget import Budget
from index.codec.builder import SegmentBuilder
from index.codec.commit import FileEntry, SegmentEntry
from index.codec.signatures import SignatureRows
from index.errors import InvalidArticle, Unwritable

if TYPE_CHECKING:
    from pathlib import Path

    from index.analysis import Analyzer
    from index.article import Article
    from index.writer import Origin


class Segments:
    """Makes the segments of one generation, each when it is full or wanted.

    ``torn`` is the id of an article of which half may be taken in: what was collected is of no use then.
    """

    def __init__(self, path: Path, generation: int, language: str, *, stories: bool, budget: Budget) -> None:
        self._path = path
        self._generation = generation
        self._language = language
        self._signing = stories
        self._budget = budget
        self._builder = self._empty()
        self._written = 0
        self._analyzer = lru_cache(256)(self._spoken)
        self.torn = ""

    def _empty(self) -> SegmentBuilder:
        return SegmentBuilder(signatures=SignatureRows(made=self._signing), budget=self._budget)

    def _spoken(self, language: str) -> Analyzer:
        """Return the analyzer of a language; an uncertain one is the archive's."""
        return analyzer(self._language if language == UNDETERMINED else language)

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        return self._builder.full

    def add(self, article: Article, origin: Origin) -> None:
        """Collect an article; raise Unwritable where one that came before cannot be analysed.

        InvalidArticle, for one that cannot be shown, hinders none that comes behind it.
        """
        chosen = self._analyzer(article.language.value)
        try:
            self._builder.add(article, origin, chosen)
        except InvalidArticle:
            raise
        except BaseException as error:
            # Half of its words may be there, and would become those of the next.
            self.torn = error.id if isinstance(error, Unwritable) else article.id
            raise

    def write(self) -> SegmentEntry | None:
        """Write what was collected as a segment; return its entry, None where there is nothing."""
        if not len(self._builder):
            return None
        name = f"seg-{self._generation}-{self._written}-{secrets.token_hex(4)}.arrays"
        written = self._builder.write(self._path / name)
        entry = SegmentEntry(FileEntry.of(name, written), len(self._builder))
        self._builder = self._builder.following()
        self._written += 1
        return entry

    def forget(self) -> None:
        """Let go of what was collected, and of the words that were met."""
        self._builder = self._empty()


class Maker:
    """The embedded engine's ``index.writer.Maker``: what it makes are entries of segments."""

    def __init__(self, path: Path, generation: int, language: str, *, stories: bool, memory: int) -> None:
        self._segments = Segments(path, generation, language, stories=stories, budget=Budget.of(memory))
        self._entries: list[SegmentEntry] = []

    def put(self, article: Article, origin: Origin) -> None:
        """Take an article in."""
        self._segments.add(article, origin)
        if self._segments.full:
            self._write()

    def made(self) -> tuple[SegmentEntry, ...]:
        """Write what was put since the last call, and return the entries of it."""
        self._write()
        entries = tuple(self._entries)
        self._entries = []
        return entries

    def _write(self) -> None:
        entry = self._segments.write()
        if entry is not None:
            self._entries.append(entry)
