"""How many articles a second one core recovers: figures to print, no floors, for machines differ."""

import time
from datetime import date
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from index import quotes, recovery
from index.article import Place, Source
from tests.quality.ranking import DATA, lines

ARTICLES = 500
TODAY = date(2026, 1, 1)


def sources():
    rows = islice(lines(Path(DATA) / "news/news.jsonl.zst"), ARTICLES)
    return [Source(row["id"], "text", f"{row['title']}\n\n{row['body']}", Place("news")) for row in rows]


def seconds(work, items):
    """Return the CPU seconds of this thread for a piece of work on all items, after a first one."""
    work(items[0])
    begun = time.thread_time()
    for item in items:
        work(item)
    return time.thread_time() - begun


def report():
    """Yield the lines: articles a second without and with quotes."""
    articles = sources()

    def recover(source):
        return recovery.recover(source, today=TODAY)

    with patch.object(quotes, "quotes", return_value=()):
        aside = seconds(recover, articles)
    whole = seconds(recover, articles)
    mean = sum(len(source.content) for source in articles) / len(articles)
    yield f"{len(articles)} articles of {mean:,.0f} characters, on one core"
    yield f"{len(articles) / aside:,.0f} a second, quotes aside"
    yield f"{len(articles) / whole:,.0f} a second, with quotes"
