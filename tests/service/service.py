"""A service started as a user starts it, on a free port, and what a test asks of it."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.embedded import open_writer

ROOT = Path(__file__).parents[2]
PATIENCE = 300
"""Seconds after which what a test waits for is hung: a loaded machine may have to compile kernels first."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def commit(path, *articles):
    writer = open_writer(path, language="en")
    for article in articles:
        writer.put(article, "build")
    return writer.commit()


def until(check, what, patience=PATIENCE):
    """The first true value of ``check``."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {patience} seconds")


@dataclass
class Service:
    process: subprocess.Popen
    folder: Path

    def __post_init__(self):
        def listens():
            assert self.process.poll() is None, self.stderr()
            return re.search(r"Try: curl 'http://127\.0\.0\.1:(\d+)/", self.stderr())

        # Longer than elsewhere: where no kernels are kept yet, they are compiled first.
        self.port = int(until(listens, "the first line", 4 * PATIENCE)[1])

    def stderr(self):
        return (self.folder / "stderr").read_text(encoding="utf-8")

    def logged(self, name="stdout"):
        """The objects in a log; lines that are not whole yet, or for people, are passed over."""
        lines = (self.folder / name).read_text(encoding="utf-8").split("\n")[:-1]
        return [json.loads(line) for line in lines if line.startswith("{")]

    def workers(self):
        """The processes that answer, as the parent tells it."""
        told = " ".join(line["message"] for line in self.logged("stderr"))
        gone = re.findall(r"Worker exiting \(pid: (\d+)\)|Worker \(pid:(\d+)\) was sent", told)
        booted = re.findall(r"Booting worker with pid: (\d+)", told)
        return {int(pid) for pid in booted} - {int(one or other) for one, other in gone}

    def ask(self, target, method="GET", body=None, **headers):
        """The answer over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, body, named, encode_chunked=True)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def send(self, data):
        """All that comes back for these bytes, until the service closes or says no more for a while."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            received = b""
            # A service that closes before it has read everything resets the connection; its answer stands.
            with contextlib.suppress(OSError):
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                while piece := connection.recv(65_536):
                    received += piece
        return received

    def write(self, key):
        """Put an article and delete it: a follower that has loaded all it needs answers before 202 does."""
        sent = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        for method, body in (("PUT", '{"title": "Rain", "language": "en"}'), ("DELETE", None)):
            until(
                lambda method=method, body=body: (
                    self.ask("/v1/articles/first?wait=true", method, body, **sent).status != 202
                ),
                "the follower",
            )

    def stop(self, number=signal.SIGTERM):
        os.kill(self.process.pid, number)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(folder, *flags, index=None, **settings):
    """A service over ``folder/index``; its logs are ``folder/stdout`` and ``folder/stderr``."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PRESSMARK")}
    environ |= {f"PRESSMARK_{name.upper()}": value for name, value in settings.items()}
    command = [
        sys.executable,
        "-m",
        "search",
        "--index",
        str(index or folder / "index"),
        "--bind",
        "127.0.0.1:0",
        *flags,
    ]
    with (folder / "stdout").open("wb") as stdout, (folder / "stderr").open("wb") as stderr:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=stdout, stderr=stderr)
        try:
            yield Service(process, folder)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(PATIENCE)
