"""The best of a search, scored again by where words stand, against brute force over all pages."""

import dataclasses
import random

import pytest

from index.article import Article, Found
from search.deadline import OutOfTime
from search.request import After, Request
from tests.engines.brute import Brute
from tests.engines.test_rivals import agree, build

WORDS = "ceasefire talks siege border minister rocket report town said holds since until".split()
COUNTS = [12, 9, 7, 5, 4, 3, 2, 2, 2, 1, 1, 1]
REQUESTS = [
    Request(q="siege border", limit=25),
    Request(q="report holds since until", match="any", limit=11, facets=("outlet",)),
    Request(q='minister OR "rocket report"^2', limit=19, filters={"outlet": ("Reuters",)}),
    Request(q="(town said) OR -siege", match="any", limit=20, filters={"outlet": ("-Reuters",)}),
    Request(q="town^0.5 title:siege holds", match="most", limit=21, facets=("outlet",)),
    Request(q="minister siege town", match="any", limit=9, group="cluster"),
    Request(q="report holds until", match="any", limit=33, rank="deep", facets=("outlet",)),
    Request(q="siege", limit=50, rank="deep"),
    Request(q='border -minister OR "rocket report"', match="any", limit=7, rank="deep", group="cluster"),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """A searcher of three segments, one of them with articles deleted and replaced; and all articles."""
    rng = random.Random(7)
    articles = {}
    for number in range(110):
        title = Found(" ".join(rng.choices(WORDS, k=3)), confidence="high") if rng.random() < 0.6 else None
        length = rng.choice([3, 20, 120, 200, 350])
        body = " ".join(rng.choices(WORDS, COUNTS, k=length))
        outlet = Found(rng.choice(["Reuters", "Press TV"]), confidence="high")
        articles[f"a{number}"] = Article(f"a{number}", body, title=title, outlet=outlet)
    path = tmp_path_factory.mktemp("rescored")
    stale = [dataclasses.replace(articles[f"a{number}"], body="siege border") for number in range(0, 110, 9)]
    return build(path, [*stale, *articles.values()], cuts=[len(stale), 60]), list(articles.values())


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: f"{each.rank} {each.q}")
def test_pages_are_those_of_brute_force(archive, request_):
    searcher, articles = archive
    agree(searcher, Brute(articles), request_)


@pytest.mark.parametrize("recency", [0, 20])
@pytest.mark.parametrize("limit", [1, 7, 20, 21])
@pytest.mark.parametrize("rank", ["keyword", "deep"])
def test_pages_are_parts_of_one_list(archive, limit, recency, rank):
    searcher, _ = archive
    request = Request(q="siege report", match="any", limit=200, recency=recency, rank=rank, highlight=False)
    whole = searcher.search(request)
    seen, after = [], None
    while True:
        page = searcher.search(dataclasses.replace(request, limit=limit, after=after))
        seen += page.hits
        if page.next is None:
            break
        after = After(page.generation, *page.next)
    assert [(hit.entry, hit.score) for hit in seen] == [(hit.entry, hit.score) for hit in whole.hits]
    assert len(seen) == whole.total


def test_what_stands_early_and_together_comes_first(tmp_path):
    filler = " ".join(["nothing"] * 200)
    bodies = {
        "late": f"{filler} siege {filler} border {filler}",
        "early": f"siege {filler} {filler} {filler} border",
        "together": f"{filler} {filler} the siege of the border {filler}",
    }
    searcher = build(tmp_path, [Article(name, body) for name, body in bodies.items()])
    found = searcher.search(Request(q="siege border"))
    assert [hit.entry.id for hit in found.hits] == ["early", "together", "late"]


def test_what_the_others_found_are_like_comes_first(tmp_path):
    words = [f"word{number}" for number in range(400)]
    sea, films = "navy crew anchor pier", "knights castles swords dragons"
    bodies = {f"near {number}": f"siege harbour ships {sea} {words[number]}" for number in range(12)}
    bodies |= {f"far {number}": f"siege {films} {' '.join(words[20 * number :][:9])}" for number in range(12)}
    bodies["a film"] = f"siege {films} {' '.join(words[300:308])}"
    bodies["a fleet"] = f"siege {sea} {' '.join(words[310:318])}"
    searcher = build(tmp_path, [Article(name, body) for name, body in bodies.items()])
    request = Request(q="siege harbour ships", match="any", limit=30, explain=True)
    plain = [hit.entry.id for hit in searcher.search(request).hits]
    deep = searcher.search(dataclasses.replace(request, rank="deep")).hits
    assert plain.index("a film") < plain.index("a fleet")
    assert [hit.entry.id for hit in deep].index("a fleet") == 12
    (more,) = [part for part in deep[12].explanation.details if part.kind == "neighbours"]
    assert {part.what.split()[0] for part in more.details} == {"near"}


def test_what_time_does_not_suffice_for_is_left_out_and_said(archive, monkeypatch):
    searcher, _ = archive

    def never(*_):
        raise OutOfTime

    plain = searcher.search(Request(q="siege border", match="any"))
    monkeypatch.setattr(type(searcher.snapshot().vectors), "of", never)
    found = searcher.search(Request(q="siege border", match="any", rank="deep"))
    assert (plain.partial, found.partial) == (False, True)
    assert len(found.hits) == len(plain.hits)
    assert found.total == plain.total
