"""Work in child processes with a limit of time and memory, so that one bad page costs only itself.

Each worker holds one task at a time and results come in the order of the tasks, so that the
same input gives the same output on any number of workers.  A worker that goes over a limit is
killed and replaced.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from index.children import Child
from index.errors import BadSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from types import TracebackType

A = TypeVar("A")
R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[R]):
    """What came of a task: a value, or None and why the first attempt failed; both where another worked."""

    value: R | None
    reason: str = ""


class Workers(Generic[A, R]):
    """Processes that call a function; each attempt after the first is for what went over a limit.

    ``attempts`` are picklable functions from a task to a value, ``seconds`` is the time that one
    may take, ``memory`` the bytes that it may take beside what an idle process has.
    """

    def __init__(
        self, attempts: Sequence[Callable[[A], R]], *, jobs: int, seconds: float, memory: int
    ) -> None:
        self._attempts = attempts
        self._seconds = seconds
        # Clean processes, forked from a server without threads, locks or this process's memory.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([module_of(attempt) for attempt in attempts])
        self._idle = deque(_Worker(context, memory) for _ in range(jobs))
        self._all = tuple(self._idle)

    def __enter__(self) -> Workers[A, R]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._all:
            worker.stop()

    def map(self, tasks: Iterable[tuple[T, A]]) -> Iterator[tuple[T, Outcome[R]]]:
        """Yield each label with its outcome, in order; while one is looked at, others are worked on."""
        busy: deque[tuple[_Worker, T, A]] = deque()
        for label, task in tasks:
            done = None if self._idle else self._collect(*busy.popleft())
            worker = self._idle.popleft()
            worker.give(self._attempts[0], task)
            busy.append((worker, label, task))
            if done:
                yield done
        while busy:
            yield self._collect(*busy.popleft())

    def _collect(self, worker: _Worker, label: T, task: A) -> tuple[T, Outcome[R]]:
        value, first, over = worker.take(self._seconds)
        for attempt in self._attempts[1:]:
            if not over:
                break
            worker.give(attempt, task)
            value, _, over = worker.take(self._seconds)
        self._idle.append(worker)
        return label, Outcome(value, first)


class _Worker:
    """One process, started with its first task."""

    def __init__(self, context: multiprocessing.context.ForkServerContext, memory: int) -> None:
        self._child = Child(context, _serve, memory, daemon=True)
        self._since = 0.0

    def give(self, attempt: Callable[[Any], Any], task: Any) -> None:
        """Send a task; a process that died idle is replaced."""
        try:
            self._child.pipe.send((attempt, task))
        except OSError:
            self.stop()
            self._child.pipe.send((attempt, task))
        self._since = time.monotonic()

    def take(self, seconds: float) -> tuple[Any, str, bool]:
        """Return value, reason and whether a limit was gone over."""
        pipe = self._child.pipe
        left = max(0.0, self._since + seconds - time.monotonic())
        late = None, f"took longer than {seconds:g} s", True
        try:
            answer: tuple[Any, str, bool] = pipe.recv() if pipe.poll(left) else late
        except (EOFError, OSError):
            answer = None, "ended the process that worked on it", True
        if answer[2]:
            self.stop()
        return answer

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._child.stop()


def _serve(pipe: Connection[Any, Any], memory: int) -> None:
    """Answer tasks until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means
    with contextlib.suppress(ValueError, OSError):  # a system without such a limit has the one of time
        resource.setrlimit(resource.RLIMIT_AS, (_address_space() + memory,) * 2)
    with contextlib.suppress(EOFError, OSError):
        while True:
            attempt, task = pipe.recv()
            pipe.send(_answer(attempt, task, memory))


def _answer(attempt: Callable[[Any], Any], task: Any, memory: int) -> tuple[Any, str, bool]:
    try:
        return attempt(task), "", False
    except BadSource as error:
        return None, error.reason, False
    except MemoryError:
        return None, f"took more than {memory:,} bytes of memory", True
    except Exception as error:  # noqa: BLE001 - a fault of ours costs one article and is named, not the run
        return None, f"{type(error).__name__} while it was worked on: {error}", False


def _address_space() -> int:
    """Return the bytes that this process has mapped, 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def module_of(function: Any) -> str:
    """Return the name of the module of a function, or of the one that a partial calls."""
    return str(getattr(function, "func", function).__module__)
