"""What a process costs: CPU, memory and the size of what it leaves."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TICK = 0.02
"""Seconds between the first looks at a building process: how much its times may be off."""

FINE = 0.001
"""How much they may be off of a long one: looks become rarer, as each takes milliseconds."""

SELDOM = 10
"""Looks for each look at memory: the kernel walks all pages of a process for it, some milliseconds."""

CLOCK = os.sysconf("SC_CLK_TCK")
"""Ticks of the kernel's clock in a second."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in a file: how many, and how many bytes of text."""

    file: Path
    documents: int
    size: int


@dataclass(frozen=True, slots=True)
class Built:
    """What building an index of ``documents`` with so many bytes of ``text`` took.

    Seconds of CPU and of wall, bytes of memory at most, bytes on disk.
    """

    documents: int
    text: int
    cpu: float
    wall: float
    memory: int
    size: int

    @property
    def speed(self) -> float:
        """Documents per second of CPU."""
        return self.documents / self.cpu


def build(command: Sequence[str], folder: Path, corpus: Corpus) -> Built:
    """Run a command that builds an index in a new ``folder``; raise RuntimeError where it fails.

    The process and all that it starts are looked at again and again: ``os.wait4`` knows nothing of
    workers that a fork server started, and counts what this process had in memory when it forked.
    """
    folder.mkdir(parents=True)
    began, memory = time.perf_counter(), 0
    cpu: dict[int, float] = {}
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True, env=_installed())
        for look in itertools.count():
            if child.poll() is not None:
                break
            now = _session(child.pid)
            cpu |= now
            if look % SELDOM == 0:
                memory = max(memory, sum(map(_resident, now)))
            time.sleep(max(TICK, FINE * (time.perf_counter() - began)))
        wall = time.perf_counter() - began
        if child.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}: {said.read().decode()}")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Built(corpus.documents, corpus.size, sum(cpu.values()), wall, memory, size)


def _installed() -> dict[str, str]:
    """Return an environment in which modules are compiled once, as they are where a program is installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


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
    return _rollup(pid, "Pss")


def _rollup(pid: int, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", _text(Path(f"/proc/{pid}/smaps_rollup")), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _text(path: Path) -> str:
    """Return the content of a file of a process, empty where the process is gone."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def private(pid: int) -> int:
    """Return the bytes that a process has written and shares with nobody, 0 where it is gone."""
    return _rollup(pid, "Private_Dirty")


def children(pid: int) -> list[int]:
    """Return the ids of the processes that a process started."""
    return [int(child) for child in _text(Path(f"/proc/{pid}/task/{pid}/children")).split()]


def interpreter() -> int:
    """Return the private bytes of a Python that does nothing."""
    with subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as idle:
        assert idle.stdout is not None
        idle.stdout.readline()
        found = private(idle.pid)
        idle.communicate(b"\n")
    return found
