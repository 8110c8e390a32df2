"""Hostile queries and cursors in one process: ``python -m tests.service.fuzz COUNT SEED``.

Prints what was seen as JSON: how many answers of each status, those that should not be, the most time that
one took beyond its budget (of the thread, so that a busy machine does not count), and how much the process
grew in the last two thirds.
"""

import base64
import gc
import io
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from index.article import Article, Found
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.http.app import create_app
from search.warm import warm

WORDS = [
    first + middle + last for first in "bcdfglmnprst" for middle in ("a", "e", "io") for last in "bdklmnrst"
]
ODD = [
    *(
        "\0",
        "\ud800",
        "\u202e",
        "\ufeff",
        "\u0301",
        "ـ",
        "\u200c",
        "İ",
        "ß",
        "١٢",
        "漢字",
        "ไทย",
        "😀",
        "﷽",
        "\x1c",
        "\\",
    ),
    *(
        "-",
        "--",
        "+",
        "&&",
        "||",
        "!",
        "=",
        "/",
        "//",
        "%",
        "#",
        "~",
        "~~",
        "^",
        "^^",
        "'",
        "’",
        "“",
        "«",
        "`",
        ";",
        ",",
    ),
]
SIGNS = [
    '"',
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    "*",
    "?",
    "~1",
    "~2",
    "~9",
    "^2",
    "^1e308",
    "^-1",
    "^nan",
    " ",
    "  ",
]
NAMES = [
    *(
        "title:",
        "body:",
        "outlet:",
        "speaker:",
        "speaker:=",
        "language:",
        "date:",
        "cluster:",
        "has:",
        "said:",
        "BY:",
    ),
    *(
        "AND",
        "OR",
        "NOT",
        "ANDNOT",
        "ANDMAYBE",
        "REQUIRE",
        "TO",
        "text:",
        "id:",
        "titel:",
        "*:*",
        "_all:",
        "foo:",
    ),
    *(
        "date:[2020 TO 2021]",
        "date:[* TO *]",
        "date:[2021 TO",
        "date:{2020 TO 2021}",
        "has:date",
        "2021-05",
        "../2020",
    ),
]


def word(rng):
    return rng.choice(WORDS) if rng.random() < 0.8 else rng.choice(WORDS)[: rng.randrange(1, 4)]


def soup(rng):
    """Pieces of the language, side by side."""
    kinds = (WORDS, SIGNS, NAMES, ODD)
    pieces = (rng.choice(rng.choices(kinds, (5, 4, 3, 1))[0]) for _ in range(rng.randrange(1, 30)))
    return "".join(piece + " " * rng.randrange(2) for piece in pieces)


def tree(rng, depth=4):
    """A query as it is meant."""
    kind = rng.randrange(9 if depth else 5)
    if kind < 2:
        return word(rng)
    if kind == 2:
        return word(rng)[:2] + rng.choice(("*", "?", "?*", "*a", "~", "~2", "^3"))
    if kind == 3:
        return '"' + " ".join(word(rng) for _ in range(rng.randrange(1, 6))) + rng.choice(('"', '"~3'))
    if kind == 4:
        return rng.choice(("title:", "body:", "outlet:", "speaker:", "said:", "has:", "date:")) + word(rng)
    parts = [tree(rng, depth - 1) for _ in range(rng.randrange(1, 4))]
    return f"({rng.choice((' ', ' OR ', ' AND ', ' NOT ', ' -')).join(parts)})"


def broken(rng):
    """A query as it is meant, with some of its characters lost, doubled or swapped."""
    text = list(tree(rng))
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(text) + 1)
        text[at : at + rng.randrange(2)] = rng.choice(
            ([], [rng.choice(SIGNS)], [rng.choice(ODD)], text[at : at + 3])
        )
    return "".join(text)


def large(rng):
    """Much of one thing."""
    one = rng.choice(
        (
            *(
                "(",
                ")",
                "NOT ",
                "-",
                '"',
                "a* ",
                "ba* ",
                "*a* ",
                "?? ",
                "bad~2 ",
                "w OR ",
                "a AND ",
                "x ANDNOT ",
                "[",
                "\\",
            ),
            *(
                '"a b" ',
                "said:(",
                "date:[2020 TO 2021] ",
                "title:",
                "^2",
                "~",
                "é",
                "漢",
                "\u0301",
                "a\u200c",
                "(a OR ",
                "-(",
            ),
        )
    )
    text = one * rng.choice((3, 30, 300, 3_000))
    return word(rng) + " " + text if rng.random() < 0.5 else text


def noise(rng):
    """Characters of any kind."""
    top = rng.choice((0x7F, 0x7FF, 0xFFFF, 0x10FFFF))
    return "".join(chr(rng.randrange(top)) for _ in range(rng.randrange(60)))


def query(rng):
    return rng.choices((soup, tree, broken, large, noise), (4, 4, 4, 1, 1))[0](rng)


def cursor(rng, known):
    """A cursor that was made and then changed, or never made."""
    text = rng.choice(known)
    kind = rng.randrange(5)
    if kind == 0:
        at = rng.randrange(len(text))
        return text[:at] + rng.choice("Aa0-_=%.é\0") + text[at + rng.randrange(2) :]
    if kind == 1:
        raw = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")
    if kind == 2:
        return text[: rng.randrange(len(text))] + rng.choice(known)[rng.randrange(20) :]
    if kind == 3:
        return base64.urlsafe_b64encode(rng.randbytes(rng.randrange(200))).decode()
    return noise(rng)


def requests(rng, known):
    """Requests without end: method, target, body, and the milliseconds that each asks for."""
    while True:
        budget = rng.choice((None, None, 10, 300))
        sent = {"timeout_ms": budget} if budget else {}
        if rng.random() < 0.25:
            sent = {"cursor": cursor(rng, known)}
        else:
            sent["q"] = query(rng)
            for name, values in OTHERS.items():
                if rng.random() < 0.15:
                    sent[name] = rng.choice(values)
        path = rng.choice(PATHS)
        if rng.random() < 0.5 and path != "/v1/suggest":
            text = json.dumps(sent)  # lone surrogates as JSON can write them
            yield "POST", path, text.encode(), budget or 2_000
        else:
            pairs = (f"{name}={quote(str(value), errors='surrogatepass')}" for name, value in sent.items())
            target = f"{path}?{'&'.join(pairs)}"
            if len(target) < 4_000:  # what gunicorn lets through
                yield "GET", target, b"", budget or 2_000


OTHERS = {
    "match": ("most", "any"),
    "syntax": ("simple",),
    "date": ("2021", "../2020", "none", "x"),
    "speaker": ("bab", "-", ""),
    "facet": ("date", "outlet"),
    "group": ("cluster",),
    "sort": ("date", "-date"),
    "recency": ("1d", "99999y"),
    "include": ("explain", "quotes"),
    "limit": (1, 100),
}
PATHS = ("/v1/search", "/v1/search", "/v1/search", "/v1/quotes", "/v1/suggest")


def ask(app, method, target, body):
    """The status and the body of an answer."""
    path, _, query_string = target.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "RAW_URI": target,
        "QUERY_STRING": query_string,
        "CONTENT_TYPE": "application/json" if body else "",
        "CONTENT_LENGTH": str(len(body)) if body else "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
    }
    status = []
    answer = b"".join(app(environ, lambda line, *_: status.append(line)))
    return int(status[0][:3]), answer


def archive(folder):
    """An application over some hundred articles with as many words as wildcards may become."""
    rng = random.Random(5)
    writer = open_writer(folder, language="en", stories=True)
    for number in range(400):
        body = " ".join(word(rng) + rng.choice(("", "", rng.choice(WORDS))) for _ in range(80))
        day = Found(rng.choice(("Press TV", "Reuters")), confidence="high")
        writer.put(Article(id=str(number), body=body, outlet=day), "build")
    writer.commit()
    return create_app(EmbeddedSearcher(folder), cursor_key=b"a key")


def resident():
    """Bytes of the process in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4_096


def run(count, seed):
    rng = random.Random(seed)
    warm()
    statuses, wrong, over, before = Counter(), [], 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        app = archive(Path(folder))
        pages = (ask(app, "GET", f"/v1/search?limit=1&q={q}", b"")[1] for q in ("", "bab*", "bab+OR+cek"))
        known = [json.loads(page)["next"] for page in pages]
        for number, (method, target, body, budget) in zip(range(count), requests(rng, known), strict=False):
            if number == count // 3:
                before = resident()
            begun = time.thread_time()
            status, answer = ask(app, method, target, body)
            over = max(over, (time.thread_time() - begun) * 1_000 - budget)
            statuses[status] += 1
            if status not in {200, 400, 410}:
                wrong.append([method, target, body.decode(), answer.decode()[:300]])
        return {"statuses": statuses, "wrong": wrong[:5], "over_ms": over, "grown": resident() - before}


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))
