"""``python -m search``: the application under gunicorn, set up so that a restart loses no request.

The parent makes the application, opens the index and makes what all requests need of it: workers inherit
that, and share its memory until the archive changes.  HUP replaces the workers, USR2 the program.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import logging.config
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from index.errors import BadSetting
from index.settings import SETTINGS, Settings, load
from search.http import logs, metrics
from search.http.app import Application, serve
from search.http.follower import Keeper

if TYPE_CHECKING:
    from collections.abc import Sequence

_FLAGS = ("index", "state", "bind", "workers", "threads", "follow")
"""Settings with a flag.  A key on a command line would be seen by every user of the machine."""

_BAD_SETTING = 5

_FIRST_QUERY = "/v1/search?q=ceasefire&facet=speaker"

_DROPPED = 1 << 24
"""Bytes of a body that nothing read which are still taken off a connection: as many as a write may have.

gunicorn does so with 64 KiB; of more it closes the connection without having said so, and a client that has
sent its next request on it gets no answer.
"""

_DROPPING = 5.0
"""Seconds that this may take at most, as with gunicorn."""

_GUNICORN: dict[str, Any] = {
    # Threads answer a health check beside a slow search.
    "worker_class": "gthread",
    "preload_app": True,
    # A last resort: under gthread it sees a dead worker, never a slow request.
    "timeout": 30,
    # Longer than any request may take.
    "graceful_timeout": 30,
    # Longer than a proxy in front keeps an idle connection (nginx: 60 s), so that it never meets
    # one that is being closed.
    "keepalive": 75,
    "limit_request_line": 4_094,
    "limit_request_fields": 100,
    "limit_request_field_size": 8_190,
    # Its default place is shared by all services of a user, and nothing here uses it.
    "control_socket_disable": True,
    # middleware.py writes the access log.
    "accesslog": None,
}


class Shared(Protocol):
    """What workers inherit."""

    def prepare(self) -> None:
        """Make what all requests need."""
        ...

    def let_go(self) -> None:
        """Forget what is out of date."""
        ...


class _Parent(Arbiter):  # type: ignore[misc]
    """gunicorn's parent process, which also keeps the follower running."""

    def __init__(self, application: BaseApplication, keeper: Keeper | None, shared: Shared | None) -> None:
        super().__init__(application)
        self._keeper = keeper
        self._shared = shared

    def manage_workers(self) -> None:
        """Start what is missing; called about once a second.

        The parent reads the index before it forks alone; an old one would keep the disk space of its files.
        """
        if self._shared:
            self._shared.let_go()
        super().manage_workers()
        if self._keeper:
            self._keeper.keep()


class Service(BaseApplication):  # type: ignore[misc]
    """gunicorn with the settings of this service."""

    def __init__(
        self, settings: Settings, application: Application, counters: Path, shared: Shared | None = None
    ) -> None:
        self._settings = settings
        self._shared = shared
        wanted = settings.write_keys and settings.follow == "on"
        self._keeper = Keeper(settings) if wanted else None
        self._application = application
        self._counters = counters
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn up; also called on HUP."""
        shared_memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes its heartbeat files in it, unlinked
        chosen = {
            **_GUNICORN,
            "bind": self._settings.bind,
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            # A heartbeat on a busy disk is late, and a late worker is killed.
            "worker_tmp_dir": str(shared_memory) if os.access(shared_memory, os.W_OK) else None,
            "logconfig_dict": logs.configuration(_level()),
            "when_ready": _listening,
            "pre_fork": self._forking,
            "post_request": _leave_nothing,
            "on_exit": self._left,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Application:
        """Return the application."""
        return self._application

    def run(self) -> None:
        """Serve until told to stop."""
        arbiter = _Parent(self, self._keeper, self._shared)
        # USR2 starts the program anew with these; gunicorn's own guess would run search/__main__.py
        # as a script, whose folder then shadows the standard library's http.
        arbiter.START_CTX["args"] = sys.orig_argv
        arbiter.run()

    def _forking(self, arbiter: Any, worker: Any) -> None:
        """Make what workers share, and set it apart: a collection that walks it would copy it into each."""
        del arbiter, worker
        if self._shared:
            self._shared.prepare()
        gc.collect()
        gc.freeze()

    def _left(self, arbiter: Any) -> None:
        """End what was started beside the workers, and remove what nobody counts in any more."""
        del arbiter
        if self._keeper:
            self._keeper.end()
        shutil.rmtree(self._counters, ignore_errors=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve an index over HTTP until told to stop; exit with 2 for usage, 5 for a bad setting."""
    flags = vars(_parser().parse_args(arguments))
    try:
        settings = load(flags)
    except BadSetting as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(_BAD_SETTING)
    logging.config.dictConfig(logs.configuration(_level()))
    counters = metrics.directory(_state(settings.state))
    application, searcher = serve(settings, metrics.Metrics(counters))
    Service(settings, application, counters, searcher).run()


def first_try(host: str, port: int) -> str:
    """Return the line to type first into a shell, for a service that listens there.

    >>> first_try("0.0.0.0", 8000)
    "curl 'http://127.0.0.1:8000/v1/search?q=ceasefire&facet=speaker'"
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what was bound, not to bind
    return f"curl 'http://{f'[{host}]' if ':' in host else host}:{port}{_FIRST_QUERY}'"


def _listening(arbiter: Any) -> None:
    """Print what to try first, once the socket is there."""
    name = arbiter.LISTENERS[0].getsockname()
    if isinstance(name, tuple):
        line = first_try(name[0], name[1])
    else:
        line = f"curl --unix-socket {name} 'http://localhost{_FIRST_QUERY}'"
    sys.stderr.write(f"Try: {line}\n")
    sys.stderr.flush()


def _leave_nothing(worker: Any, req: Any, environ: dict[str, Any], resp: Any) -> None:
    """Take a body that a refusal left unread off the connection, so that the next request on it is found."""
    del worker
    sent = environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ
    if not sent or resp is None or resp.should_close():
        return
    connection, end, left = environ["gunicorn.socket"], time.monotonic() + _DROPPING, _DROPPED
    before = connection.gettimeout()
    # What cannot be read, or takes too long, gunicorn itself meets again, and closes the connection.
    with contextlib.suppress(Exception):
        while left > 0 and (rest := end - time.monotonic()) > 0:
            connection.settimeout(rest)
            piece = req.body.read(1 << 16)
            if not piece:
                break
            left -= len(piece)
    with contextlib.suppress(OSError):
        connection.settimeout(before)


def _level() -> str:
    """Return the least level of gunicorn's messages: a newcomer at a terminal does not need them all."""
    return "WARNING" if sys.stderr.isatty() else "INFO"


def _state(state: Path) -> Path:
    """Return the folder that the service writes to, made for its user alone."""
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        state.chmod(0o700)
    except OSError as error:
        logs.EVENTS.warning("a temporary folder serves as state: %s", error)
        return Path(tempfile.mkdtemp(prefix="pressmark-"))
    return state


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m search", description="Serve an index over HTTP.")
    for setting in SETTINGS:
        if setting.name in _FLAGS:
            parser.add_argument(
                setting.flag, help=f"{setting.meaning} (default: {setting.default}; {setting.env})"
            )
    return parser
