"""Several segments become one: their arrays are put one behind the other, without the deleted.

Which ones: segments are sorted into tiers of size; a tier that has grown too full is merged, so
that a document is rewritten once a tier and a search meets few segments.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec import bodies, prints, quotes, signatures
from index.codec.arrays import ArrayWriter
from index.codec.builder import write_norms
from index.codec.columns import NUMBERS, TEXTS, VALUES, write_order
from index.codec.commit import FileEntry, SegmentEntry
from index.codec.kernels import copy_live, count_live
from index.codec.merging_columns import merge_dates, merge_values
from index.codec.postings import Batch, PostingsWriter, cumulated
from index.codec.shared import merge_shared
from index.codec.strings import Strings
from index.codec.uniting import chosen, united
from index.codec.weights import IMPACT_B, IMPACT_K1

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.codec.postings import FieldPostings, Norms
    from index.segment import SegmentFile

MOST = 8
"""Segments of a generation, but for merges put off: each costs a search some microseconds."""

_TIER = 8
"""A tier holds segments of up to so many times the size of those in the tier below."""

_FULL = 4
"""Segments of one tier that are merged."""

_BATCH = 4_000_000
"""Postings that a merge holds in memory at once: some 100 MB."""


ROOM = 4 * 64 * _TIER**2
"""Documents that any commit may rewrite: those of a full third tier, .3 s of CPU on Reuters-21578."""

_EACH = 8
"""Documents that a commit may rewrite besides for each that it brings: a build merges whatever is full."""

EVER = 2 * MOST
"""Segments that a generation has at most, whatever it takes: merges that small commits put off end here."""


def room(brought: int) -> int:
    """Return how many documents a commit that brings so many may rewrite: not much more work than its own."""
    return ROOM + _EACH * brought


def plan(entries: Sequence[SegmentEntry], room: int) -> tuple[int, ...]:
    """Return the numbers of the segments that should become one, none where all is well.

    All of them after a commit that brings half of the documents, as a build does, and more than ``ROOM``:
    of one segment, a search takes half the time that it takes of four.  Else the smallest full tier, of
    ``_FULL`` segments, that has room; else, where more than ``MOST`` segments have room and are of no full
    tier, the smallest two.  Above ``EVER`` segments there is room for all.
    """
    documents = sum(entry.documents for entry in entries)
    if len(entries) > 1 and room >= ROOM + _EACH * max(ROOM, documents // 2):
        return tuple(range(len(entries)))
    if len(entries) > EVER:
        room = documents
    tiers: dict[int, list[int]] = {}
    for number, entry in enumerate(entries):
        tiers.setdefault(_tier(entry.documents), []).append(number)
    full = {tier: own for tier, own in tiers.items() if len(own) >= _FULL}
    for tier in sorted(full):
        if sum(entries[number].documents for number in full[tier]) <= room:
            return tuple(full[tier])
    put_off = {number for own in full.values() for number in own}
    small = [n for n, entry in enumerate(entries) if n not in put_off and entry.documents <= room]
    small.sort(key=lambda number: entries[number].documents)
    if len(small) > MOST and sum(entries[number].documents for number in small[:2]) <= room:
        return tuple(small[:2])
    return ()


def _tier(documents: int) -> int:
    tier, bound = 0, 64
    while documents > bound:
        tier, bound = tier + 1, bound * _TIER
    return tier


class Part:
    """One segment of a merge: its file, its live documents and what they are called afterwards."""

    def __init__(self, file: SegmentFile, live: NDArray[np.bool_], base: int) -> None:
        self.file = file
        self.live = live
        self.docs = np.flatnonzero(live)
        self.renamed = np.cumsum(live, dtype=np.int64) - 1 + base
        """int64[n]: the new number of each live document."""


def merge(parts: Sequence[Part], path: Path) -> SegmentEntry:
    """Write the live documents of some segments as one."""
    with ArrayWriter(path) as writer:
        _merge_columns(writer, parts)
        writer.add("body_begins", np.concatenate([part.file.body_begins[part.docs] for part in parts]))
        for field in TEXTS:
            lengths = [part.file.columns.lengths[field][part.docs] for part in parts]
            norms = write_norms(writer, field, np.concatenate(lengths).astype(np.int64))
            if field in parts[0].file.words:
                _merge_postings(writer, field, [(part.file.words[field], part) for part in parts], norms)
        for field in parts[0].file.forms:
            _merge_postings(writer, field, [(part.file.forms[field], part) for part in parts], None)
        _merge_quotes(writer, parts)
        signatures.merge(writer, [(part.file.file, part.live, part.renamed) for part in parts])
        for kind in bodies.KINDS:
            bodies.merge(writer, kind, [(getattr(part.file, kind), part.live) for part in parts])
        documents = sum(len(part.docs) for part in parts)
        written = writer.close({"documents": documents, "k1": IMPACT_K1, "b": IMPACT_B})
    return SegmentEntry(FileEntry.of(path.name, written), documents)


def _merge_columns(writer: ArrayWriter, parts: Sequence[Part]) -> None:
    columns = [part.file.columns for part in parts]
    merge_shared(writer, "titles", [(part.file.columns.titles, part.docs) for part in parts])
    for name in ("ids", "digests"):
        strings = [chosen(getattr(each, name), part.docs) for each, part in zip(columns, parts, strict=True)]
        _joined(strings).write(writer, name)
    ids = _joined([chosen(each.ids, part.docs) for each, part in zip(columns, parts, strict=True)])
    write_order(writer, [ids.raw(number) for number in range(len(ids))])
    for name in NUMBERS:
        writer.add(
            name,
            np.concatenate(
                [getattr(each, name)[part.docs] for each, part in zip(columns, parts, strict=True)]
            ),
        )
    merge_dates(writer, [(part.file.columns.dates, part.docs) for part in parts])
    for name in VALUES:
        merge_values(writer, name, [(part.file.columns.values[name], part.docs) for part in parts])


def _merge_quotes(writer: ArrayWriter, parts: Sequence[Part]) -> None:
    """Write the quotes of the live articles; what leads to an article leads to its new number."""
    files = [quotes.QuotesFile(part.file) for part in parts]
    lives = [part.live[file.article] for file, part in zip(files, parts, strict=True)]
    bases = accumulate((int(np.count_nonzero(live)) for live in lives), initial=0)
    own = [Part(file, live, base) for file, live, base in zip(files, lives, bases, strict=False)]
    articles = [
        part.renamed[file.article[each.docs]] for file, each, part in zip(files, own, parts, strict=True)
    ]
    writer.add(f"{prints.FIELD}/article", np.concatenate(articles).astype(np.int32))
    for name in ("begins", "ends", "kinds"):
        columns = [getattr(file, name)[each.docs] for file, each in zip(files, own, strict=True)]
        writer.add(f"{prints.FIELD}/{name}", np.concatenate(columns))
    prints.merge(
        writer, [(file.prints, each.live, each.renamed) for file, each in zip(files, own, strict=True)]
    )
    speakers = [(each.file.columns.values["speaker"], each.docs) for each in own]
    merge_values(writer, prints.FIELD, speakers)
    lengths = [each.file.columns.lengths["text"][each.docs] for each in own]
    norms = write_norms(writer, prints.FIELD, np.concatenate(lengths).astype(np.int64))
    _merge_postings(writer, prints.FIELD, [(each.file.words["text"], each) for each in own], norms)
    _merge_postings(writer, quotes.FORMS, [(each.file.forms["body_forms"], each) for each in own], None)


def _merge_postings(
    writer: ArrayWriter, field: str, sources: Sequence[tuple[FieldPostings, Part]], norms: Norms | None
) -> None:
    """Write a field's postings term by term, in batches that fit in memory."""
    postings = PostingsWriter(writer, field, norms)
    names, numbers = united([words.terms for words, _ in sources])
    # A term that a segment lacks is its number -1: the last count, which is none.
    counts = [
        np.append(np.diff(words.starts), 0)[own] for own, (words, _) in zip(numbers, sources, strict=True)
    ]
    totals = np.sum(counts, axis=0)
    bounds = np.searchsorted(np.cumsum(totals), np.arange(_BATCH, int(totals.sum()) + _BATCH, _BATCH))
    for first, last in pairwise([0, *(bounds + 1).tolist()]):
        window = [own[first:last] for own in numbers]
        terms = [names.raw(number) for number in range(first, min(last, len(names)))]
        postings.add(_merge_batch(terms, window, sources, scored=norms is not None))
    postings.close()


def _merge_batch(
    names: list[bytes],
    numbers: Sequence[NDArray[np.int64]],
    sources: Sequence[tuple[FieldPostings, Part]],
    *,
    scored: bool,
) -> Batch:
    """Return the live postings of some terms, under their new numbers."""
    found = [
        count_live(own, *_extents(words), words.bytes, words.byte_starts, part.live)
        for own, (words, part) in zip(numbers, sources, strict=True)
    ]
    counts = np.sum([count for count, _ in found], axis=0)
    sizes = np.sum([size for _, size in found], axis=0)
    posting_at, byte_at = cumulated(counts)[:-1], cumulated(sizes)[:-1]
    docs = np.empty(int(counts.sum()), dtype=np.uint32)
    tf = np.empty(len(docs) if scored else 0, dtype=np.int32)
    data = np.empty(int(sizes.sum()), dtype=np.uint8)
    lengths = np.empty(len(docs) if scored else 0, dtype=np.uint32)
    for own, (words, part) in zip(numbers, sources, strict=True):
        copy_live(
            own,
            *_extents(words),
            words.tf,
            words.long_at,
            words.long_tf,
            words.bytes,
            words.byte_starts,
            part.live,
            part.renamed,
            posting_at,
            byte_at,
            docs,
            tf,
            data,
            lengths,
        )
    used = np.flatnonzero(counts)
    kept = [names[number] for number in used.tolist()]
    return Batch(kept, counts[used], docs, tf, data, lengths) if scored else Batch(kept, counts[used], docs)


def _extents(
    words: FieldPostings,
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    return words.starts, words.chunk_starts, words.chunk_blocks, words.chunk_ends, words.low


def _joined(parts: Sequence[Strings]) -> Strings:
    """Return strings one behind the other."""
    bases = np.cumsum([0, *(len(part.blob) for part in parts)])
    starts = [part.starts[:-1] + base for part, base in zip(parts, bases, strict=False)]
    return Strings(np.concatenate([part.blob for part in parts]), np.concatenate([*starts, bases[-1:]]))
