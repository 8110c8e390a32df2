"""A follower of another process, for tests to kill; started by a fork server with all kernels."""

import multiprocessing
import sys
import tempfile
from functools import partial
from pathlib import Path

from index.article import Article, Found
from index.embedded import open_writer
from index.follow import Follower
from index.inbox import Inbox
from index.settings import load


def context():
    """Return a context whose processes start in milliseconds."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload([__name__])
    return made


def follow_for_ever(index):
    """Empty the inbox of an index until killed."""
    settings = load({"index": str(index), "commit_every": "0"}, environ={}, folder=index.parent)
    with Inbox(settings.state) as inbox:
        Follower(inbox, partial(open_writer, index, language="en"), settings).run(lambda _: None)


def load_kernels():
    """Run the kernels of writing once: compiled, a write takes a moment, and otherwise minutes."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(8):
            writer = open_writer(Path(folder), language="en", stories=True)
            writer.delete([f"{number - 2}"])
            writer.put(Article(id=f"{number}", title=Found("Rain"), body=f"It rained {number} times."), "add")
            writer.put(Article(id="same", body=f"It snowed {number} times."), "add")
            writer.commit()


if sys.argv == ["-c"]:  # the fork server, and nobody else who imports this
    load_kernels()
