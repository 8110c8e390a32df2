"""The passages of a hit that show why it matched.

The article's own text is analysed again with the analyzer that indexed it, so a mark stands
exactly where a match was.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from whoosh import query

from search import nodes
from search.phrases import ends
from search.results import Snippet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.analysis import Analyzer, Token
    from index.article import Article

MOST = 3
"""Snippets a hit has at most."""

_WIDTH = 200
"""Code points of a snippet, about two lines of a terminal."""

_MARGIN = 40
"""Code points before a snippet's first match."""


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


def spans(text: str, wanted: Marks, analyzer: Analyzer) -> tuple[tuple[int, int], ...]:
    """Return the spans of a text that match, in order and not overlapping."""
    return tuple(span for span, _ in _matches(analyzer.tokens(text), wanted))


def snippets(article: Article, found: dict[str, Marks], analyzer: Analyzer) -> tuple[Snippet, ...]:
    """Return at most ``MOST`` snippets: the title where it matches, then the best passages of the body."""
    result: list[Snippet] = []
    if article.title:
        title = article.title.value
        spans = _matches(analyzer.tokens(title), found["title"])
        if spans:
            result.append(Snippet("title", 0, len(title), title, tuple(span for span, _ in spans)))
    spans = _matches(analyzer.tokens(article.body), found["body"])
    return (*result, *_passages(article.body, spans, MOST - len(result)))


Span = tuple[tuple[int, int], str]


def _matches(tokens: Sequence[Token], wanted: Marks) -> list[Span]:
    """Return the spans that match, in order and not overlapping, each with the term that it shows."""
    spans = [
        ((token.start, token.end), token.term)
        for token in tokens
        if token.term in wanted.terms or token.form in wanted.forms
    ]
    for sequence in wanted.sequences:
        spans += _occurrences(tokens, sequence)
    spans.sort(key=lambda span: (span[0][0], -span[0][1]))
    result: list[Span] = []
    for span in spans:
        if not result or span[0][0] >= result[-1][0][1]:
            result.append(span)
    return result


def _occurrences(tokens: Sequence[Token], sequence: nodes.Sequence) -> Iterable[Span]:
    """Yield the words of each occurrence of a sequence."""
    places = [
        sorted({token.position for token in tokens if token.term in terms}) for terms, _ in sequence.steps
    ]
    distances = [distance for _, distance in sequence.steps]
    shown: set[tuple[int, int]] = set()
    for end in ends(places, distances, sequence.slop):
        reached = {end}
        shown.update((len(places) - 1, place) for place in reached)
        for number in range(len(places) - 1, 0, -1):
            gaps = range(distances[number], distances[number] + sequence.slop + 1)
            reached = {place for place in places[number - 1] if any(place + gap in reached for gap in gaps)}
            shown.update((number - 1, place) for place in reached)
    for token in tokens:
        for number, (terms, _) in enumerate(sequence.steps):
            if token.term in terms and (number, token.position) in shown:
                yield (token.start, token.end), token.term


def _passages(text: str, spans: Sequence[Span], most: int) -> list[Snippet]:
    """Return the passages that show the most different words, then the most matches, in text order."""
    chosen: list[tuple[int, int]] = []
    starts = [span[0] for span, _ in spans]
    candidates = []
    for first, ((start, _), _) in enumerate(spans):
        last = bisect_left(starts, start + _WIDTH - _MARGIN)
        inside = spans[first:last]
        candidates.append((-len({term for _, term in inside}), -len(inside), start, first))
    for *_, first in sorted(candidates):
        if len(chosen) == most:
            break
        start, end = _window(text, spans[first][0])
        if all(end <= other_start or other_end <= start for other_start, other_end in chosen):
            chosen.append((start, end))
    return [_cut(text, start, end, spans) for start, end in sorted(chosen)]


def _window(text: str, match: tuple[int, int]) -> tuple[int, int]:
    """Return the bounds of a passage around a match: whole words, whole match, within the paragraph."""
    low = max(text.rfind("\n", 0, match[0]) + 1, match[0] - _MARGIN)
    high = text.find("\n", match[1])
    high = min(len(text) if high < 0 else high, max(low + _WIDTH, match[1]))
    if low > 0 and not text[low - 1].isspace():
        space = text.find(" ", low, match[0])
        low = space + 1 if space >= 0 else low
    if high < len(text) and not text[high].isspace():
        space = text.rfind(" ", match[1], high)
        high = space if space >= 0 else high
    return low, high


def _cut(text: str, start: int, end: int, spans: Sequence[Span]) -> Snippet:
    inside = tuple((low - start, high - start) for (low, high), _ in spans if start <= low and high <= end)
    return Snippet("body", start, end, text[start:end], inside)
