"""Who may have said a quote: the mentions around it, and what speaks for each.

A row of features is one mention beside one quote.  All are numbers that a place in the text gives;
no word but those that report, join or govern counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index import clauses, columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.reading import Reading

BEFORE, BEHIND = 10, 6
"""Mentions before and behind a quote that are weighed: the right one is among them but for one in fifty."""
LINES = 6
"""Lines above the one of a quote in which its speaker may stand: three paragraphs."""
_NONE = 999.0
"""Words or cost where there is no verb."""

_OF_MENTION = (
    "name", "person", "pronoun", "she", "i", "description",
    "governed",  # a preposition governs it, or it owns the thing behind it
    "first",  # the first mention of its sentence
    "opens",  # nothing stands before it in its sentence
    "rank in sentence",
    "subject",  # of some reporting verb
    "plain",  # of one that does nothing else
    "according",
    "verb ahead",  # its verb stands before it
    "verb next",  # words to the next reporting verb
    "said",  # how often the person is the subject of one
    "named",  # how often the person is named
    "acts",  # a verb stands behind it
    "acted on",  # a verb stands before it
    "after verb",  # a reporting verb stands before it
    "after that",  # a word that opens a clause stands before it
    "comma behind", "preposition",
    *clauses.NAMES,
)  # fmt: skip
_OF_QUOTE = (
    *columns.OF_QUOTE, "last gap", "last paragraphs", "cue any",
    "next gap", "next paragraphs", "quotes in paragraph",
)  # fmt: skip
_OF_PAIR = (
    "behind",  # the mention stands behind the quote
    "words", "characters", "sentences", "paragraphs", "quotes", "names",  # between the two
    "rank",  # mentions between the two, on its side
    "verbs",  # reporting verbs between the two
    "cues",  # reporting verbs between its verb and the quote
    "verb words",  # words between its verb and the quote
    "verb before",  # its verb stands before the quote
    "chosen",  # the rules say so
    "cost",  # what the rules make of its verb
    "any chosen",  # the rules have a speaker
    "in quote",  # the person is named in the quote
    "last same",  # the rules give the quote before to this person or mention
    "same sentence",
    "next same",  # and the one behind
    "cues here",  # reporting verbs of the quote's line of which the person is the subject
    "others here",  # and those of others
)  # fmt: skip
NAMES = (*_OF_PAIR, *_OF_MENTION, *_OF_QUOTE)
"""The features, in the order of their columns."""


def pairs(reading: Reading) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which quote and which mention each row of features is about, quote by quote."""
    lines = np.searchsorted(reading.lines, reading.mention_starts).tolist()
    outer = np.array([one.outer for one in reading.found], np.int64).reshape(-1, 2)
    splits = np.searchsorted(reading.mention_starts, outer[:, 0]).tolist()
    firsts = (np.searchsorted(reading.lines, outer[:, 0]) - LINES).tolist()
    lasts = np.searchsorted(reading.lines, outer[:, 1]).tolist()
    found = [
        (n, m)
        for n, split in enumerate(splits)
        for m in range(max(0, split - BEFORE), min(split + BEHIND, len(lines)))
        if firsts[n] <= lines[m] and (m < split or lines[m] <= lasts[n])
    ]
    rows = np.array(found, np.int64).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]


def features(reading: Reading, quote: NDArray[np.int64], mention: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the features of each pair, float32, rows × ``len(NAMES)``."""
    a = {name: column[mention] for name, column in columns.of_mentions(reading).items()}
    b = {name: column[quote] for name, column in columns.of_quotes(reading).items()}
    behind = a["start"] >= b["start"]
    spoken, verb_behind = a["subject"] > 0, a["verb"] >= b["start"]

    def between(name: str) -> NDArray[np.int64]:
        return np.where(behind, a[name] - b[name + " end"], b[name] - a[name + " end"])

    verb_words = np.where(verb_behind, a["verb word"] - b["word"], b["word"] - a["verb word"])
    cues = np.where(verb_behind, a["verb cue"] - b["cue"], b["cue"] - a["verb cue"] - 1)
    rows = list(zip(quote.tolist(), mention.tolist(), strict=True))
    of_pair = (
        behind,
        *(between(name) for name in ("word", "start", "sentence", "paragraph", "quote", "names")),
        np.where(behind, mention - b["split"], b["split"] - 1 - mention),
        np.where(behind, a["next cue"] - b["cue"], b["cue"] - a["next cue"]),
        np.where(spoken, cues, _NONE),
        np.where(spoken, verb_words, _NONE),
        spoken & ~verb_behind,
        mention == b["chosen"],
        np.array([reading.costs[n].get(m, _NONE) for n, m in rows]),
        b["chosen"] >= 0,
        np.array([reading.last_names[m] in reading.said[n] for n, m in rows]),
        (mention == b["last"]) | ((a["who"] == b["last who"]) & (a["who"] >= 0)),
        a["sentence"] == b["sentence"],
        (mention == b["next"]) | ((a["who"] == b["next who"]) & (a["who"] >= 0)),
        *_here(reading, quote, mention),
    )
    table = (*of_pair, *(a[name] for name in _OF_MENTION), *(b[name] for name in _OF_QUOTE))
    return np.array(table, np.float32).T


def _here(reading: Reading, quote: NDArray[np.int64], mention: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return of each pair the verbs of the quote's line whose subject is the person, and the others."""
    unnamed = -2 - np.arange(len(reading.who))  # a mention without a name is only itself
    who = np.where(np.array(reading.who, np.int64) >= 0, reading.who, unnamed)
    spoken = [cue for cue in reading.cues if cue.subject >= 0]
    line = np.searchsorted(reading.lines, [cue.start for cue in spoken])
    here = np.searchsorted(reading.lines, [one.outer[0] for one in reading.found])[quote][:, None] == line
    same = here & (who[mention][:, None] == who[[cue.subject for cue in spoken]])
    return np.stack([same.sum(1), here.sum(1) - same.sum(1)])
