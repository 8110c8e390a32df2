"""``/v1/speakers`` over a real index: everybody quoted, and one person under any spelling."""

import pytest
from falcon import testing

from index import edtf
from index.article import Article, Found, Quote
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.http.app import create_app
from search.http.openapi import document
from tests.search.http.schema import faults

OPENAPI = document()
SAID = {
    "a": ("Mehr News Agency", "2021-05-24", ["Khaled al-Qaddoumi", "Khaled al-Qaddoumi", "Hillary Clinton"]),
    "b": ("Press TV", "2021-05-25", ["Khaled Qadoumi"]),
    "c": ("Press TV", "2021-06-02", ["Khaled al-Qaddoumi", "Bill Clinton", "José Muñoz"]),
    "d": (None, None, ["Bill Clinton"]),
}
TEXT = "Near the old harbour the new market opens on Monday, and nobody knows yet who will come to it. "
CALLED = {
    "a": "Hamas representative Khaled al-Qaddoumi met Hillary Clinton. " + TEXT,
    "b": "Khaled Qadoumi, the envoy, came. Hamas Representative Khaled Qadoumi left. ",
    "c": "Hamas representative Khaled al-Qaddoumi and former President Bill Clinton met. ",
    "d": "The lawyer Bill Clinton. ",
}
"""What stands in each article before its quotes."""


def article(id_, outlet, date, names):
    words = [f"words number {n} of {id_}" for n in range(len(names))]
    quotes = tuple(
        Quote(text, 0, len(text), name, name, None, "said", "direct", "high")
        for text, name in zip(words, names, strict=True)
    )
    return Article(
        id=id_,
        body=CALLED[id_] + " ".join(words),
        outlet=Found(outlet, confidence="high") if outlet else None,
        date=Found(edtf.parse(date), confidence="high") if date else None,
        language=Found("en", confidence="high"),
        speakers=tuple(Found(name, confidence="high") for name in dict.fromkeys(names)),
        quotes=quotes,
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    path = tmp_path_factory.mktemp("index")
    writer = open_writer(path, language="en")
    for id_, row in SAID.items():
        writer.put(article(id_, *row), "build")
    writer.commit()
    return testing.TestClient(create_app(EmbeddedSearcher(path), cursor_key=b"k" * 32))


def get(client, path, query="", schema="People", status=200):
    result = client.simulate_get(path, query_string=query)
    assert result.status_code == status, result.text
    assert faults(result.json, {"$ref": f"#/components/schemas/{schema}"}, OPENAPI) == []
    return result.json


def names(client, query=""):
    return [each["name"] for each in get(client, "/v1/speakers", query)["speakers"]]


def test_everybody_quoted_is_listed_once_the_most_quoted_first(client):
    answer = get(client, "/v1/speakers")
    assert answer["total"] == {"value": 4, "relation": "eq"}
    first = answer["speakers"][0]
    assert first["name"] == "Khaled al-Qaddoumi"
    assert first["spellings"] == ["Khaled al-Qaddoumi", "Khaled Qadoumi"]
    assert (first["articles"], first["quotes"]) == (3, 4)
    assert names(client) == ["Khaled al-Qaddoumi", "Bill Clinton", "Hillary Clinton", "José Muñoz"]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("qad", ["Khaled al-Qaddoumi"]),
        ("KHALED Q", ["Khaled al-Qaddoumi"]),
        ("al-qadd", ["Khaled al-Qaddoumi"]),
        ("cli", ["Bill Clinton", "Hillary Clinton"]),
        ("munoz", ["José Muñoz"]),
        ("oumi", []),
        ("%20", ["Khaled al-Qaddoumi", "Bill Clinton", "Hillary Clinton", "José Muñoz"]),
    ],
)
def test_a_prefix_is_of_any_word_of_any_spelling(client, prefix, expected):
    assert names(client, f"prefix={prefix}") == expected


def test_the_list_is_paged_to_its_end(client):
    query, pages = "limit=1", []
    while query:
        page = get(client, "/v1/speakers", query)
        pages += [each["name"] for each in page["speakers"]]
        query = page["next"] and f"cursor={page['next']}"
    assert pages == names(client)


@pytest.mark.parametrize("spelling", ["Khaled%20al-Qaddoumi", "Khaled%20Qadoumi", "Kadumi"])
def test_any_spelling_leads_to_the_person(client, spelling):
    person = get(client, f"/v1/speakers/{spelling}", "interval=month", "Person")
    assert person["name"] == "Khaled al-Qaddoumi"
    assert person["spellings"] == [
        {"value": "Khaled al-Qaddoumi", "articles": 2},
        {"value": "Khaled Qadoumi", "articles": 1},
    ]
    assert (person["articles"], person["quotes"]) == (3, 4)
    assert [(each["value"], each["count"]) for each in person["outlets"]["values"]] == [
        ("Mehr News Agency", 2),
        ("Press TV", 2),
    ]
    assert [(each["value"], each["count"]) for each in person["over_time"]["values"]] == [
        ("2021-05", 3),
        ("2021-06", 1),
    ]
    assert [each["article"]["id"] for each in person["latest"]] == ["c", "b", "a", "a"]
    assert person["others"] == []


def test_what_outlets_call_a_person_is_shown_as_theirs(client):
    person = get(client, "/v1/speakers/Kadumi", schema="Person")
    assert person["roles"] == [
        {"value": "Hamas representative", "articles": 3, "outlets": ["Press TV", "Mehr News Agency"]},
        {"value": "envoy", "articles": 1, "outlets": ["Press TV"]},
    ]
    assert get(client, "/v1/speakers/Hillary%20Clinton", schema="Person")["roles"] == []


def test_people_are_counted_by_articles_or_by_the_stories_that_these_tell(tmp_path):
    writer = open_writer(tmp_path, language="en", stories=True)
    for id_, name in {"a": "Ann Lee", "b": "Ann Lee", "c": "Ann Lee", "d": "Bob Roe", "e": "Bob Roe"}.items():
        text = TEXT if name == "Ann Lee" else f"Nothing of {id_} is like what stands in the others."
        said = Found(name, confidence="high")
        writer.put(Article(id_, text, language=Found("en"), speakers=(said,)), "build")
    writer.commit()
    client = testing.TestClient(create_app(EmbeddedSearcher(tmp_path), cursor_key=b"k" * 32))
    listed = get(client, "/v1/speakers")["speakers"]
    assert [(each["name"], each["articles"], each["stories"]) for each in listed] == [
        ("Ann Lee", 3, 1),
        ("Bob Roe", 2, 2),
    ]
    assert names(client, "facet_count=stories") == ["Bob Roe", "Ann Lee"]
    assert names(client, "facet_count=articles&limit=1") == ["Ann Lee"]
    first = get(client, "/v1/speakers", "facet_count=stories&limit=1")
    assert names(client, f"cursor={first['next']}") == ["Ann Lee"]
    person = get(client, "/v1/speakers/Ann%20Lee", schema="Person")
    assert (person["articles"], person["stories"]) == (3, 1)


def test_the_links_of_a_person_lead_to_all_of_it(client):
    person = get(client, "/v1/speakers/Kadumi", schema="Person")
    links = person["links"]
    assert links["self"] == f"/v1/speakers/{person['id']}"
    assert get(client, links["self"], schema="Person")["name"] == person["name"]
    for name, schema in (("quotes", "QuoteResults"), ("articles", "Results")):
        answer = get(client, *links[name].split("?"), schema)
        assert answer["total"]["value"] == person[name]


def test_who_has_a_last_name_alone_is_told_from_those_who_share_it(tmp_path):
    """Three are called Trump, one of them nothing else: nobody's links lead to another's words."""
    writer = open_writer(tmp_path, language="en")
    for n, name in enumerate(["Donald Trump", "Donald Trump", "Melania Trump", "Trump", "Trump", "Hamas"]):
        text = f"words number {n}"
        said = Quote(text, 0, len(text), name, name, None, "said", "direct", "high")
        found = (Found(name, confidence="high"),)
        writer.put(Article(id=str(n), body=text + f". {TEXT}", speakers=found, quotes=(said,)), "build")
    writer.commit()
    client = testing.TestClient(create_app(EmbeddedSearcher(tmp_path), cursor_key=b"k"))
    listed = get(client, "/v1/speakers")["speakers"]
    assert {each["name"]: each["quotes"] for each in listed} == {
        "Donald Trump": 2,
        "Melania Trump": 1,
        "Trump": 2,
        "Hamas": 1,
    }
    for person in listed:
        assert get(client, person["links"]["self"], schema="Person")["name"] == person["name"]
        for name, schema in (("quotes", "QuoteResults"), ("articles", "Results")):
            assert get(client, *person["links"][name].split("?"), schema)["total"]["value"] == person[name]
        by_id = get(client, "/v1/search", f"speaker={person['id']}", "Results")
        assert by_id["total"]["value"] == person["articles"]
        rest = get(client, "/v1/search", f"speaker=-{person['id']}", "Results")
        assert rest["total"]["value"] == 6 - person["articles"]
    for hit in get(client, "/v1/quotes", schema="QuoteResults")["hits"]:
        assert get(client, hit["links"]["speaker"], schema="Person")["name"] == hit["speaker"]


def test_a_name_that_several_have_is_the_most_quoted_ones_and_names_the_others(client):
    person = get(client, "/v1/speakers/Clinton", schema="Person")
    assert person["name"] == "Bill Clinton"
    (other,) = person["others"]
    assert other["name"] == "Hillary Clinton"
    assert get(client, other["links"]["self"], schema="Person")["name"] == "Hillary Clinton"


def test_nobody_of_that_name_is_not_found(client):
    assert get(client, "/v1/speakers/Zebedee", schema="Problem", status=404)["code"] == "not-found"
    assert get(client, "/v1/speakers/%FF", schema="Problem", status=400)["code"] == "invalid-parameter"


def test_a_person_is_304_until_something_changes(client):
    result = client.simulate_get("/v1/speakers/Kadumi")
    headers = {"If-None-Match": result.headers["ETag"]}
    assert client.simulate_get("/v1/speakers/Kadumi", headers=headers).status_code == 304
    assert client.simulate_get("/v1/speakers/Clinton", headers=headers).status_code == 200
