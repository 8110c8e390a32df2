"""Runs of tasks: the order of a command cut by bytes of input, each kept in a file until it is done.

Where runs end follows from the input alone, so that the archive is the same on any number of processes.
"""

from __future__ import annotations

import contextlib
import pickle
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import IO

    from index.sources import Input
    from index.tasks import Task

_FIRST = 512 << 10
"""Bytes of the first runs: 200 articles, a second of recovery; to start a process takes as long."""

_LARGEST = 64 << 20
"""Bytes of a run at most: what a segment holds of one process of two."""

_DOUBLED = 16
"""Runs after which they are twice as large: the last is at most a sixteenth of the input."""

_PIECE = 1 << 20
"""Bytes that are sent at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An input to recover, and its digest."""

    given: Input
    digest: str
    task: Task


@dataclass(slots=True)
class Run:
    """Some tasks in order: in a file without a name, so that only ids and places in it take memory."""

    number: int
    ids: list[str] = field(default_factory=list)
    size: int = 0
    """Bytes of input."""
    acknowledged: int = 0
    """How many of its tasks were done, by whoever came furthest."""
    deaths: int = 0
    """Processes that ended over it."""
    _offsets: list[int] = field(default_factory=list)
    _file: IO[bytes] = field(default_factory=TemporaryFile)

    def __len__(self) -> int:
        return len(self.ids)

    def close(self) -> None:
        """Let go of the file."""
        with contextlib.suppress(OSError):  # of a full disk, which was told before
            self._file.close()

    def add(self, asked: Asked) -> None:
        """Add a task; raise OSError where the disk does not take it."""
        self._offsets.append(self._file.tell())
        pickle.dump(asked, self._file, pickle.HIGHEST_PROTOCOL)
        self.ids.append(asked.given.source.id)
        self.size += len(asked.given.raw)

    def __getitem__(self, position: int) -> Asked:
        """Return a task."""
        self._file.seek(self._offsets[position])
        return _load(self._file)

    def send(self, send: Callable[[bytes], object]) -> None:
        """Send all tasks to another process, piece by piece; an empty one ends them."""
        self._file.seek(0)
        for piece in iter(lambda: self._file.read(_PIECE), b""):
            send(piece)
        send(b"")


def received(receive: Callable[[], bytes]) -> Iterator[Asked]:
    """Yield what ``Run.send`` sends, once all of it is there."""
    with TemporaryFile() as file:
        for piece in iter(receive, b""):
            file.write(piece)
        end = file.tell()
        file.seek(0)
        while file.tell() < end:
            yield _load(file)


def cut(tasks: Iterable[Asked]) -> Iterator[Run]:
    """Yield the tasks in runs."""
    run = Run(0)
    try:
        for asked in tasks:
            run.add(asked)
            if run.size >= min(_FIRST << run.number // _DOUBLED, _LARGEST):
                full, run = run, Run(run.number + 1)
                yield full
    except BaseException:
        run.close()
        raise
    if len(run):
        yield run
    else:
        run.close()


def start(tasks: Iterator[Asked]) -> list[Asked]:
    """Return what would be the first run, in memory."""
    first: list[Asked] = []
    size = 0
    while size < _FIRST and (asked := next(tasks, None)) is not None:
        first.append(asked)
        size += len(asked.given.raw)
    return first


def _load(file: IO[bytes]) -> Asked:
    asked: Asked = pickle.load(file)  # noqa: S301 - a file without a name, which this program alone has written
    return asked
