"""What outlets call a person, in their words: which phrases, in how many articles, by whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.analysis import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from index.codec.quotes import Quotes
    from search.vocabulary import Spelled

LISTED = 20
"""Phrases that are shown of a person: more are of those who are in the news each day."""


class Role(NamedTuple):
    """A phrase for a person as most articles write it, how many have it, and their outlets, most first."""

    value: str
    articles: int
    outlets: tuple[str, ...]


def roles(everything: Iterable[Quotes], names: Collection[str], level: int, outlets: Spelled) -> list[Role]:
    """Return what articles call whoever they quote under some names from a level on, the most used first.

    Phrases that differ in case alone are one.
    """
    written: dict[str, Counter[str]] = defaultdict(Counter)
    published: dict[str, Counter[str]] = defaultdict(Counter)
    for quotes in everything:
        column = quotes.articles.columns.values["outlet"]
        for article, phrases in _described(quotes, names, level):
            named = [outlets.canonical(name) for name in column.of(article)]
            for phrase in phrases:
                written[fold(phrase)][phrase] += 1
                published[fold(phrase)].update(named)
    found = [
        Role(
            min(forms, key=lambda form: (-forms[form], form)),
            forms.total(),
            tuple(sorted(published[key], key=lambda name: (-published[key][name], name))),
        )
        for key, forms in written.items()
    ]
    return sorted(found, key=lambda role: (-role.articles, role.value))[:LISTED]


def _described(quotes: Quotes, names: Collection[str], level: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the documents of a segment that call them something, and what, each phrase once."""
    speakers, phrases = quotes.columns.values["speaker"], quotes.columns.values["role"]
    theirs = speakers.having(speakers.wanted(names)[speakers.ordinals] & (speakers.levels >= level))
    docs = np.flatnonzero(theirs & quotes.live)
    of, ordinals, _ = phrases.entries_of(docs)
    pairs = np.unique(quotes.own.article[docs[of]].astype(np.int64) << 32 | ordinals)
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for pair in pairs.tolist():
        phrase = phrases.values.text(pair & 0xFFFFFFFF)
        found[pair >> 32].setdefault(fold(phrase), phrase)
    yield from ((article, list(each.values())) for article, each in found.items())
