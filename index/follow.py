"""Emptying the inbox: lines that were acknowledged over HTTP become articles, in the order of their coming.

One batch is one commit (``index.applying``), which says how far the inbox is emptied: killed at any instant,
the follower goes on exactly where the newest generation ends.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from index import tasks
from index.applying import Attempt, ChokedError
from index.errors import InboxUnavailable, IndexLocked
from index.lock import WriteLock
from index.tasks import Days, Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.applying import Place
    from index.article import Article
    from index.bounded import Workers
    from index.inbox import Inbox
    from index.settings import Settings
    from index.writer import Writer

_LOOK = 0.1
"""Seconds between two looks at an empty inbox: what somebody who waits for a write hardly notices."""

_PAUSE = 5.0
"""Seconds after which what failed for the disk's or another writer's sake is tried again."""


@dataclass(slots=True)
class Follower:
    """Empties one inbox into one index, batch by batch."""

    inbox: Inbox
    open_writer: Callable[[], Writer]
    settings: Settings
    _crew: tuple[Days, Workers[Task, Article]] | None = None

    def run(
        self, say: Callable[[str], object], alive: Callable[[], bool] = lambda: True, *, once: bool = False
    ) -> Counter[str]:
        """Empty the inbox as it fills while ``alive``, or ``once``; return how many lines had which result.

        A commit begins at least ``settings.commit_every`` seconds after the one before.  Only one follower of
        an inbox works at a time, another one waits for its end.  What hinders it is said, and tried again.
        """
        totals: Counter[str] = Counter()
        with contextlib.ExitStack() as stack:
            stack.callback(self.close)
            stack.callback(self._alone(alive).release)
            while alive():
                begun = time.monotonic()
                hindered = ""
                try:
                    done = self.batch()
                except (IndexLocked, InboxUnavailable, OSError, MemoryError) as error:
                    if once:
                        raise
                    done, hindered = Counter(), str(error) or type(error).__name__
                    say(f"the inbox waits: {hindered}")
                totals += done
                if done:
                    say(f"emptied: {', '.join(f'{count:,} {result}' for result, count in done.items())}")
                elif once:
                    break
                least = _PAUSE if hindered else self.settings.commit_every if done else _LOOK
                while not once and alive() and time.monotonic() - begun < least:
                    time.sleep(min(_LOOK, least))
        return totals

    def batch(self) -> Counter[str]:
        """Empty some lines with one commit and return how many had which result; nothing where none wait."""
        if not self.inbox.waits():
            self.inbox.forget()
            return Counter()
        choked: dict[Place, str] = {}
        while True:
            attempt = Attempt(self.inbox, self.open_writer(), self.settings, choked)
            try:
                return attempt.run(self._workers())
            except ChokedError as error:
                choked[error.place] = error.reason
            except BaseException:
                self.close()
                raise
            self.close()  # some of them work on what nobody asks for any more

    def close(self) -> None:
        """End the processes that recover articles."""
        crew, self._crew = self._crew, None
        if crew:
            crew[1].__exit__(None, None, None)

    def _workers(self) -> tuple[Days, Workers[Task, Article]]:
        """Return the processes that recover articles, kept from batch to batch, and the day they go by."""
        today = datetime.now().astimezone().date()
        if self._crew is None or self._crew[0].today != today:
            self.close()
            days = Days(today)
            self._crew = days, tasks.workers(self.settings, days)
        return self._crew

    def _alone(self, alive: Callable[[], bool]) -> WriteLock:
        """Return the lock of followers, once another one has let go of it."""
        self.inbox.waits()  # makes the folder
        path = self.inbox.path.with_name("follow.lock")
        while True:
            try:
                return WriteLock(path, 1.0)
            except IndexLocked:
                if not alive():
                    raise
