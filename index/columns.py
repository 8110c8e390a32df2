"""What is known of each mention and each quote of a text, as columns of numbers.

Places are counted in words, sentences, paragraphs, quotes, cues and names, all of the text with its
quotes filled, so that what stands between a mention and a quote is a difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index import clauses
from index.mentions import PERSONAL
from index.phrases import ADVERBS
from index.reporting import PLAIN_VERBS, VERBS
from index.vocabulary import words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.reading import Reading

    Columns = dict[str, NDArray[np.int64]]

_FAR = 9999
"""Words to what is not there."""
_NEXT = 50
"""Words to the next verb: farther is as far as this."""

AUXILIARIES = words("has have had is was were are will would did does do could can may might")
_PAST = words(
    """went gave took made came got saw spoke began put hit shot fired sent held led left met ran stood
    kept brought     broke drew chose laid won lost sought fought thanked spent"""
)
_SUBORDINATES = words("that whether because if while when as although though after before and but")
_PREPOSITIONS = words(
    """of in on at for from with by about against between into over under like than near to through among"""
)


def of_mentions(reading: Reading) -> Columns:
    """Return the columns of the mentions; ``… end`` counts to their end, the others to their start."""
    mentions, n = reading.mentions, len(reading.mentions)
    start = np.array([one.start for one in mentions], np.int64)
    end = np.array([one.end for one in mentions], np.int64)
    words = np.array(reading.words.starts, np.int64)
    cues = np.array(reading.cue_starts, np.int64)
    sentence = np.searchsorted(reading.starts, start, "right")
    paragraph = np.searchsorted(reading.lines, start)
    quote = np.searchsorted([one.outer[0] for one in reading.found], start)
    word, word_end = np.searchsorted(words, start), np.searchsorted(words, end)
    next_cue = np.searchsorted(cues, end)
    next_word = np.append(np.searchsorted(words, cues), _FAR)[next_cue]
    kind = [one.kind for one in mentions]
    names = np.append(0, np.cumsum([one == "name" for one in kind]))
    pronoun = [reading.text[one.start : one.end].lower() if one.kind == "pronoun" else "" for one in mentions]
    spoken = _verbs(reading)
    who = np.array(reading.who, np.int64)
    opening = np.array(reading.starts, np.int64)[sentence - 1]
    return {
        "start": start,
        "word": word, "word end": word_end,
        "sentence": sentence, "sentence end": sentence,
        "paragraph": paragraph, "paragraph end": paragraph,
        "quote": quote, "quote end": quote,
        "names": names[:-1], "names end": names[1:],
        "start end": end,
        "next cue": next_cue,
        "verb next": np.minimum(next_word - word_end, _NEXT),
        "name": np.array([one == "name" for one in kind]),
        "person": np.array([bool(one.name and one.name.is_person) for one in mentions]),
        "pronoun": np.array([one == "pronoun" for one in kind]),
        "description": np.array([one == "description" for one in kind]),
        "she": np.array([one in PERSONAL for one in pronoun]),
        "i": np.array([one in {"i", "we", "you"} for one in pronoun]),
        "governed": np.array(reading.governed),
        "first": np.append(True, sentence[1:] != sentence[:-1])[:n],
        "rank in sentence": np.arange(n) - np.searchsorted(sentence, sentence),
        "opens": word == np.searchsorted(words, opening),
        "who": who,
        "named": _counted(who, np.ones(n)),
        "said": _counted(who, spoken["subject"]),
        **spoken,
        "verb word": np.searchsorted(words, spoken["verb"]),
        **clauses.of_mentions(reading),
        **_beside(reading, word, word_end),
    }  # fmt: skip


def _counted(who: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each mention the sum over the mentions of the same person, 0 where it names nobody."""
    known = who >= 0
    sums = np.bincount(who[known], weights=weights[known], minlength=1)
    return np.where(known, sums[who], 0.0)


def _verbs(reading: Reading) -> dict[str, NDArray[np.float64]]:
    """Return of each mention its reporting verb: the first, one that only reports before all others."""
    n = len(reading.mentions)
    found = {name: np.zeros(n) for name in ("subject", "plain", "verb ahead", "according", "verb cue")}
    found["verb"] = np.full(n, -1.0)
    for number in range(len(reading.cues) - 1, -1, -1):
        cue = reading.cues[number]
        at, plain = cue.subject, cue.verb in PLAIN_VERBS
        if at < 0 or (found["plain"][at] and not plain):
            continue
        found["subject"][at], found["plain"][at] = 1, plain
        found["verb ahead"][at] = cue.start < reading.mentions[at].start
        found["according"][at] = cue.verb == "according to"
        found["verb"][at], found["verb cue"][at] = cue.start, number
    return found


def _beside(
    reading: Reading, word: NDArray[np.int64], word_end: NDArray[np.int64]
) -> dict[str, NDArray[np.bool_]]:
    """Return what the words right before and behind each mention say of its part in the sentence."""
    words, text = reading.words, reading.text
    rows = []
    for first, behind, one in zip(word.tolist(), word_end.tolist(), reading.mentions, strict=True):
        before = words.lower[first - 1] if first and one.start - words.ends[first - 1] == 1 else ""
        close = text[one.end : one.end + 1]
        rows.append(
            (
                close in " \xa0" and _acts(reading, behind),
                before.endswith(("ed", "ing")) or before in _PAST,
                before in VERBS,
                before in _SUBORDINATES,
                close == ",",
                before in _PREPOSITIONS,
            )
        )
    names = ("acts", "acted on", "after verb", "after that", "comma behind", "preposition")
    columns = np.array(rows, np.bool_).reshape(-1, len(names)).T
    return dict(zip(names, columns, strict=True))


def _acts(reading: Reading, number: int) -> bool:
    """Whether the word of a number, adverbs left out, looks like a verb."""
    lower = reading.words.lower
    last = min(number + 2, len(lower) - 1)
    while number < last and (lower[number] in ADVERBS or lower[number].endswith("ly")):
        number += 1
    if number >= len(lower):
        return False
    verb = lower[number]
    ends = verb.endswith("ed") and reading.words.written[number][0].islower()
    return ends or verb in AUXILIARIES or verb in VERBS or verb in _PAST


def of_quotes(reading: Reading) -> Columns:
    """Return the columns of the quotes; marks count as part of them."""
    found, n = reading.found, len(reading.found)
    start = np.array([one.outer[0] for one in found], np.int64)
    end = np.array([one.outer[1] for one in found], np.int64)
    words = np.array(reading.words.starts, np.int64)
    word = np.searchsorted(words, start)
    split = np.searchsorted(reading.mention_starts, start)
    names = np.append(0, np.cumsum([one.kind == "name" for one in reading.mentions]))[split]
    first, last = np.searchsorted(reading.lines, start), np.searchsorted(reading.lines, end)
    before = _lasts(reading)
    nexts = np.append(np.array(reading.chosen, np.int64)[1:], -1)[:n]
    spoken = np.array([cue.start for cue in reading.cues if cue.subject >= 0], np.int64)
    near = np.concatenate([[-_FAR], np.searchsorted(words, spoken), [10 * _FAR]])
    place = np.searchsorted(spoken, start)
    return {
        "start": start, "start end": end,
        "word": word, "word end": word,
        "sentence": np.searchsorted(reading.starts, start, "right"),
        "sentence end": np.searchsorted(reading.starts, end - 1, "right"),
        "paragraph": first, "paragraph end": last,
        "quote": np.arange(n), "quote end": np.arange(n) + 1,
        "names": names, "names end": names,
        "split": split,
        "cue": np.searchsorted(reading.cue_starts, start),
        "chosen": np.array(reading.chosen),
        "last": before,
        "last who": np.array([reading.who[k] if k >= 0 else -2 for k in before]),
        "last gap": np.where(np.arange(n) > 0, word - np.searchsorted(words, np.append(-1, end[:-1])), 99),
        "last paragraphs": first - np.append(-9, last[:-1]),
        "next": nexts,
        "next who": np.array([reading.who[k] if k >= 0 else -2 for k in nexts]),
        "next gap": np.where(np.arange(n) < n - 1, np.append(word[1:], 0) - np.searchsorted(words, end), 99),
        "next paragraphs": np.append(first[1:], 999) - last,
        "quotes in paragraph": np.bincount(first, minlength=1)[first],
        "cue any": np.minimum(word - near[place], near[place + 1] - word),
        **_around(reading),
    }  # fmt: skip


def _around(reading: Reading) -> dict[str, NDArray[np.int64]]:
    """Return how each quote opens and ends, and what stands right before and behind it."""
    rows = []
    for one, said in zip(reading.found, reading.said, strict=True):
        words = reading.body[one.start : one.end]
        before = reading.text[max(0, one.outer[0] - 3) : one.outer[0]].rstrip(" \xa0")[-1:]
        behind = reading.text[one.outer[1] : one.outer[1] + 3].lstrip(" \xa0")[:1]
        tail = words.rstrip()[-1:]
        rows.append(
            (
                before == ":",
                before == ",",
                before.isalnum(),
                tail == ",",
                tail in ".?!…",
                behind.islower() or behind == ",",
                words[:1].isupper(),
                before in {"", "\n"},
                behind in {"", "\n"},
                len(words.split()),
                not said.isdisjoint(_FIRST_PERSON),
            )
        )
    columns = np.array(rows, np.int64).reshape(-1, len(OF_QUOTE)).T
    return dict(zip(OF_QUOTE, columns, strict=True))


OF_QUOTE = (
    "colon",  # stands before the quote
    "comma",  # stands before it
    "bare",  # a letter stands before it
    "ends comma",
    "ends sentence",
    "goes on",  # the sentence does, behind the quote
    "capital",  # opens it
    "opens paragraph",
    "ends paragraph",
    "length",  # in words
    "first person",  # speaks in it
)
_FIRST_PERSON = words("i we my our")
_FORGOTTEN = 4
"""Paragraphs without a cue after which nobody goes on speaking."""


def _lasts(reading: Reading) -> NDArray[np.int64]:
    """Return for each quote the mention that the rules give the quote before it, or -1."""
    lines = np.searchsorted(reading.lines, [one.outer[0] for one in reading.found])
    lasts, last = [], -1
    for n, mention in enumerate(reading.chosen):
        lasts.append(last)
        if mention >= 0:
            last = mention
        elif n and lines[n] - lines[n - 1] > _FORGOTTEN:
            last = -1
    return np.array(lasts, np.int64)
