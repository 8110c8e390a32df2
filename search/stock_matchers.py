"""Whoosh's matchers where its own go wrong: one document at a time, spans and all.

Each says what the one of Whoosh that it is made of does instead.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from whoosh import matching
from whoosh.query import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from whoosh.query.spans import Span


class Best(matching.DisjunctionMaxMatcher):  # type: ignore[misc]
    """The larger of the scores of two matchers, where both stand on the document.

    Whoosh compares them although they stand on different documents.
    """

    def score(self) -> float:
        """Return the score of the current document."""
        here = self.id()
        return float(max(each.score() for each in (self.a, self.b) if each.is_active() and each.id() == here))


class Without(matching.AndNotMatcher):  # type: ignore[misc]
    """Documents of one matcher that another lacks.

    Whoosh's forgets to move the second one up to the first document, and asks the first one where it
    stands when it has ended.
    """

    def _find_first(self) -> None:
        self._find_next()

    def _find_next(self) -> None:
        if self.a.is_active() and self.b.is_active():
            super()._find_next()


class Maybe(matching.AndMaybeMatcher):  # type: ignore[misc]
    """Documents of one matcher, with the scores of another where it has them too.

    Whoosh's, told to move to a document that the first one lacks, leaves the second behind.
    """

    def skip_to(self, id: int) -> None:  # noqa: A002 - Whoosh's name
        """Move to a document, or behind it where it does not match."""
        self.a.skip_to(id)
        self._first_b()


class Outside(matching.InverseMatcher):  # type: ignore[misc]
    """Live documents that a matcher lacks; they score nothing.

    Whoosh's scores 1, which tells nothing and outweighs words; and behind the last document of the
    other matcher it takes the next one, deleted or not.
    """

    def __init__(self, child: matching.Matcher, limit: int, missing: Callable[[int], bool]) -> None:
        super().__init__(child, limit, missing=missing, weight=0.0)

    def _find_next(self) -> None:
        while self._id < self.limit and (self.missing(self._id) or self._refused()):
            self._id += 1

    def _refused(self) -> bool:
        if self.child.is_active() and self.child.id() < self._id:
            self.child.skip_to(self._id)
        return bool(self.child.is_active() and self.child.id() == self._id)


class Enough(matching.WrappingMatcher):  # type: ignore[misc]
    """Documents of a union on which at least so many of its parts stand; Whoosh does not ask."""

    def __init__(self, union: matching.Matcher, parts: Sequence[matching.Matcher], least: int) -> None:
        super().__init__(union)
        self._parts, self._least = parts, least
        self._find_next()

    def _find_next(self) -> None:
        while self.child.is_active() and self._standing() < self._least:
            self.child.next()

    def _standing(self) -> int:
        here = self.child.id()
        return sum(each.is_active() and each.id() == here for each in self._parts)

    def next(self) -> None:
        """Move to the next document."""
        self.child.next()
        self._find_next()

    def skip_to(self, id: int) -> None:  # noqa: A002 - Whoosh's name
        """Move to a document, or behind it where it does not match."""
        self.child.skip_to(id)
        self._find_next()


class Coordinated(matching.CoordMatcher):  # type: ignore[misc]
    """A bonus for documents with more of the words.

    Whoosh's counts the words that the segment has, so that a score depends on the segment.
    """

    def __init__(self, child: matching.Matcher, words: int, scale: float) -> None:
        super().__init__(child, scale)
        self._termcount = words


class Listed(matching.ListMatcher):  # type: ignore[misc]
    """Documents and their scores, ascending."""

    def __init__(self, found: Sequence[tuple[int, float]]) -> None:
        super().__init__([doc for doc, _ in found])
        self._scores = [score for _, score in found]

    def score(self) -> float:
        """Return the score of the current document."""
        return self._scores[self._i]


class Near(spans.SpanNear2.SpanNear2Matcher):  # type: ignore[misc]
    """Spans that stand near one another.

    Whoosh's, where any order will do, passes over spans that begin far before the other one and end
    close to it.
    """

    def _get_spans(self) -> list[Span]:
        reached = list(self.ms[0].spans())
        for matcher in self.ms[1:]:
            follows = matcher.spans()
            pairs = (self._joined(span, other) for span in reached for other in follows)
            reached = sorted(set(chain.from_iterable(pairs)))
        return reached

    def _joined(self, span: Span, other: Span) -> list[Span]:
        in_order = not self.ordered or span.start <= other.start
        near = self.mindist <= span.distance_to(other) <= self.slop
        return [span.to(other)] if in_order and near else []


class Other(spans.SpanNot._Matcher):  # type: ignore[misc]  # noqa: SLF001 - Whoosh's own
    """Spans that overlap none of another matcher; Whoosh's asks one that has ended where it stands."""

    def _get_spans(self) -> Any:
        return super()._get_spans() if self.b.is_active() else self.a.spans()
