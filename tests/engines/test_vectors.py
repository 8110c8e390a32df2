"""What documents are about: read of their beginnings alone, in time, and never remembered without a bound."""

import random
import threading
import time

import pytest

from index.article import Article, Found
from search.deadline import OutOfTime
from tests.engines.test_rivals import build

FAR = 4_000
"""Bytes behind which nothing of a text is read, and some."""


def opened(path, bodies, language="en"):
    """The terms of documents with some bodies, as those have them who ask, and the documents."""
    known = Found(language, confidence="high")
    searcher = build(
        path, [Article(f"a{number}", body, language=known) for number, body in enumerate(bodies)]
    )
    snapshot = searcher.snapshot()
    docs = [(each, doc) for each in snapshot.generation.segments for doc in range(each.file.size)]
    return snapshot.vectors, docs


def about(vectors, docs):
    return [
        dict(zip(each.numbers.tolist(), each.counts.tolist(), strict=True)) for each in vectors.of(docs, "en")
    ]


@pytest.mark.parametrize("word", ["siege", "حصار", "封鎖。", "封鎖"])
def test_what_stands_far_behind_in_a_text_says_nothing_of_it(tmp_path, word):
    for blank in (" ", ""):
        opening = "a" + (word + blank) * (FAR // len((word + blank).encode()))
        one, other, short = about(
            *opened(tmp_path / f"x{len(blank)}", [opening + "film", opening + "port", word])
        )
        assert one == other != short
        assert one


def test_who_has_no_time_does_not_wait_for_who_reads(tmp_path):
    vectors, docs = opened(tmp_path, ["siege", "border"])
    with vectors._reading, pytest.raises(OutOfTime):
        vectors.of(docs, "en", time.monotonic_ns() + 1_000_000)
    assert about(vectors, docs) == [{0: 1}, {1: 1}]


def test_sentences_without_spaces_are_forgotten_before_they_are_many(tmp_path, monkeypatch):
    monkeypatch.setattr("search.vectors._STRINGS", 1 << 16)
    rng = random.Random(3)
    signs = [chr(0x4E00 + number) for number in range(200)]
    bodies = ["\n".join("".join(rng.choices(signs, k=90)) for _ in range(20)) for _ in range(60)]
    vectors, docs = opened(tmp_path, bodies, "zh")
    before = [sorted(each.values()) for each in about(vectors, docs[:9])]
    held = []
    for first in range(0, len(docs), 10):
        vectors.of(docs[first : first + 10], "en")
        held.append(vectors._chunks.size)
    assert max(held) < 1 << 18
    assert [sorted(each.values()) for each in about(vectors, docs[:9])] == before


def test_threads_that_read_at_once_are_told_the_same(tmp_path):
    rng = random.Random(5)
    words = [f"{kind}{number}" for number in range(400) for kind in ("w", "ش", "é")]
    vectors, docs = opened(tmp_path, [" ".join(rng.choices(words, k=60)) for _ in range(120)])
    told = [[] for _ in range(6)]

    def ask(mine, order):
        order.shuffle(pool := docs[:])
        mine.extend(
            sorted(
                (doc, sorted(terms.values()))
                for (_, doc), terms in zip(pool, about(vectors, pool), strict=True)
            )
        )

    threads = [threading.Thread(target=ask, args=(mine, random.Random(n))) for n, mine in enumerate(told)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told[0]) == len(docs)
    assert all(mine == told[0] for mine in told)
