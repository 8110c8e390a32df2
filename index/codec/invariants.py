"""What holds in every segment: each sentence of FORMAT.md that columns and articles can be held against.

Only for files that fit their checksums: it finds what a defect wrote, not what a disk damaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.article import LEVELS
from index.codec.bodies import KINDS
from index.codec.columns import NUMBERS, ORIGINS, TEXTS
from index.codec.invariants_of_postings import are_starts, ascend, fields
from index.codec.invariants_of_quotes import are_listed, have_keys, quotes
from index.codec.invariants_of_stories import signatures
from index.codec.invariants_of_values import dates, values
from index.codec.norms import LENGTHS
from index.codec.prints import Keys
from index.codec.quotes import QuotesFile
from index.codec.weights import TITLE_GAP, TITLE_WEIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.article import Article
    from index.segment import SegmentFile


def broken(file: SegmentFile) -> Iterator[str]:
    """Yield what does not hold in a segment, a line each; deleted documents are held to it as well."""
    shape = [*_lengths(file), *_strings(file)] or [*_blocks(file)]
    yield from shape
    if not shape:  # arrays of the wrong length cannot be compared
        for part in (_columns, _norms, fields, quotes, signatures, _stored):
            yield from part(file)


def _lengths(file: SegmentFile) -> Iterator[str]:
    """Compare how many documents each column has."""
    columns = file.columns
    one = {name: getattr(columns, name) for name in ("ids", "digests", "order", "ranks", *NUMBERS)}
    one |= {"titles/cells": columns.titles.cells, "dates/cells": columns.dates.cells}
    one |= {f"{name}/lengths": columns.lengths[name] for name in TEXTS}
    one |= {f"{name}/norms": columns.norms[name] for name in TEXTS}
    one["body_begins"] = file.body_begins
    sizes = {name: len(column) for name, column in one.items()}
    sizes |= {f"{name}/cells": len(column.cells) for name, column in columns.values.items()}
    yield from (
        f"{name} is of {size:,} documents, not {file.size:,}"
        for name, size in sizes.items()
        if size != file.size
    )


def _strings(file: SegmentFile) -> Iterator[str]:
    """Compare where strings start with the bytes that there are."""
    columns = file.columns
    listed = {name: getattr(columns, name) for name in ("ids", "digests")}
    listed |= {"titles": columns.titles.kept, "dates": columns.dates.written}
    listed |= {f"{name}/values": column.values for name, column in columns.values.items()}
    listed |= {f"{name}/terms": words.terms for name, words in (file.words | file.forms).items()}
    for kind in KINDS:
        frames = getattr(file, kind)
        listed |= {kind: frames.frames, f"{kind}/dictionaries": frames.dictionaries}
    for name, strings in listed.items():
        if not are_starts(strings.starts, len(strings.blob)):
            yield f"{name}/starts do not divide {name}/blob"


def _blocks(file: SegmentFile) -> Iterator[str]:
    """Compare what blocks hold with the documents that they are of."""
    for name in KINDS:
        frames = getattr(file, name)
        firsts = frames.firsts
        if len(firsts) != len(frames.frames) + 1 or not ascend(firsts.tolist()):
            yield f"{name}: firsts do not give each block a document"
        elif (firsts[0], firsts[-1]) != (0, file.size):
            yield f"{name} are not of the {file.size:,} documents"
        else:
            unpacked = map(frames.unpacked, range(len(frames.frames)))
            if any(4 * len(sizes) + sum(sizes) != len(block) for sizes, block in unpacked):
                yield f"{name}: a block does not hold the articles of its documents"


def _columns(file: SegmentFile) -> Iterator[str]:
    columns = file.columns
    if not np.array_equal(np.sort(columns.order), np.arange(file.size)):
        yield "order is not an order of the documents"
    elif not ascend([columns.ids.raw(doc) for doc in columns.order.tolist()]):
        yield "ids do not ascend in their order"
    elif not np.array_equal(columns.ranks[columns.order], np.arange(file.size)):
        yield "ranks are not the places in order"
    yield from dates(columns.dates)
    if not np.array_equal(np.unique(columns.titles.cells), np.arange(len(columns.titles.kept))):
        yield "titles and their cells are not the same"
    bounds = {
        "title_levels": (-1, len(LEVELS)),
        "origins": (0, len(ORIGINS)),
    }
    for name, (least, beyond) in bounds.items():
        numbers = getattr(columns, name)
        if np.any((numbers < least) | (numbers >= beyond)):
            yield f"{name} has a number without a meaning"
    for name, column in columns.values.items():
        yield from (f"{name}: {line}" for line in values(column))


def _norms(file: SegmentFile) -> Iterator[str]:
    lengths = {name: each.astype(np.int64) for name, each in file.columns.lengths.items()}
    if not np.array_equal(lengths["text"], TITLE_WEIGHT * lengths["title"] + lengths["body"]):
        yield "text/lengths are not those of title and body"
    for name in TEXTS:
        norms = np.searchsorted(LENGTHS, np.minimum(lengths[name], LENGTHS[-1]))
        if not np.array_equal(norms, file.columns.norms[name]):
            yield f"{name}/norms are not those of {name}/lengths"
    begins = file.body_begins
    if np.any((begins > 0) & (begins <= TITLE_GAP)):
        yield "body_begins leave no place for a title"


def _stored(file: SegmentFile) -> Iterator[str]:
    """Compare each stored article with its columns."""
    from index.segment import Segment  # noqa: PLC0415 - a segment is read by what is checked here

    segment, said, keys = Segment(file), QuotesFile(file), Keys()
    for doc in range(file.size):
        article = segment.article(doc)
        if not are_listed(said, doc, article):
            yield f"article {article.id!r}: its quotes are not those that are listed"
        for quote in article.quotes:
            keys.add(quote.text)
        kept, wanted = _row(file, doc), _expected(article)
        for name, value in wanted.items():
            if kept[name] != value:
                yield f"article {article.id!r}: {name} is stored as {value!r} and listed as {kept[name]!r}"
    if not have_keys(said, keys):
        yield "quotes: keys are not those of the stored quotes"


def _expected(article: Article) -> dict[str, Any]:
    """Return what the columns should have of an article."""
    date, title = article.date, article.title
    single = {"outlet": [article.outlet] if article.outlet else [], "language": [article.language]}
    return {
        "id": article.id,
        "digest": article.digest,
        "title": title.value if title else "",
        "date": date.value.edtf if date else "",
        "starts": date.value.start.toordinal() if date else 0,
        "ends": date.value.end.toordinal() if date else 0,
        "date_levels": LEVELS.index(date.confidence) if date else 0,
        "title_levels": LEVELS.index(title.confidence) if title else -1,
        "quotes": len(article.quotes),
        **{
            name: [(found.value, LEVELS.index(found.confidence)) for found in values]
            for name, values in {**single, "speaker": list(article.speakers)}.items()
        },
    }


def _row(file: SegmentFile, doc: int) -> dict[str, Any]:
    columns = file.columns
    row: dict[str, Any] = {"id": columns.ids[doc], "digest": columns.digests[doc]}
    row |= {"title": columns.titles.text(doc), "date": columns.dates.text(doc)}
    row |= {name: int(getattr(columns, name)[doc]) for name in ("starts", "ends", "date_levels", *NUMBERS)}
    for name, column in columns.values.items():
        _, ordinals, levels = column.entries_of(np.array([doc]))
        row[name] = [
            (column.values[ordinal], level)
            for ordinal, level in zip(ordinals.tolist(), levels.tolist(), strict=True)
        ]
    return row
