"""How the figures grow with the archive: tables in the README and a plot beside it, of saved results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import matplotlib as mpl
from matplotlib.figure import Figure

from tests.bench.query import Kind
from tests.bench.report import ANEW, MB, NONE, OURS, RIVALS, shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from tests.bench.http import Load
    from tests.bench.race import Times
    from tests.bench.results import Results

README, PLOT = "README.md", "growth.svg"

BEGIN, END = "<!-- growth: written by --growth -->", "<!-- end of growth -->"

PLOTTED: tuple[Kind, ...] = (
    *("rare term", "common term", "AND", "OR"),
    *("phrase", "prefix", "OR + date", "OR + facets"),
)

# Okabe and Ito's colours, which colour-blind readers tell apart.
COLOURS = {
    OURS: "#000000",
    "tantivy": "#d55e00",
    "Lucene": "#0072b2",
    "FTS5": "#009e73",
    "bm25s": "#cc79a7",
    "Whoosh": "#e69f00",
}

STYLE: dict[Any, object] = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "growth",  # the same figures make the same file
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def write(results: Sequence[Results], folder: Path) -> None:
    """Write the tables into the README of ``folder``, between its marks, and the plot beside it."""
    ordered = sorted(results, key=lambda one: one.documents)
    readme = folder / README
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n\n{tables(ordered)}\n\n{END}{after}", encoding="utf-8")
    plot(ordered, folder / PLOT)


def tables(results: Sequence[Results]) -> str:
    """Return the tables in Markdown; a cell holds the figures of all sets, the smallest first."""
    sets = " · ".join(f"{one.name} ({one.documents:,} documents, {one.size / MB:.0f} MB)" for one in results)
    rivals = [name for name in RIVALS if any(name in found for one in results for found in one.cpu.values())]
    return "\n\n".join(
        (
            f"Each cell: {sets}.",
            f"Median time of a search (p50), ms:\n\n{_by_kind(results, (OURS, ANEW, *rivals), _p50)}",
            "Pressmark's p50 over the rival's (below 1: pressmark is faster):\n\n"
            + _by_kind(results, rivals, lambda one: f"{one.ratio50:.2f}"),
            "Pressmark's p99 over the rival's:\n\n"
            + _by_kind(results, rivals, lambda one: f"{one.ratio99:.2f}"),
            *(["Whole requests over HTTP:\n\n" + whole] if (whole := _requests(results)) else []),
            f"Indexing, memory and freshness:\n\n{_others(results)}",
        )
    )


def plot(results: Sequence[Results], path: Path) -> None:
    """Draw the p50 of some kinds over the number of documents, both on logarithmic scales."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.6, 4.8), layout="constrained")
        axes = figure.subplots(2, len(PLOTTED) // 2, sharex=True, sharey=True)
        for axis, kind in zip(axes.flat, PLOTTED, strict=True):
            for name, colour in COLOURS.items():
                points = [
                    (one.documents, one.cpu[kind][name].p50 * 1e3)
                    for one in results
                    if name in one.cpu.get(kind, {})
                ]
                if points:
                    width = 2 if name == OURS else 1
                    axis.plot(*zip(*points, strict=True), "o-", color=colour, label=name, lw=width, ms=3)
            axis.set(title=kind, xscale="log", yscale="log")
        figure.supxlabel("documents")
        figure.supylabel("p50, ms of CPU")
        handles, labels = axes.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(COLOURS), frameon=False)
        figure.savefig(path, metadata={"Date": None})


def _by_kind(results: Sequence[Results], names: Iterable[str], cell: Callable[[Times], str]) -> str:
    names = list(names)
    rows = [
        [kind, *(_joined(_figure(one, kind, name, cell) for one in results) for name in names)]
        for kind in get_args(Kind)
        if any(kind in one.cpu for one in results)
    ]
    return _markdown(["", *names], rows)


def _figure(results: Results, kind: str, name: str, cell: Callable[[Times], str]) -> str:
    found = results.cpu.get(kind, {})
    return cell(found[name]) if name in found else NONE


def _requests(results: Sequence[Results]) -> str:
    """Return the times of whole requests by connections, and where it goes; empty where none is known."""
    connections = sorted({load.connections for one in results for load in one.requests})
    cells: dict[str, Callable[[Load], str]] = {
        "p50, ms": lambda load: f"{load.p50 * 1e3:.3g}",
        "p99, ms": lambda load: f"{load.p99 * 1e3:.3g}",
        "p50 over the empty handler's": lambda load: f"{load.p50 / load.empty_p50:.1f}",
        "p99 over the empty handler's": lambda load: f"{load.p99 / load.empty_p99:.1f}",
        "CPU over the empty handler's": lambda load: f"{load.cpu / load.empty_cpu:.1f}",
    }
    rows = [
        [str(count), *(_joined(_load(one, count, cell) for one in results) for cell in cells.values())]
        for count in connections
    ]
    said = [f"{one.name}: {shared(one.requests[0], one.shares)}" for one in results if one.shares]
    return "\n\n".join([_markdown(["connections", *cells], rows), *said]) if rows else ""


def _load(results: Results, connections: int, cell: Callable[[Load], str]) -> str:
    return next((cell(one) for one in results.requests if one.connections == connections), NONE)


def _others(results: Sequence[Results]) -> str:
    labels = dict.fromkeys(label for one in results for label in one.built)
    rows = [
        [label, *(_joined(_made(one, label, column) for one in results) for column in range(3))]
        for label in labels
    ]
    built = _markdown(["", "documents per CPU second over tantivy's", "size over text", "peak MB"], rows)
    memory = _joined(f"{(one.memory.worker - one.memory.interpreter) / MB:.1f}" for one in results)
    steps = {
        "CPU from `add` of one article to the first search that finds it, ms": "all",
        "of that, the searcher's reopening, ms": "reopen",
        "CPU of the first query with three facets after that, ms": "facets",
    }
    costs = [
        [name, _joined(f"{one.refresh[step].cpu * 1e3:.1f}" for one in results)]
        for name, step in steps.items()
    ]
    rest = [["private memory of a warm worker above a bare interpreter's, MB", memory], *costs]
    return f"{built}\n\n{_markdown(['', OURS], rest)}"


def _made(results: Results, label: str, column: int) -> str:
    """Return speed beside tantivy's, size over text, or peak memory of a build."""
    if label not in results.built:
        return NONE
    one, rival = results.built[label], results.built["tantivy"]
    return (f"{one.speed / rival.speed:.2f}", f"{one.size / one.text:.2f}", f"{one.memory / MB:,.0f}")[column]


def _p50(one: Times) -> str:
    return f"{one.p50 * 1e3:.3g}"


def _joined(cells: Iterable[str]) -> str:
    return " · ".join(cells)


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown.

    >>> print(_markdown(["", "ours"], [["AND", "1.5"]]))
    |  | ours |
    |---|---|
    | AND | 1.5 |
    """
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])
