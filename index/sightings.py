"""What an archive knows of names of people: how often, beside whom, as what they are quoted, and where."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from index.appositions import content
from index.codec.quotes import Quotes
from index.persons import Sighting, is_full

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from index.segment import Segment
    from index.stories import Stories


class Context(NamedTuple):
    """What stands around the names of a segment."""

    companies: list[tuple[str, list[str]]]
    """Names that are not full, each with all names of an article that has it."""

    roles: Mapping[str, frozenset[str]]
    """Names, each with the words of all that articles call them."""

    members: dict[str, tuple[str, ...]]
    """The people quoted of the articles of stories, as far as these were asked for."""


def sightings(segments: Sequence[Segment], stories: Stories) -> list[Sighting]:
    """Return the names under which live articles quote people, sorted.

    Who is quoted beside it is told of a name that could be several people's, such as a last name alone,
    and of one in a story that several articles run: nobody asks it of the others.
    """
    counts: Counter[str] = Counter()
    beside: dict[str, set[str]] = defaultdict(set)
    roles: dict[str, frozenset[str]] = {}
    told: dict[str, set[str]] = defaultdict(set)
    contexts = [(segment, _context(segment)) for segment in segments]
    for segment, context in contexts:
        counts.update(segment.counts("speaker"))
        for short, company in context.companies:
            beside[short].update(company)
        for name, words in context.roles.items():
            roles[name] = words | roles[name] if name in roles else words
    for story in stories.stories.values():
        for member in story.members if len(story.members) > 1 else ():
            names = _quoted(member.id, contexts)
            for name in names:
                told[name].add(story.id)
                beside[name].update(names)
    return [
        Sighting(
            name,
            count,
            roles=roles.get(name, _NOTHING),
            beside=frozenset(beside[name] - {name}) if name in beside else _NOTHING,
            stories=frozenset(told[name]) if name in told else _NOTHING,
        )
        for name, count in sorted(counts.items())
    ]


_NOTHING: frozenset[str] = frozenset()

_CONTEXTS: WeakKeyDictionary[Segment, Context] = WeakKeyDictionary()
"""What is known of segments, which most generations share with the one before."""


def _context(segment: Segment) -> Context:
    known = _CONTEXTS.get(segment)
    if known is None:
        known = _CONTEXTS[segment] = Context(list(_company(segment)), _described(segment), {})
    return known


def _quoted(article: str, contexts: Sequence[tuple[Segment, Context]]) -> tuple[str, ...]:
    """Return whom an article quotes."""
    for _, context in contexts:
        if article in context.members:
            return context.members[article]
    for segment, context in contexts:
        doc = segment.find(article)
        if doc is not None:
            names = context.members[article] = segment.columns.values["speaker"].of(doc)
            return names
    return ()


def _described(segment: Segment) -> Mapping[str, frozenset[str]]:
    """Return the people who are quoted with the words of all that articles call them."""
    quotes = Quotes(segment)
    speakers, roles = quotes.columns.values["speaker"], quotes.columns.values["role"]
    docs = np.flatnonzero(quotes.live & (np.diff(roles.starts)[roles.cells] > 0))
    of, called, _ = roles.entries_of(docs)
    _, named, _ = speakers.entries_of(docs)  # one each: only what has a speaker has a role
    found: dict[str, set[str]] = defaultdict(set)
    for name, role in np.unique(np.stack([named[of], called], axis=1), axis=0).tolist():
        found[speakers.values.text(name)].update(content(roles.values.text(role)))
    return {name: frozenset(words) for name, words in found.items()}


def _company(segment: Segment) -> Iterator[tuple[str, list[str]]]:
    """Yield each name that is not full, with all names of an article that has it."""
    column = segment.columns.values["speaker"]
    short = np.array([not is_full(name) for name in column.values], dtype=np.bool_)
    sets = np.unique(column.sets[short[column.ordinals]])
    used = sets[np.bincount(column.cells[segment.live], minlength=len(column.starts) - 1)[sets] > 0]
    for each in used.tolist():
        numbers = column.ordinals[column.starts[each] : column.starts[each + 1]].tolist()
        names = [column.values.text(number) for number in numbers]
        yield from ((name, names) for name, number in zip(names, numbers, strict=True) if short[number])
