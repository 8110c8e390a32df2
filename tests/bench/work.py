"""What is kept between runs: corpora, built indexes and queries, each marked with what it was made of."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from tests.bench import corpus
from tests.bench.measure import Built, Corpus, build
from tests.bench.query import Query
from tests.bench.workload import game, questions, vocabulary, workload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WORKLOAD, GAME = "queries/news_workload.txt", "queries/search-benchmark-game.jsonl"

FEW = 50
"""Documents that are indexed beforehand, so that every loop is compiled."""

RECOVERED = 2_000
"""Documents that are built with recovery: what it costs a document does not depend on how many there are."""


@dataclass(frozen=True, slots=True)
class Work:
    """The folder of one set; ``limit`` is how many of its documents are taken, None for all."""

    data: Path
    root: Path
    name: str
    limit: int | None

    @property
    def folder(self) -> Path:
        """Where all of this set is kept."""
        return self.root / (self.name if self.limit is None else f"{self.name}-{self.limit}")

    def corpus(self, limit: int | None = None) -> Corpus:
        """Return the documents of the set, or the first ``limit`` of them, written where they are not yet."""
        part = f"-{limit}" if limit else ""
        file, mark = self.folder / f"corpus{part}.jsonl", self.folder / f"corpus{part}.json"
        parameters = {"set": self.name, "limit": limit or self.limit, "length": corpus.LENGTH}
        known = _read(mark, parameters)
        if known is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            whole = corpus.SETS[self.name](self.data)
            number, size = corpus.write(islice(whole, limit or self.limit), file)
            known = _write(mark, parameters, {"documents": number, "size": size})
        return Corpus(file, known["documents"], known["size"])

    def built(self, name: str, command: Sequence[str], source: Corpus, version: str) -> Built:
        """Return what it took to build an index; ``command`` is run where that is not known yet."""
        mark = self.mark(name)
        parameters = {"documents": source.documents, "size": source.size, "version": version}
        known = _read(mark, parameters)
        if known is None:
            self.forget(name)
            known = _write(mark, parameters, asdict(build(command, self.folder / name, source)))
        return Built(**known)

    def mark(self, name: str) -> Path:
        """Return the file that says what an index was built of, and what that took."""
        return self.folder / f"{name}.json"

    def forget(self, name: str) -> None:
        """Remove an index, so that it is built anew."""
        self.mark(name).unlink(missing_ok=True)
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def queries(self, each: int, seed: int) -> list[Query]:
        """Return the queries of the set: reading a million documents for them is done once."""
        parameters = {"each": each, "seed": seed, "length": corpus.LENGTH}
        mark = self.folder / f"queries-{each}-{seed}.json"
        rows = _read(mark, parameters)
        if rows is None:
            asked = questions((self.data / WORKLOAD).read_text().splitlines())
            played = game((self.data / GAME).read_text().splitlines())
            more = {word for query in played for word in query.words}
            known = vocabulary(corpus.read(self.corpus().file), asked, more)
            rows = [asdict(query) for query in workload(asked, known, each, seed, played)]
            _write(mark, parameters, rows)
        return [_query(row) for row in rows]


def command(module: str, file: Path, folder: Path) -> list[str]:
    """Return the command that indexes a corpus with one of the modules in ``engines``."""
    return [sys.executable, "-m", "tests.bench.build", module, str(file), str(folder)]


def recovering(file: Path, folder: Path) -> list[str]:
    """Return the command that indexes a corpus as a user does."""
    return [sys.executable, "-m", "index", "build", "--index", str(folder), str(file)]


def compile_loops(work: Work) -> None:
    """Compile the loops of pressmark, once for a machine, as a user's are: not part of any measure."""
    few, name = work.corpus(FEW), "few"
    for made in (command("ours", few.file, work.folder / name), recovering(few.file, work.folder / name)):
        work.forget(name)
        build(made, work.folder / name, few)
    work.forget(name)


def _query(row: Mapping[str, Any]) -> Query:
    days = row["days"]
    return Query(row["kind"], tuple(row["words"]), tuple(days) if days else None, row["facets"])


def _read(mark: Path, parameters: Mapping[str, Any]) -> Any:
    """Return what a mark says, None where there is none or it was made of other parameters."""
    if not mark.is_file():
        return None
    made = json.loads(mark.read_text())
    return made["result"] if made["parameters"] == json.loads(json.dumps(parameters)) else None


def _write(mark: Path, parameters: Mapping[str, Any], result: Any) -> Any:
    mark.write_text(json.dumps({"parameters": dict(parameters), "result": result}, indent=1) + "\n")
    return result
