"""What is pasted into a search box, or typed as everybody types, finds what it was copied from."""

import json
from pathlib import Path

import pytest

from index.article import Article, Found
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.errors import RequestError
from search.request import Request

PASTED = json.loads((Path(__file__).parents[1] / "cases" / "pasted.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    path = tmp_path_factory.mktemp("pasted")
    writer = open_writer(path, language="en")
    for each in PASTED["articles"]:
        writer.put(Article(each["id"], each["body"], language=Found(each["language"])), "build")
    writer.commit()
    return EmbeddedSearcher(path)


def found(searcher, query, syntax):
    try:
        hits = searcher.search(Request(q=query, syntax=syntax, limit=100)).hits
    except RequestError:
        return "refused"
    return "all" if len(hits) == len(PASTED["articles"]) else sorted(hit.entry.id for hit in hits)


@pytest.mark.parametrize("case", PASTED["cases"], ids=[case["query"] for case in PASTED["cases"]])
def test_what_is_pasted_finds_its_article(case, searcher):
    assert {syntax: found(searcher, case["query"], syntax) for syntax in ("strict", "simple")} == {
        syntax: case[syntax] for syntax in ("strict", "simple")
    }
