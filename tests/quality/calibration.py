"""How often each level of confidence is right, by field: what "high" and "medium" promise.

A value counts where the gold has one for its article.
"""

from collections import defaultdict

from index.article import LEVELS
from tests.quality import languages, outlets
from tests.quality.measures import folded, recovered

PROMISED = {"high": 0.97, "medium": 0.85}


def titles(name):
    """Yield (level, whether it is right) of each title that was found."""
    for gold, found in recovered(name):
        if gold.get("title") and found and found.title:
            yield found.title.confidence, folded(found.title.value) == folded(gold["title"])


def dates(name):
    """Yield (level, whether it is right) of each date that was found."""
    for gold, found in recovered(name):
        if gold.get("date") and found and found.date:
            yield found.date.confidence, found.date.value.edtf[:10] == gold["date"][:10]


FIELDS = {
    "title from html": lambda: titles("html_trafilatura"),
    "title from plain text (pages)": lambda: titles("messy_text"),
    "title from plain text (articles)": lambda: titles("polnear"),
    "date from html": lambda: dates("html_dates"),
    "date from plain text": lambda: dates("messy_text"),
    "outlet with its address": outlets.levels_with_address,
    "outlet in words alone": outlets.levels_in_words,
    "language of articles": languages.levels_of_articles,
    "language of sentences": languages.levels_of_sentences,
}
"""Field → what yields (level, whether it is right)."""


def table(field):
    """Return level → (values, share of them that is right) of a field, highest level first."""
    right = defaultdict(list)
    for level, is_right in FIELDS[field]():
        right[level].append(is_right)
    return {
        level: (len(right[level]), sum(right[level]) / len(right[level]))
        for level in reversed(LEVELS)
        if right[level]
    }


def report():
    """Yield the lines of the table."""
    yield f"{'':<34}" + "".join(f"{level:>16}" for level in reversed(LEVELS))
    for field in FIELDS:
        shares = table(field)
        cells = (
            f"{share:.3f} of {n:,}" for n, share in (shares.get(level, (0, 0)) for level in reversed(LEVELS))
        )
        yield f"{field:<34}" + "".join(f"{cell:>16}" for cell in cells)
