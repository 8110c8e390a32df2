"""Every kind of question asked once, so that nobody waits for what the first of its kind loads and counts."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from index.codec.columns import VALUES
from search.deadline import late
from search.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.searcher import Searcher

_FACETS = (*VALUES, "date")


def rehearse(searcher: Searcher, word: str, until: int = 0) -> None:
    """Ask a searcher about a word in all ways that the service does, those first that are asked most.

    From ``until`` on, in nanoseconds of ``time.monotonic_ns`` (0: never), the rest is left to who asks.
    Raises what the searcher raises.
    """
    for ask in _QUESTIONS:
        if not late(until):
            ask(searcher, Request(q=word))


def _hits(searcher: Searcher, request: Request) -> None:
    searcher.search(replace(request, facets=_FACETS))


def _quotes(searcher: Searcher, request: Request) -> None:
    for hit in searcher.quotes(replace(request, facets=("outlet", "speaker", "date"))).hits:
        _ = hit.ran_in
    searcher.quotes(replace(request, filters={"kind": ("direct",)}))


def _several(searcher: Searcher, request: Request) -> None:
    """Words that are scored again, explained; a phrase; a word of quotes; like words; an order by dates."""
    word = request.q
    for q in (f"{word} said", f'"{word} said"', f"said:{word}", f"{word}~"):
        searcher.search(replace(request, q=q, explain=True))
    searcher.search(replace(request, q=f"{word} said", match="any", rank="deep"))
    searcher.search(Request(sort="-date", facets=("date",), recency=1))


def _people(searcher: Searcher, request: Request) -> None:
    everybody = replace(request, q="")
    for one in islice(searcher.speakers(everybody).people, 1):
        searcher.speaker(replace(everybody, limit=1), one.person.name)


def _counts(searcher: Searcher, request: Request) -> None:
    searcher.facet(replace(request, facets=("speaker",)))
    searcher.trend(replace(request, facets=("outlet",)), share=True)
    stories = replace(request, facets=_FACETS, group="cluster", facet_count="stories")
    searcher.search(stories)


def _articles(searcher: Searcher, request: Request) -> None:
    for hit in islice(searcher.export(request), 1):
        searcher.article(hit.entry.id)
        searcher.similar(hit.entry.id, Request(sort="relevance"))
        searcher.telling(hit.entry.id)


def _suggestions(searcher: Searcher, request: Request) -> None:
    searcher.suggest(replace(request, syntax="simple"))


_QUESTIONS: tuple[Callable[[Searcher, Request], None], ...] = (
    _hits,
    _quotes,
    _suggestions,
    _several,
    _counts,
    _articles,
    _people,
)
