"""bm25s: scores made at indexing, kept in one sparse matrix; no positions, no totals, no filters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import bm25s  # type: ignore[import-untyped]
import Stemmer

from tests.bench.engines.engine import Answer, Engine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.bench.corpus import Document
    from tests.bench.query import Query

HITS = "hits.jsonl"


def build(documents: Iterable[Document], folder: Path) -> None:
    """Index the documents under Lucene's variant of BM25."""
    texts = []
    with (folder / HITS).open("w", encoding="utf-8") as file:
        for one in documents:
            texts.append(one.text)
            file.write(json.dumps((one.id, one.title, one.day, one.body)) + "\n")
    tokens = bm25s.tokenize(texts, stopwords=None, stemmer=Stemmer.Stemmer("english"), show_progress=False)
    del texts
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    index.index(tokens, show_progress=False)
    index.save(folder)


class Bm25s(Engine):
    """The matrix mapped from its files, and id, title and day of all documents in memory."""

    name = "bm25s"

    def __init__(self, folder: Path) -> None:
        self._index = bm25s.BM25.load(folder, mmap=True)
        self._index.backend = "numba"  # NumPy's choice of the best ten takes 130 times as long at a million
        self._stemmer = Stemmer.Stemmer("english")
        with (folder / HITS).open(encoding="utf-8") as file:
            self._hits = [tuple(json.loads(line)[:3]) for line in file]

    def answers(self, query: Query) -> bool:
        """Whether it is a term or an OR without more."""
        alone = query.form == "any" or (query.form == "all" and len(query.words) == 1)
        return alone and not query.days and not query.facets

    def search(self, query: Query) -> Answer:
        """Return ids, titles and days of the best ten; how many match it does not say."""
        words = " ".join(query.words)
        tokens = bm25s.tokenize(
            words, stopwords=None, stemmer=self._stemmer, show_progress=False, return_ids=False
        )
        count = min(10, len(self._hits))
        found = self._index.retrieve(tokens, k=count, show_progress=False, n_threads=1)
        documents, scores = found.documents[0].tolist(), found.scores[0].tolist()
        hits = [self._hits[number] for number, score in zip(documents, scores, strict=True) if score > 0]
        return Answer([id_ for id_, _, _ in hits], None)
