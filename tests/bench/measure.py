"""Measures: a child process that builds an index, and searches interleaved over engines."""

from __future__ import annotations

import itertools
import math
import os
import random
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.bench.engines.engine import Engine
    from tests.bench.workload import Query

TICK = 0.02
"""Seconds between two looks at a building process: how much its times may be off."""

SELDOM = 10
"""Looks for each look at memory: the kernel walks all pages of a process for it, some milliseconds."""

CLOCK = os.sysconf("SC_CLK_TCK")
"""Ticks of the kernel's clock in a second."""


@dataclass(frozen=True, slots=True)
class Built:
    """What building an index took: seconds of CPU and of wall, bytes of memory at most and on disk."""

    cpu: float
    wall: float
    memory: int
    size: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One search: seconds of wall and of CPU of the calling thread, and how many documents matched."""

    engine: str
    query: Query
    wall: float
    cpu: float
    total: int


def build(command: Sequence[str], folder: Path) -> Built:
    """Run a command that builds an index in a new ``folder``; raise RuntimeError where it fails.

    The process and all that it starts are looked at every ``TICK``: ``os.wait4`` knows nothing of
    workers that a fork server started, and counts what this process had in memory when it forked.
    """
    folder.mkdir(parents=True)
    began, memory = time.perf_counter(), 0
    cpu: dict[int, float] = {}
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
        for look in itertools.count():
            if child.poll() is not None:
                break
            now = _session(child.pid)
            cpu |= now
            if look % SELDOM == 0:
                memory = max(memory, sum(map(_resident, now)))
            time.sleep(TICK)
        wall = time.perf_counter() - began
        if child.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}: {said.read().decode()}")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Built(sum(cpu.values()), wall, memory, size)


def _session(leader: int) -> dict[int, float]:
    """Return the seconds of CPU so far of each process of a session, by process id."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        # Behind the name, in parentheses: state, parent, group, session; CPU is the 14th and 15th field.
        fields = _text(path).rpartition(")")[2].split()
        if fields and int(fields[3]) == leader:
            found[int(path.parent.name)] = (int(fields[11]) + int(fields[12])) / CLOCK
    return found


def _resident(pid: int) -> int:
    """Return the bytes that a process has in memory, a part of each shared page; 0 where it is gone."""
    found = re.search(r"^Pss:\s+(\d+) kB", _text(Path(f"/proc/{pid}/smaps_rollup")), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _text(path: Path) -> str:
    """Return the content of a file of a process, empty where the process is gone."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def race(engines: Sequence[Engine], queries: Sequence[Query], rounds: int, seed: int) -> list[Sample]:
    """Ask every engine every query, ``rounds`` times, all in random order, after one round unmeasured.

    Each query meets all engines one after the other, so that whatever else the machine does
    falls on all of them alike.
    """
    chance = random.Random(seed)
    samples = []
    for number in range(rounds + 1):
        for query in chance.sample(queries, len(queries)):
            for engine in chance.sample(engines, len(engines)):
                sample = _ask(engine, query)
                if number:
                    samples.append(sample)
    return samples


def _ask(engine: Engine, query: Query) -> Sample:
    wall, cpu = time.perf_counter(), time.thread_time()
    answer = engine.search(query)
    cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
    return Sample(engine.name, query, wall, cpu, answer.total)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the values lie: of 1 to 100, .99 gives 99.

    >>> quantile(range(1, 101), 0.99), quantile([3, 1, 2], 0.5)
    (99, 2)
    """
    return sorted(values)[math.ceil(share * len(values)) - 1]


def medians(samples: Sequence[Sample], clock: str) -> Mapping[tuple[str, Query], float]:
    """Return the median over the rounds, by engine and query, of ``wall`` or ``cpu``."""
    rounds: dict[tuple[str, Query], list[float]] = {}
    for sample in samples:
        rounds.setdefault((sample.engine, sample.query), []).append(getattr(sample, clock))
    return {key: quantile(values, 0.5) for key, values in rounds.items()}
