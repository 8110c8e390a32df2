"""Whoosh as it comes: StemmingAnalyzer, its own codec, writer and searcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh.analysis import StandardAnalyzer, StemmingAnalyzer
from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import QueryParser
from whoosh.query import NumericRange
from whoosh.sorting import FieldFacet

from tests.bench.engines.engine import Answer, Engine
from tests.bench.query import FACETS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.bench.corpus import Document
    from tests.bench.query import Query

MEMORY = 256
"""MB of postings that the writer holds before it sorts them away."""


def build(documents: Iterable[Document], folder: Path) -> None:
    """Index the documents in one process."""
    schema = Schema(
        text=TEXT(analyzer=StemmingAnalyzer()),
        forms=TEXT(analyzer=StandardAnalyzer(stoplist=None), phrase=False),
        id=ID(stored=True),
        title=STORED,
        body=STORED,
        day=NUMERIC(stored=True, sortable=True),
        month=ID(sortable=True),
        outlet=ID(sortable=True),
        person=KEYWORD(commas=True),
    )
    writer = create_in(folder, schema).writer(limitmb=MEMORY)
    for one in documents:
        writer.add_document(
            text=one.text,
            forms=one.text,
            id=one.id,
            title=one.title,
            body=one.body,
            day=one.day,
            month=one.month,
            outlet=one.outlet,
            person=",".join(person.replace(",", " ") for person in one.people),
        )
    writer.commit()


class Whoosh(Engine):
    """One searcher, kept open."""

    name = "Whoosh"
    every = 5

    def __init__(self, folder: Path) -> None:
        self._index = open_dir(folder)
        self._searcher = self._index.searcher()
        self._parsers = {name: QueryParser(name, self._index.schema) for name in ("text", "forms")}
        self._counts = {name: FieldFacet(name, allow_overlap=name == "person") for name in FACETS}

    def close(self) -> None:
        """Close the files."""
        self._searcher.close()
        self._index.close()

    def search(self, query: Query) -> Answer:
        """Return ids, titles and days of the best ten, the number of all, and the facets."""
        asked = self._parsers["forms" if query.form == "prefix" else "text"].parse(query.text)
        within = NumericRange("day", *query.days) if query.days else None
        grouped = self._counts if query.facets else None
        found = self._searcher.search(asked, limit=10, filter=within, groupedby=grouped)
        # With facets Whoosh hands out all hits.
        rows = [found[rank].fields() for rank in range(min(10, found.scored_length()))]
        hits = [(row["id"], row["title"], row["day"]) for row in rows]
        facets = {
            name: {value: len(docs) for value, docs in found.groups(name).items() if value is not None}
            for name in grouped or ()
        }
        return Answer([id_ for id_, _, _ in hits], len(found), facets)
