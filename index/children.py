"""A child process at the other end of a pipe: started when it is first needed, ended whatever it does."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext

T = TypeVar("T")


class Child(Generic[T]):
    """A process that does ``serve(pipe, given)``; one that was stopped is started anew when it is needed.

    A ``daemon`` has no children of its own.  ``patience`` is how many seconds it has to end by itself.
    """

    def __init__(
        self,
        context: ForkServerContext,
        serve: Callable[[Connection[Any, Any], T], None],
        given: T,
        *,
        daemon: bool,
        patience: float = 0.0,
    ) -> None:
        self._context = context
        self._serve = serve
        self._given = given
        self._daemon = daemon
        self._patience = patience
        self._process: Any = None
        self._pipe: Connection[Any, Any] | None = None

    @property
    def pipe(self) -> Connection[Any, Any]:
        """The pipe to it, which starts it where it does not run."""
        if self._pipe is None:
            self._pipe, theirs = self._context.Pipe()
            process = self._context.Process(
                target=self._serve, args=(theirs, self._given), daemon=self._daemon
            )
            with undisturbed():
                process.start()
                self._process = process
            theirs.close()
        return self._pipe

    def tell_to_stop(self) -> None:
        """Ask it to end, and do not wait."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """End it, whatever it does, once its time to end by itself is over."""
        if self._process is not None:
            if self._patience:
                self.tell_to_stop()
                self._process.join(self._patience)
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None


SIGNALS = {signal.SIGINT, signal.SIGTERM}
"""What interrupts a command."""


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let an interruption wait: a child that is told half of what it should do complains of it.

    What this thread blocks, another one of the process takes, a linear algebra library's for one, and Python
    handles it in the main thread all the same; so the handlers wait as well.
    """
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    main = threading.current_thread() is threading.main_thread()  # no other one handles them
    handlers = {number: signal.getsignal(number) for number in SIGNALS} if main else {}
    noted: list[int] = []
    try:
        for number in handlers:
            signal.signal(number, lambda met, _: noted.append(met))
        # A server that starts here is not interrupted either.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        for number, handler in handlers.items():
            signal.signal(number, handler)
    for met in noted[:1]:
        signal.raise_signal(met)
