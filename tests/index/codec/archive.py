"""Small archives that grow by seeded changes: what every generation of one should hold is known."""

import random
from datetime import date, timedelta

from index import edtf
from index.article import LEVELS, Article, Found, Quote
from index.codec import commit as commits
from index.embedded import open_writer
from index.generation import Generation

WORDS = (
    "ceasefire rocket siege talks talking the of not minister Gaza résistance مقاومة 北京大学 U.S.".split()
)
NAMES = ["Khaled al-Qaddoumi", "Mohammad Baqer Qalibaf", "Ismail Haniyeh", "مقاومة"]
OUTLETS = ["Press TV", "Mehr News Agency", "Reuters"]


def article(chance, id_, *, length=40):
    """Return a random article; its body says which one it is, and in which version."""
    version = chance.randrange(10**9)
    speakers = chance.sample(NAMES, chance.randrange(3))
    words = chance.choices(WORDS, k=chance.randrange(1, length))
    if not chance.randrange(9):
        words += ["siege"] * 300
    return Article(
        id=id_,
        body=" ".join([f"version{version}", *words]),
        url=f"https://example.org/{id_}" if chance.randrange(2) else None,
        title=found(chance, " ".join(chance.choices(WORDS, k=5))) if chance.randrange(4) else None,
        date=found(chance, edtf.day(date(2021, 5, 1) + timedelta(days=chance.randrange(300))))
        if chance.randrange(4)
        else None,
        outlet=found(chance, chance.choice(OUTLETS)) if chance.randrange(4) else None,
        language=found(chance, chance.choice(["en", "en", "de", "ar", "und"])),
        speakers=tuple(found(chance, name) for name in speakers),
        quotes=tuple(
            Quote(f"x{version} {' '.join(words[:20])}", 0, 1, name, name, None, "said", "direct", "high")
            for name in speakers
        ),
        digest=str(version),
    )


def found(chance, value):
    return Found(value, confidence=chance.choice(LEVELS))


def changes(seed, number, ids=30):
    """Return what generation ``number`` puts and deletes: always the same for a seed."""
    chance = random.Random(f"{seed}-{number}")
    put = chance.sample(range(ids), chance.randrange(1, 6))
    gone = chance.sample(range(ids), chance.randrange(4)) if chance.randrange(3) else []
    return [article(chance, str(id_)) for id_ in put], [str(id_) for id_ in gone if id_ not in put]


def archives(seed, last):
    """Return id → article of every generation from 0 to ``last``."""
    states = [{}]
    for number in range(1, last + 1):
        put, gone = changes(seed, number)
        kept = {id_: each for id_, each in states[-1].items() if id_ not in gone}
        states.append(kept | {each.id: each for each in put})
    return states


def commit(path, seed, timeout=10.0):
    """Make the next generation of an archive, and return its number."""
    writer = open_writer(path, language="en", timeout=timeout)
    number = writer._generation.number + 1
    put, gone = changes(seed, number)
    writer.delete(gone)
    for each in put:
        writer.put(each, "add")
    return writer.commit()


def held(generation):
    """Return id → article of a generation, as stored."""
    return {
        segment.columns.ids[doc]: segment.article(doc)
        for segment in generation.segments
        for doc in segment.live.nonzero()[0].tolist()
    }


def posted(generation):
    """Return id → version of a generation, as found by the postings alone."""
    return {
        segment.columns.ids[doc]: term.removeprefix("version")
        for segment in generation.segments
        for term in segment.terms("body")
        if term.startswith("version")
        for doc in segment.postings("body", term).docs.tolist()
    }


def is_whole(path, expected):
    """Whether the newest generation holds these articles, stored and posted, and nothing else."""
    generation = Generation.open(path)
    versions = {id_: each.digest for id_, each in expected.items()}
    return held(generation) == expected and posted(generation) == versions


def leftovers(path):
    """Return the files that no generation names."""
    numbers = commits.generations(path)
    named = set().union(*(commits.read(path, number).files() for number in numbers))
    named |= {f"commit-{number}.json" for number in numbers} | {"write.lock", "cursor.key"}
    return {each.name for each in path.iterdir()} - named
