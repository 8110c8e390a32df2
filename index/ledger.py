"""What a run has met: the digest of each id, and whether it stays in the index.

Kept in a temporary file of SQLite's, which it removes itself, so that memory does not grow with
the archive.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

# A database without a name lives in a temporary file; what goes wrong with it costs the run alone.
_OPEN = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE met (id TEXT PRIMARY KEY, digest TEXT NOT NULL, failed INTEGER NOT NULL) WITHOUT ROWID;
    BEGIN;
"""


class Ledger:
    """The ids of a run; raises OSError where its file cannot be written."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.executescript(_OPEN)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._table.close()

    def meet(self, id: str, digest: str) -> str | None:  # noqa: A002 - the contract's own name
        """Return the digest that the id was met with before, or note this one and return None."""
        try:
            row = self._table.execute("SELECT digest FROM met WHERE id = ?", (id,)).fetchone()
            if row is None:
                self._table.execute("INSERT INTO met VALUES (?, ?, 0)", (id, digest))
        except sqlite3.OperationalError as error:
            raise OSError(f"the run's temporary file: {error}") from None
        return None if row is None else str(row[0])

    def fail(self, id: str) -> None:  # noqa: A002 - likewise
        """Note that what was met under this id could not be indexed."""
        self._table.execute("UPDATE met SET failed = 1 WHERE id = ?", (id,))

    def holds(self, id: str) -> bool:  # noqa: A002 - likewise
        """Whether the id was met and can be indexed."""
        row = self._table.execute("SELECT failed FROM met WHERE id = ?", (id,)).fetchone()
        return row is not None and not row[0]
