"""Hostile requests in one process: ``python -m tests.service.fuzz COUNT SEED [INDEX]``.

Prints what was seen as JSON: how many answers of each status, those that should not be, the slowest beyond
its budget (of the thread, so that a busy machine does not count), and how large the process was on the way.
Without an index of one's own, a small one is made.
"""

import faulthandler
import gc
import gzip
import heapq
import io
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import zstandard

from index import edtf
from index.article import Article, Found, Quote
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.http.app import create_app
from search.http.cursor import encode
from search.request import After
from search.warm import warm
from tests.service.hostile import Hostile

KEY = b"a key"
JSON = frozenset({"application/json", "application/problem+json", "application/ld+json"})
CODINGS = {
    None: bytes,
    "gzip": gzip.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
OF_LANGUAGE = frozenset({"query-syntax", "query-too-complex", "unknown-field"})
HANGS = 120
"""Seconds in which a hundred requests are answered, or one hangs: the process then says where, and ends."""

WORDS = [
    first + middle + last for first in "bcdfglmnprst" for middle in ("a", "e", "io") for last in "bdklmnrst"
]
PEOPLE = ("Babak Dal", "B. Dal", "Cek Ronson", "Tim Cek-Ronson", "Marie d'Ober", "حسن دال")
OUTLETS = ("Press TV", "Reuters", "Le Monde")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(app, sent):
    """The answer to a request, as gunicorn would have it made."""
    path, _, query_string = sent.target.partition("?")
    environ = {
        "REQUEST_METHOD": sent.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "RAW_URI": sent.target,
        "QUERY_STRING": query_string,
        "CONTENT_TYPE": "",
        "CONTENT_LENGTH": str(len(sent.body)) if sent.body else "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(sent.body),
        "wsgi.errors": sys.stderr,
    }
    for name, value in sent.headers.items():
        named = name.upper().replace("-", "_")
        environ[named if named == "CONTENT_TYPE" else f"HTTP_{named}"] = value
    begun = []
    pieces = app(environ, lambda line, headers, _=None: begun.append((int(line[:3]), dict(headers))))
    try:
        body = b"".join(pieces)
    finally:
        if hasattr(pieces, "close"):
            pieces.close()
    return Answer(*begun[0], body)


def article(rng, number):
    """An article with people who say something in it; each fifth is a near-copy of the one before."""
    own = random.Random(number - 1 if number % 5 == 4 else number)
    words = [own.choice(WORDS) + own.choice(("", "", own.choice(WORDS[:9]))) for _ in range(80)]
    body = " ".join(words)
    speaker, start = own.choice(PEOPLE), len(" ".join(words[:20])) + 1
    end = len(" ".join(words[:40]))
    quoted = Quote(body[start:end], start, end, speaker, None, None, "said", "direct", "high")
    day = edtf.day(date(2019, 1, 1) + timedelta(days=rng.randrange(1_500)))
    return Article(
        id=str(number) if number % 7 else f"https://example.org/{number}?a=b",
        body=body,
        title=Found(" ".join(words[:6]), confidence="high"),
        date=Found(day, confidence="high") if number % 9 else None,
        outlet=Found(rng.choice(OUTLETS), confidence="high"),
        language=Found(rng.choice(("en", "en", "de")), confidence="high"),
        speakers=(Found(speaker, confidence="high"),),
        quotes=(quoted,),
    )


def archive(folder):
    """Some hundred articles in several segments, some deleted, with as many words as wildcards may become."""
    rng = random.Random(5)
    for first in range(0, 400, 100):
        writer = open_writer(folder, language="en", stories=True)
        for number in range(first, first + 100):
            writer.put(article(rng, number), "build")
        writer.delete([str(number) for number in range(first - 50, first, 8)])
        writer.commit()


def source(app, rng):
    """Hostile requests for what stands in an archive, as its own answers tell it."""

    def found(target):
        return json.loads(ask(app, Hostile.plain(target)).body)

    hits = found("/v1/search?limit=100&fields=id,body,cluster")["hits"]
    words = sorted({word for hit in hits for word in hit["body"].split()[:80]})
    people = [each["name"] for each in found("/v1/speakers?limit=50")["speakers"]]
    outlets = [each["value"] for each in found("/v1/facets/outlet")["values"]]
    names = {
        "speaker": people,
        "outlet": outlets,
        "language": ["en", "de", "fa", "und"],
        "id": [hit["id"] for hit in hits],
        "cluster": [hit["cluster"]["id"] for hit in hits if hit["cluster"]] or ["none"],
    }
    places = {
        "/v1/articles/id": names["id"],
        "/v1/speakers/name": people,
        "/v1/clusters/id": names["cluster"],
        "/v1/facets/field": ["outlet", "speaker", "language", "date"],
    }
    similar = f"/v1/articles/{quote(hits[0]['id'], safe='')}/similar"
    paged = [
        *(f"/v1/search?limit=2&{more}" for more in ("", "q=ba*", "sort=date&facet=speaker", "group=cluster")),
        *("/v1/quotes?limit=1", "/v1/quotes?limit=1&q=ba*", "/v1/speakers?limit=1", f"{similar}?limit=1"),
        *(
            "/v1/facets/outlet?facet_size=1",
            "/v1/facets/date?facet_size=1",
            "/v1/facets/speaker?facet_size=1",
        ),
    ]
    cursors = {}
    for target in paged:
        address = target.partition("?")[0]
        following = found(target)["next"]
        # Beside the one that was made: as it was for a generation that is gone, and for one to come.
        gone = [encode(After(generation, 1.5, "1"), {}, KEY, address) for generation in (0, 10**6)]
        cursors.setdefault(address, []).extend([*([following] if following else []), *gone])
    return Hostile(rng, words, names | places, cursors)


def wrong(sent, answer):
    """What is wrong with an answer, or nothing."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    coding = answer.headers.get("content-encoding")
    body = CODINGS[coding](answer.body)
    if kind in JSON and body:
        told = json.loads(body)
        if answer.status >= 400 and not {"code", "detail", "request_id", "errors"} <= told.keys():
            return "not a problem document"
        faults = [each["code"] for each in told.get("errors", ()) if each["parameter"] == "q"]
        named = sent.body or re.search(r"/suggest|[?&]syntax=simple(?:&|$)", sent.target)
        if sent.simple and named and not OF_LANGUAGE.isdisjoint(faults):
            return "simple fails"
        if answer.status == 503:
            return None if told["code"] == "timeout" and sent.denies else "not asked for"
    elif body and answer.status != 200:
        return "no problem document"
    return None if answer.status in {200, 304, 400, 404, 406, 410, 413, 415} else "status"


def resident():
    """Bytes of the process in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4_096


def shown(sent):
    """A request as it is reported."""
    return [sent.method, sent.target, sent.body[:400].decode("utf-8", "replace"), dict(sent.headers)]


def run(count, seed, index=None):
    rng = random.Random(seed)
    warm()
    statuses, wrongs, slowest, sizes, partial = Counter(), [], [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        if index is None:
            archive(Path(folder))
        app = create_app(EmbeddedSearcher(index or Path(folder)), cursor_key=KEY)
        gc.freeze()  # what the service does before it forks: no collection walks what was loaded
        for number, sent in zip(range(count), source(app, rng).requests(), strict=False):
            if number % max(1, count // 12) == 0:
                sizes.append(resident())
            if number % 100 == 0:
                faulthandler.dump_traceback_later(HANGS, exit=True)
            begun = time.thread_time()
            answer = ask(app, sent)
            over = (time.thread_time() - begun) * 1_000 - sent.budget
            statuses[answer.status] += 1
            partial += b'"partial":true' in answer.body
            heapq.heappush(slowest, (over, number, shown(sent)))
            if len(slowest) > 5:
                heapq.heappop(slowest)
            fault = wrong(sent, answer)
            if fault:
                wrongs.append([fault, *shown(sent), answer.body[:300].decode("utf-8", "replace")])
                print(json.dumps(wrongs[-1]), file=sys.stderr, flush=True)
        faulthandler.cancel_dump_traceback_later()
        sizes.append(resident())
    return {
        "statuses": statuses,
        "partial": partial,
        "wrong": wrongs[:5],
        "slowest": sorted(slowest, reverse=True),
        "sizes": sizes,
    }


if __name__ == "__main__":
    index = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]), index)))
