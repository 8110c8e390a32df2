"""The shape of an article in answers."""

from datetime import date

import orjson

from index import edtf, representation
from index.article import Article, Found, Quote, Refused

BODY = "Hamas said on Monday: “We were the victors.”"

FULL = Article(
    id="https://example.org/a b?c",
    body=BODY,
    url="https://example.org/a b?c",
    title=Found("A headline", method="first-line", confidence="high", origin="removed", text="A headline"),
    date=Found(edtf.parse("2021-05-24"), 14, 20, method="relative-weekday", confidence="high"),
    outlet=Found("Press TV", method="supplied", confidence="high", origin="supplied", text="Press TV"),
    language=Found("en", method="langdetect", confidence="high"),
    speakers=(Found("Hamas", 0, 5, method="cue", confidence="medium"),),
    quotes=(Quote("We were the victors.", 23, 43, "Hamas", "Hamas", (0, 5), "said", "direct", "high"),),
    refused=(Refused("date", "0001-01-01", "year 1"),),
)


def test_an_article_with_everything():
    shown = representation.article(FULL)
    assert shown == {
        "id": "https://example.org/a b?c",
        "title": "A headline",
        "outlet": "Press TV",
        "date": {"edtf": "2021-05-24", "from": "2021-05-24", "to": "2021-05-24"},
        "language": "en",
        "speakers": ["Hamas"],
        "cluster": None,
        "url": "https://example.org/a b?c",
        "body": BODY,
        "quotes": [
            {
                "speaker": "Hamas",
                "as_written": "Hamas",
                "mention": [0, 5],
                "text": "We were the victors.",
                "start": 23,
                "end": 43,
                "cue": "said",
                "kind": "direct",
                "confidence": "high",
            }
        ],
        "provenance": {
            "title": {
                "method": "first-line",
                "confidence": "high",
                "evidence": {"from": "removed", "start": None, "end": None, "text": "A headline"},
            },
            "outlet": {
                "method": "supplied",
                "confidence": "high",
                "evidence": {"from": "supplied", "start": None, "end": None, "text": "Press TV"},
            },
            "date": {
                "method": "relative-weekday",
                "confidence": "high",
                "evidence": {"from": "body", "start": 14, "end": 20, "text": "Monday"},
            },
            "language": {
                "method": "langdetect",
                "confidence": "high",
                "evidence": {"from": "body", "start": None, "end": None, "text": ""},
            },
            "speakers": [
                {
                    "value": "Hamas",
                    "method": "cue",
                    "confidence": "medium",
                    "evidence": {"from": "body", "start": 0, "end": 5, "text": "Hamas"},
                }
            ],
            "refused": [{"field": "date", "text": "0001-01-01", "reason": "year 1"}],
        },
        "links": {"self": "/v1/articles/https%3A%2F%2Fexample.org%2Fa%20b%3Fc"},
    }
    assert orjson.loads(orjson.dumps(shown)) == shown


def test_what_was_not_recovered_is_null_and_the_lead_is_displayed():
    shown = representation.article(Article("a", "\n  First line of it.\nSecond line."))
    assert {name: shown[name] for name in ("title", "outlet", "date", "cluster", "url")} == dict.fromkeys(
        ("title", "outlet", "date", "cluster", "url")
    )
    assert shown["display_title"] == "First line of it."
    assert (shown["language"], shown["speakers"], shown["quotes"]) == ("und", [], [])
    assert set(shown["provenance"]) == {"language", "speakers", "refused"}


def test_a_long_lead_is_cut_between_words_and_one_without_spaces_anywhere():
    assert representation.head("peace " * 50) == "peace " * 16 + "…"
    assert representation.head("和平" * 100) == ("和平" * 100)[:99] + " …"
    assert representation.head("") == ""


def test_an_open_interval_has_no_day_where_it_is_open():
    assert representation.date(edtf.parse("../2020")) == {"edtf": "../2020", "from": None, "to": "2020-12-31"}
    assert representation.date(edtf.day(date(2024, 2, 29)))["to"] == "2024-02-29"
