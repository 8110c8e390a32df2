"""What other query languages do otherwise, and what this one does: the page says so, and it is so."""

import json
import re
from pathlib import Path

import pytest

from index import edtf
from index.article import Article, Found, Quote
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.errors import RequestError
from search.request import Request

CASES = json.loads((Path(__file__).parents[1] / "cases" / "traps.json").read_text(encoding="utf-8"))
PAGE = (Path(__file__).parents[2] / "search" / "TRAPS.md").read_text(encoding="utf-8")
LISTED = 50
"""Divergences that whoosh-compat had collected when its list was read."""


def article(id, title=None, date=None, outlet=None, speaker=None, said="", **rest):  # noqa: A002
    values = {"title": title, "date": date and edtf.parse(date), "outlet": outlet, "language": "en"}
    found = {name: Found(value) for name, value in values.items() if value}
    quotes = (Quote(said, 0, len(said), speaker, speaker, None, "said", "direct", "high"),) if said else ()
    speakers = (Found(speaker),) if speaker else ()
    return Article(id, rest["body"], **found, quotes=quotes, speakers=speakers)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    path = tmp_path_factory.mktemp("traps")
    writer = open_writer(path, language="en")
    for each in CASES["articles"]:
        writer.put(article(**each), "build")
    writer.commit()
    return EmbeddedSearcher(path)


def outcome(searcher, query):
    """Return the articles and the number of warnings, or the refusal, in the shape of the cases."""
    try:
        results = searcher.search(Request(q=query))
    except RequestError as error:
        (fault,) = error.faults
        assert 0 <= fault.offset < fault.offset + fault.length <= len(query)
        return {"refused": error.detail, "try": fault.suggestion}
    answered = {"finds": sorted(hit.entry.id for hit in results.hits)}
    return answered | ({"warns": list(results.warnings)} if results.warnings else {})


@pytest.mark.parametrize("case", CASES["traps"], ids=[case["query"] for case in CASES["traps"]])
def test_each_trap_has_its_answer(case, searcher):
    said = {key: case[key] for key in ("finds", "warns", "refused", "try") if key in case}
    assert outcome(searcher, case["query"]) == said
    if said.get("try"):
        assert "refused" not in outcome(searcher, said["try"])


def test_what_is_understood_finds_the_same_when_it_is_sent_again(searcher):
    for case in CASES["traps"]:
        first = searcher.search(Request(q=case["query"], syntax="simple"))
        again = searcher.search(Request(q=first.parsed))
        assert [(hit.entry.id, hit.score) for hit in again.hits] == [
            (hit.entry.id, hit.score) for hit in first.hits
        ]
        assert again.parsed == first.parsed


def test_the_page_has_every_trap_and_every_listed_divergence_has_its_answer():
    rows = [f"| {case['trap']} | {case['here']} | `{case['query']}` |" for case in CASES["traps"]]
    assert re.findall(r"^\| [^|]+ \| [^|]+ \| `.*` \|$", PAGE, re.MULTILINE) == rows
    numbers = [number for case in CASES["traps"] for number in case["divergences"]]
    assert sorted(numbers) == list(range(1, LISTED + 1))
