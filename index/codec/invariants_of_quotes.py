"""What holds among the quotes of every segment: each leads to its article, and is one of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.article import LEVELS
from index.codec.invariants_of_postings import are_starts, postings
from index.codec.invariants_of_values import values
from index.codec.norms import LENGTHS
from index.codec.quotes import KINDS, QuotesFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from index.article import Article
    from index.codec.prints import Keys
    from index.segment import SegmentFile


def quotes(file: SegmentFile) -> Iterator[str]:
    """Yield what does not hold among a segment's quotes."""
    own = QuotesFile(file)
    ids = file.columns.ids
    lines = list(_shape(own)) or [
        *_columns(own, file),
        *postings(own, lambda doc: f"a quote of article {ids[int(own.article[doc])]!r}"),
    ]
    if not lines:
        lines += _prints(own)
    yield from (f"quotes: {line}" for line in lines)


def _shape(own: QuotesFile) -> Iterator[str]:
    """Compare how many quotes each column has, and where strings start."""
    speakers, roles = own.columns.values["speaker"], own.columns.values["role"]
    sizes = {
        "begins": len(own.begins),
        "ends": len(own.ends),
        "kinds": len(own.kinds),
        "prints": len(own.prints.prints),
        "alike": len(own.prints.alike),
        "places": len(own.prints.places),
        "lengths": len(own.columns.lengths["text"]),
        "norms": len(own.columns.norms["text"]),
        "cells": len(speakers.cells),
        "roles": len(roles.cells),
    }
    yield from (
        f"{name} is of {size:,}, not {own.size:,}" for name, size in sizes.items() if size != own.size
    )
    if len(own.prints.keys) != len(own.prints.keyed):
        yield f"keyed is of {len(own.prints.keyed):,} keys, not {len(own.prints.keys):,}"
    listed = {
        "values": speakers.values,
        "roles": roles.values,
        "terms": own.words["text"].terms,
        "forms": own.forms["body_forms"].terms,
    }
    for name, strings in listed.items():
        if not are_starts(strings.starts, len(strings.blob)):
            yield f"{name}/starts do not divide {name}/blob"


def _columns(own: QuotesFile, file: SegmentFile) -> Iterator[str]:
    if np.any((own.article < 0) | (own.article >= file.size)) or np.any(np.diff(own.article) < 0):
        yield "article does not lead to the articles in their order"
    elif not np.array_equal(np.bincount(own.article, minlength=file.size), file.columns.quotes):
        yield "article does not lead to each article as often as it has quotes"
    if np.any((own.begins < 0) | (own.ends < own.begins)):
        yield "begins and ends are not in order"
    if np.any(own.kinds >= len(KINDS)):
        yield "kinds has a number without a meaning"
    speakers = own.columns.values["speaker"]
    yield from values(speakers)
    yield from values(own.columns.values["role"])
    if np.any(np.diff(speakers.starts) > 1):
        yield "a quote has several speakers"
    lengths = np.minimum(own.columns.lengths["text"], LENGTHS[-1])
    if not np.array_equal(np.searchsorted(LENGTHS, lengths), own.columns.norms["text"]):
        yield "norms are not those of lengths"


def _prints(own: QuotesFile) -> Iterator[str]:
    """Compare prints and keys with their order; what they are of is compared with each stored quote."""
    known = own.prints
    quotes = np.arange(own.size)
    if not np.array_equal(np.sort(known.alike), quotes):
        yield "alike is not an order of the quotes"
    elif not _ascend(known.prints, known.alike):
        yield "prints do not ascend"
    elif not np.array_equal(known.places[known.alike], quotes):
        yield "places do not lead to alike"
    if np.any((known.keyed < 0) | (known.keyed >= own.size)) or not _ascend(known.keys, known.keyed):
        yield "keys do not ascend"


def _ascend(values: NDArray[Any], quotes: NDArray[np.int32]) -> bool:
    """Whether values ascend, and the quotes of equal ones."""
    return np.array_equal(np.lexsort((quotes, values)), np.arange(len(values)))


def have_keys(own: QuotesFile, found: Keys) -> bool:
    """Return whether the keys are those that were made of the words of all stored quotes."""
    return all(map(np.array_equal, found.ordered(), (own.prints.keys, own.prints.keyed)))


def are_listed(own: QuotesFile, doc: int, article: Article) -> bool:
    """Return whether the quotes of a stored article are those that the columns list."""
    first, last = np.searchsorted(own.article, [doc, doc + 1])
    speakers = own.columns.values["speaker"]
    listed = []
    for number in range(first, last):
        _, ordinals, levels = speakers.entries_of(np.array([number]))
        names = [speakers.values[ordinal] for ordinal in ordinals.tolist()]
        place = int(own.begins[number]), int(own.ends[number])
        listed.append((*place, KINDS[own.kinds[number]], names, levels.tolist()))
    expected = [
        (
            *(quote.start, quote.end, quote.kind),
            *(([], []) if quote.speaker is None else ([quote.speaker], [LEVELS.index(quote.confidence)])),
        )
        for quote in article.quotes
    ]
    return listed == expected
