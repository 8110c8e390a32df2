"""The queries of the benchmark, by kind: words of real queries, sorted by how common they are.

Every engine gets the same words.  Stop words are left out beforehand except in phrases, because
some engines drop them and others do not.
"""

from __future__ import annotations

import json
import random
import re
from array import array
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.bench.query import Kind, Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.bench.corpus import Document

# Lucene's English stop words, and what web queries add to them.
STOP = frozenset(
    "a an and are as at be but by for if in into is it no not of on or such that the their then there "
    "these they this to was will with from how what when where which who why do does did has have had he "
    "his i its me my our she so than too us we were you your".split()
)

WORD = re.compile(r"[a-z0-9]+")
MEANT = re.compile(r"[a-z]{3,}")
"""A word of a web query that is asked: the tokenisers agree on letters."""

PLAIN = re.compile(r'[+"A-Za-z0-9 ]+')
"""A query of the game that all tokenisers cut alike."""

# Shares of the documents that have the word, lowest and highest: on Reuters-21578, up to 21
# documents, 65 to 650, and more than 1,080.
RARE, MID, COMMON = (0.0, 0.001), (0.003, 0.03), (0.05, 1.0)

PREFIX = 4
"""Letters of a prefix query."""

GAME: Mapping[str, Kind] = {
    "term": "SBG term",
    "intersection": "SBG AND",
    "union": "SBG OR",
    "phrase": "SBG phrase",
}
"""Tags of the search benchmark game, and the kinds that their queries are here."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which of the documents have a word of the queries, or two of them side by side, and their days.

    Documents are uint32, ascending; ``days`` are the first and last day of the middle half of all.
    """

    documents: int
    words: Mapping[str, array[int]]
    pairs: Mapping[tuple[str, str], int]
    days: tuple[int, int]

    def between(self, word: str, share: tuple[float, float]) -> bool:
        """Whether the share of documents that have the word lies between the two."""
        low, high = share
        return low < len(self.words[word]) / self.documents <= high

    def together(self, words: Iterable[str]) -> bool:
        """Whether some document has all the words."""
        views = [np.asarray(self.words[word]) for word in words]
        return bool(reduce(np.intersect1d, sorted(views, key=len)).size)


def questions(lines: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the words of each query that carry meaning, each once.

    >>> questions(["history of the Oregon trail"])
    [('history', 'oregon', 'trail')]
    """
    words = (MEANT.findall(line.lower()) for line in lines)
    return [tuple(dict.fromkeys(word for word in line if word not in STOP)) for line in words]


def game(lines: Iterable[str]) -> list[Query]:
    """Return the queries of the search benchmark game whose tags are compared here.

    >>> game(['{"query": "+the +oregon +trail", "tags": ["intersection", "global"]}'])
    [Query(kind='SBG AND', words=('oregon', 'trail'), days=None, facets=False)]
    """
    made = []
    for row in map(json.loads, lines):
        kind = next((GAME[tag] for tag in row["tags"] if tag in GAME), None)
        if kind and PLAIN.fullmatch(row["query"]):
            words = WORD.findall(row["query"].lower())
            if kind in ("SBG AND", "SBG OR"):
                words = list(dict.fromkeys(word for word in words if word not in STOP))
            if len(words) > 1 or kind == "SBG term":
                made.append(Query(kind, tuple(words)))
    return made


def vocabulary(
    documents: Iterable[Document], asked: Iterable[Sequence[str]], more: Iterable[str] = ()
) -> Vocabulary:
    """Find the words of the queries, their neighbouring words and ``more`` words in the documents."""
    asked = list(asked)
    wanted = {pair for words in asked for pair in pairwise(words)}
    words = {word: array("I") for one in (*asked, more) for word in one}
    pairs = dict.fromkeys(wanted, 0)
    days = []
    number = 0
    for number, document in enumerate(documents, start=1):
        found = WORD.findall(document.text.lower())
        for word in words.keys() & set(found):
            words[word].append(number)
        for pair in wanted.intersection(pairwise(found)):
            pairs[pair] += 1
        days.append(document.day)
    dated = sorted(day for day in days if day)
    middle = (dated[len(dated) // 4], dated[3 * len(dated) // 4]) if dated else (1, 1)
    return Vocabulary(number, words, pairs, middle)


def workload(
    asked: Sequence[tuple[str, ...]],
    known: Vocabulary,
    each: int,
    seed: int,
    played: Sequence[Query] = (),
) -> list[Query]:
    """Return up to ``each`` different queries of every kind, the same ones for the same seed.

    Each finds something, except those ``played`` in the search benchmark game: their words all occur.
    """
    chance = random.Random(seed)
    single = sorted({word for words in asked for word in words if known.words[word]})
    several = [tuple(word for word in words if known.words[word])[:3] for words in asked]
    several = [words for words in several if len(words) > 1]
    terms = {
        share: [(word,) for word in single if known.between(word, share)] for share in (RARE, MID, COMMON)
    }

    makers: tuple[tuple[Kind, Sequence[tuple[str, ...]], Mapping[str, Any]], ...] = (
        ("rare term", terms[RARE], {}),
        ("mid term", terms[MID], {}),
        ("common term", terms[COMMON], {}),
        ("AND", [words for words in several if known.together(words)], {}),
        ("OR", several, {}),
        ("phrase", sorted(pair for pair, found in known.pairs.items() if found), {}),
        ("prefix", [(word[:PREFIX],) for word in single if len(word) > PREFIX], {}),
        ("term + date", terms[MID], {"days": known.days}),
        ("OR + date", several, {"days": known.days}),
        ("OR + facets", several, {"facets": True}),
        *((kind, _occurring(played, kind, known), {}) for kind in GAME.values()),
    )
    made = []
    for kind, candidates, more in makers:
        distinct = list(dict.fromkeys(candidates))
        made += [Query(kind, words, **more) for words in chance.sample(distinct, min(each, len(distinct)))]
    return made


def _occurring(played: Iterable[Query], kind: Kind, known: Vocabulary) -> list[tuple[str, ...]]:
    return [
        query.words
        for query in played
        if query.kind == kind and all(known.words[word] for word in query.words)
    ]
