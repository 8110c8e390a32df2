"""Quotes as answers: the words, who said them, where they stand, and where the same words ran."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from index.analysis import analyzer
from index.article import UNDETERMINED
from index.codec.quotes import Quotes
from search.deadline import late
from search.highlight import Marks, marks, spans
from search.results import QuoteHit, Ran

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.collect import Ranked
    from search.plan import Plan
    from search.searcher import Request
    from search.vocabulary import Vocabulary


def hits(
    page: Iterable[Ranked],
    sort: str,
    planned: Plan,
    request: Request,
    vocabulary: Vocabulary,
    everything: Sequence[Quotes],
) -> list[QuoteHit]:
    """Return the quotes of a page; ``everything`` are those of all segments."""
    wanted = marks(planned.tree)["body"] if request.highlight else Marks()
    people = vocabulary.spellings("speaker")
    found = []
    for ranked in page:
        quotes = ranked.segment
        assert isinstance(quotes, Quotes)
        doc, place = quotes.article_of(ranked.doc)
        entry = quotes.articles.shown(doc)
        article = entry.article
        quote = article.quotes[place]
        language = article.language.value
        chosen = analyzer(vocabulary.language if language == UNDETERMINED else language)
        lit = request.highlight and not late(request.deadline)
        found.append(
            QuoteHit(
                quote=quote,
                entry=entry,
                speaker=people.canonical(quote.speaker) if quote.speaker else None,
                ran_in=ran_in(quotes.own.prints.item(ranked.doc), everything, vocabulary, entry.outlet),
                score=ranked.score if sort == "relevance" else None,
                matches=spans(quote.text, wanted, chosen) if lit else (),
            )
        )
    return found


def ran_in(print_: int, everything: Iterable[Quotes], vocabulary: Vocabulary, outlet: str | None) -> Ran:
    """Return where quotes with a print ran; one that has no words ran where it stands, in ``outlet``."""
    names = vocabulary.spellings("outlet")
    if not print_:
        return Ran(1, (names.canonical(outlet),) if outlet else ())
    articles, outlets = 0, Counter[str]()
    for quotes in everything:
        same = quotes.own.same(print_)
        docs = np.unique(quotes.own.article[same[quotes.live[same]]])
        articles += len(docs)
        column = quotes.articles.columns.values["outlet"]
        numbers, counts = np.unique(column.entries_of(docs)[1], return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            outlets[names.canonical(column.values.text(number))] += count
    return Ran(articles, tuple(sorted(outlets, key=lambda name: (-outlets[name], name))))
