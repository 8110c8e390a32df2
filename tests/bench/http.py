"""The whole request: times over HTTP by connections, beside an empty handler, and where they go."""

from __future__ import annotations

import logging
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson
from falcon.testing import create_environ

from search.embedded import EmbeddedSearcher
from search.http import representation
from search.http.app import create_app
from search.http.logs import ACCESS, JsonLines
from search.http.request import Asked, asked, check
from search.http.target import pairs
from tests.bench.measure import children
from tests.bench.race import quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from search.http.app import Application
    from tests.bench.query import Query

CONNECTIONS = (1, 8, 32)
"""Clients that ask at the same time: one alone, some, more than a worker has threads."""

FACETS = ("outlet", "speaker", "date")
ROUNDS = 3
"""Times that each query is asked in each way, after one that is not measured."""

PATIENCE = 300
"""Seconds for a service to become ready."""


@dataclass(frozen=True, slots=True)
class Load:
    """Ours and the empty handler's under some connections: seconds of wall and of CPU a request."""

    connections: int
    p50: float
    p99: float
    cpu: float
    empty_p50: float
    empty_p99: float
    empty_cpu: float


@dataclass(frozen=True, slots=True)
class Shares:
    """Mean seconds of CPU in process: search with facets, ten snippets, the answer's JSON, the rest.

    The rest is what the application does around it: parameters, headers, cursor, log and counters.
    """

    search: float
    snippets: float
    encoding: float
    around: float


class Service:
    """A service with one worker on a free port, asked for ``/v1/search``."""

    def __init__(self, *command: str, **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        bind = f"127.0.0.1:{self._port}"
        own = {f"PRESSMARK_{name}": value for name, value in settings.items()}
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command, *([] if settings else [bind])],
            env=os.environ | own | {"PRESSMARK_BIND": bind, "PRESSMARK_WORKERS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()
        self._worker = children(self._process.pid)[0]

    def line(self) -> HTTPConnection:
        """Return a connection."""
        return HTTPConnection("127.0.0.1", self._port)

    def cpu(self) -> float:
        """Return the seconds of CPU that the worker has had."""
        return sum(_spent(path) for path in _threads(self._worker))

    def close(self) -> None:
        """End the service."""
        self._process.terminate()
        self._process.wait()

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while self._process.poll() is None and time.monotonic() < end:
            try:
                with closing(self.line()) as line:
                    _get(line, "/readyz")
            except OSError:
                time.sleep(0.05)
            else:
                return
        self.close()
        raise RuntimeError("the service did not become ready")


def measure(folder: Path, queries: Sequence[Query], rounds: int, seed: int) -> list[Load]:
    """Return what requests with three facets and snippets take, in turns with the empty handler."""
    chance = random.Random(seed)
    targets = [f"/v1/search?{_query(query)}" for query in queries]
    found = []
    with ExitStack() as stack:
        services = [Service("search", INDEX=str(folder)), Service("tests.bench.empty")]
        for service in services:
            stack.callback(service.close)
            _ask(service, targets, 1)  # files are met, plans remembered
        for connections in CONNECTIONS:
            walls: list[list[float]] = [[], []]
            cpus: list[list[float]] = [[], []]
            for _ in range(rounds):
                asked_for = chance.sample(targets, len(targets))
                for number, service in enumerate(services):
                    before = service.cpu()
                    walls[number] += _ask(service, asked_for, connections)
                    cpus[number].append((service.cpu() - before) / len(targets))
            (ours, ours_cpu), (empty, empty_cpu) = (
                (wall, statistics.median(cpu)) for wall, cpu in zip(walls, cpus, strict=True)
            )
            both = (quantile(wall, share) for wall in (ours, empty) for share in (0.5, 0.99))
            p50, p99, empty_p50, empty_p99 = both
            found.append(Load(connections, p50, p99, ours_cpu, empty_p50, empty_p99, empty_cpu))
    return found


def shares(folder: Path, queries: Sequence[Query], rounds: int = ROUNDS) -> Shares:
    """Return where the CPU of such a request goes in process, a mean over queries for each part.

    A query is asked in all ways one after the other, so that what slows the machine slows all of them;
    a part is the difference of two medians.
    """
    searcher = EmbeddedSearcher(folder)
    found: list[tuple[float, ...]] = []
    with _written_nowhere():
        application = create_app(searcher, cursor_key=bytes(32))
        for query in queries:
            whole = asked(check("/v1/search", pairs(_query(query))[0]))
            plain = replace(whole.request, highlight=False)
            ways = (
                partial(searcher.search, plain),
                partial(searcher.search, whole.request),
                _encoder(searcher, whole),
                partial(_answered, application, _query(query)),
            )
            times = [[_cpu(way) for way in ways] for _ in range(rounds + 1)][1:]
            without, search, encoding, all_ = (statistics.median(one) for one in zip(*times, strict=True))
            found.append((without, search - without, encoding, all_ - search - encoding))
    return Shares(*(max(0.0, statistics.fmean(part)) for part in zip(*found, strict=True)))


@contextmanager
def _written_nowhere() -> Iterator[None]:
    """Write the access log as the service does, but to nobody."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        handler = logging.StreamHandler(nowhere)
        handler.setFormatter(JsonLines())
        before, spread = ACCESS.level, ACCESS.propagate
        ACCESS.addHandler(handler)
        ACCESS.setLevel(logging.INFO)
        ACCESS.propagate = False
        try:
            yield
        finally:
            ACCESS.removeHandler(handler)
            ACCESS.setLevel(before)
            ACCESS.propagate = spread


def _answered(application: Application, query: str) -> None:
    """Call the application as gunicorn would."""
    environment = create_environ("/v1/search", query_string=query)
    for _ in application(environment, lambda *_, **__: None):
        pass


def _encoder(searcher: EmbeddedSearcher, one: Asked) -> Callable[[], Any]:
    results = searcher.search(one.request)
    return lambda: orjson.dumps(
        representation.results(
            results, one, None, {}, lambda hit: representation.hit(hit, one.fields, one.include)
        )
    )


def _cpu(work: Callable[[], Any]) -> float:
    before = time.thread_time()
    work()
    return time.thread_time() - before


def _query(query: Query) -> str:
    return urlencode({"q": query.text, "facet": FACETS}, doseq=True)


def _ask(service: Service, targets: Sequence[str], connections: int) -> list[float]:
    """Ask for all targets, spread over connections, and return the seconds that each took."""
    found: list[float] = []

    def client(own: Sequence[str]) -> None:
        with closing(service.line()) as line:
            for target in own:
                before = time.perf_counter()
                _get(line, target)
                found.append(time.perf_counter() - before)

    clients = [
        threading.Thread(target=client, args=[targets[number::connections]]) for number in range(connections)
    ]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return found


def _get(line: HTTPConnection, target: str) -> None:
    line.request("GET", target)
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise OSError(f"{target}: {answer.status} {body[:500].decode()}")


def _threads(process: int) -> list[Path]:
    return list(Path(f"/proc/{process}/task").glob("*/schedstat"))


def _spent(path: Path) -> float:
    """Return the seconds of CPU that a thread has had; the first number is in nanoseconds."""
    return int(path.read_text().split()[0]) / 1e9
