"""Judged collections: documents, queries, judgements, and the measure they are scored with."""

import json
import math
import os
from collections import defaultdict
from pathlib import Path

import zstandard

from index.article import Article, Found
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.request import Request

DATA = os.environ.get("PRESSMARK_DATA")


def lines(path):
    """Read a JSONL file, compressed or not."""
    data = path.read_bytes()
    if path.suffix == ".zst":
        data = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(data).read()
    return map(json.loads, data.split(b"\n")[:-1])


def judgements(folder):
    judged = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text().splitlines():
        query, document, grade = line.split("\t")
        judged[query][document] = int(grade)
    return judged


def ndcg10(judged, ranked):
    """Binary nDCG at 10 of one query: Järvelin and Kekäläinen 2002."""
    relevant = {document for document, grade in judged.items() if grade > 0}
    gain = sum(
        1 / math.log2(rank + 1) for rank, document in enumerate(ranked[:10], 1) if document in relevant
    )
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(10, len(relevant)) + 1))


def build(folder, index):
    """Index a collection: title and text as they are."""
    writer = open_writer(index, language="en")
    for row in lines(folder / "docs.jsonl.zst"):
        title = Found(row["title"], method="supplied", confidence="high") if row["title"] else None
        writer.put(
            Article(id=row["id"], body=row["text"], title=title, language=Found("en", confidence="high")),
            "build",
        )
    writer.commit()
    return EmbeddedSearcher(index)


def gains(name, index, **how):
    """Return the nDCG@10 of each query with an answer in a collection under ``PRESSMARK_DATA/ranking``.

    The collection is indexed where there is nothing yet.
    """
    folder = Path(DATA) / "ranking" / name
    searcher = EmbeddedSearcher(index) if index.exists() else build(folder, index)
    judged = judgements(folder)
    texts = {row["id"]: row["text"] for row in lines(folder / "queries.jsonl")}
    found = {}
    for query, grades in judged.items():
        if any(grade > 0 for grade in grades.values()):
            request = Request(q=texts[query], syntax="simple", limit=10, highlight=False, **how)
            found[query] = ndcg10(grades, [hit.entry.id for hit in searcher.search(request).hits])
    return found
