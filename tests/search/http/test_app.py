"""The application over a real index: every address, every way to fail, every convention."""

import gzip
import logging
import re
from dataclasses import replace
from urllib.parse import quote

import orjson
import pytest
import zstandard
from falcon import testing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import edtf
from index.article import Article, Found, Quote
from index.embedded import open_writer
from index.stories import story_id
from search.embedded import EmbeddedSearcher
from search.http.app import create_app
from search.http.body import MAX_BODY
from search.http.endpoints import ENDPOINTS
from search.http.openapi import document
from search.http.operations import NEEDING_A_KEY, OPERATIONS
from search.http.parameters import PARAMETERS
from search.http.problems import PROBLEMS
from tests.search.http.schema import faults

# The validator that Falcon's test client puts around the application does not know QUERY.
pytestmark = pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")

KEY = b"a key of this test"
STORY = story_id("story")
OPENAPI = document()
URL = "https://example.org/news/1?a=b&c=d%20e"
JSON = {"Content-Type": "application/json"}

BODY = "TEHRAN - Qalibaf & others <said> the ceasefire holds.\nThe second line."


def found(value, start=None, end=None):
    return Found(value, start, end, method="test", confidence="high")


ARTICLES = [
    Article(
        id=URL,
        url=URL,
        body=BODY,
        title=found("A ceasefire, at last"),
        outlet=found("Press TV"),
        date=found(edtf.parse("2021-05-24")),
        language=found("en"),
        speakers=(found("Qalibaf", 9, 16),),
        quotes=(
            Quote("the ceasefire holds", 33, 52, "Qalibaf", "Qalibaf", (9, 16), "said", "indirect", "high"),
        ),
    ),
    Article(id="untitled", body=BODY, date=found(edtf.parse("2021-06")), language=found("en")),
    *(Article(id=f"n{n}", body=f"ceasefire number {n % 3}", outlet=found(f"Outlet {n}")) for n in range(9)),
]


def commit(path, articles):
    writer = open_writer(path, language="en", stories=True)
    for article in articles:
        writer.put(article, "build")
    writer.commit()


def application(path):
    return testing.TestClient(create_app(EmbeddedSearcher(path), cursor_key=KEY))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    path = tmp_path_factory.mktemp("index")
    commit(path, ARTICLES)
    return application(path)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """An archive in which two articles are one story."""
    path = tmp_path_factory.mktemp("told")
    text = " ".join(f"word{n}" for n in range(20))
    commit(path, [*ARTICLES, Article(id="story", body=text), Article(id="story again", body=text)])
    return application(path)


def right(answer, schema):
    """The answer, once it is seen to have the shape that the OpenAPI document promises."""
    problems = faults(answer, {"$ref": f"#/components/schemas/{schema}"}, OPENAPI)
    assert problems == []
    return answer


def search(client, query="", **more):
    result = client.simulate_get("/v1/search", query_string=query, **more)
    assert result.status_code == 200, result.text
    return right(result.json, "Results")


def problem(result, code):
    right(result.json, "Problem")
    assert result.headers["Content-Type"] == "application/problem+json"
    assert result.json["code"] == code
    assert result.json["type"] == f"/problems/{code}"
    assert result.json["status"] == result.status_code
    assert result.json["request_id"] == result.headers["X-Request-ID"]
    return result.json


def test_a_search_is_ranked_counted_and_shown_as_promised(client):
    answer = search(client, "q=ceasefire&facet=outlet&facet=date&facet=speaker&limit=2")
    assert answer["query"] == {"q": "ceasefire", "parsed": "ceasefire", "warnings": []}
    assert answer["total"] == {"value": len(ARTICLES), "relation": "eq"}
    assert len(answer["hits"]) == 2
    assert list(answer["facets"]) == ["date", "outlet", "speaker"]
    assert answer["facets"]["speaker"]["missing"] == len(ARTICLES) - 1
    assert answer["took_ms"] > 0
    assert answer["links"]["self"] == "/v1/search?q=ceasefire&facet=date&facet=outlet&facet=speaker&limit=2"


def test_a_hit_has_the_short_fields_and_what_was_asked_for(client):
    [hit] = search(client, "q=ceasefire&outlet=Press+TV")["hits"]
    assert list(hit) == [
        *("id", "score", "title", "outlet", "date", "language", "speakers", "cluster", "snippets", "links")
    ]
    assert hit["date"] == {"edtf": "2021-05-24", "from": "2021-05-24", "to": "2021-05-24"}
    [hit] = search(client, "outlet=Press+TV&fields=url,body&include=quotes,provenance&highlight=false")[
        "hits"
    ]
    assert list(hit) == ["id", "score", "url", "body", "quotes", "provenance", "snippets", "links"]
    assert hit["score"] is None
    assert hit["snippets"] == []
    assert hit["quotes"][0]["speaker"] == "Qalibaf"
    assert hit["provenance"]["date"]["confidence"] == "high"


def test_what_was_not_recovered_is_null_and_the_lead_stands_for_a_title(client):
    hit = next(hit for hit in search(client, "q=Qalibaf")["hits"] if hit["id"] == "untitled")
    assert hit["title"] is None
    assert hit["outlet"] is None
    assert hit["display_title"] == BODY.split("\n", maxsplit=1)[0]
    assert "display_title" not in search(client, "q=Qalibaf&fields=date")["hits"][0]


def test_a_snippet_is_safe_to_put_into_a_page(client):
    [hit] = search(client, "q=ceasefire&date=2021-06")["hits"]
    texts = [snippet["text"] for snippet in hit["snippets"]]
    assert any("Qalibaf &amp; others &lt;said&gt; the <mark>ceasefire</mark>" in text for text in texts)
    assert not re.search(r"<(?!/?mark>)", "".join(texts))


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_a_body_asks_the_same_as_a_url(client, method):
    asked = {"q": "ceasefire", "facet": ["outlet", "date"], "limit": 3, "fields": ["id"], "highlight": False}
    result = client.simulate_request(method, "/v1/search", body=orjson.dumps(asked), headers=JSON)
    answer = right(result.json, "Results")
    assert result.headers["Accept-Query"] == "application/json"
    in_url = search(client, "q=ceasefire&facet=outlet&facet=date&limit=3&fields=id&highlight=false")
    assert {**answer, "took_ms": 0} == {**in_url, "took_ms": 0}
    empty = client.simulate_request(method, "/v1/search")
    assert right(empty.json, "Results")["total"]["value"] == len(ARTICLES)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "not JSON"),
        (b"[]", "no JSON object"),
        (b'"q"', "no JSON object"),
        (b'{"q": NaN}', "not JSON"),
        (b'{"q": "\\ud800"}', "not JSON"),
        (b'{"q": "\xff"}', "not JSON"),
        (b"[" * 3000, "not JSON"),
        # Too deep for the standard library of Python 3.11 alone.
        (b'{"q": ' + b"[" * 995 + b"]" * 995 + b"}", "not read|of type list"),
        (b'{"q": ' + b"9" * 5000 + b"}", "not"),
        (b'{"q": "a", "q": "b"}', "2 times"),
        (b'{"q": "a", "limit": "5"}', "limit"),
        (b'{"q": {"a": 1}}', "type Object"),
    ],
)
def test_a_body_that_is_no_request_is_refused(client, body, says):
    result = client.simulate_post("/v1/search", body=body, headers=JSON)
    assert re.search(says, problem(result, "invalid-parameter")["detail"])


def test_a_body_and_parameters_in_the_url_are_not_mixed(client):
    result = client.simulate_post("/v1/search", query_string="limit=5", body=b'{"q": "a"}', headers=JSON)
    assert problem(result, "invalid-parameter")["errors"][0]["parameter"] == "limit"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": "text/plain, application/json"},
    ],
)
def test_a_body_of_another_type_is_refused(client, headers):
    result = client.simulate_post("/v1/search", body=b'{"q": "a"}', headers=headers)
    problem(result, "unsupported-media-type")
    assert result.headers["Accept"] == "application/json"


def test_a_body_is_read_up_to_its_limit(client):
    full = b'{"q": "a"' + b" " * (MAX_BODY - 10) + b"}"
    assert client.simulate_post("/v1/search", body=full, headers=JSON).status_code == 200
    problem(client.simulate_post("/v1/search", body=full + b" ", headers=JSON), "body-too-large")
    problem(client.simulate_get("/healthz", body=full + b" "), "body-too-large")


def test_pages_lose_nothing_and_repeat_nothing(client):
    for query in ("q=ceasefire&limit=2", "q=ceasefire&limit=4&sort=date", "limit=3", "limit=10&facet=outlet"):
        seen, page = [], search(client, query)
        while page["next"]:
            seen += [hit["id"] for hit in page["hits"]]
            again = search(client, query + "&cursor=" + page["next"])
            page = search(client, page["links"]["next"].partition("?")[2])
            assert [hit["id"] for hit in again["hits"]] == [hit["id"] for hit in page["hits"]]
        seen += [hit["id"] for hit in page["hits"]]
        assert sorted(seen) == sorted(article.id for article in ARTICLES)


def test_a_body_of_nothing_but_unknown_names_is_refused_at_once(client):
    many = orjson.dumps({f"p{number}": 1 for number in range(20_000)})
    result = client.simulate_post("/v1/search", body=many, headers=JSON)
    assert len(problem(result, "unknown-parameter")["errors"]) == 50


def test_a_cursor_works_in_a_body(client):
    cursor = search(client, "q=ceasefire&limit=2")["next"]
    result = client.simulate_post("/v1/search", body=orjson.dumps({"cursor": cursor}), headers=JSON)
    assert result.json["hits"] == search(client, f"cursor={cursor}")["hits"]


def test_a_cursor_of_another_request_or_of_nobody_is_refused(client):
    cursor = search(client, "q=ceasefire&limit=2")["next"]
    for query in (f"cursor={cursor}&limit=3", f"cursor={cursor}A", "cursor=x", "cursor="):
        problem(client.simulate_get("/v1/search", query_string=query), "invalid-cursor")


def test_a_cursor_walks_on_in_its_generation_while_the_index_changes(tmp_path):
    commit(tmp_path, ARTICLES)
    client = application(tmp_path)
    page = search(client, "q=ceasefire&limit=2")
    commit(tmp_path, [Article(id="new", body="ceasefire ceasefire ceasefire")])
    following = search(client, f"cursor={page['next']}")
    assert following["generation"] == page["generation"]
    assert following["total"] == page["total"]
    seen = {hit["id"] for answer in (page, following) for hit in answer["hits"]}
    assert "new" not in seen
    assert search(client, "q=ceasefire&limit=2")["hits"][0]["id"] == "new"


def test_a_cursor_whose_generation_is_gone_leads_to_page_one(tmp_path):
    commit(tmp_path, ARTICLES)
    page = search(application(tmp_path), "q=ceasefire&limit=2")
    commit(tmp_path, [Article(id="new", body="a new ceasefire")])
    (tmp_path / f"commit-{page['generation']}.json").unlink()
    client = application(tmp_path)
    result = client.simulate_get("/v1/search", query_string=f"cursor={page['next']}")
    answer = problem(result, "snapshot-expired")
    assert answer["links"] == {"first": page["links"]["self"]}
    assert result.headers["Link"] == f'<{page["links"]["self"]}>; rel="first"'
    assert search(client, "q=ceasefire&limit=2")["generation"] > page["generation"]


class Late(EmbeddedSearcher):
    """The engine as it is when the time is up before it begins."""

    def search(self, request):
        assert request.deadline > 0
        return super().search(replace(request, deadline=1))


@pytest.mark.parametrize(
    "query", ["q=ceasefire", "q=cease*", "q=ceasefire+OR+(the+-holds)", "q=seasefire~", ""]
)
def test_what_was_found_in_time_is_the_answer_unless_that_is_denied(tmp_path, query):
    commit(tmp_path, ARTICLES)
    late = testing.TestClient(create_app(Late(tmp_path), cursor_key=KEY))
    result = late.simulate_get("/v1/search", query_string=f"{query}&facet=outlet&timeout_ms=10")
    answer = right(result.json, "Results")
    assert answer["partial"]
    assert answer["total"] == {"value": 0, "relation": "gte"}
    assert answer["query"]["warnings"] == []
    assert "ETag" not in result.headers
    refused = late.simulate_get("/v1/search", query_string=f"{query}&partial=deny")
    problem(refused, "timeout")
    assert int(refused.headers["Retry-After"]) > 0


def test_a_query_that_cannot_be_parsed_points_at_its_fault(client):
    answer = problem(client.simulate_get("/v1/search", query_string="q=(rockets"), "query-syntax")
    assert answer["errors"][0]["parameter"] == "q"
    assert answer["errors"][0]["offset"] == 0


def test_all_faults_are_listed(client):
    result = client.simulate_get("/v1/search", query_string="limit=0&facets=outlet&fields=titel&date=x&q=%ff")
    answer = problem(result, "unknown-parameter")
    assert {error["parameter"]: error.get("suggestion") for error in answer["errors"]} == {
        "facets": "facet",
        "limit": None,
        "fields": "title",
        "date": None,
        "q": None,
    }


@pytest.mark.parametrize("accept", ["APPLICATION/JSON", "Application/*", "text/html;Q=0.9, */*;q=0.1"])
def test_media_types_have_no_case(client, accept):
    assert client.simulate_get("/v1/search", headers={"Accept": accept}).status_code == 200


def test_links_are_mirrored_in_a_header(client):
    result = client.simulate_get("/v1/search", query_string="q=ceasefire&limit=1")
    links = result.json["links"]
    assert result.headers["Link"] == f'<{links["self"]}>; rel="self", <{links["next"]}>; rel="next"'


def test_a_link_that_is_too_long_is_left_out_and_the_cursor_still_works(client):
    query = "ceasefire OR " * 40 + "ceasefire"
    long = {"q": query + " OR ی" * 210, "limit": 1, "outlet": [f"-“{'ی' * 100}{n}" for n in range(60)]}
    result = client.simulate_post("/v1/search", body=orjson.dumps(long), headers=JSON)
    answer = right(result.json, "Results")
    assert "self" not in answer["links"]
    body = orjson.dumps({"cursor": answer["next"]})
    assert right(client.simulate_post("/v1/search", body=body, headers=JSON).json, "Results")["hits"]


@pytest.mark.parametrize(
    "path", ["/v1/search", f"/v1/articles/{quote(URL, safe='')}", "/v1/stats", "/problems", "/openapi.json"]
)
def test_a_client_that_has_the_answer_is_told_so(client, path):
    first = client.simulate_get(path)
    tag = first.headers["ETag"]
    assert re.fullmatch(r'W/"[0-9a-f]+(\.[0-9a-f]*)?"', tag)
    for sent in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        for method in ("GET", "HEAD"):
            again = client.simulate_request(method, path, headers={"If-None-Match": sent})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["ETag"] == tag
            assert "Accept-Encoding" in again.headers["Vary"]
    refused = client.simulate_get("/v1/search", query_string="q=(rockets", headers={"If-None-Match": "*"})
    problem(refused, "query-syntax")
    for sent in ('"other"', 'W/"', "garbage"):
        assert client.simulate_get(path, headers={"If-None-Match": sent}).status_code == 200


def test_an_etag_stands_for_the_request_and_the_generation(tmp_path):
    commit(tmp_path, ARTICLES)
    client = application(tmp_path)

    def tag(query):
        return client.simulate_get("/v1/search", query_string=query).headers["ETag"]

    before = tag("q=a&limit=5")
    assert tag("limit=05&q=a&match=all") == before
    assert len({before, tag("q=a"), tag("q=b&limit=5"), tag("q=a&limit=5&highlight=false")}) == 4
    assert (
        client.simulate_post("/v1/search", body=b"{}", headers={**JSON, "If-None-Match": "*"}).status_code
        == 200
    )
    commit(tmp_path, [Article(id="new", body="a new ceasefire")])
    assert tag("q=a&limit=5") != before
    assert (
        client.simulate_get(
            "/v1/search", query_string="q=a&limit=5", headers={"If-None-Match": before}
        ).status_code
        == 200
    )


def test_an_article_has_everything_and_any_string_is_an_id(client):
    result = client.simulate_get("/v1/articles/" + quote(URL, safe=""))
    answer = right(result.json, "Article")
    assert answer["id"] == answer["url"] == URL
    assert answer["body"] == BODY
    assert answer["quotes"][0]["text"] == BODY[33:52]
    assert answer["provenance"]["speakers"][0]["evidence"]["text"] == "Qalibaf"
    assert client.simulate_get(answer["links"]["self"]).json == answer


@pytest.mark.parametrize(
    ("id_", "code"),
    [("none", "not-found"), ("", "not-found"), ("https://example.org/news/1", "not-found"),
     ("a%00b", "invalid-parameter"), ("%ff", "invalid-parameter"), ("%zz", "invalid-parameter"),
     ("x" * 600, "not-found")],
)  # fmt: skip
def test_an_article_that_is_not_there(client, id_, code):
    problem(client.simulate_get(f"/v1/articles/{id_}"), code)


def test_numbers_of_the_index(client):
    answer = right(client.simulate_get("/v1/stats").json, "Stats")
    assert answer["documents"] == len(ARTICLES)
    assert answer["recovered"]["date"]["high"] == 2


def test_probes_without_an_index_and_with_one(tmp_path, client):
    empty = application(tmp_path / "none")
    assert right(empty.simulate_get("/healthz").json, "Alive") == {"status": "ok"}
    for path in ("/readyz", "/v1/search", "/v1/stats", "/v1/articles/a"):
        result = empty.simulate_get(path)
        problem(result, "index-unavailable")
        assert int(result.headers["Retry-After"]) > 0
        assert str(tmp_path) not in result.text
    assert "pressmark_index_generation 0.0" in empty.simulate_get("/metrics").text
    assert right(client.simulate_get("/readyz", query_string="probe=1").json, "Ready")["generation"] > 0
    commit(tmp_path / "none", ARTICLES[:1])
    assert empty.simulate_get("/readyz").status_code == 200


def test_an_error_of_ours_says_nothing_to_the_caller_and_all_to_the_log(tmp_path, monkeypatch, caplog):
    def fails(*_):
        raise ZeroDivisionError("a secret path")

    commit(tmp_path, ARTICLES[:1])
    monkeypatch.setattr(EmbeddedSearcher, "search", fails)
    result = application(tmp_path).simulate_get("/v1/search", headers={"X-Request-ID": "call-1"})
    assert result.status_code == 500
    assert problem(result, "internal")["request_id"] == "call-1"
    assert "secret" not in result.text
    assert "Traceback" not in result.text
    [record] = [record for record in caplog.records if record.name == "pressmark.events"]
    assert record.exc_info[0] is ZeroDivisionError
    assert record.fields == {"request_id": "call-1"}


def address(endpoint):
    """Return an address that answers with 200."""
    id_ = STORY if "clusters" in endpoint.path else "untitled"
    return endpoint.path.format(id=id_, code="internal", field="outlet", name="Qalibaf")


READ = [endpoint for endpoint in ENDPOINTS if endpoint.path not in NEEDING_A_KEY]


def test_methods(told):
    for endpoint in READ:
        path = address(endpoint)
        get = told.simulate_get(path)
        head = told.simulate_head(path)
        assert (head.status_code, head.content) == (200, b"")
        if (
            "Content-Length" in get.headers and path != "/metrics" and not endpoint.linked
        ):  # those say how long they took
            assert head.headers["Content-Length"] == str(len(get.content))
        allowed = "GET, HEAD, POST, QUERY" if endpoint.body else "GET, HEAD"
        written = [one.method.upper() for one in OPERATIONS if one.path == endpoint.path]
        allowed = ", ".join([allowed, *written])
        options = told.simulate_options(path)
        assert (options.status_code, options.headers["Allow"]) == (200, f"{allowed}, OPTIONS")
        methods = {"PUT", "DELETE", "PATCH", "PROPFIND", "NONSENSE", "POST", "QUERY"}
        for method in sorted(methods - set(allowed.split(", "))):
            refused = told.simulate_request(method, path)
            problem(refused, "method-not-allowed")
            assert set(allowed.split(", ")) <= set(refused.headers["Allow"].split(", "))


def test_addresses_are_those_of_the_document(told):
    for endpoint in READ:
        path = address(endpoint)
        result = told.simulate_get(path)
        assert result.status_code == 200
        assert result.headers["Content-Type"] == endpoint.media_type
        if endpoint.schema:
            right(result.json, endpoint.schema)
        assert ("ETag" in result.headers) == endpoint.cached
    for path in ("/", "/v1", "/v1/search/", "/v1/articles/", "/problems/unknown", "/%2e%2e/etc/passwd"):
        problem(told.simulate_get(path), "not-found")


def test_every_problem_is_explained(client):
    everything = right(client.simulate_get("/problems").json, "Explanations")["problems"]
    assert [one["code"] for one in everything] == [each.code for each in PROBLEMS]
    for one in everything:
        assert client.simulate_get(f"/problems/{one['code']}").json == one


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json", 200), ("application/*;q=0.1", 200), ("text/html, */*;q=0.1", 200), ("", 200),
     ("text/html", 406), ("application/json;q=0", 406), ("application/ld+json", 406), ("garbage", 406)],
)  # fmt: skip
def test_accept_is_respected(client, accept, status):
    result = client.simulate_get("/v1/stats", headers={"Accept": accept})
    assert result.status_code == status
    if status != 200:
        problem(result, "not-acceptable")


def test_long_answers_are_packed_where_the_client_likes_it(client):
    query = "q=ceasefire&fields=body,title"
    plain = client.simulate_get("/v1/search", query_string=query)
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == "Accept, Accept-Encoding"
    for coding, unpack in (("gzip", gzip.decompress), ("zstd", zstandard.decompress)):
        packed = client.simulate_get("/v1/search", query_string=query, headers={"Accept-Encoding": coding})
        assert packed.headers["Content-Encoding"] == coding
        assert orjson.loads(unpack(packed.content))["hits"] == plain.json["hits"]
        assert packed.headers["ETag"] == plain.headers["ETag"]
        assert len(packed.content) < len(plain.content)
    short = client.simulate_get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in short.headers


def test_a_request_keeps_its_name(client):
    for sent in ("call-1", "0af7651916cd43dd8448eb211c80319c", "a/b+c=@."):
        assert client.simulate_get("/nowhere", headers={"X-Request-ID": sent}).headers["X-Request-ID"] == sent
    for sent in ("", "a b", "x" * 129, "<script>", "é"):
        new = client.simulate_get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{16}", new)


def test_requests_are_counted_and_written_down(client, caplog):
    caplog.set_level(logging.INFO, logger="pressmark.access")
    client.simulate_request(
        "NONSENSE", "/v1/articles/" + quote(URL, safe=""), headers={"User-Agent": "a test"}
    )
    [record] = [record for record in caplog.records if record.name == "pressmark.access"]
    assert record.fields["route"] == "/v1/articles/{id}"
    assert record.fields["target"] == "/v1/articles/" + quote(URL, safe="")
    assert record.fields["status"] == 405
    assert record.fields["user_agent"] == "a test"
    page = client.simulate_get("/metrics").text
    line = 'pressmark_requests_total{method="other",route="/v1/articles/{id}",status="405"}'
    assert line in page
    assert 'pressmark_request_seconds_count{route="/v1/articles/{id}"}' in page


names = st.sampled_from([parameter.name for parameter in PARAMETERS] + ["facets", "Q", "%71", "", "a%00"])
words = st.sampled_from(
    [*'( ) " ~ * ] ^ - : / .. \\ % %ff ی OR AND NOT TO title: said: date:[ has:date'.split(),
     *"ceasefire cease* 2021-05 none true 5 outlet".split(), "\0", "\ud83d"]
)  # fmt: skip
values = st.one_of(
    st.lists(words, max_size=6).map(" ".join).map(lambda text: quote(text, safe="%", errors="surrogatepass")),
    st.text(max_size=12).map(lambda text: quote(text, errors="surrogatepass")),
    st.from_regex(r"[!-~]{0,12}", fullmatch=True),
)
queries = st.lists(st.tuples(names, values).map("=".join), max_size=4).map("&".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(queries)
def test_any_query_string_has_an_answer_or_a_named_problem(client, query):
    result = client.simulate_get("/v1/search", query_string=query)
    if result.status_code != 200:
        assert result.status_code in {400, 410}
        problem(result, result.json["code"])
    else:
        right(result.json, "Results")


def test_pages_of_a_facet_lose_nothing_and_repeat_nothing(client):
    whole = client.simulate_get("/v1/facets/outlet", query_string="facet_size=1000").json
    for query in ("facet_size=3", "facet_size=4&prefix=outlet", "facet_size=1&q=ceasefire"):
        page, seen = client.simulate_get("/v1/facets/outlet", query_string=query).json, []
        while True:
            right(page, "FacetValues")
            seen += page["values"]
            if page["next"] is None:
                break
            page = client.simulate_get(page["links"]["next"]).json
        assert len(seen) == page["distinct"]
        assert [one for one in whole["values"] if one in seen] == seen
    cursor = client.simulate_get("/v1/facets/outlet", query_string="facet_size=3").json["next"]
    for other in ("/v1/facets/speaker", "/v1/search"):
        problem(client.simulate_get(other, query_string=f"cursor={cursor}"), "invalid-cursor")
