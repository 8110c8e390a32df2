"""Several segments become one: their arrays are put one behind the other, without the deleted."""

from __future__ import annotations

from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from index.codec import bodies, ordering, prints, quotes, signatures
from index.codec.arrays import ArrayWriter
from index.codec.columns import NUMBERS, TEXTS, VALUES
from index.codec.commit import FileEntry, SegmentEntry
from index.codec.merging_columns import merge_dates, merge_values
from index.codec.merging_words import merge_postings
from index.codec.norms import write_norms
from index.codec.parts import Part, column, windows, write_strings
from index.codec.shared import merge_shared
from index.codec.strings import Strings, smallest_type
from index.codec.weights import IMPACT_B, IMPACT_K1

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.codec.budget import Budget


def merge(parts: Sequence[Part], path: Path, budget: Budget) -> SegmentEntry:
    """Write the live documents of some segments as one."""
    with ArrayWriter(path) as writer:
        _merge_columns(writer, parts, budget)
        for field in TEXTS:
            norms = write_norms(writer, field, partial(_lengths, field, parts, budget))
            if field in parts[0].file.words:
                merge_postings(
                    writer, field, [(part.file.words[field], part) for part in parts], norms, budget
                )
        for field in parts[0].file.forms:
            merge_postings(writer, field, [(part.file.forms[field], part) for part in parts], None, budget)
        _merge_quotes(writer, parts, budget)
        signatures.merge(writer, [(part.file.file, part.live, part.renamed) for part in parts])
        for kind in bodies.KINDS:
            bodies.merge(writer, kind, [(getattr(part.file, kind), part.live) for part in parts])
        documents = sum(part.documents for part in parts)
        written = writer.close({"documents": documents, "k1": IMPACT_K1, "b": IMPACT_B})
    return SegmentEntry(FileEntry.of(path.name, written), documents)


def _lengths(field: str, parts: Sequence[Part], budget: Budget) -> Iterator[NDArray[np.int32]]:
    return column([part.file.columns.lengths[field] for part in parts], parts, budget)


def _merge_columns(writer: ArrayWriter, parts: Sequence[Part], budget: Budget) -> None:
    columns = [part.file.columns for part in parts]
    titles = [(own.titles, np.flatnonzero(part.live)) for own, part in zip(columns, parts, strict=True)]
    merge_shared(writer, "titles", titles)
    for name in ("ids", "digests"):
        write_strings(writer, name, [getattr(each, name) for each in columns], parts, budget)
    _merge_order(writer, parts, budget)
    for name, dtype in NUMBERS.items():
        numbers = [getattr(each, name) for each in columns]
        _merge_numbers(writer, name, None if dtype is np.uint32 else dtype, numbers, parts, budget)
    _merge_numbers(writer, "body_begins", None, [part.file.body_begins for part in parts], parts, budget)
    merge_dates(writer, [each.dates for each in columns], parts, budget)
    for name in VALUES:
        merge_values(writer, name, [each.values[name] for each in columns], parts, budget)


def _merge_numbers(
    writer: ArrayWriter,
    name: str,
    dtype: type[Any] | None,
    columns: Sequence[NDArray[Any]],
    parts: Sequence[Part],
    budget: Budget,
) -> None:
    """Write a column of one number a document; without a type, in the smallest that holds them."""
    kind = dtype or smallest_type(column(columns, parts, budget))
    writer.put(name, kind, column(columns, parts, budget))


def _merge_order(writer: ArrayWriter, parts: Sequence[Part], budget: Budget) -> None:
    """Write the order of the documents by their ids, and the rank of each in it."""
    arrays = writer.so_far()
    orders = []
    for part in parts:
        order = part.file.columns.order
        orders.append(part.renamed[order[part.live[order]]])
        part.release()
    ids = Strings(arrays["ids/blob"], arrays["ids/starts"])
    order = ordering.merged(ids, orders, budget.documents, arrays.release)
    writer.add("order", order)
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    writer.add("ranks", ranks)


def _merge_quotes(writer: ArrayWriter, parts: Sequence[Part], budget: Budget) -> None:
    """Write the quotes of the live articles; what leads to an article leads to its new number."""
    files = [quotes.QuotesFile(part.file) for part in parts]
    lives = [part.live[file.article] for file, part in zip(files, parts, strict=True)]
    bases = accumulate((int(np.count_nonzero(live)) for live in lives), initial=0)
    own = [Part(file, live, base) for file, live, base in zip(files, lives, bases, strict=False)]
    writer.put(
        f"{prints.FIELD}/article",
        np.int32,
        (parts[n].renamed[files[n].article[docs][live]] for n, docs, live in windows(own, budget)),
    )
    for name in ("begins", "ends", "kinds"):
        columns = [getattr(file, name) for file in files]
        writer.put(f"{prints.FIELD}/{name}", columns[0].dtype.type, column(columns, own, budget))
    prints.merge(
        writer, [(file.prints, each.live, each.renamed) for file, each in zip(files, own, strict=True)]
    )
    for name, field in ((prints.FIELD, "speaker"), (quotes.ROLES, "role")):
        merge_values(writer, name, [file.columns.values[field] for file in files], own, budget)
    norms = write_norms(writer, prints.FIELD, partial(_lengths, "text", own, budget))
    words = [(each.file.words["text"], each) for each in own]
    merge_postings(writer, prints.FIELD, words, norms, budget)
    forms = [(each.file.forms["body_forms"], each) for each in own]
    merge_postings(writer, quotes.FORMS, forms, None, budget)
