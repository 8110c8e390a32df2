"""The values that answer a request: Hit, Facet, Results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from index.article import Article, Quote
    from index.differences import Difference
    from index.edtf import Interval


class Snippet(NamedTuple):
    """A passage of a field: code points ``start`` to ``end``, with the spans of its matches."""

    field: str
    start: int
    end: int
    text: str
    matches: tuple[tuple[int, int], ...]
    """Spans inside ``text``, in order, not overlapping."""


class Entry(Protocol):
    """What a list of results shows of an article; ``article`` is all of it, and may be slower to get."""

    @property
    def id(self) -> str:
        """The article's id."""
        ...

    @property
    def title(self) -> str | None:
        """The title, None where there is none."""
        ...

    @property
    def date(self) -> Interval | None:
        """The date, None where undated."""
        ...

    @property
    def outlet(self) -> str | None:
        """The outlet, None where unknown."""
        ...

    @property
    def language(self) -> str:
        """The language, ``und`` where uncertain."""
        ...

    @property
    def speakers(self) -> tuple[str, ...]:
        """The people quoted, as the article names them."""
        ...

    @property
    def article(self) -> Article:
        """The whole article."""
        ...


class Cluster(NamedTuple):
    """A story that several articles run."""

    id: str
    size: int


class Telling(NamedTuple):
    """A story with its articles, the first of them standing for all, and those that are versions of it."""

    generation: int
    id: str
    copies: tuple[Entry, ...]
    versions: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A part of a score: what it is of, and what it is the sum, the maximum or the formula of.

    ``numbers`` are those of the formula; ``details`` the parts, each a score itself.
    """

    value: float
    kind: str
    what: str
    numbers: Mapping[str, float]
    details: tuple[Explanation, ...] = ()


def _alone(article: str) -> Cluster | None:  # noqa: ARG001 - what an archive without stories says of any
    return None


class Hit(NamedTuple):
    """One ranked article; ``score`` is None where the request sorts by date.

    ``copies`` are the other articles of its story that were found, where one hit stands for all.
    """

    entry: Entry
    score: float | None
    snippets: tuple[Snippet, ...] = ()
    named: Callable[[tuple[str, ...]], tuple[str, ...]] = tuple
    """What people are called in the archive, in the order they are given."""
    explanation: Explanation | None = None
    story: Callable[[str], Cluster | None] = _alone
    """The story of an article."""
    copies: tuple[Entry, ...] | None = None

    @property
    def cluster(self) -> Cluster | None:
        """The story, None where no other article runs the text."""
        return self.story(self.entry.id)

    @property
    def speakers(self) -> tuple[str, ...]:
        """The people quoted, by their canonical names in the archive."""
        return self.named(self.entry.speakers)


class Carrier(NamedTuple):
    """An article that carries some words, and who said them there: the person, and the name it has there."""

    entry: Entry
    speaker: str | None
    spelling: str | None


class Variant(NamedTuple):
    """The same words with changes, or a part of them: where they ran, and what was changed.

    ``first`` is the earliest of the ``articles`` that carry them so.
    """

    text: str
    articles: int
    outlets: tuple[str, ...]
    first: Carrier
    changes: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """Where the same words were printed: in how many articles, by which outlets, the most frequent first.

    ``others`` are the earliest of these articles, but the one asked about; ``variants`` ran in others.
    """

    articles: int
    outlets: tuple[str, ...]
    others: tuple[Carrier, ...] = ()
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteHit:
    """One ranked quote, and the article that it stands in.

    ``speaker`` is the canonical name of the person in the archive; ``matches`` are spans of the quote's
    text, in order, not overlapping.
    """

    quote: Quote
    entry: Entry
    speaker: str | None
    ran: Callable[[], Ran]
    score: float | None
    matches: tuple[tuple[int, int], ...] = ()

    @property
    def ran_in(self) -> Ran:
        """Where the same words ran; looked for when it is asked for."""
        return self.ran()


class Bucket(NamedTuple):
    """One value of a facet; ``start`` and ``end`` are its first and last day where it is a date."""

    value: str
    count: int  # type: ignore[assignment]  # a tuple's method, which nobody calls
    selected: bool = False
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """Counts of one field under a query.

    ``other`` counts the entries of values that are not listed, ``missing`` the articles without
    a value, ``imprecise`` the articles whose date fills no single bucket.
    """

    field: str
    values: tuple[Bucket, ...]
    other: int = 0
    missing: int = 0
    imprecise: int | None = None
    interval: str | None = None


H = TypeVar("H")


@dataclass(frozen=True, slots=True)
class Results(Generic[H]):
    """The answer to a request, held against one generation."""

    generation: int
    total: int
    hits: tuple[H, ...]
    facets: Mapping[str, Facet] = field(default_factory=dict)
    next: tuple[float, str] | None = None
    """Sort key and id of the last hit, where more follow: what ``After`` needs."""
    parsed: str = ""
    warnings: tuple[str, ...] = ()
    relation: Literal["eq", "gte"] = "eq"
    partial: bool = False
