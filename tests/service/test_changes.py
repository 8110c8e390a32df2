"""An archive that changes under those who page through it: commits, merges, snapshots, new workers."""

import os
import random
import signal
import subprocess
import sys
import threading

from index.article import Article
from index.embedded import open_writer
from tests.service.service import ROOT, commit, serving, until

ALL = os.environ.get("PRESSMARK_FUZZ") == "all"
COMMITS = 100 if ALL else 6


def article(number, time=0):
    return Article(f"n{number}", f"talks number {number}, told {time} times " * 5)


class Walker(threading.Thread):
    """Goes through all pages of an address again and again, by the cursor alone."""

    def __init__(self, service, target):
        super().__init__()
        self.service, self.target = service, target
        self.over = threading.Event()
        self.walks, self.expired, self.lost = [], 0, []

    def run(self):
        while not self.over.wait(0.1):  # others need the machine too
            try:
                self.walk()
            except Exception as error:  # noqa: BLE001 - a thread tells its fault to the test
                self.lost.append(repr(error))

    def walk(self):
        """One walk: the generation and the ids of all pages."""
        answer = self.service.ask(self.target)
        first, ids = answer.json, []
        while True:
            assert answer.status == 200, answer.body
            page = answer.json
            assert page["generation"] == first["generation"]
            assert page["total"] == first["total"]
            ids += [hit["id"] for hit in page["hits"]]
            if page["next"] is None:
                self.walks.append((first["generation"], ids))
                return
            answer = self.service.ask(f"{self.target.partition('?')[0]}?cursor={page['next']}")
            if answer.status == 410:
                assert answer.json["links"]["first"] == first["links"]["self"]
                self.expired += 1
                return


def command(*arguments):
    """``python -m index``, while the archive is in use."""
    whole = [sys.executable, "-m", "index", *map(str, arguments)]
    subprocess.run(whole, cwd=ROOT, check=True, capture_output=True)


def test_who_pages_through_an_archive_that_changes_loses_nothing_and_meets_nothing_twice(tmp_path):
    rng = random.Random(3)
    index = tmp_path / "index"
    generation = commit(index, *map(article, range(150)))
    held, kept = {f"n{number}" for number in range(150)}, {}
    kept[generation] = frozenset(held)
    with serving(tmp_path, "--workers", "2", "--threads", "2") as service:
        until(lambda: service.ask("/readyz").status == 200, "readiness")
        targets = ("/v1/search?q=talks&limit=17&fields=id", "/v1/search?limit=31&sort=date&facet=outlet")
        walkers = [Walker(service, target) for target in targets]
        for walker in walkers:
            walker.start()
        try:
            for number in range(COMMITS):
                writer = open_writer(index, language="en")
                added = [article(150 + number * 3 + more) for more in range(3)]
                changed = [article(one, number) for one in rng.sample(range(150), 3)]
                gone = [f"n{rng.randrange(150 + number)}" for _ in range(2)]
                writer.delete(gone)
                for one in (*added, *changed):
                    writer.put(one, "build")
                generation = writer.commit()
                held = (held - set(gone)) | {one.id for one in (*added, *changed)}
                kept[generation] = frozenset(held)
                turn, copy = number % 8, tmp_path / f"copy{number // 8}"
                if turn == 3:
                    os.kill(service.process.pid, signal.SIGHUP)
                elif turn == 4:
                    command("merge", "--index", index)
                elif turn == 5 and ALL:
                    command("snapshot", "--index", index, copy)
                    copied = held
                elif turn == 6:
                    command("check", "--index", index)
                elif turn == 7:
                    command("restore", "--index", index, copy)
                    held = copied
                kept[service.ask("/readyz").json["generation"]] = frozenset(held)
                walked = [len(walker.walks) + walker.expired for walker in walkers]
                until(
                    lambda walked=walked: all(
                        len(w.walks) + w.expired > n for w, n in zip(walkers, walked, strict=True)
                    ),
                    "a walk",
                )
        finally:
            for walker in walkers:
                walker.over.set()
            for walker in walkers:
                walker.join()
        segments = service.ask("/v1/stats").json["segments"]
    assert segments <= COMMITS, "none were merged"
    for walker in walkers:
        assert walker.lost == []
        assert len(walker.walks) > COMMITS / 2
        for generation, ids in walker.walks:
            assert len(ids) == len(set(ids))
            assert set(ids) == kept[generation]
    assert len({generation for generation, _ in walkers[0].walks}) > COMMITS / 3
