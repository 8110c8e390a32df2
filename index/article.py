"""The values that travel from a source to a segment: Source, Found, Quote, Article.

All of them are frozen.  A ``Source`` is news as it arrived; an ``Article`` is the same news
cleaned, with what was recovered and from where.  Offsets count code points of ``body``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

if TYPE_CHECKING:
    import datetime as dt

    from index.edtf import Interval

T = TypeVar("T")

Level = Literal["low", "medium", "high"]
LEVELS: tuple[Level, ...] = ("low", "medium", "high")
"""Confidence, weakest first: a level's position here is its number in a column."""

Origin = Literal["body", "removed", "markup", "url", "supplied", "corrected"]
Kind = Literal["direct", "mixed", "indirect"]

UNDETERMINED = "und"
"""The language of a text whose language is uncertain (ISO 639-2)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source stands: a file, and the line, record or offset inside it where it has one."""

    path: str
    position: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.position}" if self.position else self.path


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of news as it arrived; what was not supplied is None.

    ``form`` says how ``content`` is read: ``text`` and ``html`` are raw and get cleaned,
    ``body`` is taken as it is.
    """

    id: str
    form: Literal["text", "html", "body"]
    content: str
    place: Place
    url: str | None = None
    title: str | None = None
    date: str | None = None
    outlet: str | None = None
    language: str | None = None
    speakers: tuple[str, ...] = ()
    fetched: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A recovered value and its evidence: the span of ``body`` (or None) that it was read from.

    >>> Found("Mehr News Agency", 15, 31)
    Found(value='Mehr News Agency', start=15, end=31)
    """

    value: T
    start: int | None = None
    end: int | None = None
    method: str = field(default="", repr=False)
    confidence: Level = field(default="medium", repr=False)
    origin: Origin = field(default="body", repr=False)
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """A value that was read and not taken, with the reason."""

    field: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that somebody said: ``body[start:end]``, without the quotation marks.

    ``speaker`` is the person's name as resolved within the article, or None where nobody is
    named; ``as_written`` and ``mention`` are the words that name the speaker beside the quote.
    """

    text: str
    start: int
    end: int
    speaker: str | None
    as_written: str | None
    mention: tuple[int, int] | None
    cue: str | None
    kind: Kind
    confidence: Level


@dataclass(frozen=True, slots=True)
class Article:
    """News as it is indexed: cleaned text, metadata with evidence, quotes.

    ``speakers`` are the people quoted or supplied, each once, in order of appearance.
    ``digest`` names the content and the version of recovery and analysis that made this
    article: equal digests mean equal articles.
    """

    id: str
    body: str
    url: str | None = None
    title: Found[str] | None = None
    date: Found[Interval] | None = None
    outlet: Found[str] | None = None
    language: Found[str] = field(default_factory=lambda: Found(UNDETERMINED, method="none", confidence="low"))
    speakers: tuple[Found[str], ...] = ()
    quotes: tuple[Quote, ...] = ()
    refused: tuple[Refused, ...] = ()
    digest: str = ""
