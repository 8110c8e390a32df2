"""Requests and what is to be found in their answers, as data: ``tests/cases/http-*.json``.

A case holds a comment, a request and what is to be in the answer: objects may have more keys than are
expected, lists have no more items; ``…`` stands for anything.
"""

import json
from pathlib import Path

import pytest
from falcon import testing

from index import edtf
from index.article import Article, Found, Quote
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.http.app import create_app
from search.http.openapi import ENDPOINTS, document
from tests.search.http.schema import faults

FILES = sorted((Path(__file__).parents[2] / "cases").glob("http-*.json"))
SUITES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}
CASES = [
    pytest.param(name, case, id=f"{name}: {case['comment']}")
    for name, suite in SUITES.items()
    for case in suite["cases"]
    if "get" in case  # what writes is in test_writing.py
]
OPENAPI = document()
# Which answer a template of an address promises.
SCHEMAS = {endpoint.path: endpoint.schema for endpoint in ENDPOINTS}


def quote(body, words, speaker):
    start = body.index(words)
    mention = (body.index(speaker), body.index(speaker) + len(speaker)) if speaker else None
    return Quote(words, start, start + len(words), speaker, speaker, mention, "said", "direct", "high")


def article(row):
    def found(name, read=str):
        level = row.get("confidence", "high")
        return Found(read(row[name]), confidence=level) if row.get(name) else None

    return Article(
        id=row["id"],
        body=row["body"],
        title=found("title"),
        date=found("date", edtf.parse),
        outlet=found("outlet"),
        language=found("language") or Found("en", confidence="high"),
        speakers=tuple(Found(name, confidence="high") for name in row.get("speakers", ())),
        quotes=tuple(quote(row["body"], *said) for said in row.get("said", ())),
    )


@pytest.fixture(scope="module")
def clients(tmp_path_factory):
    made = {}
    for name, suite in SUITES.items():
        path = tmp_path_factory.mktemp(name)
        for batch in suite["commits"]:
            writer = open_writer(path, language="en", stories=True)
            for row in batch:
                writer.put(article(row), "build")
            writer.commit()
        made[name] = testing.TestClient(create_app(EmbeddedSearcher(path), cursor_key=b"a key"))
    return made


def missing(expected, answer, place="$"):
    """Where an answer lacks what is expected."""
    if expected == "…":
        return []
    if isinstance(expected, dict) and isinstance(answer, dict):
        lost = [f"{place}.{key} is not there" for key in expected.keys() - answer.keys()]
        both = (
            missing(expected[key], answer[key], f"{place}.{key}") for key in expected.keys() & answer.keys()
        )
        return [*lost, *(one for each in both for one in each)]
    if isinstance(expected, list) and isinstance(answer, list):
        if len(expected) != len(answer):
            return [f"{place} has {len(answer)} items: {answer}"]
        both = (missing(*pair, f"{place}[{n}]") for n, pair in enumerate(zip(expected, answer, strict=True)))
        return [one for each in both for one in each]
    return [] if expected == answer else [f"{place} is {answer!r}"]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(clients, name, case):
    path, _, query = case["get"].partition("?")
    result = clients[name].simulate_get(path, query_string=query)
    assert result.status_code == case.get("status", 200), result.text
    if result.headers["Content-Type"].startswith("application/json"):
        schema = case.get("schema") or SCHEMAS[path]
        assert faults(result.json, {"$ref": f"#/components/schemas/{schema}"}, OPENAPI) == []
    assert missing(case["answer"], result.json) == []
