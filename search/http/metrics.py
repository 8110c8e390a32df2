"""What Prometheus scrapes: requests and their time, counted over all workers.

Each worker counts into files of its own in one directory; whichever worker is asked adds them up.
Without a directory a process counts for itself alone.
"""

from __future__ import annotations

import os
import shutil
from functools import cache
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess, values
from prometheus_client.core import GaugeMetricFamily

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# From an answer out of memory to the longest time that a request may take.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_METHODS = {"GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "DELETE", "PATCH"}


class _Generation:
    """Reads the generation when it is asked for: it belongs to the index, not to a process."""

    def __init__(self, generation: Callable[[], int]) -> None:
        self._generation = generation

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the newest generation that can be read, 0 where there is none."""
        text = "The newest generation of the index, 0 where none can be read."
        yield GaugeMetricFamily("pressmark_index_generation", text, value=self._generation())


class Metrics:
    """The counters of one service.

    Every metric has labels: those without open their file when they are made, which is before
    the workers are forked.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory
        if directory is not None:
            # prometheus-client reads both when it makes a metric.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)
            values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "pressmark_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "pressmark_request_seconds",
            "Seconds from the request to its answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self._registry,
        )

        # Labels are looked up under a lock: three times the cost of counting.
        self._counters = cache(self._labelled)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request; ``route`` is a template, never what was sent."""
        requests, times = self._counters(method if method in _METHODS else "other", route, status)
        requests.inc()
        times.observe(seconds)

    def _labelled(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(method, route, status), self._seconds.labels(route)

    def page(self, generation: Callable[[], int]) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        registry = self._registry
        if self._directory is not None:
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry, path=str(self._directory))  # type: ignore[no-untyped-call]
        gauges = CollectorRegistry()
        gauges.register(_Generation(generation))
        return generate_latest(registry) + generate_latest(gauges)


def directory(state: Path) -> Path:
    """Make and return the directory of this service's counters; those of services gone by are removed."""
    whole = state / "metrics"
    whole.mkdir(mode=0o700, exist_ok=True)
    for old in whole.iterdir():
        if old.name.isdigit() and not _alive(int(old.name)):
            shutil.rmtree(old, ignore_errors=True)
    own = whole / str(os.getpid())
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(mode=0o700)
    return own


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
