"""Every kernel run once, so that no worker compiles and the first query is not slow."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import numpy as np

from index import edtf
from index.article import Article, Found, Quote
from index.codec import bits
from index.codec.values import fixed
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.kernels import count_cells, count_names
from search.rehearsal import rehearse
from search.request import Request

_QUERIES = (
    "warm",
    '"warm words"',
    "warm OR words",
    "warm words",
    "wor*",
    "NOT warm",
    "has:date speaker:Warm",
    "warm (words OR wor*)",
)


def warm() -> None:
    """Build, merge and search a tiny archive in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="pressmark-") as folder:
        path = Path(folder) / "index"
        for number in range(4):  # four commits: the last one merges
            writer = open_writer(path, language="en")
            speaker = Found("Warm Speaker", confidence="high")
            day = Found(edtf.day(date(2000, 1, 1 + number)), confidence="high")
            title = Found("Warm words", confidence="high")
            said = f"warm words that somebody {number} said of them, and said again of other words"
            quote = Quote(said, 0, len(said), speaker.value, speaker.value, None, "said", "direct", "high")
            article = Article(
                str(number),
                said + 300 * " warm words",
                title=title,
                date=day,
                speakers=(speaker,),
                quotes=(quote,),
            )
            writer.put(article, "build")
            writer.delete([str(number - 2)])
            writer.commit()
        _count_wide()
        searcher = EmbeddedSearcher(path)
        for query in _QUERIES:
            searcher.search(Request(q=query, match="any", facets=("speaker", "date"), syntax="simple"))
            # Without facets not all documents are listed, which other loops do.
            searcher.search(Request(q=query, syntax="simple"))
            searcher.search(Request(q=query, syntax="simple", group="cluster", facet_count="stories"))
        rehearse(searcher, "warm")


def _count_wide() -> None:
    """Count what only large archives have: more than 65,536 different values or dates."""
    cells, starts = fixed(np.zeros(1, dtype=np.uint32)), fixed(np.zeros(2, dtype=np.int32))
    one, counts = np.zeros(1, dtype=np.int32), np.zeros(1, dtype=np.int64)
    count_cells(one, bits.ALL, cells, 1)
    count_names(one, bits.ALL, cells, starts, cells, 0, counts, counts)
