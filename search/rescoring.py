"""The best of a search once more: what stands early, and what stands together, is worth more.

A first pass counts words alone.  In its best documents, ``POOL`` of them, we look where the words of the
query stand:

- *lead*: news tells the most important first.  A word at the beginning of a body counts once more, one
  ``FADE`` positions on a third of that, and so on; in short documents, which are all lead, not at all.
- *near*: neighbours in the query that are neighbours in the document mean what the query means.  A pair has
  two frequencies, saturated as that of a word is: how often the first word has the second within ``WINDOW``
  positions, and how often it is followed by it as closely as in the query.  Its idf is the mean of theirs.
  What is as short as that window has everything near everything, which says nothing: see ``telling``.

Nothing loses by it, so the pool stays before all other documents, whose scores are those of the first pass:
one order, by score and id, over all pages.

Source: Büttcher, Clarke and Lushman, "Term proximity scoring for ad-hoc retrieval on very large text
collections", 2006; Tao and Zhai, "An exploration of proximity measures in information retrieval", 2007.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from whoosh import query

from index.codec.kernels import LONG, positions_at, roomy
from index.codec.norms import LENGTHS
from index.compiled import kernel
from search import nodes
from search.places import extents, in_order, posting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from index.codec.postings import Lists
    from index.segment import Segment
    from search.statistics import Statistics

POOL = 20
"""Documents that are looked at again: ten of them are a page, which gains as much by 20 as by 100."""

LEAD, FADE = 1.0, 50.0
"""How often a word in the first place counts beside itself, and the positions in which that fades to a third.

Mean nDCG@10 of four judged collections rises by .9 %, of known items by 1.7 %; from 1 to 2 and from 30 to 50
it is the same within .5 %.
"""

SHORT, FULL = 100.0, 300.0
"""Words of a document up to which it has no lead, and from which on its lead counts in full: all of an
abstract is lead, and where it begins says little."""

NEAR, ORDERED = 0.2, 0.1
"""The shares of a pair's idf that its two frequencies are worth.

On four judged collections .1 and .1 gain .4 % less than .2 and .1, and .2 and .2 gain .5 % less.
"""

WINDOW, APART = 8, 2
"""Positions between two words that are near, and places between two words of a query that are a pair."""

MOST = 64
"""Words of a query that are looked at: more are a text, and take time for each document."""

Word = tuple[tuple[str, ...], float]
"""The terms that a word may be, and its boost."""


def words(tree: query.Query) -> tuple[Word, ...]:
    """Return the words that a query scores in ``text``, each once, in its order; none where one stands alone.

    >>> gaza, siege, film = (query.Term("text", word) for word in ("gaza", "siege", "film"))
    >>> words(query.And([gaza, siege, query.Not(film)]))
    ((('gaza',), 1.0), (('siege',), 1.0))
    """
    boosts: dict[tuple[str, ...], float] = {}
    for terms, boost in _words(tree, 1.0):
        boosts[terms] = boosts.get(terms, 0.0) + boost
    return tuple(boosts.items())[:MOST] if len(boosts) > 1 else ()


def _words(node: query.Query, boost: float) -> Iterator[Word]:
    boost *= getattr(node, "boost", 1.0)
    if getattr(node, "fieldname", nodes.TEXT) != nodes.TEXT:
        return
    if isinstance(node, nodes.Synonym):
        yield node.words, boost
    elif type(node) is query.Term:
        yield (node.text,), boost
    elif isinstance(node, nodes.Sequence):
        yield from ((terms, boost) for terms, _ in node.steps)
    elif isinstance(node, query.DisjunctionMax):
        # The same words, read in several ways: the first is as written.
        yield from _words(node.subqueries[0], boost)
    elif isinstance(node, (query.And, query.Or)):
        for clause in node.subqueries:
            yield from _words(clause, boost)


def pairs(count: int) -> list[tuple[int, int]]:
    """Return which of some words are pairs.

    >>> pairs(4)
    [(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)]
    """
    return [(one, other) for one in range(count) for other in range(one + 1, min(one + APART + 1, count))]


def gains(
    segment: Segment, docs: NDArray[np.int32], statistics: Statistics, words: tuple[Word, ...]
) -> NDArray[np.float64]:
    """Return what documents of a segment gain by where words stand in them: float64[m]."""
    known = statistics.prepared(segment, ("rescoring", words), lambda *of: _prepare(words, *of))
    assert known is not None
    gained: NDArray[np.float64] = _gains(*known, docs)  # type: ignore[call-arg]  # as in leaves
    return gained


def _prepare(words: tuple[Word, ...], segment: Segment, statistics: Statistics) -> tuple[Any, ...]:
    """Return what the loop needs that does not change with the documents."""
    postings = segment.file.words[nodes.TEXT]
    found = [extents(postings, terms)[1] for terms, _ in words]
    groups = np.cumsum([0, *(len(each) for each in found)])
    weights = np.array([boost * statistics.idf(nodes.TEXT, terms) for terms, boost in words])
    shares = np.array([(share(length), telling(length)) for length in LENGTHS.tolist()])
    return (
        *(postings.lists, postings.bytes, postings.samples, np.concatenate(found), groups, weights),
        *(segment.columns.norms[nodes.TEXT], statistics.spread(nodes.TEXT), shares, segment.file.body_begins),
    )


def share(length: float) -> float:
    """Return how much the lead of a document of some length counts."""
    return min(max((length - SHORT) / (FULL - SHORT), 0.0), 1.0)


def telling(length: float) -> float:
    """Return how much it says that words are near in a document of some length: what chance leaves of it.

    By chance two words stand within ``WINDOW`` positions in ``2 * WINDOW / length`` of all cases.
    """
    return max(1.0 - 2 * WINDOW / max(length, 1.0), 0.0)


@kernel
def _gains(
    lists: Lists,
    data: NDArray[np.uint8],
    samples: NDArray[np.uint32],
    extents: NDArray[np.int64],
    groups: NDArray[np.int64],
    weights: NDArray[np.float64],
    norms: NDArray[np.uint8],
    spread: NDArray[np.float64],
    shares: NDArray[np.float64],
    begins: NDArray[np.uint32],
    docs: NDArray[np.int32],
) -> NDArray[np.float64]:
    """Return what each document gains: word ``w`` is the terms ``extents[groups[w]:groups[w + 1]]``.

    ``shares`` float64[256, 2] are how much lead and nearness count in a document, by its norm.
    """
    gained = np.zeros(len(docs), np.float64)
    starts = np.zeros(len(weights) + 1, np.int64)
    places = np.empty(256, np.int64)
    for at in range(len(docs)):
        doc = docs[at]
        norm, begin = spread[norms[doc]], int(begins[doc])
        share, telling = shares[norms[doc], 0], shares[norms[doc], 1]
        for word in range(len(weights)):
            tf, places, starts[word + 1] = _stand(
                lists, data, samples, extents[groups[word] : groups[word + 1]], doc, places, starts[word]
            )
            if tf > 0 and share > 0:
                more = share * lead(places[starts[word] : starts[word + 1]], begin)
                gained[at] += weights[word] * ((tf + more) / (tf + more + norm) - tf / (tf + norm))
        for one in range(len(weights)):
            for other in range(one + 1, min(one + APART + 1, len(weights))):
                near, ordered = together(
                    places[starts[one] : starts[one + 1]],
                    places[starts[other] : starts[other + 1]],
                    other - one,
                )
                worth = NEAR * telling * (near / (near + norm)) + ORDERED * (ordered / (ordered + norm))
                gained[at] += (weights[one] + weights[other]) / 2 * worth
    return gained


@kernel
def _stand(
    lists: Lists,
    data: NDArray[np.uint8],
    samples: NDArray[np.uint32],
    extents: NDArray[np.int64],
    doc: int,
    places: NDArray[np.int64],
    first: int,
) -> tuple[int, NDArray[np.int64], int]:
    """Write where a word stands in a document behind the ``first`` places, distinct and ascending.

    Returns its weighted frequency, the places, longer where they did not suffice, and their number.
    """
    wanted = np.empty(1, np.int64)
    filled = first
    tf = 0
    for term in range(len(extents)):
        start, chunk, last, jump, byte = extents[term]
        wanted[0] = posting(lists.low, lists.chunk_blocks, lists.chunk_ends, start, chunk, last, doc)
        if wanted[0] < 0:
            continue
        frequency = int(lists.tf[start + wanted[0]])
        if frequency == LONG:
            frequency = int(lists.long_tf[np.searchsorted(lists.long_at, start + wanted[0])])
        tf += frequency
        _, more = positions_at(data, byte, samples[jump:], wanted)
        places = roomy(places, filled, len(more))
        places[filled : filled + len(more)] = more
        filled += len(more)
    if len(extents) > 1:  # two terms may be stems of one word, at one place
        filled = in_order(places, first, filled)
    return tf, places, filled


@kernel
def lead(places: NDArray[np.int64], begin: int) -> float:
    """Return how often a word counts beside itself for where it stands in a body that begins somewhere."""
    more = 0.0
    for at in range(len(places)):
        if places[at] >= begin:
            more += LEAD * math.exp((begin - places[at]) / FADE)
    return more


@kernel
def together(ones: NDArray[np.int64], others: NDArray[np.int64], distance: int) -> tuple[int, int]:
    """Return how many places of one word have the other near, and at most ``distance`` behind."""
    near, ordered = 0, 0
    first, behind = 0, 0
    for at in range(len(ones)):
        place = ones[at]
        while first < len(others) and others[first] < place - WINDOW:
            first += 1
        while behind < len(others) and others[behind] <= place:
            behind += 1
        near += first < len(others) and others[first] <= place + WINDOW
        ordered += behind < len(others) and others[behind] <= place + distance
    return near, ordered
