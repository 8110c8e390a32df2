"""``make bench``: indexing, searching, memory and freshness of pressmark, beside its rivals."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING

from tests.bench import corpus, growth, http, report
from tests.bench.engines.ours_http import OursHttp
from tests.bench.measure import interpreter
from tests.bench.race import race, times
from tests.bench.refresh import refresh
from tests.bench.results import Memory, Results, load, save
from tests.bench.rivals import entrants
from tests.bench.work import RECOVERED, Work, compile_loops

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.bench.measure import Built, Corpus
    from tests.bench.rivals import Entrant

FOLDER = Path(__file__).parent
"""Where the table and the plot of ``--growth`` go."""

RESULTS = "results.json"
"""The figures of a set, beside its indexes."""


def options() -> argparse.Namespace:
    """Return what to measure, and the sizes of the samples."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    add = parser.add_argument
    add("--set", action="append", choices=corpus.SETS, help="documents (reuters); may be repeated")
    add("--work", type=Path, help="a folder that keeps corpora and indexes for the next run")
    add("--rebuild", action="append", default=[], help="an index to build anew, such as pressmark")
    add("--without", action="append", default=[], help="a rival to leave out, such as whoosh")
    add("--build", action="store_true", help="only build what is not there yet")
    add("--documents", type=int, help="documents of the set, from the first on (all)")
    add("--queries", type=int, default=50, help="queries of each kind (%(default)s)")
    add("--rounds", type=int, default=3, help="times that each query is asked (%(default)s)")
    add("--seed", type=int, default=21_578, help="of queries and of order (%(default)s)")
    add("--growth", action="store_true", help="write the table and the plot beside the README")
    return parser.parse_args()


def main() -> int:
    """Build, race and print; return an exit code."""
    chosen = options()
    data = Path(os.environ.get("PRESSMARK_DATA", ""))
    if not os.environ.get("PRESSMARK_DATA") or not (data / corpus.REUTERS).is_file():
        needed = f"a folder with {corpus.REUTERS} and what else tests/bench/README.md names"
        print(f"make bench needs PRESSMARK_DATA, {needed}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        root = (chosen.work or Path(temporary)).resolve()
        os.environ["NUMBA_CACHE_DIR"] = str(root / "kernels")
        present = entrants(root / "lucene")
        for name in dict.fromkeys(chosen.set or ["reuters"]):
            run(chosen, Work(data, root, name, chosen.documents), present)
        if chosen.growth:
            saved = [root / name / RESULTS for name in corpus.SETS]
            growth.write([load(file) for file in saved if file.is_file()], FOLDER)
    return 0


def run(chosen: argparse.Namespace, work: Work, present: Mapping[str, Entrant]) -> None:
    """Measure one set, print the tables and save the figures."""
    documents = work.corpus()
    taking = {
        name: one
        for name, one in present.items()
        if name not in chosen.without and (one.most is None or documents.documents <= one.most)
    }
    print(
        f"{work.name}: {documents.documents:,} documents, {documents.size / 1e6:.1f} MB of text; "
        f"seed {chosen.seed}\nPython {python_version()}, "
        f"{', '.join(f'{one.label} {one.version}' for one in taking.values() if one.version)}\n\n"
        "Indexing: CPU of processes of their own, one job; ratios above 1 are faster than the rival.\n"
    )
    built = dict(builds(work, documents, taking, chosen.rebuild))
    print(report.indexing(built), flush=True)
    if chosen.build:
        return
    queries = work.queries(chosen.queries, chosen.seed)
    with ExitStack() as stack:
        engines = [
            stack.enter_context(closing(make(work.folder / name)))
            for name, one in taking.items()
            for make in one.engines
        ]
        samples = race(engines, queries, chosen.rounds, chosen.seed)
        memory = Memory(
            sum(engine.worker() for engine in engines if isinstance(engine, OursHttp)), interpreter()
        )
    cpu, wall = (times(samples, clock, report.OURS) for clock in ("cpu", "wall"))
    with tempfile.TemporaryDirectory(dir=work.folder) as copy:
        costs = refresh(work.folder / "pressmark", Path(copy) / "index")
    print(
        "\nSearching: ten hits fetched, exact totals; CPU of the thread; ratios below 1 are faster than "
        "the rival.\n"
    )
    print(report.searching(cpu, "50"), report.searching(cpu, "99"), sep="\n\n")
    print("\nOver HTTP, with snippets: wall time, and how many times that in process.\n")
    print(report.over_http(wall))
    print(
        "\nWhole requests with three facets and snippets, beside an empty handler under the same gunicorn.\n"
    )
    index = work.folder / "pressmark"
    loads, shares = http.measure(index, queries, chosen.rounds, chosen.seed), http.shares(index, queries)
    print(report.whole_requests(loads, shares))
    print("\nHow far the engines count alike, beside tantivy:\n")
    print(report.agreement(samples))
    print(f"\n{report.remembering(memory)}\n\n{report.refreshing(costs)}\n", flush=True)
    figures = Results(
        *(work.name, documents.documents, documents.size, cpu, wall),
        *(built, memory, costs, loads, shares),
    )
    save(figures, work.folder / RESULTS)


def builds(
    work: Work, documents: Corpus, taking: Mapping[str, Entrant], anew: Iterable[str]
) -> Iterable[tuple[str, Built]]:
    """Yield by label what each build took; what is there already is not built."""
    few = work.corpus(min(RECOVERED, documents.documents))
    compiled = False
    for name, one in taking.items():
        if name in anew:
            work.forget(name)
        source = few if name == "recovery" else documents
        if name in ("pressmark", "recovery") and not compiled and not work.mark(name).is_file():
            compile_loops(work)
            compiled = True
        command = one.build(source.file, work.folder / name)
        yield one.label, work.built(name, command, source, one.version)


if __name__ == "__main__":
    sys.exit(main())
