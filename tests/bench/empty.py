"""The ceiling of a service: an empty Falcon handler under the same gunicorn; its argument is the address."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import falcon

from index.settings import load
from search.http.server import Service


class Empty:
    """Answers nothing at all."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer."""
        del req
        resp.data = b"{}"


if __name__ == "__main__":
    application = falcon.App()
    application.add_route("/readyz", Empty())
    application.add_route("/v1/search", Empty())
    with tempfile.TemporaryDirectory() as folder:
        settings = load({"bind": sys.argv[1], "workers": "1", "index": folder, "state": folder})
        Service(settings, application, Path(folder) / "counters").run()
