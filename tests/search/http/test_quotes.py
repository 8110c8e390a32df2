"""``/v1/quotes`` over a real index: who said what, in any spelling, and where the same words ran."""

import orjson
import pytest
from falcon import testing

from index import edtf
from index.article import Article, Found, Quote
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.http.app import create_app
from search.http.openapi import document
from tests.search.http.schema import faults

pytestmark = pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")

OPENAPI = document()
HOLD = "The ceasefire will hold & last."
ROWS = [
    # id, outlet, date, language, (speaker, words, kind, confidence)…
    (
        *("a", "Mehr News Agency", "2021-05-24", "en"),
        ("Khaled al-Qaddoumi", HOLD, "direct", "high"),
        ("Ismail Haniyeh", "The siege must end.", "direct", "high"),
    ),
    (
        "b",
        "Press TV",
        "2021-05-25",
        "en",
        ("Khaled Qadoumi", "the ceasefire WILL hold & last", "indirect", "low"),
    ),
    ("c", "Press TV", "2021-06-02", "en", (None, "“The ceasefire will hold & last”", "direct", "medium")),
    ("d", None, None, "de", ("Ismail Haniyeh", "Die Waffenruhe hält, sagt ceasefire", "mixed", "medium")),
    ("e", "Press TV", "2021-06-03", "en"),
]


def article(id_, outlet, date, language, *said):
    body, quotes = "He said:", []
    for speaker, words, kind, confidence in said:
        start = len(body) + 1
        body += f" {words}"
        mention = (0, 2) if speaker else None
        quotes.append(
            Quote(
                *(words, start, len(body), speaker, "He" if speaker else None, mention),
                *("said", kind, confidence),
            )
        )
    return Article(
        id=id_,
        body=body,
        title=Found(f"Title of {id_}", confidence="high"),
        outlet=Found(outlet, confidence="high") if outlet else None,
        date=Found(edtf.parse(date), confidence="high") if date else None,
        language=Found(language, confidence="high"),
        speakers=tuple(Found(name, confidence="high") for name in dict.fromkeys(s[0] for s in said if s[0])),
        quotes=tuple(quotes),
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    path = tmp_path_factory.mktemp("index")
    for some in (ROWS[:2], ROWS[2:]):
        writer = open_writer(path, language="en")
        for row in some:
            writer.put(article(*row), "build")
        writer.commit()
    return testing.TestClient(create_app(EmbeddedSearcher(path), cursor_key=b"k" * 32))


def quotes(client, query="", status=200):
    result = client.simulate_get("/v1/quotes", query_string=query)
    assert result.status_code == status, result.text
    if status == 200:
        shape = {"$ref": "#/components/schemas/QuoteResults"}
        assert faults(result.json, shape, OPENAPI) == []
    return result.json


def found(client, query=""):
    return [(hit["article"]["id"], hit["kind"]) for hit in quotes(client, query)["hits"]]


def test_a_quote_says_who_said_it_where_it_stands_and_where_else_it_ran(client):
    answer = quotes(client, "q=ceasefire&speaker=Kadumi&outlet=Mehr+News+Agency")
    assert answer["total"] == {"value": 1, "relation": "eq"}
    assert answer["query"]["parsed"] == "ceasefire"
    (hit,) = answer["hits"]
    assert hit["text"] == HOLD
    assert hit["speaker"] == "Khaled al-Qaddoumi"
    assert hit["as_written"] == "He"
    assert (hit["kind"], hit["confidence"], hit["cue"]) == ("direct", "high", "said")
    assert (hit["start"], hit["end"]) == (9, 9 + len(HOLD))
    assert hit["snippets"] == [
        {"field": "quote", "text": "The <mark>ceasefire</mark> will hold &amp; last.", "start": 9, "end": 40}
    ]
    assert hit["article"] == {
        "id": "a",
        "title": "Title of a",
        "outlet": "Mehr News Agency",
        "language": "en",
        "date": {"edtf": "2021-05-24", "from": "2021-05-24", "to": "2021-05-24"},
    }
    ran_in = hit["ran_in"]
    assert (ran_in["articles"], ran_in["outlets"]) == (3, ["Press TV", "Mehr News Agency"])
    assert [(each["id"], each["speaker"], each["spelling"]) for each in ran_in["others"]] == [
        ("b", "Khaled al-Qaddoumi", "Khaled Qadoumi"),
        ("c", None, None),
    ]
    assert ran_in["variants"] == []
    assert hit["links"] == {"article": "/v1/articles/a", "speaker": "/v1/speakers/Khaled%20al-Qaddoumi"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=ceasefire", {"a", "b", "c", "d"}),
        ("q=ceasefire+siege", set()),
        ("q=siege", {"a"}),
        ('q="will+hold"', {"a", "b", "c"}),
        ("q=cease*+-last", {"d"}),
        ("q=speaker:Haniyeh", {"a", "d"}),
        ("q=ceasefire+speaker:Haniyeh", {"d"}),
        ("speaker=Qaddoumi", {"a"}),
        ("speaker=Qaddoumi&min_confidence=low", {"a", "b"}),
        ("speaker=-Haniyeh&q=ceasefire", {"a", "b", "c"}),
        ("outlet=PressTV", {"b", "c"}),
        ("language=de", {"d"}),
        ("kind=indirect&kind=mixed", {"b", "d"}),
        ("date=2021-05", {"a", "b"}),
        ("date=none", {"d"}),
    ],
)
def test_words_people_outlets_dates_and_kinds_narrow_quotes(client, query, expected):
    assert {id_ for id_, _ in found(client, query)} == expected


def test_facets_count_quotes(client):
    facets = quotes(client, "facet=speaker&facet=outlet&facet=date&facet=language&interval=month")["facets"]
    counts = {name: {each["value"]: each["count"] for each in facets[name]["values"]} for name in facets}
    assert counts == {
        "date": {"2021-05": 3, "2021-06": 1},
        "outlet": {"Mehr News Agency": 2, "Press TV": 2},
        "language": {"en": 4, "de": 1},
        "speaker": {"Ismail Haniyeh": 2, "Khaled al-Qaddoumi": 1},
    }
    assert facets["speaker"]["missing"] == 2
    assert facets["date"]["missing"] == 1


def test_quotes_are_paged_to_the_end_in_every_order(client):
    for sort in ("relevance", "date", "-date"):
        whole = found(client, f"q=ceasefire+OR+siege&sort={sort}")
        query, pages = f"q=ceasefire+OR+siege&sort={sort}&limit=2", []
        while query:
            page = quotes(client, query)
            pages += [(hit["article"]["id"], hit["kind"]) for hit in page["hits"]]
            query = page["next"] and f"cursor={page['next']}"
        assert pages == whole
        assert len(whole) == 5
    assert [id_ for id_, _ in found(client, "sort=date")] == ["a", "a", "b", "c", "d"]


def test_a_cursor_of_articles_is_none_of_quotes(client):
    page = client.simulate_get("/v1/search", query_string="limit=1").json
    assert quotes(client, f"cursor={page['next']}", 400)["code"] == "invalid-cursor"


def test_what_quotes_do_not_have_is_refused_at_its_place(client):
    answer = quotes(client, "q=siege+outlet:Mehr&kind=loud&fields=title", 400)
    assert [(fault["parameter"], fault["code"]) for fault in answer["errors"]] == [
        ("q", "query-syntax"),
        ("fields", "unknown-parameter"),
        ("kind", "invalid-parameter"),
    ]
    assert answer["errors"][0]["offset"] == 6
    assert answer["errors"][0]["suggestion"] == "siege"


def test_a_body_asks_the_same_and_nothing_new_is_304(client):
    asked = {"q": "ceasefire", "kind": "direct", "facet": ["speaker"], "highlight": False}
    for method in ("POST", "QUERY"):
        result = client.simulate_request(
            method, "/v1/quotes", body=orjson.dumps(asked), headers={"Content-Type": "application/json"}
        )
        in_url = quotes(client, "q=ceasefire&kind=direct&facet=speaker&highlight=false")
        assert {**result.json, "took_ms": 0} == {**in_url, "took_ms": 0}
    result = client.simulate_get("/v1/quotes", query_string="q=siege")
    again = client.simulate_get(
        "/v1/quotes", query_string="q=siege", headers={"If-None-Match": result.headers["ETag"]}
    )
    assert again.status_code == 304


def test_no_quote_names_the_clause_that_removed_the_last_one(client):
    (warning,) = quotes(client, "q=ceasefire+zebra")["query"]["warnings"]
    assert warning == "No quote matches zebra."
