"""The queries of the benchmark, by kind: words of real web queries, sorted by how common they are.

Every engine gets the same words.  Stop words are left out beforehand, because one engine drops
them and another does not.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.bench.corpus import Document

Kind = Literal[
    "rare term", "mid term", "common term", "AND", "OR", "phrase", "prefix", "term + date", "OR + facets"
]

# Lucene's English stop words, and what web queries add to them.
STOP = frozenset(
    "a an and are as at be but by for if in into is it no not of on or such that the their then there "
    "these they this to was will with from how what when where which who why do does did has have had he "
    "his i its me my our she so than too us we were you your".split()
)

WORD = re.compile(r"[a-z]{3,}")

# Shares of the documents that have the word, lowest and highest: on Reuters-21578, up to 21
# documents, 65 to 650, and more than 1,080.
RARE, MID, COMMON = (0.0, 0.001), (0.003, 0.03), (0.05, 1.0)

PREFIX = 4
"""Letters of a prefix query."""

MARCH = (19870301, 19870331)
"""The days of a date filter: half of Reuters-21578 lies between them."""


@dataclass(frozen=True, slots=True)
class Query:
    """Words and how they are combined; ``days`` is the first and last day of a filter, as 19870301."""

    kind: Kind
    words: tuple[str, ...]
    days: tuple[int, int] | None = None
    facets: bool = False

    @property
    def text(self) -> str:
        """The query as Lucene, tantivy, SQLite and pressmark all write it.

        >>> Query("AND", ("oil", "price")).text, Query("phrase", ("oil", "price")).text
        ('oil AND price', '"oil price"')
        """
        match self.kind:
            case "phrase":
                return f'"{" ".join(self.words)}"'
            case "prefix":
                return f"{self.words[0]}*"
            case "OR" | "OR + facets":
                return " OR ".join(self.words)
            case _:
                return " AND ".join(self.words)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which of the documents have a word of the queries, or two of them side by side."""

    documents: int
    words: Mapping[str, set[int]]
    pairs: Mapping[tuple[str, str], set[int]]

    def between(self, word: str, share: tuple[float, float]) -> bool:
        """Whether the share of documents that have the word lies between the two."""
        low, high = share
        return low < len(self.words[word]) / self.documents <= high

    def together(self, words: Iterable[str]) -> bool:
        """Whether some document has all the words."""
        return bool(set.intersection(*(self.words[word] for word in words)))


def questions(lines: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the words of each query that carry meaning, each once.

    >>> questions(["history of the Oregon trail"])
    [('history', 'oregon', 'trail')]
    """
    words = (WORD.findall(line.lower()) for line in lines)
    return [tuple(dict.fromkeys(word for word in line if word not in STOP)) for line in words]


def vocabulary(documents: Iterable[Document], asked: Iterable[Sequence[str]]) -> Vocabulary:
    """Find the words of the queries, and their neighbouring words, in the documents."""
    wanted = {pair for words in asked for pair in pairwise(words)}
    words: dict[str, set[int]] = {word: set() for pair in wanted for word in pair}
    words |= {word: set() for one in asked for word in one}
    pairs: dict[tuple[str, str], set[int]] = {pair: set() for pair in wanted}
    number = 0
    for number, document in enumerate(documents, start=1):
        found = WORD.findall(document.text.lower())
        for word in words.keys() & set(found):
            words[word].add(number)
        for pair in wanted.intersection(pairwise(found)):
            pairs[pair].add(number)
    return Vocabulary(number, words, pairs)


def workload(asked: Sequence[tuple[str, ...]], known: Vocabulary, each: int, seed: int) -> list[Query]:
    """Return up to ``each`` different queries of every kind, the same ones for the same seed.

    Each of them finds something.
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
        ("term + date", terms[MID], {"days": MARCH}),
        ("OR + facets", several, {"facets": True}),
    )
    made = []
    for kind, candidates, more in makers:
        distinct = list(dict.fromkeys(candidates))
        made += [Query(kind, words, **more) for words in chance.sample(distinct, min(each, len(distinct)))]
    return made
