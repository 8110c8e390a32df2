"""A prefix, wildcard or fuzzy word becomes the surface forms, or the names, that it means.

Over stems, ``operatio*`` would find nothing: they end at ``oper``.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA
from whoosh import query

from index.analysis import analyze_pattern, fold
from index.analysis.characters import MARKS
from search.deadline import hold, watched
from search.errors import Fault, QueryTooComplex
from search.render import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from index.segment import Segment

_APART = re.compile(rf"(?:[^\w{MARKS}]|_)+")

MOST = 1024
"""The surface forms that one word of a query may stand for."""


def expand(node: query.Query, segments: Sequence[Segment], deadline: int = 0) -> tuple[str, ...]:
    """Return the forms, sorted, that stand in any of the segments; raise QueryTooComplex above ``MOST``.

    Raises OutOfTime where the deadline comes first.
    """
    forms = sorted(
        {form for each in segments for form in _find(node, _Forms(each, node.fieldname, deadline))}
    )
    if len(forms) > MOST:
        asked, many = render(node), f"{len(forms):,} words; the limit is {MOST:,}"
        detail = f"“{asked}” stands for {many}: write more letters of it."
        length = node.endchar - node.startchar if node.endchar is not None else None
        raise QueryTooComplex(detail, Fault("q", detail, node.startchar, length))
    return tuple(forms)


def expand_names(node: query.Query, names: Iterable[str]) -> frozenset[str]:
    """Return the names that a pattern fits, whole or in one of their words, parts of these, or parts joined.

    >>> expand_names(query.Prefix("speaker", "al-Qad"), ["Khaled al-Qaddoumi", "Ann Lee"])
    frozenset({'Khaled al-Qaddoumi'})
    """
    words = {name: _words(name) for name in names}
    found = set(_find(node, _Names(set().union(*words.values()))))
    return frozenset(name for name, own in words.items() if not own.isdisjoint(found))


def _words(name: str) -> set[str]:
    found: set[str] = set()
    joined = []
    for word in fold(name).split():
        parts = [word] if word.isalnum() else _APART.split(word)
        joined.append("".join(parts))
        found.update(parts)
    return {*found, *joined, "".join(joined)} - {""}


class _Words(Protocol):
    """Words that a pattern may mean."""

    def beginning(self, prefix: str) -> Iterable[str]:
        """Return those that begin with a prefix."""
        ...

    def near(self, word: str, edits: int) -> Iterable[str]:
        """Return those within so many insertions, deletions, substitutions and swaps of neighbours."""
        ...


@dataclass(frozen=True, slots=True)
class _Forms:
    """The surface forms of a field of a segment."""

    segment: Segment
    field: str
    deadline: int

    def beginning(self, prefix: str) -> Iterable[str]:
        return watched(self.segment.forms(self.field, prefix), self.deadline)

    def near(self, word: str, edits: int) -> Iterable[str]:
        for part in self.segment.near(self.field, word, edits):
            hold(self.deadline)
            yield from part


@dataclass(frozen=True, slots=True)
class _Names:
    """The words of names, thousands at most."""

    words: set[str]

    def beginning(self, prefix: str) -> Iterable[str]:
        return (word for word in self.words if word.startswith(prefix))

    def near(self, word: str, edits: int) -> Iterable[str]:
        close = process.extract_iter(word, self.words, scorer=OSA.distance, score_cutoff=edits)
        return (other for other, _, _ in close)


def _find(node: query.Query, words: _Words) -> Iterable[str]:
    finder = next(finder for kind, finder in _FINDERS if isinstance(node, kind))
    return finder(node, words)


def _prefix(node: query.Prefix, words: _Words) -> Iterable[str]:
    return words.beginning(analyze_pattern(node.text))


def _wildcard(node: query.Wildcard, words: _Words) -> Iterable[str]:
    pattern = analyze_pattern(node.text)
    literal = re.split(r"[*?]", pattern, maxsplit=1)[0]
    # fnmatch never goes back over what a star has matched, so no pattern is slow.
    matches = re.compile(fnmatch.translate(pattern.replace("[", "[[]"))).match
    return filter(matches, words.beginning(literal))


def _fuzzy(node: query.FuzzyTerm, words: _Words) -> Iterable[str]:
    word = analyze_pattern(node.text)
    return words.near(word, node.maxdist) if word else ()


_FINDERS: tuple[tuple[type, Callable[..., Iterable[str]]], ...] = (
    (query.Prefix, _prefix),
    (query.Wildcard, _wildcard),
    (query.FuzzyTerm, _fuzzy),
)
