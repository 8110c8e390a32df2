"""SQLite's full-text index: FTS5 with its Porter stemmer, contentless, the texts in a table beside it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from tests.bench.engines.engine import Answer, Engine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.bench.corpus import Document
    from tests.bench.query import Query

# Prefixes are asked of a second index of surface forms, as in the other engines: over stems,
# `operatio*` finds nothing.
TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE VIRTUAL TABLE stems USING fts5 (text, content = '', tokenize = 'porter unicode61');
    CREATE VIRTUAL TABLE forms USING fts5 (text, content = '', detail = none);
    CREATE TABLE articles (number INTEGER PRIMARY KEY, id, title, day INTEGER, month, outlet);
    CREATE TABLE people (number INTEGER, person);
    CREATE TABLE bodies (number INTEGER PRIMARY KEY, body);
"""


def build(documents: Iterable[Document], folder: Path) -> None:
    """Index the documents in one transaction, and merge the index to one tree."""
    connection = sqlite3.connect(folder / "index.sqlite")
    connection.executescript(TABLES)
    run = connection.execute
    for number, one in enumerate(documents, start=1):
        text = one.text
        run("INSERT INTO stems (rowid, text) VALUES (?, ?)", (number, text))
        run("INSERT INTO forms (rowid, text) VALUES (?, ?)", (number, text))
        row = (number, one.id, one.title, one.day, one.month, one.outlet)
        run("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)", row)
        for person in one.people:
            run("INSERT INTO people VALUES (?, ?)", (number, person))
        run("INSERT INTO bodies VALUES (?, ?)", (number, one.body))
    run("CREATE INDEX people_of ON people (number, person)")
    for table in ("stems", "forms"):
        run(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
    connection.commit()
    connection.close()


class Fts5(Engine):
    """An index in one file."""

    name = "FTS5"

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "index.sqlite")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def search(self, query: Query) -> Answer:
        """Return ids, titles and days of the best ten, the number of all, and the facets."""
        table = "forms" if query.form == "prefix" else "stems"
        joined = f"FROM {table} JOIN articles ON number = {table}.rowid WHERE {table} MATCH ?"
        people = f"FROM {table} JOIN people ON number = {table}.rowid WHERE {table} MATCH ?"
        values: list[str | int] = [query.text]
        counted = joined if query.days else f"FROM {table} WHERE {table} MATCH ?"
        if query.days:
            joined, counted = f"{joined} AND day BETWEEN ? AND ?", f"{counted} AND day BETWEEN ? AND ?"
            values += query.days
        run = self._connection.execute
        rows = run(f"SELECT id, title, day {joined} ORDER BY rank LIMIT 10", values).fetchall()
        ((total,),) = run(f"SELECT count(*) {counted}", values)
        facets = {
            field: dict(run(f"SELECT {field}, count(*) {within} GROUP BY {field}", values).fetchall())
            for field, within in (("month", joined), ("outlet", joined), ("person", people))
            if query.facets
        }
        return Answer([row[0] for row in rows], total, facets)
