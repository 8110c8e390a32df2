"""What a searcher is asked: a request that was checked, and where its page begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.article import Level
    from index.edtf import Interval


@dataclass(frozen=True, slots=True)
class After:
    """Where a page begins: behind the hit with this sort key (infinite where undated) and id."""

    generation: int
    key: float
    id: str


@dataclass(frozen=True, slots=True)
class Request:
    """A checked request.

    ``filters`` holds for each of outlet, speaker and language, and for the kind of quotes, the values
    as given (a leading ``-`` excludes).  ``date`` is an interval, or ``none`` for undated articles.
    What is found by the ``deadline``, in nanoseconds of ``time.monotonic_ns`` (0: none), is the answer.
    ``rank`` ``keyword`` looks at the best once more, ``deep`` at more of them and at what they have in
    common; ``first`` orders by the first pass alone, BM25 of the words.
    With ``group`` there is one hit a story, its best; ``facet_count`` says what facets count:
    what is found, or the articles or stories that it stands in.
    """

    q: str = ""
    match: Literal["all", "most", "any"] = "all"
    syntax: Literal["strict", "simple"] = "strict"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date: Interval | Literal["none"] | None = None
    date_match: Literal["possible", "certain"] = "possible"
    facets: tuple[str, ...] = ()
    facet_size: int = 10
    facet_mode: Literal["multi", "strict"] = "multi"
    interval: Literal["auto", "year", "month", "week", "day"] = "auto"
    sort: Literal["relevance", "date", "-date"] | None = None
    limit: int = 10
    after: After | None = None
    min_confidence: Level = "medium"
    highlight: bool = True
    explain: bool = False
    recency: int = 0
    """A half-life in days, by which newer articles weigh more; 0 for none."""
    deadline: int = 0
    rank: Literal["keyword", "deep", "first"] = "keyword"
    group: Literal["none", "cluster"] = "none"
    facet_count: Literal["hits", "articles", "stories"] = "hits"
    story: str = ""
    """The id of a story in whose articles quotes stand."""
