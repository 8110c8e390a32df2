"""An explanation's parts add up to the score that the engine found by its own loops."""

import math
import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import edtf
from index.article import Article, Found, Quote
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.request import After, Request

WORDS = "ceasefire talk talks border rocket siege minister Kazemi-Qomi town report".split()


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    rng = random.Random(11)
    path = tmp_path_factory.mktemp("explained")
    for part in range(2):
        writer = open_writer(path, language="en")
        for number in range(60):
            title = Found(" ".join(rng.choices(WORDS, k=3)), confidence="high") if number % 3 else None
            body = " ".join(
                rng.choices(WORDS, k=rng.randrange(1, 60) if number % 2 else rng.randrange(90, 400))
            )
            day = Found(edtf.day(date(2021, 5, 1 + rng.randrange(28))), confidence="high")
            dated = day if number % 5 else None
            said = [body[start : start + 60] for start in range(0, len(body), 200)]
            quotes = tuple(
                Quote(words, 200 * at, 200 * at + len(words), None, None, None, "said", "direct", "high")
                for at, words in enumerate(said)
            )
            article = Article(f"{part}-{number}", body, title=title, date=dated, quotes=quotes)
            writer.put(article, "build")
        writer.commit()
    writer = open_writer(path, language="en")
    writer.delete(["0-1", "1-7"])
    writer.commit()
    return EmbeddedSearcher(path)


word = st.sampled_from(WORDS)
leaf = st.one_of(
    word,
    st.builds("{}^{}".format, word, st.sampled_from(["2", "0.5"])),
    st.builds("{}:{}".format, st.sampled_from(["title", "body"]), word),
    st.builds('"{} {}"'.format, word, word),
    st.builds('"{} {}"~3'.format, word, word),
    st.builds("{}*".format, word.map(lambda text: text[:3])),
    st.builds("{}~1".format, word),
    st.builds("said:({} {})^{}".format, word, word, st.sampled_from(["1", "2"])),
)
queries = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} -{})".format, inner, leaf),
        st.builds("({} {} {})^3".format, inner, leaf, leaf),
    ),
    max_leaves=6,
)


def idf(numbers):
    """The idf that the README says, from the counts beside it."""
    having = numbers["frequency"]
    rare = math.log(1 + (numbers["documents"] - having + 0.5) / (having + 0.5))
    return rare * math.sqrt(numbers["occurrences"] / having)


def early(tf, lead, norm, **_):
    return (tf + lead) / (tf + lead + norm) - tf / (tf + norm)


def together(near, telling, ordered, norm, **_):
    return 0.2 * telling * near / (near + norm) + 0.1 * ordered / (ordered + norm)


def checked(part):
    """The value of a part, once it is what its details make it."""
    inner = [checked(detail) for detail in part.details]
    boost = part.numbers.get("boost", 1.0)
    made = {
        "term": lambda: (
            boost * idf(part.numbers) * part.numbers["tf"] / (part.numbers["tf"] + part.numbers["norm"])
        ),
        "lead": lambda: boost * part.numbers["idf"] * early(**part.numbers),
        "near": lambda: part.numbers["idf"] * together(**part.numbers),
        "neighbour": lambda: math.prod(part.numbers[name] for name in ("share", "similarity", "score")),
        "best": lambda: max(inner) * boost,
        "match": lambda: part.value,
        "filter": lambda: 0.0,
        "recency": lambda: inner[0] * 0.5 ** (part.numbers["age"] / part.numbers["half_life"]),
    }.get(part.kind, lambda: sum(inner) * boost)()
    assert math.isclose(part.value, made, rel_tol=1e-12)
    return part.value


@given(
    queries,
    st.sampled_from(["all", "most", "any"]),
    st.sampled_from([0, 0, 3, 30]),
    st.sampled_from(["keyword", "keyword", "deep"]),
)
def test_the_parts_add_up_to_the_score(searcher, q, match, recency, rank):
    request = Request(q=q, match=match, explain=True, highlight=False, limit=20, recency=recency, rank=rank)
    found = searcher.search(request)
    assert found.total == searcher.search(replace(request, recency=0)).total
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    for hit in found.hits:
        assert math.isclose(checked(hit.explanation), hit.score, rel_tol=1e-12)


def test_words_that_stand_early_and_together_are_among_the_parts(searcher):
    request = Request(q="border rocket talk siege", match="any", explain=True, limit=50, highlight=False)
    found = searcher.search(request).hits
    kinds = [{part.kind for part in hit.explanation.details} for hit in found]
    assert {"lead", "near"} <= set().union(*kinds[:20])
    assert set().union(*kinds[20:]) <= {"term"}


def test_what_was_said_scores_as_its_best_quote_does(searcher):
    quotes = searcher.quotes(Request(q="border siege", rank="first", limit=1_000)).hits
    best = {}
    for quote in quotes:
        best[quote.entry.id] = max(best.get(quote.entry.id, 0), quote.score)
    found = searcher.search(Request(q="said:(border siege)^2", explain=True, limit=100)).hits
    assert {hit.entry.id: hit.explanation.value for hit in found} == pytest.approx(
        {name: 2 * score for name, score in best.items()}
    )
    assert {hit.explanation.kind for hit in found} == {"best"}
    assert {detail.details[0].kind for hit in found for detail in hit.explanation.details} == {"term"}


def test_the_numbers_of_a_term_are_those_of_its_postings(searcher):
    (hit,) = searcher.search(Request(q="rocket", explain=True, limit=1)).hits
    numbers = hit.explanation.numbers
    assert numbers["documents"] == 118
    everywhere = searcher.search(Request(q="rocket", limit=200)).hits
    assert numbers["frequency"] == len(everywhere)
    assert numbers["occurrences"] == sum(occurrences("rocket", each.entry) for each in everywhere)
    assert numbers["tf"] == occurrences("rocket", hit.entry)


def occurrences(word, entry):
    return 3 * (entry.title or "").split().count(word) + entry.article.body.split().count(word)


def test_what_is_sorted_by_date_has_no_score_to_explain(searcher):
    assert {
        hit.explanation for hit in searcher.search(Request(q="rocket", sort="date", explain=True)).hits
    } == {None}


def test_pages_by_recency_lose_nothing_and_repeat_nothing(searcher):
    request = Request(q="ceasefire OR siege", match="any", recency=5, limit=200, facets=("date",))
    whole = searcher.search(request)
    seen, page = [], searcher.search(replace(request, limit=7))
    while True:
        seen += [hit.entry.id for hit in page.hits]
        if page.next is None:
            break
        page = searcher.search(replace(request, limit=7, after=After(page.generation, *page.next)))
    assert seen == [hit.entry.id for hit in whole.hits]
    assert len(seen) == whole.total
    assert whole.facets == searcher.search(replace(request, recency=0)).facets
