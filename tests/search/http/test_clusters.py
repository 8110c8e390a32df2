"""Stories over HTTP: the seeds through the command line, and a small archive whose copies are known."""

from urllib.parse import quote

import pytest
from falcon import testing

from index import edtf
from index.article import Article, Found
from index.cli import main
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.http.app import create_app
from search.http.openapi import document
from tests.index.test_cli import SEEDS
from tests.search.http.schema import faults

OPENAPI = document()
TEXT = " ".join(f"word{n}" for n in range(60))


def client(path):
    return testing.TestClient(create_app(EmbeddedSearcher(path), cursor_key=b"a key of this test"))


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    path = tmp_path_factory.mktemp("seeds") / "index"
    assert main(["build", str(SEEDS), "--index", str(path)]) == 0
    return client(path)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Three copies of one text, a version of it, and an article that stands alone; ids have commas."""
    path = tmp_path_factory.mktemp("small")
    writer = open_writer(path, language="en", stories=True)
    rows = [
        ("a,1", TEXT, "2021-05-03", "Reuters"),
        ("a", TEXT + " at last", "2021-05-02", "Press TV"),
        ("1,a", TEXT.replace("word7 ", "word seven "), None, "Reuters"),
        (
            "half",
            " ".join(TEXT.split()[:40]) + " " + " ".join(f"own{n}" for n in range(21)),
            "2021-05-04",
            None,
        ),
        ("alone", "ceasefire", "2021-05-02", "Reuters"),
    ]
    for id_, body, day, outlet in rows:
        date = Found(edtf.parse(day), confidence="high") if day else None
        named = Found(outlet, confidence="high") if outlet else None
        writer.put(
            Article(id_, body, date=date, outlet=named, language=Found("en", confidence="high")), "add"
        )
    writer.commit()
    return client(path)


def get(client, target, schema, status=200):
    answer = client.simulate_get(target)
    assert answer.status_code == status, answer.text
    assert faults(answer.json, OPENAPI["components"]["schemas"][schema], OPENAPI) == []
    return answer.json


def story(client, article):
    return get(client, f"/v1/articles/{quote(article, safe='')}", "Article")["cluster"]


def test_of_the_seeds_000_and_001_are_one_story_and_the_others_are_none(seeds):
    hits = get(seeds, "/v1/search?fields=cluster", "Results")["hits"]
    clusters = {hit["id"][:3]: hit["cluster"] for hit in hits}
    assert clusters["000"] == clusters["001"] == {"id": clusters["000"]["id"], "size": 2}
    assert {clusters[name] for name in ("002", "003", "004")} == {None}
    assert story(seeds, "000_ab67899fdbf838f9") == clusters["000"]
    assert story(seeds, "002_7743d5883f8a5881") is None


def test_what_the_shorter_seed_left_out_is_shown(seeds):
    id_ = story(seeds, "000_ab67899fdbf838f9")["id"]
    one, other = "000_ab67899fdbf838f9", "001_acbe4ea139c54033"
    found = get(seeds, f"/v1/clusters/{id_}?diff={one},{other}", "Story")
    texts = {name: get(seeds, f"/v1/articles/{name}", "Article")["body"] for name in (one, other)}
    changes = found["diff"]["changes"]
    assert any(change["before"] == "al-Qaddoumi" and change["after"] == "he" for change in changes)
    for change in changes:
        assert texts[one][slice(*change["one"])] == change["before"]
        assert texts[other][slice(*change["other"])] == change["after"]


def test_a_story_has_its_members_outlets_and_first_day(small):
    id_ = story(small, "a")["id"]
    found = get(small, f"/v1/clusters/{id_}", "Story")
    assert [each["id"] for each in found["members"]] == ["a", "a,1", "1,a"]
    assert (found["size"], found["canonical"], found["first_seen"]["edtf"]) == (3, "a", "2021-05-02")
    assert found["outlets"] == [{"value": "Reuters", "count": 2}, {"value": "Press TV", "count": 1}]
    more = get(small, f"/v1/clusters/{id_}?level=version", "Story")
    assert [(each["id"], each["level"]) for each in more["members"][3:]] == [("half", "version")]
    assert get(small, found["links"]["articles"], "Results")["total"]["value"] == 3


def test_two_members_are_compared_whatever_their_ids(small):
    id_ = story(small, "a")["id"]
    found = get(small, f"/v1/clusters/{id_}?diff=a,1,1,a", "Story")["diff"]
    assert (found["one"], found["other"]) == ("a,1", "1,a")
    assert [(change["before"], change["after"]) for change in found["changes"]] == [("word7", "word seven")]


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("/v1/clusters/nobody", 404, "not-found"),
        ("/v1/clusters/ID?diff=a", 400, "invalid-parameter"),
        ("/v1/clusters/ID?diff=a,half", 400, "invalid-parameter"),
        ("/v1/clusters/ID?level=all", 400, "invalid-parameter"),
        ("/v1/clusters/ID?limit=1", 400, "unknown-parameter"),
        ("/v1/clusters/%FF", 400, "invalid-parameter"),
        ("/v1/search?group=outlet", 400, "invalid-parameter"),
        ("/v1/search?q=cluster:=x", 400, "query-syntax"),
    ],
)
def test_what_cannot_be_asked_is_refused(small, target, status, code):
    id_ = story(small, "a")["id"]
    assert get(small, target.replace("ID", id_), "Problem", status)["code"] == code


def test_a_story_that_did_not_change_is_not_sent_again(small):
    address = f"/v1/clusters/{story(small, 'a')['id']}"
    tag = small.simulate_get(address).headers["ETag"]
    assert small.simulate_get(address, headers={"If-None-Match": tag}).status_code == 304
    assert small.simulate_get(f"{address}?level=version", headers={"If-None-Match": tag}).status_code == 200


def test_one_hit_stands_for_a_story_and_names_the_others(small):
    found = get(small, "/v1/search?group=cluster&facet=outlet&facet_count=stories&limit=1", "Results")
    assert found["total"]["value"] == 3
    assert [hit["id"] for hit in found["hits"]] == ["half"]
    page = get(small, found["links"]["next"], "Results")
    assert [(hit["id"], hit["copies"]["count"]) for hit in page["hits"]] == [("a,1", 2)]
    assert [each["id"] for each in page["hits"][0]["copies"]["articles"]] == ["a", "1,a"]
    counts = {each["value"]: each["count"] for each in found["facets"]["outlet"]["values"]}
    assert (counts, found["facets"]["outlet"]["missing"]) == ({"Reuters": 2, "Press TV": 1}, 1)
    whole = get(small, "/v1/facets/outlet?facet_count=stories", "FacetValues")
    assert {each["value"]: each["count"] for each in whole["values"]} == counts


def test_a_story_of_a_search_is_of_what_was_found(small):
    found = get(small, "/v1/search?group=cluster&outlet=Reuters&q=word3", "Results")
    assert [(hit["id"], hit["copies"]["count"]) for hit in found["hits"]] == [("a,1", 1)]
    assert found["hits"][0]["cluster"]["size"] == 3


def test_an_unknown_story_is_no_story(small):
    found = get(small, "/v1/search?q=cluster:c0", "Results")
    assert (found["total"]["value"], found["query"]["warnings"]) == (0, ["No article matches cluster:c0."])
