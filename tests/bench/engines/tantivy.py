"""tantivy through its Python binding: one thread, English Snowball stems, texts stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tantivy
from tantivy import FieldType, Occur

from tests.bench.engines.engine import Answer, Engine
from tests.bench.query import FACETS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.bench.corpus import Document
    from tests.bench.query import Query

HEAP = 256_000_000
"""Bytes of postings that the writer holds before it writes a segment: all of Reuters-21578 fits."""

COUNTS = {field: {"terms": {"field": field, "size": 10}} for field in FACETS}


def schema() -> tantivy.Schema:
    """Return the fields: stems with positions, surface forms, values as columns, texts stored."""
    made = tantivy.SchemaBuilder()
    made.add_text_field("text", tokenizer_name="en_stem", index_option="position")
    made.add_text_field("forms", index_option="basic")
    made.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        made.add_bytes_field(name, stored=True)
    for name in FACETS:
        made.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    made.add_integer_field("day", stored=True, fast=True, indexed=True)
    return made.build()


def build(documents: Iterable[Document], folder: Path) -> None:
    """Index the documents in one thread, under tantivy's own merge policy."""
    index = tantivy.Index(schema(), path=str(folder))
    writer = index.writer(heap_size=HEAP, num_threads=1)
    for one in documents:
        values = {
            "id": one.id,
            "month": one.month,
            "outlet": one.outlet,
            "day": one.day,
            "person": list(one.people),
        }
        stored = {"title": one.title.encode(), "body": one.body.encode()}
        text = one.text
        writer.add_document(tantivy.Document(text=text, forms=text, **values, **stored))
    writer.commit()
    writer.wait_merging_threads()


class Tantivy(Engine):
    """An index in a folder."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def search(self, query: Query) -> Answer:
        """Return ids, titles and days of the best ten, the number of all, and the facets."""
        index, searcher = self._index, self._searcher
        if query.form == "prefix":
            asked = tantivy.Query.regex_query(index.schema, "forms", f"{query.words[0]}.*")
        else:
            asked = index.parse_query(query.text, ["text"])
        if query.days:
            days = tantivy.Query.range_query(index.schema, "day", FieldType.Integer, *query.days)
            unscored = tantivy.Query.const_score_query(days, 0.0)
            asked = tantivy.Query.boolean_query([(Occur.Must, asked), (Occur.Must, unscored)])
        found = searcher.search(asked, limit=10, count=True)
        hits = [searcher.doc(address) for _, address in found.hits]
        rows = [tuple(hit[name] for name in ("id", "title", "day")) for hit in hits]
        counts = searcher.aggregate(asked, COUNTS) if query.facets else {}
        facets = {
            name: {row["key"]: row["doc_count"] for row in one["buckets"]} for name, one in counts.items()
        }
        return Answer([str(one) for (one,), _, _ in rows], found.count or 0, facets)  # type: ignore[attr-defined]  # its stub lacks it
