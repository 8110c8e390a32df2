"""The whole request: times over HTTP by connections, beside an empty handler, and where they go."""

from __future__ import annotations

import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson

from search.embedded import EmbeddedSearcher
from search.http import representation
from search.http.request import Asked, asked, check
from search.http.target import pairs
from tests.bench.measure import children
from tests.bench.race import quantile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.query import Query

CONNECTIONS = (1, 8, 32)
"""Clients that ask at the same time: one alone, some, more than a worker has threads."""

FACETS = ("outlet", "speaker", "date")
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
    """Median seconds of CPU in process: search with facets, ten snippets, the answer's JSON."""

    search: float
    snippets: float
    encoding: float


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
                _get(self.line(), "/readyz")
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


def shares(folder: Path, queries: Sequence[Query]) -> Shares:
    """Return where the time of such a request goes that is not HTTP, each part as a median."""
    searcher = EmbeddedSearcher(folder)
    whole = [asked(check("/v1/search", pairs(_query(query))[0])) for query in queries]
    for one in whole:
        searcher.search(one.request)
    with_snippets = [_cpu(lambda one=one: searcher.search(one.request)) for one in whole]
    plain = [_plain(one) for one in whole]
    without = [_cpu(lambda one=one: searcher.search(one.request)) for one in plain]
    encoded = [_cpu(_encoder(searcher, one)) for one in whole]
    search, both = statistics.median(without), statistics.median(with_snippets)
    return Shares(search, both - search, statistics.median(encoded))


def _plain(one: Asked) -> Asked:
    return asked({**one.values, "highlight": False})


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
        line = service.line()
        for target in own:
            before = time.perf_counter()
            _get(line, target)
            found.append(time.perf_counter() - before)
        line.close()

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
