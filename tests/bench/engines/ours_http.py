"""pressmark as a service: gunicorn on the same index, asked over one kept connection."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.bench.engines.engine import Answer, Engine
from tests.bench.engines.ours import FACETS, days, request
from tests.bench.measure import children, private

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.query import Query

PATIENCE = 300
"""Seconds for the service to become ready: it reads all of its files before."""


class OursHttp(Engine):
    """A service with one worker, ended by ``close``."""

    name = "pressmark, HTTP"
    every = 2

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {"INDEX": str(folder), "BIND": f"127.0.0.1:{port}", "WORKERS": "1"}
        environment = os.environ | {f"PRESSMARK_{name}": value for name, value in settings.items()}
        self._service = subprocess.Popen(
            [sys.executable, "-m", "search"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._line = http.client.HTTPConnection("127.0.0.1", port)
        self._wait()

    def search(self, query: Query) -> Answer:
        """Return what a caller gets by default, snippets and all."""
        asked = request(query)
        parameters = [("q", asked.q), *(("facet", name) for name in asked.facets)]
        if query.facets:
            parameters.append(("interval", asked.interval))
        if query.days:
            parameters.append(("date", days(query.days)))
        body = json.loads(self._get(f"/v1/search?{urlencode(parameters)}"))
        facets = {
            FACETS[name]: {value["value"]: value["count"] for value in facet["values"]}
            for name, facet in body.get("facets", {}).items()
        }
        return Answer([hit["id"] for hit in body["hits"]], body["total"]["value"], facets)

    def worker(self) -> int:
        """Return the bytes that the worker has written and shares with nobody."""
        return sum(map(private, children(self._service.pid)))

    def close(self) -> None:
        """End the service."""
        self._line.close()
        self._service.terminate()
        self._service.wait()

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while self._service.poll() is None and time.monotonic() < end:
            try:
                self._get("/readyz")
            except OSError:
                self._line.close()
                time.sleep(0.05)
            else:
                return
        self.close()
        raise RuntimeError("the service did not become ready")

    def _get(self, target: str) -> bytes:
        self._line.request("GET", target)
        answer = self._line.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise OSError(f"{target}: {answer.status} {body[:500].decode()}")
        return body
