"""Stories in answers against brute force: one hit each, what stands behind it, and facets that count them."""

import dataclasses
import random
from datetime import date, timedelta

import pytest

from index import edtf
from index.article import LEVELS, Article, Found
from index.check import check
from index.embedded import open_writer
from index.generation import Generation
from search.embedded import EmbeddedSearcher
from search.request import After, Request
from tests.engines.brute import Brute
from tests.engines.test_rivals import histogram

WORDS = [f"word{n}" for n in range(300)]
OUTLETS = ["Press TV", "press tv", "Mehr News Agency", "Reuters"]
QUERIES = [
    "",
    "harbour",
    "ferry harbour",
    "harbour OR ferry",
    '"ferry harbour"',
    "NOT ferry",
    "outlet:Reuters",
]


def story(seed):
    return " ".join(random.Random(seed).choices(WORDS, k=60))


def article(chance, number):
    """Return one that runs one of five texts, or its own; all dates lie within a week."""
    text = story(chance.randrange(5)) if chance.randrange(4) else story(chance.random())
    words = chance.choices(["harbour", "ferry"], k=chance.randrange(4))
    days = [
        edtf.day(date(2021, 5, 29) + timedelta(days=chance.randrange(6))),
        edtf.parse("2021-05-30/2021-06-01"),
    ]

    def found(value):
        return Found(value, confidence=chance.choice(LEVELS))

    return Article(
        id=f"{chance.choice('ab')}{number}",
        body=" ".join([*words, text]),
        date=found(chance.choice(days)) if chance.randrange(5) else None,
        outlet=found(chance.choice(OUTLETS)) if chance.randrange(5) else None,
        language=Found("en", confidence="high"),
        speakers=tuple(
            found(name) for name in chance.sample(["Ada Lind", "Lind", "Bo Ek"], chance.randrange(3))
        ),
    )


def requests(chance, ids):
    """Yield random requests that ask for stories, in hits or in counts."""
    for _ in range(12):
        filters = (
            {"outlet": (chance.choice(["Reuters", "-Reuters", "Press TV"]),)} if chance.randrange(2) else {}
        )
        yield Request(
            q=chance.choice([*QUERIES, *(f"cluster:{id_}" for id_ in ids)]),
            filters=filters,
            date=chance.choice([None, None, "none", edtf.parse("2021-05")]),
            group=chance.choice(["cluster", "cluster", "none"]),
            facet_count=chance.choice(["stories", "stories", "articles"]),
            facets=("outlet", "speaker", "date"),
            facet_size=chance.randrange(1, 4),
            facet_mode=chance.choice(["multi", "strict"]),
            interval=chance.choice(["auto", "month", "day"]),
            sort=chance.choice([None, "relevance", "date", "-date"]),
            limit=chance.randrange(1, 4),
            min_confidence=chance.choice(LEVELS),
        )


def agree(searcher, brute, request):
    seen = []
    while True:
        ours, theirs = searcher.search(request), brute.search(request)
        assert [hit.entry.id for hit in ours.hits] == [hit.entry.id for hit in theirs.hits]
        for one, other in zip(ours.hits, theirs.hits, strict=True):
            assert one.score == (None if other.score is None else pytest.approx(other.score, rel=1e-9))
            size = len(brute.groups[one.entry.id])
            assert (one.cluster.size if one.cluster else 1) == size
            assert names(one.copies) == names(other.copies)
        assert ours.total == theirs.total
        for field, facet in ours.facets.items():
            assert (histogram(facet) if field == "date" else facet) == theirs.facets[field]
        seen += [hit.entry.id for hit in ours.hits]
        if ours.next is None:
            break
        request = dataclasses.replace(request, after=After(ours.generation, *ours.next))
    assert len(seen) == len(set(seen)) == ours.total


def names(copies):
    return None if copies is None else [entry.id for entry in copies]


@pytest.mark.parametrize("seed", range(8))
def test_stories_are_counted_and_listed_as_brute_force_does(tmp_path, seed):
    chance = random.Random(seed)
    alive = {}
    searcher = EmbeddedSearcher(tmp_path)
    for _ in range(6):
        new = {each.id: each for each in (article(chance, n) for n in chance.sample(range(25), 6))}
        gone = [id_ for id_ in alive if not chance.randrange(6)]
        writer = open_writer(tmp_path, language="en", stories=True)
        writer.delete(gone)
        for each in new.values():
            writer.put(each, "add")
        writer.commit()
        alive = {id_: each for id_, each in alive.items() if id_ not in gone} | new
        brute = Brute(list(alive.values()), stories=True)
        brute.spellings = searcher.snapshot().spellings  # who is who is not the question here
        stories = Generation.open(tmp_path).stories
        founders = [story.id for story in stories.stories.values() if story.founder in alive]
        for request in requests(chance, founders[:2]):
            if "cluster:" in request.q:
                members = stories.resolve(request.q.removeprefix("cluster:")).members
                brute.members = lambda _, ids=members: frozenset(each.id for each in ids)
            agree(searcher, brute, request)
    assert check(tmp_path) == []
