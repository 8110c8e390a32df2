"""Pages of listed origins can read every answer, and pages of no other."""

import pytest
from falcon import testing

from index.article import Article
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.http.app import create_app

OURS, OTHER = "https://news.example.org", "https://evil.example.org"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("shared")
    writer = open_writer(path, language="en")
    writer.put(Article("a", "ceasefire"), "build")
    writer.commit()

    def client(*origins):
        return testing.TestClient(create_app(EmbeddedSearcher(path), cursor_key=b"k", origins=origins))

    return client


def test_a_listed_origin_may_read_answers_and_problems(made):
    client = made(OURS)
    for target in ("/v1/search?q=ceasefire", "/v1/search?x=1", "/nowhere"):
        path, _, query = target.partition("?")
        answer = client.simulate_get(path, query_string=query, headers={"Origin": OURS})
        assert answer.headers["Access-Control-Allow-Origin"] == OURS
        assert "X-Request-ID" in answer.headers["Access-Control-Expose-Headers"]
        assert "Origin" in answer.headers["Vary"]
        for headers in ({"Origin": OTHER}, {"Origin": "null"}, {}):
            other = client.simulate_get(path, query_string=query, headers=headers)
            assert not [name for name in other.headers if name.lower().startswith("access-control")]
            assert "Origin" in other.headers["Vary"]


def test_a_browser_may_ask_before_it_sends(made):
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    answer = made(OURS).simulate_options("/v1/search", headers={"Origin": OURS, **asks})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Methods"] == answer.headers["Allow"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    other = made(OURS).simulate_options("/v1/search", headers={"Origin": OTHER, **asks})
    assert "Access-Control-Allow-Methods" not in other.headers


def test_any_origin_where_that_is_wanted_and_none_by_default(made):
    assert (
        made("*").simulate_get("/v1/stats", headers={"Origin": OTHER}).headers["Access-Control-Allow-Origin"]
        == "*"
    )
    answer = made().simulate_get("/v1/stats", headers={"Origin": OURS})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"
