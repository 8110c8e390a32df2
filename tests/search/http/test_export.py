"""An export is all of a result, or visibly not whole."""

import csv
import gzip
import io
import json
import random

import pytest
import zstandard
from falcon import testing

from index import edtf
from index.article import Article, Found
from index.embedded import open_writer
from search import embedded
from search.embedded import EmbeddedSearcher
from search.errors import EngineUnavailable
from search.http.app import create_app
from search.request import Request

RUNS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1"]


def commit(path, articles):
    writer = open_writer(path, language="en")
    for article in articles:
        writer.put(article, "build")
    writer.commit()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    rng = random.Random(3)
    folder = tmp_path_factory.mktemp("exported")
    articles = [
        Article(
            f"n{number}",
            " ".join(rng.choices("ceasefire talks border town".split(), k=rng.randrange(1, 40))),
            title=Found(f'{rng.choice(RUNS)} "quoted", and more', confidence="high"),
            date=Found(edtf.parse(f"2021-05-{1 + number % 28:02}"), confidence="high"),
            speakers=(Found("Ismail Haniyeh", confidence="high"), Found("=B, \nC", confidence="high")),
        )
        for number in range(300)
    ]
    commit(folder, articles[:200])
    commit(folder, articles[200:])
    return folder


@pytest.fixture
def client(path, monkeypatch):
    monkeypatch.setattr(embedded, "_EXPORTED", 17)
    return testing.TestClient(create_app(EmbeddedSearcher(path), cursor_key=b"k"))


def paged(client, query):
    """The hits of a search, page by page."""
    page = client.simulate_get("/v1/search", query_string=query + "&limit=100&highlight=false").json
    yield from page["hits"]
    while page["next"]:
        page = client.simulate_get(page["links"]["next"]).json
        yield from page["hits"]


@pytest.mark.parametrize(
    "query", ["q=ceasefire", "q=ceasefire&sort=date&include=provenance", "", "q=nothing"]
)
def test_it_has_every_hit_once_in_the_order_of_the_search(client, query):
    result = client.simulate_get("/v1/export", query_string=query)
    assert result.headers["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in result.text.splitlines()]
    assert lines == [
        {key: value for key, value in hit.items() if key != "snippets"} for hit in paged(client, query)
    ]


def test_a_table_gives_back_what_was_put_in_and_runs_nothing(client):
    result = client.simulate_get(
        "/v1/export", query_string="q=ceasefire&format=csv&fields=title,date,speakers"
    )
    assert result.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, *rows = csv.reader(io.StringIO(result.text, newline=""))
    assert header == ["id", "title", "date", "speakers", "score"]
    hits = list(paged(client, "q=ceasefire&fields=title,date,speakers"))
    assert [row[0] for row in rows] == [hit["id"] for hit in hits]
    assert [row[1].removeprefix("'") for row in rows] == [hit["title"] for hit in hits]
    assert [row[2] for row in rows] == [hit["date"]["edtf"] for hit in hits]
    assert not [cell for row in rows for cell in row[:4] if cell.startswith(tuple("=+-@\t＝"))]


@pytest.mark.parametrize(
    ("coding", "unpack"),
    [
        ("gzip", gzip.decompress),
        ("zstd", lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)),
    ],
)
def test_it_is_packed_where_the_client_likes_it(client, coding, unpack):
    plain = client.simulate_get("/v1/export", query_string="q=ceasefire")
    packed = client.simulate_get(
        "/v1/export", query_string="q=ceasefire", headers={"Accept-Encoding": coding}
    )
    assert packed.headers["Content-Encoding"] == coding
    assert unpack(packed.content) == plain.content
    assert len(packed.content) < len(plain.content)


def test_a_refusal_says_nothing_of_the_form_that_the_export_would_have_had(client):
    packed = {"Accept-Encoding": "gzip"}
    refused = client.simulate_get("/v1/export", query_string="q=(&format=csv", headers=packed)
    assert (refused.status_code, refused.json["code"]) == (400, "query-syntax")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert not {"content-encoding", "content-disposition"} & {name.lower() for name in refused.headers}


@pytest.mark.parametrize(
    "query",
    ["", "q=ceasefire&format=csv", "q=nothing", "q=(", "q=nofield:x", "q=a*", "limit=5", "format=xml"],
)
@pytest.mark.parametrize(
    "sent", [{}, {"Accept-Encoding": "gzip"}, {"Accept": "text/csv"}, {"Accept": "text/html"}]
)
def test_head_answers_as_get_does_but_for_the_body(client, query, sent):
    got = client.simulate_get("/v1/export", query_string=query, headers=sent)
    told = client.simulate_head("/v1/export", query_string=query, headers=sent)
    assert (told.status_code, told.content) == (got.status_code, b"")
    passing = {"x-request-id", "content-length"}
    headers = [{k: v for k, v in one.headers.items() if k.lower() not in passing} for one in (got, told)]
    assert headers[0] == headers[1]


@pytest.mark.parametrize(
    ("query", "accept", "type_"),
    [
        ("", "text/csv", "text/csv; charset=utf-8"),
        ("", "TEXT/CSV", "text/csv; charset=utf-8"),
        ("", "text/csv, */*;q=0.1", "application/x-ndjson"),
        ("", "*/*", "application/x-ndjson"),
        ("format=csv", "*/*", "text/csv; charset=utf-8"),
        ("format=ndjson", "text/csv", "application/problem+json"),
        ("format=csv", "application/x-ndjson", "application/problem+json"),
        ("format=csv", "application/json", "application/problem+json"),
        ("", "application/json", "application/problem+json"),
    ],
)
def test_a_client_that_takes_tables_alone_gets_one_unless_it_asks_for_lines(client, query, accept, type_):
    result = client.simulate_get("/v1/export", query_string=query, headers={"Accept": accept})
    assert result.headers["Content-Type"] == type_
    assert result.status_code == (406 if type_ == "application/problem+json" else 200)


def test_one_at_a_time_and_the_next_when_it_is_done(path):
    app = create_app(EmbeddedSearcher(path), cursor_key=b"k")
    resource = app._router.find("/v1/export")[0]
    second = testing.TestClient(app)
    assert resource.busy.acquire(blocking=False)
    refused = second.simulate_get("/v1/export")
    assert (refused.status_code, refused.json["code"]) == (429, "rate-limited")
    assert int(refused.headers["Retry-After"]) > 0
    resource.busy.release()
    for query in ("q=ceasefire", "q=(", "q=ceasefire&format=csv"):
        second.simulate_get("/v1/export", query_string=query)
        assert not resource.busy.locked()
    assert second.simulate_head("/v1/export").content == b""


def test_it_stays_in_its_generation_while_the_index_changes(path, monkeypatch):
    monkeypatch.setattr(embedded, "_EXPORTED", 17)
    searcher = EmbeddedSearcher(path)
    hits = searcher.export(Request(q="ceasefire OR talks OR border OR town"))
    seen = [next(hits).entry.id]
    commit(path, [Article("new", "ceasefire " * 3), Article("n5", "rain")])
    seen += [hit.entry.id for hit in hits]
    assert sorted(seen) == sorted(set(seen))
    assert "new" not in seen
    assert "n5" in seen


def test_what_cannot_be_finished_is_broken_off(client, monkeypatch):
    pages = []
    whole = embedded.answer

    def fails_later(*arguments):
        pages.append(1)
        found = whole(*arguments)
        return found if len(pages) < 3 else found.__class__(1, 0, (), partial=True)

    monkeypatch.setattr(embedded, "answer", fails_later)
    monkeypatch.setattr("search.http.export._CHUNK", 100)
    with pytest.raises(EngineUnavailable):
        client.simulate_get("/v1/export", query_string="q=ceasefire")
    monkeypatch.undo()
    assert client.simulate_get("/v1/export", query_string="q=ceasefire").status_code == 200
