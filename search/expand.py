"""A prefix, wildcard or fuzzy word becomes the surface forms, or the names, that it means.

Over stems, ``operatio*`` would find nothing: they end at ``oper``.
"""

from __future__ import annotations

import fnmatch
import re
from functools import partial
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA
from whoosh import query

from index.analysis import analyze_pattern, fold
from search.deadline import watched
from search.errors import Fault, QueryTooComplex
from search.render import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from index.segment import Segment

    Lookup = Callable[[str], Iterable[str]]
    """The words that begin with a prefix."""

MOST = 1024
"""The surface forms that one word of a query may stand for."""


def expand(node: query.Query, segments: Sequence[Segment], deadline: int = 0) -> tuple[str, ...]:
    """Return the forms, sorted, that stand in any of the segments; raise QueryTooComplex above ``MOST``.

    Raises OutOfTime where the deadline comes first.
    """
    lookups = [partial(_forms, segment, node.fieldname, deadline) for segment in segments]
    forms = sorted({form for lookup in lookups for form in _find(node, lookup)})
    if len(forms) > MOST:
        asked, many = render(node), f"{len(forms):,} words; the limit is {MOST:,}"
        detail = f"“{asked}” stands for {many}: write more letters of it."
        length = node.endchar - node.startchar if node.endchar is not None else None
        raise QueryTooComplex(detail, Fault("q", detail, node.startchar, length))
    return tuple(forms)


def _forms(segment: Segment, field: str, deadline: int, prefix: str) -> Iterable[str]:
    return watched(segment.forms(field, prefix), deadline)


def expand_names(node: query.Query, names: Iterable[str]) -> frozenset[str]:
    """Return the names that a pattern fits, whole or in one of their words."""
    words = {name: {fold(name), *fold(name).split()} for name in names}
    every = set().union(*words.values())
    found = set(_find(node, lambda prefix: [word for word in every if word.startswith(prefix)]))
    return frozenset(name for name, own in words.items() if not own.isdisjoint(found))


def _find(node: query.Query, lookup: Lookup) -> Iterable[str]:
    finder = next(finder for kind, finder in _FINDERS if isinstance(node, kind))
    return finder(node, lookup)


def _prefix(node: query.Prefix, lookup: Lookup) -> Iterable[str]:
    return lookup(analyze_pattern(node.text))


def _wildcard(node: query.Wildcard, lookup: Lookup) -> Iterable[str]:
    pattern = analyze_pattern(node.text)
    literal = re.split(r"[*?]", pattern, maxsplit=1)[0]
    # fnmatch never goes back over what a star has matched, so no pattern is slow.
    matches = re.compile(fnmatch.translate(pattern.replace("[", "[[]"))).match
    return filter(matches, lookup(literal))


def _fuzzy(node: query.FuzzyTerm, lookup: Lookup) -> Iterable[str]:
    """Return forms within so many insertions, deletions, substitutions and swaps of neighbours."""
    word = analyze_pattern(node.text)
    forms = lookup("") if word else ()
    near = process.extract_iter(word, forms, scorer=OSA.distance, score_cutoff=node.maxdist)
    return (form for form, _, _ in near)


_FINDERS: tuple[tuple[type, Callable[..., Iterable[str]]], ...] = (
    (query.Prefix, _prefix),
    (query.Wildcard, _wildcard),
    (query.FuzzyTerm, _fuzzy),
)
