"""A prefix, wildcard or fuzzy word becomes the surface forms that it means.

Over stems, ``operatio*`` would find nothing: they end at ``oper``.
"""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA
from whoosh import query

from index.analysis import fold
from search.errors import Fault, QueryTooComplex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from index.segment import Segment

MOST = 1024
"""The surface forms that one word of a query may stand for."""


def expand(node: query.Query, segments: Sequence[Segment]) -> tuple[str, ...]:
    """Return the forms, sorted, that stand in any of the segments; raise QueryTooComplex above ``MOST``."""
    finder = next(finder for kind, finder in _FINDERS if isinstance(node, kind))
    forms = sorted({form for segment in segments for form in finder(node, segment)})
    if len(forms) > MOST:
        detail = (
            f"“{node.text}” stands for {len(forms):,} words; the limit is {MOST:,}: write more letters of it."
        )
        length = node.endchar - node.startchar if node.endchar is not None else None
        raise QueryTooComplex(detail, Fault("q", detail, node.startchar, length))
    return tuple(forms)


def _prefix(node: query.Prefix, segment: Segment) -> Iterable[str]:
    return segment.forms(node.fieldname, fold(node.text))


def _wildcard(node: query.Wildcard, segment: Segment) -> Iterable[str]:
    pattern = fold(node.text)
    literal = re.split(r"[*?]", pattern, maxsplit=1)[0]
    # fnmatch never backtracks over what a star has matched, so no pattern is slow.
    matches = re.compile(fnmatch.translate(pattern.replace("[", "[[]"))).match
    return filter(matches, segment.forms(node.fieldname, literal))


def _fuzzy(node: query.FuzzyTerm, segment: Segment) -> Iterable[str]:
    """Return forms within so many insertions, deletions, substitutions and swaps of neighbours."""
    word = fold(node.text)
    near = process.extract_iter(
        word, segment.forms(node.fieldname), scorer=OSA.distance, score_cutoff=node.maxdist
    )
    return (form for form, _, _ in near)


_FINDERS: tuple[tuple[type, Callable[..., Iterable[str]]], ...] = (
    (query.Prefix, _prefix),
    (query.Wildcard, _wildcard),
    (query.FuzzyTerm, _fuzzy),
)
