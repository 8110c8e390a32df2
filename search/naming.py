"""The facet of a field of names: how many articles, or stories, have each canonical name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.kernels import count_names, most
from search.results import Bucket, Facet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from index.codec.values import ValueColumn
    from index.segment import Segment
    from search.collect import FacetRequest, Part
    from search.vocabulary import Spelled


@dataclass(frozen=True, slots=True)
class Naming:
    """The canonical names of a field in an archive, sorted.

    Value ``v`` of a segment is called ``names[numbers[segment][v]]``: int64[values] by the segment's name.
    """

    names: tuple[str, ...]
    numbers: Mapping[str, NDArray[np.int64]]


def naming(columns: Mapping[str, ValueColumn], spelled: Spelled) -> Naming:
    """Return what the values of a field are called, from its column in each segment."""
    called = {name: [spelled.canonical(value) for value in column.values] for name, column in columns.items()}
    names = sorted(set().union(*called.values()))
    number = {name: index for index, name in enumerate(names)}
    return Naming(
        tuple(names),
        {
            segment: np.array([number[name] for name in own], dtype=np.int64)
            for segment, own in called.items()
        },
    )


class Linking(NamedTuple):
    """Documents of a segment, int32[m], and the number of the story of each, int32[m]."""

    segment: Segment
    stories: NDArray[np.int32]
    docs: NDArray[np.int32]


def values(
    field: str,
    parts: Sequence[Part],
    named: Naming,
    chosen: frozenset[str],
    request: FacetRequest,
    linked: Sequence[Linking] = (),
) -> Facet:
    """Count the articles of each canonical value of a field; an article counts once for each.

    Those that are ``linked`` are beside the parts, and counted as stories.
    """
    counts = np.zeros(len(named.names), dtype=np.int64)
    missing = count_stories(linked, field, named, request.level, counts) if linked else 0
    for each in parts:
        column = each.segment.columns.values[field]
        passing = each.passing(request.without(field))
        sets = column.cells, column.starts, column.entries
        own = named.numbers[each.segment.name]
        missing += count_names(each.matching, passing, *sets, request.level, own, counts)
    best = _most(counts, request.size)
    listed = [(named.names[number], count) for number, count in zip(best, counts[best].tolist(), strict=True)]
    others = sorted(chosen - {value for value, _ in listed}) if chosen else []
    if others:
        number = {name: index for index, name in enumerate(named.names)}
        listed += [(value, int(counts[number[value]]) if value in number else 0) for value in others]
    return Facet(
        field,
        tuple([Bucket(value, count, value in chosen) for value, count in listed]),
        other=int(np.add.reduce(counts)) - sum([count for _, count in listed]),
        missing=missing,
    )


def count_stories(
    parts: Sequence[Linking], column: str, named: Naming, level: int, counts: NDArray[np.int64]
) -> int:
    """Add to ``counts`` how many stories have each name, and return how many have an article without one.

    A story has what any of its articles has.
    """
    if not any(len(docs) for _, _, docs in parts):
        return 0
    pairs, without = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for segment, stories, docs in parts:
        of, ordinals, levels = segment.columns.values[column].entries_of(docs)
        kept = levels >= level
        names = named.numbers[segment.name][ordinals[kept]]
        pairs.append(stories[of[kept]].astype(np.int64) * len(named.names) + names)
        bare = np.ones(len(docs), np.bool_)
        bare[of[kept]] = False
        without.append(stories[bare].astype(np.int64))
    distinct = np.unique(np.concatenate(pairs))
    counts += np.bincount(distinct % max(len(counts), 1), minlength=len(counts))
    return len(np.unique(np.concatenate(without)))


def _most(counts: NDArray[np.int64], size: int) -> list[int]:
    """Return the numbers of the highest counts above 0, highest first, then by number."""
    if size <= _FEW:
        return most(counts, size).tolist()  # type: ignore[no-any-return]  # what tolist is typed as
    order = np.argsort(-counts, kind="stable")[:size]
    listed: list[int] = order[counts[order] > 0].tolist()
    return listed


_FEW = 64
"""Values up to which the most frequent are kept in order while all are looked at."""
