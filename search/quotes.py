"""Quotes as answers: the words, who said them, where they stand, and where the same words ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.analysis import analyzer
from index.article import UNDETERMINED
from index.codec.quotes import Quotes
from search.carried import Placed
from search.deadline import late
from search.highlight import Marks, marks, spans
from search.results import QuoteHit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.carried import Archive
    from search.collect import Ranked
    from search.plan import Plan
    from search.request import Request
    from search.vocabulary import Vocabulary


def hits(
    page: Sequence[Ranked],
    sort: str,
    planned: Plan,
    request: Request,
    vocabulary: Vocabulary,
    archive: Archive,
) -> list[QuoteHit]:
    """Return the quotes of a page of an archive."""
    wanted = marks(planned.tree)["body"] if request.highlight else Marks()
    people = vocabulary.spellings("speaker")
    placed = [Placed(ranked.segment, ranked.doc) for ranked in page if isinstance(ranked.segment, Quotes)]
    read = list(map(archive.quote, placed))
    ran = archive.following(placed, vocabulary)
    found = []
    for ranked, place, quote, ran_in in zip(page, placed, read, ran, strict=True):
        entry = place.quotes.articles.shown(place.document)
        lit = request.highlight and not late(request.deadline)
        found.append(
            QuoteHit(
                quote=quote,
                entry=entry,
                speaker=people.canonical(quote.speaker) if quote.speaker else None,
                ran=ran_in,
                score=ranked.score if sort == "relevance" else None,
                matches=_spans(quote.text, wanted, entry.language, vocabulary) if lit else (),
            )
        )
    return found


def _spans(text: str, wanted: Marks, language: str, vocabulary: Vocabulary) -> tuple[tuple[int, int], ...]:
    return spans(text, wanted, analyzer(vocabulary.language if language == UNDETERMINED else language))
