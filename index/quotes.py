"""Who said what: the quotes of a text, each with its speaker where one can be told.

Marks give the words.  Rules find the mentions around them that can name the speaker, a fitted
ranker chooses one, and the people of the article say whom it means.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import replace
from typing import TYPE_CHECKING

from index.article import LEVELS, Quote
from index.marks import marked
from index.naming import is_name, is_title
from index.ranker import Choice, choose, is_vouched, level
from index.reading import Reading
from index.reporting import VERBS
from index.resolving import Resolver
from index.unmarked import unmarked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.article import Kind
    from index.marks import Marked

__all__ = ["VERBS", "WINDOW", "quotes"]

WINDOW = 50_000
"""Characters that are read together: hardly an article is longer, and a book takes linear time."""
_RESOLVED = (0.5, 0.9)
"""What a mention whose person is less sure than this allows at most."""
_LEAST = 4
"""Words of a fragment that is a quote whatever stands beside it: the gold has none that are shorter."""
_NEAR = 400
"""Characters between a quote and a cue that is told with it."""


def quotes(body: str) -> tuple[Quote, ...]:
    """Return the quotes of the text in their order.

    >>> [(q.text, q.speaker) for q in quotes("“It holds,” Ann Lee said on Monday.")]
    [('It holds,', 'Ann Lee')]
    """
    said: list[Quote] = []
    for start, end in _windows(body):
        part = body[start:end]
        reading = Reading(part, [one for one in marked(part) if not is_name(part, one)])
        said.extend(_moved(quote, start) for quote in _said(reading))
    return tuple(sorted(said, key=lambda quote: (quote.start, quote.end)))


def _windows(body: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(body):
        end = start + WINDOW
        if end < len(body):
            end = max(body.rfind("\n", start, end), body.rfind(" ", end - 1000, end), start) + 1
            end = end if end > start + 1 else start + WINDOW
        yield start, min(end, len(body))
        start = end


def _moved(quote: Quote, by: int) -> Quote:
    if not by:
        return quote
    mention = (quote.mention[0] + by, quote.mention[1] + by) if quote.mention else None
    return replace(quote, start=quote.start + by, end=quote.end + by, mention=mention)


def _said(reading: Reading) -> Iterator[Quote]:
    """Yield the quotes between marks, then what is said without them."""
    resolver = Resolver(reading)
    choices = choose(reading)
    before: Choice | None = None
    for n, one in enumerate(reading.found):
        choice = choices.get(n)
        if before is not None and n and reading.found[n - 1].continued:
            choice = before
        before = choice
        plain = _plain(reading.body, one)
        if choice is None or (_is_scare(plain) and choice.mention not in reading.subjects):
            yield plain
        else:
            yield _attributed(reading, resolver, plain, one, choice)
    for start, end, kind, mention, cue in unmarked(reading):
        words = reading.body[start:end]
        bare = Quote(words, start, end, None, None, None, None, kind, "low")
        quote = _given(reading, resolver, bare, Choice(mention, ((mention, 1.0),)), cue)
        if quote.speaker is not None:
            yield replace(quote, confidence=min(quote.confidence, "medium", key=LEVELS.index))


def _attributed(reading: Reading, resolver: Resolver, plain: Quote, one: Marked, choice: Choice) -> Quote:
    quote = _given(reading, resolver, plain, choice, _cue(reading, one, choice.mention))
    sure = is_vouched(reading, one, choice.mention) and not is_title(reading.body, one)
    return quote if sure else replace(quote, confidence="low")


def _given(reading: Reading, resolver: Resolver, plain: Quote, choice: Choice, cue: int | None) -> Quote:
    """Return the quote with the speaker whom a mention names."""
    mention = reading.mentions[choice.mention]
    resolved = resolver.speaks(choice.mention)
    return replace(
        plain,
        speaker=resolved.name,
        as_written=reading.body[mention.start : mention.end],
        mention=(mention.start, mention.end),
        cue=None if cue is None else reading.body[reading.cues[cue].start : reading.cues[cue].end],
        confidence=min(
            level(choice.share(reading, resolved.name)),
            LEVELS[bisect(_RESOLVED, resolved.share)],
            key=LEVELS.index,
        ),
    )


def _cue(reading: Reading, one: Marked, mention: int) -> int | None:
    """Return the number of the reporting verb nearest to the quote of which the mention is the subject."""
    near = [
        (abs(cue.start - one.start if cue.end <= one.start else cue.start - one.end), n)
        for n, cue in reading.cues_of(mention)
    ]
    best = min(near, default=None)
    return best[1] if best and best[0] <= _NEAR else None


def _is_scare(quote: Quote) -> bool:
    """Whether words between marks are so few that without a reporting verb nobody says them."""
    return quote.kind == "mixed" and len(quote.text.split()) < _LEAST


def _plain(body: str, one: Marked) -> Quote:
    return Quote(
        body[one.start : one.end], one.start, one.end, None, None, None, None, _kind(body, one), "low"
    )


def _kind(body: str, one: Marked) -> Kind:
    """Return ``direct`` for words that stand by themselves, ``mixed`` for a fragment of a sentence."""
    text = body[one.start : one.end].strip()
    before = body[max(0, one.outer[0] - 2) : one.outer[0]].strip()
    opens = not before or before[-1] in ',:.!?”"—–-;'
    return "direct" if opens and (text[:1].isupper() or not text[:1].isalpha()) else "mixed"
