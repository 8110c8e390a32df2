"""Bytes on sockets of a real service, most of them no request: ``python -m tests.service.wire COUNT SEED``.

Prints what was seen as JSON: how many answers of each status, what should not be, and the memory of the
workers (Pss, since they share pages) on the way.  After each, the service must answer a request that is well
meant; its workers must be those of the start.
"""

import contextlib
import json
import random
import re
import socket
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from index.article import Article, Found
from tests.service.service import commit, serving, until

KEY = "a-key-for-writing"
PATIENCE = 15
"""Seconds in which something comes back, or the connection ends."""

METHODS = (
    "GET|GET|GET|POST|POST|QUERY|HEAD|OPTIONS|PUT|DELETE|PATCH|TRACE|CONNECT|PRI|get|FOO||G@T|G\tT|"
    "\u00c9|GET GET|M-SEARCH|" + "X" * 40
).split("|")
TARGETS = (
    "/v1/search?q=ceasefire|/v1/search?q=ceasefire&facet=outlet|/v1/search|/v1/export|/healthz|/v1/articles/a|"
    "/v1/articles|/v1/jobs/none|/metrics|/v1/trends|/|*|//||?|#|http://x/v1/search|http://x:80/v1/stats?x|x:1|"
    "HTTP://[::1]/healthz|http:///healthz|ftp://x/|/v1/../healthz|/v1/%2e%2e/healthz|/v1//search|/v1/search/|"
    "/v1/search;x=1|/V1/search|/v1/articles/%|/v1/articles/%zz|/v1/articles/%00|/v1/articles/%ff|\\|/\xff|"
    "/v1/articles/%2F%2f|/v1/search?q=%|/v1/search?q=a%00b|/v1/search?q=\u00fc|/v1/search?q=a b|"
    "/v1/search?\t|/v1/search?q=\x7f|/v1/search?cursor=x|/v1/articles/a/similar|/problems/x|/v1/suggest?q=c|"
    "/v1/search?q=" + "a" * 4_200 + "|/v1/jobs/" + "%2e" * 400 + "|/healthz?" + "&" * 900
    + "|/v1/search?q=" + "(" * 99
).split("|")  # fmt: skip
VERSIONS = (
    "HTTP/1.1|HTTP/1.1|HTTP/1.1|HTTP/1.1|HTTP/1.0|HTTP/0.9|HTTP/2.0|HTTP/1.2|HTTP/11||http/1.1|HTTP/1.1 x|"
    "HTTP/1.|HTTP/\u0661.1|HTTP/1.1\0|ICY/1.0"
).split("|")
HEADERS = (
    "Connection: close|Connection: keep-alive|Accept: */*|Accept-Encoding: gzip|If-None-Match: *|If-Match: *|"
    "Accept-Encoding: zstd;q=0.5, gzip;q=x|Authorization: Bearer a-key-for-writing|Origin: https://x|DNT: 1|"
    "Content-Type: application/json|Content-Type: application/x-ndjson|Range: bytes=0-1|TE: trailers|"
    "X-Request-ID: a|Upgrade: h2c|Keep-Alive: 1|User-Agent: x|Cookie: a=b|Accept: text/html|"
    "Connection: upgrade|Connection: \0|Expect: 100-continue|Expect: 200-ok|Accept: ;;q=|"
    'If-None-Match: W/"|Content-Encoding: gzip|Authorization: Bearer|Authorization: \xff|If-Match: ,|'
    "Idempotency-Key: a|Idempotency-Key:|X-Forwarded-For: \xff, ,|Host: y|Origin: null|Cookie: =;=|: x|x|"
    "X : y| X: y|X:\ty\x0b|X: a\nY: b|X: a\rY: b|X: a\0|\u00e9: x|Transfer-Encoding: gzip, chunked|"
    "Trailer: X|Access-Control-Request-Method: PUT|User-Agent: \x1b[31m\xff|Proxy-Connection: x|"
    "X-Request-ID: " + "x" * 300 + "|X: " + "y" * 8_300 + "|" + "X" * 300 + ": y"
).split("|")
LENGTHS = "0|1|5|15|16|17|400|-1|+5|0x5|5, 5|5;5|1e3|99999999999999999999||\u00b2".split("|")
BODIES = (
    *(b"", b"{}", b'{"q":"ceasefire"}', b'{"q":"(("}', b'{"title":"Rain"}', b'{"title":"a"}\n{"body":"b"}\n'),
    *(b"\0" * 50, b"[" * 5_000, b'{"a":' * 3_000, b'"\\ud800"', b"\xff\xfe", b"q=x", b"x" * 300_000),
    b'{"q":"' + b"a" * 20_000 + b'"}',
)
CHUNKS = (
    *(
        b"5\r\nhello\r\n",
        b"2\r\n{}\r\n",
        b"0\r\n\r\n",
        b"0\r\n\r\n",
        b"5;x=y\r\nhello\r\n",
        b"05\r\nhello\r\n",
    ),
    *(b"0x5\r\nhello\r\n", b"-1\r\n", b"5\nhello\n", b"ffffffffffffffffff\r\nx", b"\r\n", b"5\r\nhell"),
    *(b"zz\r\n", b"5 \r\nhello\r\n", b"0\r\nX: y\r\n\r\n", b"0\r\nX y\r\n\r\n", b"1\r\na\r\n" * 400),
    *(b"5" + b";" * 9_000 + b"\r\nhello\r\n", b"FFFFFFF\r\n" + b" " * 300_000),
)
NOISE = (
    *(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x80\x2e\x01\x03\x01", b"SSH-2.0-x\r\n", b"GET /"),
    *(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\r\n" * 50, b"\0" * 100, b"GET", b"\n"),
    b"PROXY TCP4 1.1.1.1 2.2.2.2 3 4\r\n",
)


def message(rng):
    """The bytes of something that looks like a request."""
    pick = rng.choice
    odd = rng.choice((0.0, 0.1, 0.4))

    def part(usual, all_):
        return pick(all_ if rng.random() < odd else usual)

    if rng.random() < 0.05:
        return pick((*NOISE, rng.randbytes(rng.randrange(1, 400))))
    lines = [f"{part(METHODS[:10], METHODS)} {part(TARGETS[:10], TARGETS)} {part(VERSIONS[:5], VERSIONS)}"]
    if rng.random() > odd / 2:
        lines.append("Host: x")
    lines += [part(HEADERS[:20], HEADERS) for _ in range(pick((0, 0, 1, 2, 4)))]
    if rng.random() < odd / 10:
        lines += [pick(HEADERS[:20])] * 110
    body = b""
    kind = rng.randrange(6)
    if kind == 0:
        lines.append("Transfer-Encoding: chunked")
        chunks = [part(CHUNKS[:2], CHUNKS) for _ in range(rng.randrange(4))]
        body = b"".join([*chunks, part(CHUNKS[2:4], CHUNKS)])
    elif kind == 1:
        body = pick(BODIES)
        lines.append(f"Content-Length: {len(body)}")
    elif kind == 2:
        body = pick(BODIES)
        lines.append(f"Content-Length: {part((len(body), len(body) + 5, 3), LENGTHS)}")
        if rng.random() < odd / 2:
            lines.append(f"Content-Length: {pick(LENGTHS)}")
    if kind < 3 and rng.random() < 0.7:
        lines.append("Content-Type: application/json")
    if rng.random() < 0.3:
        lines.append(f"Authorization: Bearer {KEY}")
    end = "\r\n" if rng.random() > odd / 4 else pick(("\n", "\r", "\r\r\n"))
    return end.join([*lines, "", ""]).encode("latin-1", "replace") + body


def broken(rng, data):
    """Bytes with a fault: cut off, changed, doubled."""
    kind, at = rng.randrange(3), rng.randrange(len(data))
    if kind == 0:
        return data[:at]
    if kind == 1:
        return data[:at] + rng.randbytes(1) + data[at + 1 :]
    return data[:at] + data[max(0, at - 20) :]


def exchange(port, pieces, pause):
    """All that comes back for some pieces, until the service has closed or says no more."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        received = b""
        # A service that has answered and closed does not read on; its answer stands.
        with contextlib.suppress(OSError):
            for piece in pieces:
                connection.sendall(piece)
                if pause:
                    time.sleep(pause)
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65_536):
                received += piece
        return received


WELL_MEANT = b"GET /v1/search?q=ceasefire&fields=id HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def pss(pids):
    """Bytes of memory of some processes, what several share divided among them."""
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii") for pid in pids]
    return sum(int(re.search(r"Pss: +(\d+)", each)[1]) for each in rollups) * 1_024


def run(count, seed):
    rng = random.Random(seed)
    statuses, wrongs, sizes = Counter(), [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        outlet = Found("Press TV", confidence="high")
        commit(
            path / "index",
            *(Article(f"a{n}", "The ceasefire holds. " * 20, outlet=outlet) for n in range(50)),
        )
        settings = {"write_keys": KEY, "commit_every": "0.1"}
        with serving(path, "--workers", "2", "--threads", "4", **settings) as service:
            until(lambda: len(service.workers()) == 2, "workers")
            began = service.workers()
            for number in range(count):
                if number % max(1, count // 10) == 0:
                    sizes.append(pss(began))
                data = b"".join(
                    broken(rng, message(rng)) if rng.random() < 0.3 else message(rng)
                    for _ in range(rng.choice((1, 1, 1, 2, 5)))
                )
                cuts = sorted(rng.randrange(len(data) + 1) for _ in range(rng.choice((0, 0, 0, 1, 6))))
                pieces = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
                try:
                    received = exchange(service.port, pieces, 0.01 if cuts and number % 10 == 0 else 0)
                    after = exchange(service.port, [WELL_MEANT], 0)
                except OSError as error:
                    wrongs.append([repr(error), data[:2_000].decode("latin-1")])
                    continue
                seen = [int(each) for each in re.findall(rb"HTTP/1\.[01] (\d{3}) ", received)]
                statuses.update(seen)
                if any(each >= 500 and each != 501 for each in seen):
                    wrongs.append([seen, data[:2_000].decode("latin-1"), received[-600:].decode("latin-1")])
                if not after.startswith(b"HTTP/1.1 200 ") or b'"hits":[{' not in after:
                    wrongs.append(["next", data[:2_000].decode("latin-1"), after[:600].decode("latin-1")])
            sizes.append(pss(began))
            kept = service.workers() == began
            told = [
                line["message"] for line in service.logged("stderr") if line["level"] in {"error", "critical"}
            ]
    return {
        "statuses": statuses,
        "wrong": wrongs[:5],
        "wrongs": len(wrongs),
        "kept": kept,
        "errors": told[:5],
        "sizes": sizes,
    }


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))
