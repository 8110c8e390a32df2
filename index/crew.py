"""Processes that write segments of their own: each recovers runs of articles and puts them, too.

The process that commits reads, cuts runs and takes segments in, in the order of the runs.  Each of the
others has a process beside it that recovers one article at a time within limits, as ``index.bounded``
says, so that a bad page costs only itself and never what was collected.  One that is killed is replaced,
and its run done again.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections import deque
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Self

from index import tasks
from index.bounded import module_of
from index.children import SIGNALS, Child
from index.errors import PressmarkError, Unwritable
from index.runs import received

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from types import FrameType, TracebackType

    from index.article import Article
    from index.bounded import Workers
    from index.runs import Asked, Run
    from index.settings import Settings
    from index.tasks import Days, Task
    from index.writer import Maker, Origin, Putting

_DEATHS = 3
"""Processes that may be killed over one run: what kills so many would kill another one."""

_GRACE = 10.0
"""Seconds that a process has to end by itself and the one beside it: no compiled loop takes longer."""


@dataclass(frozen=True, slots=True)
class Work:
    """What every process is told when it starts."""

    open_maker: Callable[[], Maker]
    origin: Origin
    days: Days
    seconds: float
    """The time that the recovery of one article may take."""
    memory: int
    """The bytes that it may take."""

    @classmethod
    def of(cls, settings: Settings, open_maker: Callable[[], Maker], origin: Origin, days: Days) -> Self:
        """Return work within the limits of the settings."""
        return cls(open_maker, origin, days, settings.article_seconds, settings.article_memory)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a run: for ``Writer.enter``, and position → reason of what was refused or kept plain."""

    made: Any
    refused: dict[int, str]
    plain: dict[int, str]


class ChokedError(Exception):
    """A writer raised on an article: what it collected is of no use, and to be made without the article."""

    def __init__(self, id: str, reason: str) -> None:  # noqa: A002 - the contract's own name
        super().__init__(id, reason)
        self.id = id
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def put(writer: Putting, article: Article, origin: Origin) -> None:
    """Put an article; raise ChokedError where it, or one before it, is at fault."""
    try:
        writer.put(article, origin)
    except Unwritable as error:
        raise ChokedError(error.id, error.reason) from error
    except (OSError, MemoryError, PressmarkError):
        raise
    except Exception as error:
        raise ChokedError(article.id, f"could not be written: {type(error).__name__}: {error}") from error


class Crew:
    """So many processes that make segments."""

    def __init__(self, jobs: int, work: Work) -> None:
        # Clean processes: see ``index.bounded``.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__, module_of(work.open_maker)])
        self._hands = tuple(_Hand(context, work) for _ in range(jobs))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for hand in self._hands:
            hand.tell_to_stop()
        for hand in self._hands:
            hand.stop()

    def map(self, runs: Iterable[Run], tick: Callable[[], object]) -> Iterator[tuple[Run, Made]]:
        """Yield each run with what became of it, in order; ``tick`` is called once a task.

        Raises ChokedError, or what is no article's fault: OSError, MemoryError, PressmarkError.
        """
        ready: dict[int, tuple[Run, Made]] = {}
        following = 0
        try:
            for done in self._done(runs, tick):
                ready[done[0].number] = done
                while following in ready:
                    yield ready.pop(following)
                    following += 1
        finally:
            for run, _ in ready.values():
                run.close()

    def _done(self, runs: Iterable[Run], tick: Callable[[], object]) -> Iterator[tuple[Run, Made]]:
        """Yield each run with what became of it, as they come."""
        idle = deque(self._hands)
        busy: dict[Any, tuple[_Hand, Run]] = {}
        try:
            for run in runs:
                hand = idle.popleft()
                hand.give(run)
                busy[hand.pipe] = hand, run
                while not idle:
                    yield from self._looked(busy, idle, tick)
            while busy:
                yield from self._looked(busy, idle, tick)
        finally:
            for _, run in busy.values():
                run.close()

    def _looked(
        self, busy: dict[Any, tuple[_Hand, Run]], idle: deque[_Hand], tick: Callable[[], object]
    ) -> Iterator[tuple[Run, Made]]:
        """Wait until a process says something, and yield the runs that are done."""
        for pipe in wait(list(busy)):
            hand, run = busy[pipe]
            made = hand.take(run, tick)
            del busy[pipe]
            if made is None:
                busy[hand.pipe] = hand, run
            else:
                idle.append(hand)
                yield run, made


class _Hand:
    """One process, started with its first run."""

    def __init__(self, context: multiprocessing.context.ForkServerContext, work: Work) -> None:
        # No daemon: those have no processes of their own.
        self._child = Child(context, _serve, work, daemon=False, patience=_GRACE)

    @property
    def pipe(self) -> Connection[Any, Any]:
        """Where it answers."""
        return self._child.pipe

    def give(self, run: Run) -> None:
        """Send a run."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # ``take`` finds what happened
            run.send(self.pipe.send_bytes)

    def take(self, run: Run, tick: Callable[[], object]) -> Made | None:
        """Return what became of the run, None where it is not done; raise what hindered it."""
        try:
            answer = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self._mourn(run)
            self.give(run)
            return None
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, Made):
            return answer
        for _ in range(run.acknowledged, answer):
            tick()
        run.acknowledged = max(run.acknowledged, answer)
        return None

    def _mourn(self, run: Run) -> None:
        self.stop()
        run.deaths += 1
        if run.deaths == _DEATHS:
            last = run[min(run.acknowledged, len(run) - 1)].given.source
            raise PressmarkError(
                f"the process that writes was ended {_DEATHS} times, at last at {last.place} ({last.id})"
            )

    def tell_to_stop(self) -> None:
        """Ask the process to end, with the one beside it."""
        self._child.tell_to_stop()

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._child.stop()


def _serve(pipe: Connection[Any, Any], work: Work) -> None:
    """Answer runs until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means
    signal.signal(signal.SIGTERM, _end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)  # what it inherited
    recovery = tasks.limited(work.days, jobs=1, seconds=work.seconds, memory=work.memory)
    with contextlib.suppress(OSError), recovery as workers:
        maker = work.open_maker()
        while True:
            answer = _answer(received(pipe.recv_bytes), maker, workers, work.origin, pipe.send)
            pipe.send(answer)
            if not isinstance(answer, Made):  # what was collected is of no use, and half of a run may wait
                return


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise SystemExit


def _answer(
    run: Iterator[Asked],
    maker: Maker,
    workers: Workers[Task, Article],
    origin: Origin,
    acknowledge: Callable[[int], object],
) -> Made | Exception:
    refused: dict[int, str] = {}
    plain: dict[int, str] = {}
    asked = ((each.digest, each.task) for each in run)
    try:
        for position, (digest, outcome) in enumerate(workers.map(asked)):
            problem = tasks.problem(outcome)
            if problem or outcome.value is None:
                refused[position] = problem
            else:
                put(maker, replace(outcome.value, digest=digest), origin)
                if outcome.reason:
                    plain[position] = outcome.reason
            acknowledge(position + 1)
        return Made(maker.made(), refused, plain)
    except Unwritable as error:
        return ChokedError(error.id, error.reason)
    except (ChokedError, OSError, MemoryError) as error:
        return error.with_traceback(None)
    except Exception as error:  # noqa: BLE001 - the parent ends the command with it
        return PressmarkError(f"{type(error).__name__}: {error}")
