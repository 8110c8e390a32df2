"""What a run found out about a set, in a file: tables over several sets are made of these."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from tests.bench.http import Load, Shares
from tests.bench.measure import Built
from tests.bench.race import Times
from tests.bench.refresh import Cost

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Memory:
    """Private bytes of a warm worker of the service, and of a Python that does nothing."""

    worker: int
    interpreter: int


@dataclass(frozen=True, slots=True)
class Results:
    """The figures of one set: times of CPU by kind and engine, builds by label, whole requests by
    connections and where their time goes, the rest.
    """

    name: str
    documents: int
    size: int
    cpu: Mapping[str, Mapping[str, Times]]
    wall: Mapping[str, Mapping[str, Times]]
    built: Mapping[str, Built]
    memory: Memory
    refresh: Mapping[str, Cost]
    requests: Sequence[Load] = ()
    shares: Shares | None = None


def save(results: Results, path: Path) -> None:
    """Write the figures."""
    path.write_text(json.dumps(asdict(results), indent=1) + "\n")


def load(path: Path) -> Results:
    """Read the figures."""
    row = json.loads(path.read_text())
    return Results(
        **row
        | {
            clock: {
                kind: {name: Times(**one) for name, one in found.items()}
                for kind, found in row[clock].items()
            }
            for clock in ("cpu", "wall")
        }
        | {"built": {name: Built(**one) for name, one in row["built"].items()}}
        | {"refresh": {name: Cost(**one) for name, one in row["refresh"].items()}}
        | {"memory": Memory(**row["memory"])}
        | {"requests": [Load(**one) for one in row.get("requests", ())]}
        | {"shares": Shares(**row["shares"]) if row.get("shares") else None}
    )
