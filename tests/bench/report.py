"""The tables that ``make bench`` prints: figures of pressmark, and its ratios to the rivals."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from tests.bench.measure import medians, quantile
from tests.bench.workload import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.bench.measure import Built, Sample
    from tests.bench.workload import Query

OURS, HTTP, RIVALS = "pressmark", "pressmark, HTTP", ("tantivy", "FTS5")
MB = 1e6


def indexing(built: Mapping[str, Built], documents: int, text: int) -> str:
    """Return a table of what building took, a row an engine; ``text`` is the bytes of all texts."""
    rows = [
        (
            name,
            f"{documents / one.cpu:,.0f}",
            f"{text / MB / one.cpu:.2f}",
            *(f"{built[rival].cpu / one.cpu:.2f}" for rival in RIVALS),
            f"{one.wall:.1f}",
            f"{one.size / text:.2f}",
            f"{one.memory / MB:,.0f}",
        )
        for name, one in built.items()
    ]
    head = ("", "docs/s", "MB/s", *(f"of {rival}'s" for rival in RIVALS), "wall s", "size/text", "peak MB")
    return table(head, rows)


def searching(samples: Sequence[Sample]) -> str:
    """Return a table of search times, a row a kind of query: pressmark's, and its ratios to the rivals'.

    In process the clock is CPU time of the calling thread; over HTTP it is wall time, beside the
    wall time in process.
    """
    cpu, wall = medians(samples, "cpu"), medians(samples, "wall")
    rows = []
    for kind in _kinds(samples):
        inside = {name: _of(cpu, name, kind) for name in (OURS, *RIVALS)}
        outside = {name: _of(wall, name, kind) for name in (OURS, HTTP)}
        row: list[str] = [kind, str(len(inside[OURS]))]
        for share in (0.5, 0.99):
            ours = quantile(inside[OURS], share)
            row += [_time(ours), *(f"{ours / quantile(inside[rival], share):.1f}" for rival in RIVALS)]
        for share in (0.5, 0.99):
            over = quantile(outside[HTTP], share)
            row += [_time(over), f"{over / quantile(outside[OURS], share):.1f}"]
        rows.append(row)
    ratios = [f"/{rival}" for rival in RIVALS]
    head = ("", "queries", "p50", *ratios, "p99", *ratios, "HTTP p50", "/inside", "HTTP p99", "/inside")
    return table(head, rows)


def agreement(samples: Sequence[Sample]) -> str:
    """Return a table of how far the engines count alike: totals beside tantivy's, by kind of query.

    Stemmers and tokenisers differ, so totals do: what matters is that the engines did the same work.
    """
    totals = {(sample.engine, sample.query): sample.total for sample in samples}
    rows = []
    for kind in _kinds(samples):
        queries = [query for engine, query in totals if engine == OURS and query.kind == kind]
        row: list[str] = [kind]
        for name in (OURS, "FTS5"):
            ratios = [(totals[name, query] + 1) / (totals["tantivy", query] + 1) for query in queries]
            row += [
                f"{sum(ratio == 1 for ratio in ratios) / len(ratios):.0%}",
                f"{quantile(ratios, 0.5):.2f}",
            ]
        rows.append(row)
    return table(("", "pressmark equal", "median ratio", "FTS5 equal", "median ratio"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows under a head, the first column to the left and the others to the right.

    >>> print(table(("", "p50"), [("AND", "1.5 ms"), ("OR", "12.0 ms")]))
             p50
    AND   1.5 ms
    OR   12.0 ms
    """
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    first, *others = widths
    return "\n".join(
        "  ".join(
            [line[0].ljust(first), *(cell.rjust(width) for cell, width in zip(line[1:], others, strict=True))]
        )
        for line in lines
    )


def _kinds(samples: Iterable[Sample]) -> list[Kind]:
    """Return the kinds of queries that were asked, in their own order."""
    asked = {sample.query.kind for sample in samples}
    return [kind for kind in get_args(Kind) if kind in asked]


def _of(times: Mapping[tuple[str, Query], float], engine: str, kind: str) -> list[float]:
    return [time for (name, query), time in times.items() if name == engine and query.kind == kind]


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"
