"""Every kernel run once, so that no worker compiles and the first query is not slow."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index import edtf
from index.article import Article, Found, Quote
from index.codec import bits
from index.codec.values import fixed
from index.compiled import kept_in
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.kernels import count_cells, count_names
from search.rehearsal import rehearse
from search.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUERIES = (
    "warm",
    '"warm words"',
    "warm OR words",
    "warm words",
    "wor*",
    "NOT warm",
    'body:"warm words"',
    "warm (words OR wor*)",
)
_PEOPLE = "has:date warm speaker:Warm"

_DONE = "warm"
"""The file beside kept kernels that says that all of them are there."""


def warm() -> None:
    """Build, merge and search tiny archives in a temporary folder.

    The first time takes a minute on one core.  Where there is a second one, two processes compile: one what
    shows hits, finds people and merges, the other all else; each finds on disk what the other one kept.
    """
    folder = kept_in()
    done = folder / _DONE if folder else None
    with tempfile.TemporaryDirectory(prefix="pressmark-") as made:
        path = Path(made) / "index"
        _write(path)
        first = done and not done.exists() and (os.cpu_count() or 1) > 1
        with _beside(path) if first else nullcontext():
            _count_wide()
            _ask(path, *_QUERIES, highlight=False)
        _other(path)
        _ask(path, *_QUERIES)
        searcher = EmbeddedSearcher(path)
        searcher.quotes(Request(q='"warm words"'))
        rehearse(searcher, "warm")
    if done and done.parent.is_dir():  # not where nothing is compiled
        done.touch()


def _other(path: Path) -> None:
    _ask(path, _PEOPLE)
    _write(path.parent / str(os.getpid()), stories=True)


def _write(path: Path, *, stories: bool = False) -> None:
    for number in range(4):
        writer = open_writer(path, language="en", stories=stories)
        speaker = Found("Warm Speaker", confidence="high")
        day = Found(edtf.day(date(2000, 1, 1 + number)), confidence="high")
        title = Found("Warm words", confidence="high")
        said = f"warm words that somebody {number} said of them, and said again of other words"
        quote = Quote(said, 0, len(said), speaker.value, speaker.value, None, "said", "direct", "high")
        article = Article(
            str(number),
            said + 300 * " warm words" + number * " and more",
            title=title,
            date=day,
            speakers=(speaker,),
            quotes=(quote,),
        )
        writer.put(article, "build")
        writer.put(replace(article, id="again"), "build")
        writer.delete([str(number - 2)])
        if stories:
            writer.merge()
        writer.commit()


def _ask(path: Path, *queries: str, highlight: bool = True) -> None:
    searcher = EmbeddedSearcher(path)
    for query in queries:
        request = Request(q=query, highlight=highlight)
        searcher.search(replace(request, match="any", facets=("date",)))
        # Without facets not all documents are listed, which other loops do.
        searcher.search(request)
        searcher.search(replace(request, group="cluster", facet_count="stories"))


@contextmanager
def _beside(path: Path) -> Iterator[None]:
    """Have another process do ``_other`` meanwhile; what it cannot compile is compiled here."""
    command = [sys.executable, "-m", __spec__.name, str(path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - this module
        try:
            yield
        except BaseException:
            process.terminate()
            raise


def _count_wide() -> None:
    """Count what only large archives have: more than 65,536 different values or dates."""
    cells, starts = fixed(np.zeros(1, dtype=np.uint32)), fixed(np.zeros(2, dtype=np.int32))
    one, counts = np.zeros(1, dtype=np.int32), np.zeros(1, dtype=np.int64)
    count_cells(one, bits.ALL, cells, 1)
    count_names(one, bits.ALL, cells, starts, cells, 0, counts, counts)


if __name__ == "__main__":
    _other(Path(sys.argv[1]))
