"""An export over a real connection: whole, or broken off where everyone sees it."""

import http.client
import json
import subprocess
import sys

import pytest

from index.article import Article
from tests.service.service import PATIENCE, ROOT, Service, commit, until

# The service with an index that is found to be damaged halfway through an export.
PROGRAM = """
import sys
from pathlib import Path
from index.errors import CorruptIndex
from index.settings import load
from search.embedded import EmbeddedSearcher
from search.http.app import create_app
from search.http.server import Service

class Damaged(EmbeddedSearcher):
    def export(self, request):
        for number, hit in enumerate(super().export(request)):
            if number == 1500 and "broken" in request.q:
                raise CorruptIndex("damaged here")
            yield hit

folder = Path(sys.argv[1])
settings = load({"index": str(folder / "index"), "bind": "127.0.0.1:0", "workers": "1", "threads": "2"})
application = create_app(Damaged(settings.index), cursor_key=b"a key")
Service(settings, application, folder / "counters").run()
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    body = "The ceasefire is broken. " * 10
    commit(folder / "index", *(Article(id=f"n{number}", body=body) for number in range(2500)))
    with (folder / "stdout").open("wb") as stdout, (folder / "stderr").open("wb") as stderr:
        command = [sys.executable, "-c", PROGRAM, str(folder)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=stdout, stderr=stderr)
        try:
            yield Service(process, folder)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def test_an_export_that_cannot_finish_has_no_last_chunk(service):
    for _ in range(2):  # the second finds the worker free again
        with pytest.raises(http.client.IncompleteRead) as error:
            service.ask("/v1/export?q=broken&fields=id,body")
        assert len(error.value.partial.splitlines()) > 100


def test_one_that_can_is_whole_and_more_than_a_page(service):
    answer = service.ask("/v1/export?q=ceasefire&fields=id")
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert len({json.loads(line)["id"] for line in answer.body.splitlines()}) == 2500


def test_a_client_that_goes_away_leaves_the_worker_free(service):
    for _ in range(3):
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
        connection.request("GET", "/v1/export?q=ceasefire&fields=id,body")
        assert connection.getresponse().read(100)
        connection.close()

    def free():
        return service.ask("/v1/export?q=ceasefire&fields=id").status == 200

    assert until(free, "a free worker")
