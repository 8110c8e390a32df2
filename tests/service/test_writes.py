"""Writes to a real service: what was answered is found, whichever process is killed, and found once."""

import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from search.warm import warm
from tests.index.following import load_kernels
from tests.service.service import serving, until

KEY = "a-key-for-writing"
FOLLOWER = "search.http.follower"
SENT = {"Authorization": f"Bearer {KEY}", "Content_Type": "application/json"}
SETTINGS = {"write_keys": KEY, "commit_every": "0.1"}
KILLS = 60 if os.environ.get("PRESSMARK_CRASHES") == "all" else 6


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    warm()
    load_kernels()


def followers(service):
    """The processes beside the workers, as the system tells it."""
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
    return [int(pid) for pid in children if FOLLOWER in command(pid)]


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def write(service, id_, words, *, wait=False):
    """Put an article; the answer, or None where nobody knows what became of it."""
    body = json.dumps({"title": words, "language": "en", "body": f"{words} is what it says."})
    target = f"/v1/articles/{id_}" + ("?wait=true" if wait else "")
    try:
        return service.ask(target, "PUT", body, **SENT)
    except (OSError, http.client.HTTPException):  # the latter where a worker is killed amid its answer
        return None


class Author(threading.Thread):
    """Writes articles of its own, and versions of them, until told to stop."""

    def __init__(self, service, name, seed):
        super().__init__()
        self.service, self.name_, self.chance = service, name, random.Random(seed)
        self.over = threading.Event()
        self.acknowledged, self.unknown, self.strange = {}, {}, []

    def run(self):
        number = 0
        while not self.over.is_set():
            number += 1
            id_, words = f"{self.name_}{self.chance.randrange(40)}", f"version {number}"
            answer = write(self.service, id_, words)
            if answer is None:
                # It may have been taken; then it came behind all before, and before all after.
                self.unknown.setdefault(id_, set()).add(words)
            elif answer.status == 202:
                self.acknowledged[id_] = words
                self.unknown.pop(id_, None)
            else:
                self.strange.append((answer.status, answer.body))
            self.over.wait(0.01)


def settled(service):
    """Whether the inbox is empty: a last write that waits for its turn has all others behind it."""
    answer = write(service, "last", f"last {random.random()}", wait=True)
    return answer is not None and answer.status in {200, 201}


def holds(service, authors):
    """See that each article is what was acknowledged last, or sent later without an answer."""
    allowed = {}
    for author in authors:
        assert author.strange == []
        for id_ in author.acknowledged.keys() | author.unknown.keys():
            allowed[id_] = {author.acknowledged.get(id_)} | author.unknown.get(id_, set())
    found = {}
    for line in service.ask("/v1/export?fields=title").body.splitlines():
        hit = json.loads(line)
        assert hit["id"] not in found, "an article is there twice"
        found[hit["id"]] = hit["title"]
    wrong = {id_: found.get(id_) for id_, titles in allowed.items() if found.get(id_) not in titles}
    assert wrong == {}
    assert found.keys() - {"last"} <= allowed.keys()
    assert service.ask("/v1/stats").json["documents"] == len(found)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found in /proc")
def test_what_was_acknowledged_is_there_whoever_is_killed(tmp_path):
    chance = random.Random(11)
    with serving(tmp_path, "--workers", "2", **SETTINGS) as service:
        until(lambda: settled(service), "the first write")
        authors = [Author(service, name, seed) for seed, name in enumerate(("a", "b"))]
        for author in authors:
            author.start()
        try:
            for turn in range(KILLS):
                authors[0].over.wait(chance.uniform(0.05, 0.5))
                victims = followers(service) if turn % 2 else sorted(service.workers())
                for victim in victims[:1]:
                    os.kill(victim, signal.SIGKILL)
        finally:
            # The parent goes last, and its workers with it, in the midst of writes; the follower notices.
            (left,) = until(lambda: followers(service), "a follower")
            for pid in (service.process.pid, *service.workers()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for author in authors:
                author.over.set()
                author.join()
        service.process.wait()
    assert sum(len(author.acknowledged) for author in authors) > KILLS
    until(lambda: FOLLOWER not in command(left), "the end of the follower")
    with serving(tmp_path, "--workers", "1", **SETTINGS) as service:
        until(lambda: settled(service), "the end of the inbox")
        holds(service, authors)
        (follower,) = followers(service)
        os.kill(follower, signal.SIGKILL)
        until(lambda: followers(service) not in ([], [follower]), "another follower")
        until(lambda: settled(service), "a write of the other follower")
        (follower,) = followers(service)
        assert service.stop() == 0
        assert FOLLOWER not in command(follower)
        told = [line["message"] for line in service.logged("stderr")]
        assert "the follower ended; another one is started" in told


def test_a_service_without_a_follower_takes_writes_for_another_one(tmp_path):
    with serving(tmp_path, "--workers", "1", "--follow", "off", **SETTINGS) as service:
        assert write(service, "a", "rain").status == 202
        assert followers(service) == []
        done = subprocess.run(
            [sys.executable, "-m", "index", "follow", "--once", "--json", "--index", str(tmp_path / "index")],
            capture_output=True,
            check=True,
        )
        assert json.loads(done.stdout) == {"created": 1}
        assert service.ask("/v1/articles/a").json["title"] == "rain"
