"""The tables that ``make bench`` prints: figures of pressmark, and its ratios to the rivals."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from tests.bench.query import Kind
from tests.bench.race import quantile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.bench.http import Load, Shares
    from tests.bench.measure import Built
    from tests.bench.race import Sample, Times
    from tests.bench.refresh import Cost
    from tests.bench.results import Memory

OURS, ANEW, HTTP = "pressmark", "first time", "pressmark, HTTP"
RIVALS = ("tantivy", "Lucene", "FTS5", "bm25s", "Whoosh")
MB = 1e6
NONE = "-"
"""Stands where an engine cannot answer, or is left out."""


def indexing(built: Mapping[str, Built]) -> str:
    """Return a table of what building took, a row an engine."""
    rows = [
        (
            name,
            f"{one.documents:,}",
            f"{one.speed:,.0f}",
            f"{one.text / MB / one.cpu:.2f}",
            *(f"{one.speed / built[rival].speed:.2f}" for rival in ("tantivy", "FTS5")),
            f"{one.wall:.1f}",
            f"{one.size / one.text:.2f}",
            f"{one.memory / MB:,.0f}",
        )
        for name, one in built.items()
    ]
    head = ("", "documents", "docs/s", "MB/s", "of tantivy's", "of FTS5's", "wall s", "size/text", "peak MB")
    return table(head, rows)


def searching(cpu: Mapping[str, Mapping[str, Times]], share: str) -> str:
    """Return a table of search times, a row a kind of query; ``share`` is ``50`` or ``99``.

    Pressmark's and its ratios to the rivals' on the queries that those got; then its time on
    what it is asked for the first time, and the ratio of that to tantivy's.
    """
    rivals = [rival for rival in RIVALS if any(rival in found for found in cpu.values())]
    rows = []
    for kind, found in cpu.items():
        p = {name: getattr(one, f"p{share}") for name, one in found.items()}
        ratios = [
            f"{getattr(found[rival], f'ratio{share}'):.2f}" if rival in found else NONE for rival in rivals
        ]
        first = f"{p[ANEW] / p['tantivy']:.2f}" if "tantivy" in p else NONE
        rows.append([kind, str(found[OURS].queries), time(p[OURS]), *ratios, time(p[ANEW]), first])
    head = ("", "queries", f"p{share}", *(f"/{rival}" for rival in rivals), "first time", "/tantivy")
    return table(head, rows)


def over_http(wall: Mapping[str, Mapping[str, Times]]) -> str:
    """Return a table of wall times over HTTP, and how many times those in process they are."""
    rows = [
        [
            kind,
            *(time(getattr(found[HTTP], f"p{share}")) for share in ("50", "99")),
            *(f"{1 / getattr(found[HTTP], f'ratio{share}'):.1f}" for share in ("50", "99")),
        ]
        for kind, found in wall.items()
    ]
    return table(("", "p50", "p99", "p50 /inside", "p99 /inside"), rows)


def whole_requests(loads: Sequence[Load], shares: Shares) -> str:
    """Return a table of requests by connections, over those to an empty handler, and where their CPU goes."""
    rows = [
        [
            str(one.connections),
            *map(time, (one.p50, one.p99, one.empty_p50, one.empty_p99)),
            f"{one.p50 / one.empty_p50:.1f}",
            f"{one.p99 / one.empty_p99:.1f}",
            *map(time, (one.cpu, one.empty_cpu)),
            f"{one.cpu / one.empty_cpu:.1f}",
        ]
        for one in loads
    ]
    head = (
        "connections",
        "p50",
        "p99",
        "empty p50",
        "p99",
        "p50 /empty",
        "p99 /empty",
        "CPU",
        "empty",
        "/empty",
    )
    return f"{table(head, rows)}\n\n{shared(loads[0], shares)}"


def shared(alone: Load, shares: Shares) -> str:
    """Return a sentence about where the CPU of a request goes: ``alone`` is over one connection."""
    parts = {
        "search": shares.search,
        "snippets": shares.snippets,
        "encoding": shares.encoding,
        "the application around them": shares.around,
    }
    parts["gunicorn"] = max(0.0, alone.cpu - sum(parts.values()))
    whole = sum(parts.values())
    said = ", ".join(f"{name} {seconds / whole:.0%} ({time(seconds)})" for name, seconds in parts.items())
    return f"Of the CPU of one request: {said}."


def agreement(samples: Sequence[Sample]) -> str:
    """Return a table of how far the engines count alike: totals beside tantivy's, by kind of query.

    Stemmers and tokenisers differ, so totals do: what matters is that the engines did the same work.
    """
    totals = {(sample.engine, sample.query): sample.total for sample in samples if sample.total is not None}
    names = [name for name in (OURS, *RIVALS[1:]) if any(engine == name for engine, _ in totals)]
    rows = []
    for kind in get_args(Kind):
        row: list[str] = [kind]
        if not any(query.kind == kind for _, query in totals):
            continue
        for name in names:
            ratios = [
                (total + 1) / (totals["tantivy", query] + 1)
                for (engine, query), total in totals.items()
                if engine == name and query.kind == kind
            ]
            equal = sum(ratio == 1 for ratio in ratios) / len(ratios) if ratios else 0
            row += [f"{equal:.0%}", f"{quantile(ratios, 0.5):.2f}"] if ratios else [NONE, NONE]
        rows.append(row)
    return table(("", *(cell for name in names for cell in (f"{name} equal", "median ratio"))), rows)


def refreshing(costs: Mapping[str, Cost]) -> str:
    """Return a table of what one more article costs."""
    named = {
        "all": "from add to the first search that finds it",
        "add": "add: put and commit",
        "reopen": "reopen: the searcher takes the new generation",
        "search": "search: finds the article",
        "facets": "afterwards: the first query with three facets",
    }
    rows = [(named[step], time(one.cpu), time(one.most), time(one.wall)) for step, one in costs.items()]
    return table(("one more article", "CPU", "most CPU", "wall"), rows)


def remembering(memory: Memory) -> str:
    """Return a sentence about the memory of a worker."""
    own = (memory.worker - memory.interpreter) / MB
    return (
        f"Private memory of a warm worker: {own:.1f} MB above the {memory.interpreter / MB:.1f} MB of a bare "
        "interpreter."
    )


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


def time(seconds: float) -> str:
    """Return a time in milliseconds or microseconds.

    >>> time(0.0123), time(0.000456)
    ('12.30 ms', '456 µs')
    """
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"
