"""Is an index what was written?  Every posting read, every invariant compared."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from index.codec.columns import TEXTS
from index.codec.weights import TITLE_WEIGHT
from index.errors import CorruptIndex
from index.generation import Generation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.segment import Segment


def check(path: Path) -> list[str]:
    """Return what is damaged, a line each, none where all is well; raise NoIndex where there is no index."""
    try:
        generation = Generation.open(path)
    except CorruptIndex as error:
        return [str(error)]
    ids = Counter(
        segment.columns.ids[doc]
        for segment in generation.segments
        for doc in np.flatnonzero(segment.live).tolist()
    )
    damage = [f"id {id_!r} stands in {count} articles" for id_, count in ids.items() if count > 1]
    for segment in generation.segments:
        for test in (_articles, *(_postings_of(field) for field in TEXTS)):
            try:
                damage += [f"segment {segment.name}: {line}" for line in test(segment)]
            except Exception as error:  # noqa: BLE001 - Whoosh meets damage with any of a dozen exceptions
                damage.append(f"segment {segment.name}: cannot be read: {error!r}")
    return damage


def _articles(segment: Segment) -> Iterator[str]:
    """Compare each stored article with its columns."""
    columns = segment.columns
    for doc in np.flatnonzero(segment.live).tolist():
        article = segment.article(doc)
        if (article.id, article.digest) != (columns.ids[doc], columns.digests[doc]):
            yield f"article {doc} is stored as {article.id!r} and listed as {columns.ids[doc]!r}"
        start = article.date.value.start.toordinal() if article.date else 0
        if start != columns.starts[doc]:
            yield f"article {article.id!r}: its date and its column differ"


def _postings_of(field: str) -> Callable[[Segment], Iterator[str]]:
    def postings(segment: Segment) -> Iterator[str]:
        """Compare frequencies with positions and lengths, and the order of documents."""
        lengths = np.zeros(segment.size)
        for term in segment.terms(field):
            found = segment.postings(field, term)
            if np.any(np.diff(found.docs) <= 0):
                yield f"{field}:{term}: its documents do not ascend"
                continue
            starts, places = segment.positions(field, term, found.docs)
            lengths[found.docs] += found.weights
            counts = np.diff(starts)
            ascending = np.diff(places.astype(np.int64)) > 0
            ascending[starts[1:-1] - 1] = True
            if not ascending.all():
                yield f"{field}:{term}: its positions do not ascend"
            unfit = (found.weights < counts) | (found.weights > TITLE_WEIGHT * counts)
            for doc in found.docs[unfit].tolist():
                yield f"{field}:{term}: its frequency in article {doc} does not fit its positions"
        for doc in np.flatnonzero((lengths != segment.columns.lengths[field]) & segment.live).tolist():
            known, id_ = segment.columns.lengths[field][doc], segment.columns.ids[doc]
            yield f"{field}: article {id_!r} has {lengths[doc]:g} words and a length of {known}"

    return postings
