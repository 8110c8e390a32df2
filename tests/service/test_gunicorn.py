"""The service as it runs: gunicorn, several workers, real sockets."""

import gzip
import json
import os
import re
import signal
import socket
import stat
import threading
from urllib.parse import quote

import pytest
import zstandard

from index.article import Article, Found
from tests.service.service import PATIENCE, commit, serving, until

URL = "https://example.org/news/1"
SEED = "000_ab67899fdbf838f9"
JSON = {"Content_Type": "application/json"}

ARTICLES = [
    Article(id=id_, body=f"The ceasefire of {id_} holds. " * 20, outlet=Found("Press TV", confidence="high"))
    for id_ in (URL, SEED, "third")
]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("service")
    commit(folder / "index", *ARTICLES)
    with serving(folder, "--workers", "2", "--threads", "2") as running:
        until(lambda: running.ask("/readyz").status == 200, "readiness")
        yield running


def statuses(received):
    """The statuses of all answers in what came back over a connection."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


def request(line, *headers, body=b""):
    return "\r\n".join([line, "Host: x", *headers, "", ""]).encode("latin-1") + body


def test_the_addresses_answer(service):
    assert service.ask("/v1/search?q=ceasefire&facet=outlet").json["total"]["value"] == 3
    assert service.ask(f"/v1/articles/{quote(URL, safe='')}").json["id"] == URL
    assert service.ask(f"/v1/articles/{SEED}").json["body"].startswith("The ceasefire")
    for path in ("/v1/stats", "/healthz", "/readyz", "/openapi.json", "/problems", "/problems/internal"):
        answer = service.ask(path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
        assert int(answer.headers["Content-Length"]) == len(answer.body)


@pytest.mark.parametrize(
    ("target", "method", "headers", "status", "code"),
    [
        ("/v1/searc", "GET", {}, 404, "not-found"),
        ("/v1/articles/none", "GET", {}, 404, "not-found"),
        (f"/v1/articles/{URL}", "GET", {}, 404, "not-found"),
        ("/v1/search", "DELETE", {}, 405, "method-not-allowed"),
        ("/v1/stats", "POST", {}, 405, "method-not-allowed"),
        ("/v1/stats", "NONSENSE", {}, 405, "method-not-allowed"),
        ("/v1/stats", "GET", {"Accept": "text/html"}, 406, "not-acceptable"),
        ("/v1/search?limit=%D9%A3", "GET", {}, 400, "invalid-parameter"),
        ("/v1/search?q=%ff%fe", "GET", {}, 400, "invalid-parameter"),
        ("/v1/search?q=%ed%a0%80", "GET", {}, 400, "invalid-parameter"),
        ("/v1/search?q=%00", "GET", {}, 400, "invalid-parameter"),
        ("/v1/search?q=%zz", "GET", {}, 400, "invalid-parameter"),
        ("/v1/search?q=a&q=b", "GET", {}, 400, "invalid-parameter"),
        ("/v1/search?q=(rockets", "GET", {}, 400, "query-syntax"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(service, target, method, headers, status, code):
    answer = service.ask(target, method, **headers)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Request-ID"] == answer.json["request_id"]
    assert ("Allow" in answer.headers) == (status == 405)


def test_bodies(service):
    asked = json.dumps({"q": "ceasefire", "limit": 1}).encode()
    for method in ("POST", "QUERY"):
        answer = service.ask("/v1/search", method, asked, **JSON)
        assert (answer.status, len(answer.json["hits"])) == (200, 1)
        chunked = service.ask(
            "/v1/search", method, iter([asked[:5], asked[5:]]), Transfer_Encoding="chunked", **JSON
        )
        assert (chunked.status, len(chunked.json["hits"])) == (200, 1)
    assert service.ask("/v1/search", "POST", b"q=ceasefire").json["code"] == "unsupported-media-type"
    assert service.ask("/v1/search", "POST", asked + b" " * 300_000, **JSON).json["code"] == "body-too-large"


def test_a_body_over_the_limit_is_refused_before_it_has_come(service):
    """With a length on sight of it, without one as soon as the limit is passed."""
    head = ("POST /v1/search HTTP/1.1", "Content-Type: application/json")
    assert statuses(service.send(request(*head, "Content-Length: 300000000"))) == [413]
    with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE) as connection:
        connection.sendall(request(*head, "Transfer-Encoding: chunked", body=b"fffffff\r\n" + b" " * 300_000))
        assert statuses(connection.recv(65_536)) == [413]


@pytest.mark.parametrize("size", [262_145, 2_000_000])
@pytest.mark.parametrize(
    "line", ["POST /v1/search", "POST /nothing/here", "PUT /v1/search", "POST /v1/articles"]
)
def test_a_body_that_was_refused_does_not_cost_the_connection(service, line, size):
    head = (f"{line} HTTP/1.1", "Content-Type: application/json")
    whole = request(*head, f"Content-Length: {size}", body=b" " * size)
    chunked = request(
        *head, "Transfer-Encoding: chunked", body=b"%x\r\n" % size + b" " * size + b"\r\n0\r\n\r\n"
    )
    refusal = statuses(service.send(whole))
    assert refusal[0] >= 400
    assert statuses(service.send(whole + chunked + MARKER)) == [*refusal, *refusal, 200]


MARKER = request("GET /problems/internal HTTP/1.1", "Connection: close")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            request("POST /v1/search HTTP/1.1", *headers, body=b"5\r\nhello\r\n0\r\n\r\n"),
            id=" / ".join(headers),
        )
        for headers in (
            ("Content-Length: 5", "Transfer-Encoding: chunked"),
            ("Transfer-Encoding: chunked", "Content-Length: 5"),
            ("Content-Length: 5", "Content-Length: 5"),
            ("Content-Length: 5, 5",),
            ("Content-Length: +5",),
            ("Content-Length: 0x5",),
            ("Content-Length: 1_0",),
            ("Content-Length: -1",),
            ("Content-Length: \u00b2",),
            ("Transfer-Encoding: chunked, chunked",),
            ("Transfer-Encoding : chunked",),
            ("Transfer-Encoding: \x0bchunked",),
            ("X: a", " folded"),
            ("X: a\0b",),
            ("X: a\nY: b",),
        )
    ]
    + [
        request("get /healthz HTTP/1.1"),
        request("GET /healthz HTTP/9.9"),
        request("GET /v1/search?q=\u00fc HTTP/1.1"),
        request("POST /v1/search HTTP/1.0", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    ],
)
def test_broken_framing_is_refused_and_what_follows_is_not_served(service, data):
    assert statuses(service.send(data + MARKER)) == [400]


@pytest.mark.parametrize(
    "chunks",
    [
        *(b"0x5\r\nhello\r\n0\r\n\r\n", b"-1\r\nhello\r\n0\r\n\r\n", b"5_0\r\nhello\r\n0\r\n\r\n"),
        *(
            b"5\nhello\n0\n\n",
            b"5\r\nhello0\r\n\r\n",
            b"\r\nhello",
            b"5;" + b"x" * 100_000 + b"\r\nhello\r\n0\r\n\r\n",
        ),
        *(b"5\r\nhel", b"5\r\nhello\r\n0\r\nX y\r\n\r\n"),
    ],
)
def test_malformed_chunks_are_the_client_s_fault(service, chunks):
    head = request("POST /v1/search HTTP/1.1", "Content-Type: application/json", "Transfer-Encoding: chunked")
    received = service.send(head + chunks + MARKER)
    assert statuses(received) == [400]
    assert b'"code":"invalid-parameter"' in received


def test_what_an_address_leaves_unread_is_not_taken_for_the_next_request(service):
    marked = request("GET /v1/stats HTTP/1.1", "Connection: close")
    for line, status in (("GET /healthz", 200), ("GET /nowhere", 404), ("DELETE /v1/search", 405)):
        for headers, body in (
            (("Content-Length: 5",), b"hello"),
            (("Transfer-Encoding: chunked",), b"5\r\nhello\r\n0\r\n\r\n"),
        ):
            received = service.send(request(f"{line} HTTP/1.1", *headers, body=body) + marked)
            assert statuses(received) == [status, 200]
            assert b'"documents":' in received


def test_a_request_that_is_too_long_is_refused_by_gunicorn(service):
    assert statuses(service.send(request(f"GET /v1/search?q={'x' * 4_100} HTTP/1.1"))) == [414]
    assert statuses(service.send(request("GET /healthz HTTP/1.1", f"X: {'x' * 8_200}"))) == [431]
    assert statuses(service.send(request("GET /healthz HTTP/1.1", *(f"X{n}: y" for n in range(101))))) == [
        431
    ]
    assert service.ask(f"/v1/search?q={'x' * 2_000}").json["code"] == "query-too-complex"


def test_head_and_options(service):
    for path in ("/v1/articles/third", "/v1/search", "/healthz"):
        head = service.ask(path, "HEAD")
        assert (head.status, head.body) == (200, b"")
        assert int(head.headers["Content-Length"]) > 0
        options = service.ask(path, "OPTIONS")
        assert (options.status, options.body) == (200, b"")
        assert options.headers["Allow"].startswith("GET, HEAD")


def test_answers_are_packed_and_known_answers_are_not_sent_again(service):
    target = "/v1/search?q=ceasefire&fields=body"
    plain = service.ask(target)
    for coding, unpack in (("gzip", gzip.decompress), ("zstd", zstandard.decompress)):
        packed = service.ask(target, Accept_Encoding=coding)
        assert packed.headers["Content-Encoding"] == coding
        assert json.loads(unpack(packed.body))["hits"] == plain.json["hits"]
    again = service.ask(target, If_None_Match=plain.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


def answering(service, check):
    """What was logged until every worker had answered, while ``check`` held of every answer."""
    before = len(service.logged())

    def all_seen():
        check()
        seen = {line["process"] for line in service.logged()[before:]}
        return seen >= service.workers() and len(seen) > 1

    until(all_seen, "an answer from every worker")
    return service.logged()[before:]


def test_every_request_after_a_commit_sees_it_in_every_worker(service):
    before = service.ask("/readyz").json["generation"]
    answering(service, lambda: service.ask("/v1/search"))
    index = service.folder / "index"
    for number in range(3):
        generation = commit(index, Article(id=f"new{number}", body="a word that is new"))
        assert generation > before

        def newest(number=number, generation=generation):
            answer = service.ask("/v1/search?q=new&fields=id").json
            assert answer["generation"] == generation
            assert answer["total"]["value"] == number + 1
            assert service.ask(f"/v1/articles/new{number}").status == 200

        answering(service, newest)


def test_cursors_and_counters_are_the_same_in_every_worker(service):
    cursor = service.ask("/v1/search?limit=1").json["next"]

    def next_page():
        assert service.ask(f"/v1/search?cursor={cursor}").status == 200

    asked = len(answering(service, next_page))

    def counted():
        page = service.ask("/metrics").body.decode()
        found = re.search(r'requests_total{method="GET",route="/v1/search",status="200"} ([\d.]+)', page)
        assert found
        assert float(found[1]) >= asked

    answering(service, counted)


def test_the_log_has_a_line_a_request_and_the_state_is_private(service):
    service.ask("/v1/search?q=logged", X_Request_ID="call-7")
    [line] = until(
        lambda: [line for line in service.logged() if line.get("request_id") == "call-7"],
        "the line in the log",
    )
    assert (line["target"], line["status"], line["route"]) == ("/v1/search?q=logged", 200, "/v1/search")
    state = service.folder / "index.state"
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert {path.name for path in state.iterdir()} <= {"metrics", "verified", "kernels"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o700 for path in state.iterdir())


class Client(threading.Thread):
    """Asks without a pause until told to stop, each time over a new connection."""

    def __init__(self, service):
        super().__init__()
        self.service = service
        self.over = threading.Event()
        self.answered, self.lost = 0, []

    def run(self):
        while not self.over.is_set():
            try:
                assert self.service.ask("/v1/search?q=ceasefire").status == 200
                self.answered += 1
            except Exception as error:  # noqa: BLE001 - a thread tells its fault to the test
                self.lost.append(repr(error))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


def test_a_worker_that_is_killed_is_replaced(service):
    victims = service.workers()
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    until(lambda: len(service.workers() - victims) == len(victims), "new workers")
    assert service.ask("/v1/search?q=ceasefire").status == 200
    answering(service, lambda: service.ask("/readyz"))


def test_new_workers_lose_no_request(service):
    old = service.workers()
    with Client(service) as client:
        os.kill(service.process.pid, signal.SIGHUP)
        until(lambda: len(service.workers()) == len(old) and not service.workers() & old, "new workers alone")
        enough = client.answered + 5
        until(lambda: client.answered > enough, "answers of the new workers")
    assert client.lost == []


def test_a_service_may_start_before_there_is_an_index(tmp_path):
    with serving(tmp_path, "--workers", "1") as service:
        assert service.ask("/healthz").status == 200
        answer = service.ask("/readyz")
        assert (answer.status, answer.json["code"]) == (503, "index-unavailable")
        assert any("there is no index" in line["message"] for line in service.logged("stderr"))
        commit(tmp_path / "index", *ARTICLES)
        assert service.ask("/readyz").status == 200

        # TERM lets a request that has begun come to its end, and then the parent ends well.
        with socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE) as connection:
            head = ("POST /v1/search HTTP/1.1", "Content-Type: application/json", "Content-Length: 2")
            connection.sendall(request(*head, "Expect: 100-continue"))
            assert statuses(connection.recv(65_536)) == [100]
            os.kill(service.process.pid, signal.SIGTERM)
            until(lambda: any("term" in line["message"] for line in service.logged("stderr")), "the signal")
            connection.sendall(b"{}")
            received = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert statuses(received) == [200]
        assert service.process.wait(PATIENCE) == 0
        assert list((tmp_path / "index.state" / "metrics").iterdir()) == []


def test_a_new_program_takes_over_without_losing_a_request(tmp_path):
    commit(tmp_path / "index", *ARTICLES)
    with serving(tmp_path, "--workers", "1") as service, Client(service) as client:
        old = service.process.pid
        os.kill(old, signal.SIGUSR2)

        def booted():
            starts = [
                line["process"] for line in service.logged("stderr") if "Starting gunicorn" in line["message"]
            ]
            boots = [line for line in service.logged("stderr") if "Booting worker" in line["message"]]
            return starts[1] if len(starts) > 1 and len(boots) > 1 else None

        new = until(booted, "the new program")
        assert service.stop() == 0
        enough = client.answered + 5
        until(lambda: client.answered > enough, "answers of the new program")
        client.over.set()
        client.join()
        assert client.lost == []
        os.kill(new, signal.SIGTERM)
        until(lambda: not listens(service.port), "the end of the new program")


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return False
    return True
