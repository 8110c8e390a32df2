"""Who takes part: each engine's folder, how its index is built and opened, and up to how many documents."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from tests.bench.engines import lucene
from tests.bench.engines.bm25s import Bm25s
from tests.bench.engines.fts5 import Fts5
from tests.bench.engines.lucene import Lucene
from tests.bench.engines.ours import Anew, Ours
from tests.bench.engines.ours_http import OursHttp
from tests.bench.engines.tantivy import Tantivy
from tests.bench.engines.whoosh import Whoosh
from tests.bench.work import command, recovering

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.bench.engines.engine import Engine

SLOW = 60_000
"""Documents up to which Whoosh takes part: 55,000 stories take it minutes, a million passages would hours."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """An index: the command that builds it from a corpus in a folder, and the engines that search it."""

    label: str
    version: str
    build: Callable[[Path, Path], list[str]]
    engines: tuple[Callable[[Path], Engine], ...] = ()
    most: int | None = None


def entrants(tools: Path) -> dict[str, Entrant]:
    """Return who takes part, by the name of the folder; what Lucene needs is kept in ``tools``.

    Where it lacks something, a line says so and it is left out.
    """
    found = {
        "tantivy": Entrant("tantivy", version("tantivy"), _child("tantivy"), (Tantivy,)),
        "fts5": Entrant("FTS5", sqlite3.sqlite_version, _child("fts5"), (Fts5,)),
        "bm25s": Entrant("bm25s", version("bm25s"), _child("bm25s"), (Bm25s,)),
        "whoosh": Entrant("Whoosh", version("whoosh"), _child("whoosh"), (Whoosh,), SLOW),
        "pressmark": Entrant("pressmark, writer alone", "", _child("ours"), (Ours, Anew, OursHttp)),
        "recovery": Entrant("pressmark, with recovery", "", recovering),
    }
    try:
        java = lucene.prepare(tools)
    except LookupError as error:
        print(error, file=sys.stderr)
        return found
    made = Entrant(
        "Lucene",
        lucene.version(java),
        partial(java.command, "index"),
        (partial(Lucene, java),),
    )
    return {"tantivy": found.pop("tantivy"), "lucene": made, **found}


def _child(module: str) -> Callable[[Path, Path], list[str]]:
    return partial(command, module)
