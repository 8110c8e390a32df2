"""A Whoosh index in a directory: the schema, and the writer that commits to it.

The engine's other half, which answers, is ``search/embedded.py``; ``index/generation.py`` reads.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING, Any

import orjson
from whoosh import columns, fields, formats
from whoosh.index import FileIndex

from index.analysis import Analyzer, analyzer
from index.article import LEVELS, UNDETERMINED
from index.durable import DurableStorage
from index.generation import Generation, newest
from index.lock import WriteLock
from index.postings import FieldTerms, invert
from index.stats import Stats
from index.stats import stats as count
from index.stored import pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from index.article import Article, Found
    from index.writer import Origin

CURSOR_KEY = "cursor.key"
"""The file with the key that signs cursors: made with the index, readable by its owner alone."""

_MEMORY = 256
"""MiB of postings that Whoosh holds before it writes a sorted run to disk."""


class Terms(fields.FieldType):  # type: ignore[misc]
    """A Whoosh field that takes prepared postings, and analyses text that plain Whoosh code gives it."""

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__(formats.Positions(), analyzer, scorable=True)

    def index(self, value: FieldTerms | str, **kwargs: Any) -> Any:
        """Return (term, frequency, weight, encoded positions) for each term."""
        if isinstance(value, str):
            return super().index(value, **kwargs)
        encode = self.format.encode
        return [
            (term.encode("utf-8"), weight, float(weight), encode(value.positions[term]))
            for term, weight in value.weights.items()
        ]


class Forms(fields.FieldType):  # type: ignore[misc]
    """A Whoosh field of surface forms: which documents have them, nothing else."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None)

    def index(self, value: Iterable[str], **_: Any) -> Any:
        """Return a posting without frequency or positions for each form."""
        return [(form.encode("utf-8"), 1, 1.0, b"") for form in value]


def schema(language: str) -> fields.Schema:
    """Return the Whoosh schema of an archive whose main language this is."""
    main = analyzer(language)
    return fields.Schema(
        id=fields.ID(unique=True),
        text=Terms(main),
        title=Terms(main),
        body=Terms(main),
        title_forms=Forms(),
        body_forms=Forms(),
        entry=fields.COLUMN(columns.VarBytesColumn()),
        article=fields.STORED(),
    )


def open_writer(path: Path, *, language: str, timeout: float = 10.0) -> EmbeddedWriter:
    """Return a writer for the index at ``path``, made where there is none.

    Raises ``IndexLocked`` where another writer holds it longer than ``timeout`` seconds.
    """
    path.mkdir(parents=True, exist_ok=True)
    lock = WriteLock(path / "write.lock", timeout)
    try:
        return EmbeddedWriter(path, language, lock)
    except BaseException:
        lock.release()
        raise


class EmbeddedWriter:
    """The embedded engine's half of ``index.writer.Writer``."""

    def __init__(self, path: Path, language: str, lock: WriteLock) -> None:
        self._path = path
        self._lock = lock
        self._language = language
        self._schema = schema(language)
        storage = DurableStorage(str(path))
        make_cursor_key(path)
        if newest(path) < 0:
            FileIndex.create(storage, self._schema, "MAIN")
        self._generation = Generation.open(path)
        self._writer = FileIndex(storage, indexname="MAIN").writer(limitmb=_MEMORY)
        # The schema may have changed with the archive's main language; what it described is replaced.
        self._writer.schema = self._schema
        self._where = self._generation.places()
        self._put: set[str] = set()

    def known(self) -> Mapping[str, tuple[str, Origin]]:
        """Return id → (digest, origin) of every article of the last generation."""
        return self._generation.known()

    def put(self, article: Article, origin: Origin) -> None:
        """Insert the article, or replace the one that has its id; once per id and commit."""
        if article.id in self._put:
            raise ValueError(f"article {article.id!r} was already put in this commit")
        language = article.language.value
        chosen = analyzer(self._language if language == UNDETERMINED else language)
        terms = invert(article, chosen)
        document: dict[str, Any] = dict(terms)
        for name in ("title", "body"):
            if name in terms:
                document[f"{name}_forms"] = terms[name].forms
        document["id"] = article.id
        document["entry"] = orjson.dumps(_entry(article, origin, terms))
        document["article"] = pack(article)
        self._writer.add_document(**document)
        self._put.add(article.id)
        self._remove(article.id)

    def delete(self, ids: Iterable[str]) -> list[str]:
        """Delete the articles of the last generation and return the ids that were there."""
        return [id_ for id_ in ids if self._remove(id_)]

    def _remove(self, id_: str) -> bool:
        place = self._where.pop(id_, None)
        if place is None:
            return False
        self._writer.delete_document(place)
        return True

    def commit(self) -> int:
        """Make all changes visible and durable, and return the new generation."""
        try:
            self._writer.commit()
        finally:
            self._lock.release()
        return newest(self._path)

    def cancel(self) -> None:
        """Forget all changes."""
        try:
            self._writer.cancel()
        finally:
            self._lock.release()


def _entry(article: Article, origin: Origin, terms: Mapping[str, FieldTerms]) -> dict[str, Any]:
    """Return what a reader keeps of every article in memory: see ``index.generation.Columns``."""
    values = {
        "outlet": [article.outlet] if article.outlet else [],
        "language": [article.language],
        "speaker": article.speakers,
    }
    return {
        "id": article.id,
        "digest": article.digest,
        "origin": origin,
        "lengths": {name: field.length for name, field in terms.items()},
        "values": {name: [_value(found) for found in founds] for name, founds in values.items()},
        "date": [
            article.date.value.start.toordinal(),
            article.date.value.end.toordinal(),
            LEVELS.index(article.date.confidence),
        ]
        if article.date
        else None,
        "title": LEVELS.index(article.title.confidence) if article.title else -1,
        "quotes": len(article.quotes),
    }


def _value(found: Found[str]) -> tuple[str, int]:
    return found.value, LEVELS.index(found.confidence)


def make_cursor_key(path: Path) -> None:
    """Write the cursors' key where there is none yet."""
    with contextlib.suppress(FileExistsError):
        handle = os.open(path / CURSOR_KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))


def generation(path: Path) -> int:
    """Return the number of the newest generation, -1 where there is no index."""
    return newest(path)


def stats(path: Path) -> Stats:
    """Return what the index holds; raise NoIndex or CorruptIndex."""
    return count(Generation.open(path))
