"""Requests and what is to be found in their answers, as data: ``tests/cases/http-*.json``.

A case holds a comment, a request (``get`` an address, or ``ask`` with another method, with the headers
``sent`` and a ``body``) and what is to be in the ``answer``, or in its ``lines`` or ``text``, and in its
``headers``, and which of these it is ``without``: objects may have more keys than are expected, lists have
no more items; ``…`` stands for anything.  Cases in ``then`` follow, and find the cursor of the first answer
at ``{next}``.
"""

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from falcon import testing

from index import edtf
from index.article import Article, Found, Quote
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.http.app import create_app
from search.http.endpoints import ENDPOINTS
from search.http.openapi import document
from search.http.parameters import PARAMETERS, QUOTES, SEARCH, WRITING
from tests.search.http.schema import faults

FILES = sorted((Path(__file__).parents[2] / "cases").glob("http-*.json"))
SUITES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FILES}
CASES = [
    pytest.param(name, case, id=f"{name}: {case['comment']}")
    for name, suite in SUITES.items()
    for case in suite["cases"]
    if "get" in case or "ask" in case  # what writes is in test_writing.py
]
OPENAPI = document()
# The validator that Falcon's test client puts around the application does not know QUERY.
pytestmark = pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")
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
        url=row.get("url"),
        body=row["body"],
        title=found("title"),
        date=found("date", edtf.parse),
        outlet=found("outlet"),
        language=found("language") or Found("en", confidence="high"),
        speakers=tuple(Found(name, confidence="high") for name in row.get("speakers", ())),
        quotes=tuple(quote(row["body"], *said) for said in row.get("said", ())),
    )


def asked():
    """Each parameter that a case sends: the operation or address, its name, and its value."""
    for suite in SUITES.values():
        for case in [one for first in suite["cases"] for one in (first, *first.get("then", ()))]:
            method, _, target = (case.get("ask") or case.get("send") or f"GET {case['get']}").partition(" ")
            path, _, query = target.partition("?")
            place = next(one for one in PLACES if re.fullmatch(re.sub(r"{\w+}", "[^/]+", one), path))
            operation = f"{method} {place}"
            body = case.get("body") if place in {SEARCH, QUOTES} else None
            for name, value in [*parse_qsl(query), *(body or {}).items()]:
                yield operation if operation in WRITING else place, name, str(value)


PLACES = [*(endpoint.path for endpoint in ENDPOINTS), "/v1/articles"]


def test_every_parameter_of_every_address_has_a_case():
    used = {(place, name) for place, name, _ in asked()}
    known = {(place, parameter.name) for parameter in PARAMETERS for place in parameter.endpoints}
    assert sorted(known - used) == []


def test_every_choice_of_a_parameter_has_a_case():
    used = {(name, one) for _, name, value in asked() for one in value.split(",")}
    choices = {
        (parameter.name, choice)
        for parameter in PARAMETERS
        for choice in (("true", "false") if parameter.type == "boolean" else parameter.choices)
    }
    assert sorted(choices - used) == []


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
    first = ask(clients[name], case)
    if first.headers.get("Content-Type") == "application/json":
        same(clients[name], first.json)
    for following in case.get("then", ()):
        ask(clients[name], following, first.json["next"])


def same(client, answer):
    """The link of an answer to itself leads to what it says."""
    path, _, query = answer.get("links", {}).get("self", "/healthz").partition("?")
    again = client.simulate_get(path, query_string=query)
    assert again.status_code == 200, again.text
    if path != "/healthz":
        assert again.json | {"took_ms": 0} == answer | {"took_ms": 0}


def ask(client, case, following=""):
    """The answer to a case, once it is seen to be the one expected."""
    method, _, target = case.get("ask", f"GET {case.get('get')}").partition(" ")
    path, _, query = target.replace("{next}", following).partition("?")
    more = {"json": case["body"]} if "body" in case else {}
    result = client.simulate_request(method, path, query_string=query, headers=case.get("sent"), **more)
    assert result.status_code == case.get("status", 200), result.text
    headers = {name.lower(): value for name, value in result.headers.items()}
    assert missing({name.lower(): value for name, value in case.get("headers", {}).items()}, headers) == []
    assert [name for name in case.get("without", ()) if name.lower() in headers] == []
    if headers["content-type"] in {"application/json", "application/ld+json"}:
        schema = case.get("schema") or SCHEMAS[path]
        assert faults(result.json, {"$ref": f"#/components/schemas/{schema}"}, OPENAPI) == []
    if "lines" in case:
        assert missing(case["lines"], [json.loads(line) for line in result.text.splitlines()]) == []
    elif "text" in case:
        assert result.text == case["text"]
    else:
        assert missing(case["answer"], result.json) == []
    return result
