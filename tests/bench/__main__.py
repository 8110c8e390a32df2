"""``make bench``: indexing, size, memory and search times of pressmark, tantivy and SQLite FTS5."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
from contextlib import ExitStack, closing
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from platform import python_version

from tests.bench import corpus, report
from tests.bench.engines.fts5 import Fts5
from tests.bench.engines.ours import Ours
from tests.bench.engines.ours_http import OursHttp
from tests.bench.engines.tantivy import Tantivy
from tests.bench.measure import build, race
from tests.bench.workload import questions, vocabulary, workload

NAMES = {
    "tantivy": "tantivy",
    "fts5": "FTS5",
    "ready": "pressmark, writer alone",
    "pressmark": "pressmark, with recovery",
}
"""The folder of an index, and what the table calls the build that made it."""

FEW = 50
"""Documents that are indexed beforehand, so that every loop is compiled."""

ARCHIVE, QUERIES = "news/reuters-21578.jsonl.zst", "queries/news_workload.txt"


def options() -> argparse.Namespace:
    """Return the sizes of the samples."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--documents", type=int, default=21_578, help="stories of Reuters-21578 (all)")
    parser.add_argument("--queries", type=int, default=50, help="queries of each kind (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="times that each query is asked (%(default)s)")
    parser.add_argument("--seed", type=int, default=21_578, help="of queries and of order (%(default)s)")
    return parser.parse_args()


def main() -> int:
    """Build, race and print; return an exit code."""
    chosen = options()
    data = Path(os.environ.get("PRESSMARK_DATA", ""))
    if not os.environ.get("PRESSMARK_DATA") or not (data / ARCHIVE).is_file():
        print(f"make bench needs PRESSMARK_DATA, a folder with {ARCHIVE} and {QUERIES}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        run(chosen, data, Path(folder))
    return 0


def builds(file: Path, folder: Path) -> dict[str, list[str]]:
    """Return the commands that index a corpus, by the name of the folder that each makes in ``folder``."""
    child, index = [sys.executable, "-m", "tests.bench.build"], [sys.executable, "-m", "index"]
    return {
        "tantivy": [*child, "tantivy", str(file), str(folder / "tantivy")],
        "fts5": [*child, "fts5", str(file), str(folder / "fts5")],
        "ready": [*child, "ours", str(file), str(folder / "ready")],
        "pressmark": [*index, "build", "--index", str(folder / "pressmark"), str(file)],
    }


def run(chosen: argparse.Namespace, data: Path, work: Path) -> None:
    """Do the whole benchmark in the folder ``work``."""
    file = work / "corpus.jsonl"
    size = corpus.write(corpus.reuters(data / ARCHIVE, chosen.documents), file)
    asked = questions((data / QUERIES).read_text().splitlines())
    known = vocabulary(corpus.read(file), asked)
    print(
        f"Reuters-21578: {known.documents:,} stories, {size / 1e6:.1f} MB of text; seed {chosen.seed}\n"
        f"Python {python_version()}, tantivy {version('tantivy')}, SQLite {sqlite3.sqlite_version}, "
        f"Whoosh {version('whoosh')}\n\n"
        "Indexing: CPU of processes of their own, one job; ratios above 1 are faster than the rival.\n"
    )
    # Compiled once for a machine, as a user's are: not part of any measure.
    os.environ["NUMBA_CACHE_DIR"] = str(work / "kernels")
    few = work / "few.jsonl"
    corpus.write(islice(corpus.read(file), FEW), few)
    for name, command in builds(few, work / "few").items():
        build(command, work / "few" / name)
    built = {NAMES[name]: build(command, work / name) for name, command in builds(file, work).items()}
    print(report.indexing(built, known.documents, size))

    queries = workload(asked, known, chosen.queries, chosen.seed)
    with ExitStack() as stack:
        engines = [
            stack.enter_context(closing(make(work / folder)))
            for make, folder in (
                (Ours, "pressmark"),
                (OursHttp, "pressmark"),
                (Tantivy, "tantivy"),
                (Fts5, "fts5"),
            )
        ]
        samples = race(engines, queries, chosen.rounds, chosen.seed)
    print(
        "\nSearching: ten hits fetched, exact totals; ratios below 1 are faster than the rival.\n"
        "In process the clock is CPU time of the thread; over HTTP, with snippets, it is wall time.\n"
    )
    print(report.searching(samples))
    print("\nHow far the engines count alike, beside tantivy:\n")
    print(report.agreement(samples))


if __name__ == "__main__":
    sys.exit(main())
