"""What a query marks in a text: its words in all inflections, its phrases where they stand whole.

A text is analysed again with the analyzer that indexed it, so a mark stands exactly where a match was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from whoosh import query

from search import nodes
from search.places import occurrences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.analysis import Analyzer, Token


@dataclass(frozen=True, slots=True)
class Marks:
    """What a query marks in a field: terms, surface forms and sequences."""

    terms: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    sequences: list[nodes.Sequence] = field(default_factory=list)


def marks(tree: query.Query) -> dict[str, Marks]:
    """Return what a lowered query marks in title and body; what it excludes marks nothing."""
    found = {"title": Marks(), "body": Marks()}
    for leaf in _leaves(tree):
        for name in (
            found if leaf.fieldname == nodes.TEXT else [leaf.fieldname] if leaf.fieldname in found else []
        ):
            if isinstance(leaf, nodes.Sequence):
                found[name].sequences.append(leaf)
            elif isinstance(leaf, nodes.Forms):
                found[name].forms.update(leaf.forms)
            else:
                found[name].terms.update(leaf.words if isinstance(leaf, nodes.Synonym) else [leaf.text])
    return found


def _leaves(node: query.Query) -> Iterable[query.Query]:
    if isinstance(node, nodes.Synonym | nodes.Sequence | nodes.Forms | query.Term):
        yield node
    elif not isinstance(node, query.Not):
        for child in node.children():
            yield from _leaves(child)


Span = tuple[tuple[int, int], str]
"""Code points from and to, and the term that stands there."""


def spans(text: str, wanted: Marks, analyzer: Analyzer) -> tuple[tuple[int, int], ...]:
    """Return the spans of a text that match, in order and not overlapping."""
    return tuple(span for span, _ in matches(text, wanted, analyzer))


def matches(text: str, wanted: Marks, analyzer: Analyzer) -> list[Span]:
    """Return the spans of a text that match, in order and not overlapping; all of it is analysed."""
    tokens = analyzer.tokens(text)
    found = [
        ((token.start, token.end), token.term)
        for token in tokens
        if token.term in wanted.terms or token.form in wanted.forms
    ]
    for sequence in wanted.sequences:
        found += _occurrences(tokens, sequence)
    return apart(found)


def apart(spans: list[Span]) -> list[Span]:
    """Return spans in order, without those that overlap one before; of two that begin together the longer."""
    spans.sort(key=lambda span: (span[0][0], -span[0][1]))
    result: list[Span] = []
    for span in spans:
        if not result or span[0][0] >= result[-1][0][1]:
            result.append(span)
    return result


def _occurrences(tokens: Sequence[Token], sequence: nodes.Sequence) -> Iterable[Span]:
    """Yield the words of each occurrence of a sequence."""
    places = [
        np.array(sorted({token.position for token in tokens if token.term in terms}), dtype=np.uint32)
        for terms, _ in sequence.steps
    ]
    shown = [set(kept.tolist()) for kept in occurrences(sequence, places)]
    for token in tokens:
        for (terms, _), kept in zip(sequence.steps, shown, strict=True):
            if token.term in terms and token.position in kept:
                yield (token.start, token.end), token.term
