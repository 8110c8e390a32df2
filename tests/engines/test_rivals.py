"""Every engine against brute force: random archives, random changes, random questions."""

import dataclasses
import itertools
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import edtf
from index.article import LEVELS, Article, Found, Quote
from index.check import check
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.request import After, Request
from tests.engines.brute import Brute

WORDS = [
    *("ceasefire rocket rockets siege border talks talked talking the of not and minister Gaza Iran").split(),
    *(
        "Kazemi-Qomi Ankara'da résistance İstanbul U.S. Israel's 27,585 كتاب مقاومة 北京大学 naïve co-operate"
    ).split(),
]
NAMES = [
    "Khaled al-Qaddoumi",
    "Qaddoumi",
    "Khaled al-Qadoumi",
    "Mohammad Baqer Qalibaf",
    "Mohammad Baqeri",
    "Ismail Haniyeh",
    "Haniyeh",
]
OUTLETS = ["Press TV", "press tv", "Mehr News Agency", "Reuters", "The Guardian"]
LANGUAGES = ["en", "en", "en", "de", "fr", "tr", "ar", "und"]
FIRST_DAY = date(2021, 5, 1)

levels = st.sampled_from(LEVELS)
texts = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)


def found(values):
    return st.builds(Found, values, confidence=levels)


days = st.integers(0, 400).map(lambda n: FIRST_DAY + timedelta(days=n))
intervals = st.one_of(
    days.map(edtf.day),
    days.map(lambda d: edtf.month(d.year, d.month)),
    st.sampled_from(["2021", "2022", "2021-05-21/2021-06-03", "202X"]).map(edtf.parse),
)


@st.composite
def article(draw, number):
    title = draw(st.none() | found(texts.filter(str.strip)))
    speakers = draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
    said = tuple(Quote("x", 0, 1, name, name, None, "said", "direct", "high") for name in speakers)
    return Article(
        id=f"{draw(st.sampled_from(['a', 'b', 'https://x.example/', 'é']))}{number}",
        body=draw(texts) or "siege",
        title=title,
        date=draw(st.none() | found(intervals)),
        outlet=draw(st.none() | found(st.sampled_from(OUTLETS))),
        language=draw(found(st.sampled_from(LANGUAGES))),
        speakers=tuple(Found(name, confidence=draw(levels)) for name in speakers),
        quotes=said,
        digest=str(draw(st.integers(0, 9))),
    )


@st.composite
def archives(draw):
    return [draw(article(number)) for number in range(draw(st.integers(0, 14)))]


atoms = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda w: '"' + " ".join(w) + '"'),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(lambda w: '"' + " ".join(w) + '"~2'),
    st.sampled_from(
        [
            "rock*",
            "sie?e",
            "minist*r",
            "talk*",
            "seige~1",
            "rokcet~",
            "title:border",
            "body:talks",
            'title:"border talks"',
        ]
    ),
    st.sampled_from(
        [
            "speaker:Qaddoumi",
            "speaker:Qalibaf",
            'speaker:="Khaled al-Qadoumi"',
            'outlet:"press tv"',
            "language:en",
            "has:date",
            "has:speaker",
        ]
    ),
    st.sampled_from(["date:[2021-05 TO 2021-08]", "date:2021-06", "date:[2021-09 TO *]"]),
)
queries = st.recursive(
    st.lists(atoms, min_size=1, max_size=3).map(" ".join),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) OR ({pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) AND ({pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) NOT ({pair[1]})"),
        inner.map(lambda q: f"NOT ({q})"),
        inner.map(lambda q: f"({q})^2.5"),
    ),
    max_leaves=3,
)


def chosen(values):
    return st.lists(st.sampled_from([*values, *(f"-{value}" for value in values)]), max_size=2).map(tuple)


requests = st.builds(
    Request,
    q=st.just("") | queries,
    match=st.sampled_from(["all", "all", "most", "any"]),
    filters=st.fixed_dictionaries(
        {},
        optional={
            "outlet": chosen(OUTLETS),
            "speaker": chosen(NAMES),
            "language": chosen(["en", "fr", "und"]),
        },
    ),
    date=st.none() | st.just("none") | intervals,
    date_match=st.sampled_from(["possible", "certain"]),
    facets=st.just(("outlet", "speaker", "language", "date")),
    facet_size=st.integers(1, 4),
    facet_mode=st.sampled_from(["multi", "strict"]),
    interval=st.sampled_from(["auto", "year", "month", "week", "day"]),
    sort=st.sampled_from([None, "relevance", "date", "-date"]),
    limit=st.integers(1, 5),
    min_confidence=levels,
)


def build(path, articles, *, cuts=()):
    """Commit the articles, in several commits where there are cuts."""
    bounds = [0, *sorted(cuts), len(articles)]
    for start, end in itertools.pairwise(bounds):
        writer = open_writer(path, language="en")
        for each in articles[start:end]:
            writer.put(each, "build")
        writer.commit()
    return EmbeddedSearcher(path)


def agree(searcher, brute, request):
    """Walk all pages of both; hits, scores, order, counts and facets are the same on each."""
    seen = []
    asked = request  # each has its own cursor: floats added up in another order differ in the last digit
    while True:
        ours, theirs = searcher.search(request), brute.search(asked)
        for name in ("article", "id", "title", "date", "outlet", "language"):
            assert [getattr(hit.entry, name) for hit in ours.hits] == [
                getattr(hit.entry, name) for hit in theirs.hits
            ]
        for one, other in zip(ours.hits, theirs.hits, strict=True):
            assert one.score == (None if other.score is None else pytest.approx(other.score, rel=1e-9))
        assert (ours.total, ours.parsed) == (theirs.total, theirs.parsed)
        for field, facet in ours.facets.items():
            assert (histogram(facet) if field == "date" else facet) == theirs.facets[field]
        assert (ours.next is None) == (theirs.next is None)
        seen += [hit.entry.id for hit in ours.hits]
        if ours.next is None:
            break
        request = dataclasses.replace(request, after=After(ours.generation, *ours.next))
        asked = dataclasses.replace(request, after=After(0, *theirs.next))
    assert len(seen) == len(set(seen)) == ours.total


def histogram(facet):
    counts = {bucket.value: bucket.count for bucket in facet.values}
    return {
        "interval": facet.interval,
        "counts": counts,
        "imprecise": facet.imprecise,
        "missing": facet.missing,
    }


slow = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@slow
@given(archives(), st.lists(requests, min_size=4, max_size=8), st.lists(st.integers(0, 14), max_size=2))
def test_any_archive_answers_any_request_as_brute_force_does(tmp_path_factory, articles, asked, cuts):
    path = tmp_path_factory.mktemp("index")
    searcher = build(path, articles, cuts=[cut for cut in cuts if cut <= len(articles)])
    brute = Brute(articles)
    for request in asked:
        agree(searcher, brute, request)
    assert check(path) == []


@slow
@given(archives(), st.data(), st.lists(requests, min_size=2, max_size=5))
def test_changes_leave_the_index_as_if_built_anew(tmp_path_factory, articles, data, asked):
    path = tmp_path_factory.mktemp("index")
    searcher = build(path, articles)
    alive = {each.id: each for each in articles}
    for _ in range(data.draw(st.integers(1, 3))):
        gone = data.draw(st.lists(st.sampled_from(sorted(alive)), unique=True, max_size=4)) if alive else []
        numbers = data.draw(st.lists(st.integers(0, 20), unique=True, max_size=4))
        added = {new.id: new for new in [data.draw(article(number)) for number in numbers]}
        alive = {id_: each for id_, each in alive.items() if id_ not in gone} | added
        writer = open_writer(path, language="en")
        assert writer.delete([*gone, "nobody"]) == gone
        for new in added.values():
            writer.put(new, "add")
        generation = writer.commit()
        assert searcher.generation() == generation
        brute = Brute(list(alive.values()))
        for request in asked:
            agree(searcher, brute, request)
        assert check(path) == []
    for id_, each in alive.items():
        assert searcher.article(id_) == (generation, each)
