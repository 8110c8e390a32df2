"""The inbox of writes over HTTP: what it took is on disk, whoever is killed, until the index holds it.

One SQLite database in the state folder.  The workers of the service put jobs into it, one follower
empties it, line by line in the order in which they came.  Every transaction is on disk before it returns
(write-ahead log, synced each time), so that a job is there as a whole or not at all.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import orjson

from index.codec.commit import sync_folder
from index.errors import InboxFull, InboxUnavailable, KeyReused
from index.jobs import Job, Line, Outcome
from index.writer import Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

FILE = "inbox.sqlite3"
"""The database, below the state folder; SQLite keeps its log beside it."""

KEPT = 86_400.0
"""Seconds that a finished job can be asked for, and its idempotency key be sent again."""

JOBS = 10_000
"""Jobs that may wait at once, whatever their size."""

BATCH = 512
"""Lines that are taken out at once: two seconds of recovery on one core."""

_BATCH_BYTES = 1 << 24
"""Bytes that are taken out at once, or one line: they are held in memory."""

_BUSY = 10.0
"""Seconds to wait for another process's transaction: the largest one takes a tenth of a second."""

_OPEN = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS inbox (id TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, key TEXT UNIQUE,
        request TEXT NOT NULL, received REAL NOT NULL, size INTEGER NOT NULL, ignored BLOB NOT NULL,
        finished REAL, generation INTEGER
    );
    CREATE INDEX IF NOT EXISTS waiting ON jobs (size) WHERE finished IS NULL;
    CREATE INDEX IF NOT EXISTS finished ON jobs (finished) WHERE finished IS NOT NULL;
    CREATE TABLE IF NOT EXISTS lines (
        job INTEGER NOT NULL, line INTEGER NOT NULL, id TEXT NOT NULL, action TEXT NOT NULL,
        raw BLOB NOT NULL, condition TEXT NOT NULL, PRIMARY KEY (job, line)
    );
    CREATE TABLE IF NOT EXISTS outcomes (
        job INTEGER NOT NULL, line INTEGER NOT NULL, id TEXT, result TEXT NOT NULL, detail TEXT NOT NULL,
        version TEXT, PRIMARY KEY (job, line)
    ) WITHOUT ROWID;
    INSERT INTO inbox SELECT lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM inbox);
    COMMIT;
"""


_NOTED = "EXISTS (SELECT 1 FROM outcomes WHERE outcomes.job = lines.job AND outcomes.line = lines.line)"
"""What holds of a line that was worked on: its outcome is noted before a commit holds it."""


class Inbox:
    """The inbox in a state folder; opened when it is first asked, so that it may be made before a fork.

    ``limit`` is in bytes of all jobs that wait.  Any number of threads and processes may use it.
    Everything raises InboxUnavailable where the database cannot be read or written.
    """

    def __init__(self, state: Path, limit: int = 1 << 28) -> None:
        self.path = state / FILE
        self._limit = limit
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; the next question opens it again."""
        with self._lock:
            self._close()

    def put(
        self,
        lines: Sequence[Line],
        refused: Sequence[Outcome] = (),
        *,
        request: str,
        key: str | None = None,
        ignored: Mapping[str, int] | None = None,
    ) -> tuple[str, bool]:
        """Keep a job and return its id, and whether it was there already: a ``key`` names one job.

        ``request`` names what was asked for: KeyReused is raised where the key came with something else, and
        InboxFull where the job does not fit; an empty inbox takes any.  Once it returns, the job is on disk.
        """
        size = sum(len(line.raw) for line in lines)
        with self._open() as database, _transaction(database):
            known = key and database.execute("SELECT id, request FROM jobs WHERE key = ?", (key,)).fetchone()
            if known:
                if known[1] != request:
                    raise KeyReused("this idempotency key came with another request before")
                return known[0], True
            count, waiting = database.execute(
                "SELECT count(*), coalesce(sum(size), 0) FROM jobs WHERE finished IS NULL"
            ).fetchone()
            if count and (waiting + size > self._limit or count >= JOBS):
                raise InboxFull(f"{count:,} jobs of {waiting:,} bytes wait to be indexed")
            id_ = secrets.token_hex(12)
            number = database.execute(
                "INSERT INTO jobs (id, key, request, received, size, ignored) VALUES (?, ?, ?, ?, ?, ?)",
                (id_, key, request, time.time(), size, orjson.dumps(dict(ignored or {}))),
            ).lastrowid
            database.executemany(
                "INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?)",
                ((number, one.number, one.id, one.action, one.raw, one.condition) for one in lines),
            )
            _record(database, [(number or 0, one) for one in refused])
        return id_, False

    def job(self, id: str) -> Job | None:  # noqa: A002 - the contract's own name
        """Return a job, or None where it is not known, or not any more."""
        with self._open() as database, _transaction(database, "DEFERRED"):
            row = database.execute(
                "SELECT number, received, finished, generation, ignored FROM jobs WHERE id = ?", (id,)
            ).fetchone()
            if row is None:
                return None
            number, received, finished, generation, ignored = row
            waiting = database.execute(
                "SELECT line, id FROM lines WHERE job = ? ORDER BY line", (number,)
            ).fetchall()
            # What a follower has noted of lines that still wait holds once the index holds them.
            outcomes = database.execute(
                "SELECT line, id, result, detail, version FROM outcomes WHERE job = ? AND line NOT IN"
                " (SELECT line FROM lines WHERE job = ?) ORDER BY line",
                (number, number),
            ).fetchall()
        done = tuple(Outcome(*each) for each in outcomes)
        return Job(id, received, finished, generation, orjson.loads(ignored), done, tuple(waiting))

    def finished(self, id: str) -> bool:  # noqa: A002 - likewise
        """Whether all of a job is done, or nothing is known of it."""
        with self._open() as database:
            asked = "SELECT 1 FROM jobs WHERE id = ? AND finished IS NULL"
            return database.execute(asked, (id,)).fetchone() is None

    def waits(self) -> bool:
        """Whether there are jobs that are not finished."""
        with self._open() as database:
            return bool(database.execute("SELECT 1 FROM jobs WHERE finished IS NULL LIMIT 1").fetchone())

    def position(self, job: int, line: int) -> Position:
        """Return the position behind a line."""
        with self._open() as database:
            (name,) = database.execute("SELECT id FROM inbox").fetchone()
        return Position(name, job, line)

    def head(self, most: int = BATCH) -> list[tuple[int, str, Line]]:
        """Return the first lines that wait, with number and id of their jobs."""
        found: list[tuple[int, str, Line]] = []
        size = 0
        with self._open() as database:
            rows = database.execute(
                "SELECT job, jobs.id, line, lines.id, action, raw, condition FROM lines"
                " JOIN jobs ON number = job ORDER BY job, line LIMIT ?",
                (most,),
            )
            for job, name, *rest in rows:
                line = Line(*rest)
                size += len(line.raw)
                if found and size > _BATCH_BYTES:
                    break
                found.append((job, name, line))
        return found

    def note(self, outcomes: Sequence[tuple[int, Outcome]]) -> None:
        """Keep what will have become of lines, by the numbers of their jobs; ``settle`` makes it true."""
        with self._open() as database, _transaction(database):
            _record(database, outcomes)

    def settle(self, emptied: Position, generation: int | None) -> None:
        """Take out all lines up to a position: the index holds them, in a generation unless None.

        What was noted of lines behind it is forgotten: they are worked on again.  A position of another
        inbox says nothing of this one, and none says anything of lines of which nothing was noted: a copy
        of this inbox went further, and this one gives the same numbers to other lines.
        """
        behind = (emptied.job, emptied.line)
        with self._open() as database, _transaction(database):
            if database.execute("SELECT id FROM inbox").fetchone() != (emptied.inbox,):
                return
            done = f"(job, line) <= (?, ?) AND {_NOTED}"
            touched = f"SELECT DISTINCT job FROM lines WHERE {done}"  # noqa: S608 - constant
            database.execute(
                f"UPDATE jobs SET generation = coalesce(?, generation) WHERE number IN ({touched})",  # noqa: S608 - constant
                (generation, *behind),
            )
            database.execute(f"DELETE FROM lines WHERE {done}", behind)  # noqa: S608 - likewise
            database.execute(
                "DELETE FROM outcomes WHERE (job, line) > (?, ?) AND EXISTS"
                " (SELECT 1 FROM lines WHERE lines.job = outcomes.job AND lines.line = outcomes.line)",
                behind,
            )
            database.execute(
                "UPDATE jobs SET finished = ? WHERE finished IS NULL"
                " AND NOT EXISTS (SELECT 1 FROM lines WHERE job = number)",
                (time.time(),),
            )

    def forget(self, now: float | None = None) -> None:
        """Forget jobs that were finished longer than ``KEPT`` ago."""
        before = (time.time() if now is None else now) - KEPT
        with self._open() as database:
            if not database.execute("SELECT 1 FROM jobs WHERE finished < ? LIMIT 1", (before,)).fetchone():
                return
            with _transaction(database):
                old = "SELECT number FROM jobs WHERE finished < ?"
                database.execute(f"DELETE FROM outcomes WHERE job IN ({old})", (before,))  # noqa: S608 - constant
                database.execute("DELETE FROM jobs WHERE finished < ?", (before,))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Hold the database; one that was removed is made anew, never written to unseen."""
        with self._lock:
            try:
                if self._database is None or _identity(self.path) != self._file:
                    self._close()
                    self._database = self._connected()
                    self._file = _identity(self.path)
                yield self._database
            except (sqlite3.DatabaseError, OSError) as error:
                self._close()
                raise InboxUnavailable(f"{self.path}: {error}") from error

    def _connected(self) -> sqlite3.Connection:
        new = not self.path.exists()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = sqlite3.connect(self.path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
        try:
            database.executescript(_OPEN)
        except BaseException:
            database.close()
            raise
        if new:
            self.path.chmod(0o600)
            sync_folder(self.path.parent)
            sync_folder(self.path.parent.parent)
        return database

    def _close(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.close()


@contextmanager
def _transaction(database: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    """Make what follows happen as a whole, on disk, or not at all."""
    database.execute(f"BEGIN {kind}")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def _record(database: sqlite3.Connection, outcomes: Sequence[tuple[int, Outcome]]) -> None:
    database.executemany(
        "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?, ?)",
        ((job, one.line, one.id, one.result, one.detail, one.version) for job, one in outcomes),
    )


def _identity(path: Path) -> tuple[int, int] | None:
    """Return which file stands at a path, None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
