"""What other processes do to an index in these tests; started by a fork server with all kernels."""

import multiprocessing
import sys
import tempfile
from pathlib import Path

from index.article import Article
from index.embedded import open_writer
from tests.index.codec.archive import commit


def context():
    """Return a context whose processes start in milliseconds."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload([__name__])
    return made


def commit_for_ever(path, seed, acknowledged):
    """Commit generation after generation, and say which one is there."""
    while True:
        acknowledged.send(commit(path, seed))


def commit_until(path, seed, last):
    """Commit up to a generation."""
    while commit(path, seed) < last:
        pass


def add(path, name, rounds):
    """Add articles of one's own, one a commit, waiting for other writers."""
    for number in range(rounds):
        writer = open_writer(path, language="en", timeout=120)
        writer.put(Article(id=f"{name}-{number}", body=f"words of {name}"), "add")
        writer.commit()


def _load():
    """Run the kernels of writing once, so that a forked process has them."""
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(6):
            commit(Path(folder), 5)


if sys.argv == ["-c"]:  # the fork server, and nobody else who imports this
    _load()
