"""Makers that meet what makers may meet; imported by the processes that are started for them."""

import os
import signal
from functools import partial

from index.embedded import EmbeddedWriter
from index.lock import WriteLock
from index.segments import Maker


class Troubled(Maker):
    """Raises on some articles, having taken them in, or ends as it does so."""

    def put(self, article, origin):
        super().put(article, origin)
        if "poison" in article.body:
            raise TypeError("half of it is written")
        if "full" in article.body:
            raise OSError(28, "No space left on device")
        if "deadly" in article.body:
            os.kill(os.getpid(), signal.SIGKILL)


class TroubledWriter(EmbeddedWriter):
    """Hands out such makers."""

    def apart(self, jobs):
        made = super().apart(jobs)
        return partial(Troubled, *made.args, **made.keywords)


def open_troubled(path):
    path.mkdir(exist_ok=True)
    return TroubledWriter(path, "en", WriteLock(path / "write.lock", 10.0), stories=False, memory=1 << 29)
