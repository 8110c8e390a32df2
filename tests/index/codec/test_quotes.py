"""Quotes are documents beside articles: they come and go with them, and change no statistic of them."""

import dataclasses
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Quote
from index.check import check
from index.codec.quotes import KINDS
from index.embedded import open_writer
from index.generation import Generation
from index.quoted import QuotesIndex
from index.winnowing import are_variants, keys, runs
from tests.engines.growth import article


def real(rng, id_):
    """Return an article whose quotes stand in its body."""
    made = article(rng, id_)
    body, quotes = made.body, []
    for quote in made.quotes:
        start = len(body) + 1
        body += f" {quote.text}"
        quotes.append(dataclasses.replace(quote, start=start, end=len(body)))
    return dataclasses.replace(made, body=body, quotes=tuple(quotes))


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """An index after many changes, and what it should hold."""
    path, rng, alive = tmp_path_factory.mktemp("index"), random.Random(3), {}
    for _ in range(9):
        writer = open_writer(path, language="en")
        gone = rng.sample(sorted(alive), len(alive) // 4)
        writer.delete(gone)
        alive = {id_: each for id_, each in alive.items() if id_ not in gone}
        for number in rng.sample(range(50), 8):
            alive[str(number)] = real(rng, str(number))
            writer.put(alive[str(number)], "add")
        writer.commit()
    return path, alive


def test_every_quote_of_every_live_article_is_there_and_leads_to_it(grown):
    path, alive = grown
    generation = Generation.open(path)
    assert len(generation.segments) > 1
    assert any(segment.documents < segment.size for segment in generation.segments)
    found = {id_: [] for id_ in alive}
    index = QuotesIndex(generation)
    for segment, quotes in zip(generation.segments, index.segments, strict=True):
        own, speakers = quotes.own, quotes.columns.values["speaker"]
        for doc in quotes.live.nonzero()[0].tolist():
            each = segment.article(int(own.article[doc]))
            text = each.body[own.begins[doc] : own.ends[doc]]
            named = speakers.entries_of([doc])[1].tolist()
            names = tuple(speakers.values[number] for number in named)
            found[each.id].append((text, KINDS[own.kinds[doc]], names))
    assert found == {
        id_: [(q.text, q.kind, (q.speaker,) if q.speaker else ()) for q in each.quotes]
        for id_, each in alive.items()
    }
    assert index.documents == sum(len(each.quotes) for each in alive.values()) > 20
    assert check(path) == []


def test_quotes_change_no_statistic_of_articles(grown, tmp_path):
    path, alive = grown
    writer = open_writer(tmp_path, language="en")
    for each in alive.values():
        writer.put(dataclasses.replace(each, quotes=()), "add")
    writer.commit()
    with_quotes, without = Generation.open(path), Generation.open(tmp_path)
    assert with_quotes.documents == without.documents
    assert with_quotes.averages == pytest.approx(without.averages)
    words = [word for segment in without.segments for word in segment.terms("text")]
    for word in words:
        counts = [
            sum(segment.frequency("text", word) for segment in each.segments)
            for each in (with_quotes, without)
        ]
        assert counts[0] == counts[1]
    assert QuotesIndex(without).documents == 0
    assert check(tmp_path) == []


def test_quotes_of_the_same_folded_words_are_found_wherever_they_stand(grown):
    path, alive = grown

    def folded(text):
        return [form for word in text.split() if (form := word.strip('.,;:!?“”"').casefold())]

    rng = random.Random(5)
    words = folded(max((q.text for each in alive.values() for q in each.quotes), key=len))
    texts = [" ".join(words), "“" + " ".join(words).upper() + ".”", " ".join(reversed(words)), "…"]
    made = {
        f"same-{n}": dataclasses.replace(
            article(rng, f"same-{n}"), quotes=(Quote(text, 0, 1, None, None, None, None, "direct", "low"),)
        )
        for n, text in enumerate([*texts, *texts])
    }
    for some in ("same-0", "same-1", "same-2", "same-3"), ("same-4", "same-5", "same-6", "same-7"):
        writer = open_writer(path, language="en")
        for id_ in some:
            writer.put(made[id_], "add")
        writer.commit()
    generation = Generation.open(path)
    expected = sorted(
        each.id
        for each in [*alive.values(), *made.values()]
        if words in [folded(q.text) for q in each.quotes]
    )
    index = QuotesIndex(generation)
    prints = {}
    for segment, quotes in zip(generation.segments, index.segments, strict=True):
        for doc in range(quotes.size):
            prints.setdefault(segment.columns.ids[quotes.own.article[doc]], []).append(
                quotes.own.prints.of(doc)
            )
    (wanted,) = prints["same-0"]
    found = [
        segment.columns.ids[quotes.own.article[doc]]
        for segment, quotes in zip(generation.segments, index.segments, strict=True)
        for _, docs in quotes.own.prints.same(np.array([wanted], np.uint64))
        for doc in docs.tolist()
        if quotes.live[doc]
    ]
    assert sorted(set(found)) == expected
    assert prints["same-2"] != prints["same-0"]
    assert prints["same-3"] == [0]
    nothing = np.array([0], np.uint64)
    assert not any(list(quotes.own.prints.same(nothing)) for quotes in index.segments)


def test_a_quote_is_read_alone_as_its_article_has_it(grown):
    generation = Generation.open(grown[0])
    for segment, quotes in zip(generation.segments, QuotesIndex(generation).segments, strict=True):
        for doc in quotes.live.nonzero()[0].tolist():
            document, place = quotes.article_of(doc)
            assert quotes.quote(doc) == segment.article(document).quotes[place]


STEM = [f"word{n}" for n in range(30)]
TEXTS = {
    "whole": " ".join(STEM),
    "changed": " ".join("another" if n == 11 else word for n, word in enumerate(STEM)),
    "cut": " ".join(STEM[4:16]).title(),
    "two": " ".join(STEM[:5]) + " and nothing else of all that was said there",
    "other": " ".join(reversed(STEM)),
    "none": "…",
}


@pytest.mark.parametrize("merged", [False, True])
def test_a_quote_meets_those_that_share_a_stretch_of_its_words(tmp_path, merged):
    commits = [list(TEXTS)] if merged else [[name] for name in TEXTS]
    for names in commits:
        writer = open_writer(tmp_path, language="en")
        for name in names:
            quote = Quote(TEXTS[name], 0, 1, None, None, None, None, "direct", "low")
            writer.put(Article(name, "…", quotes=(quote,)), "add")
        writer.commit()
    generation = Generation.open(tmp_path)
    index, whole = QuotesIndex(generation), keys(TEXTS["whole"])
    met = {
        segment.columns.ids[quotes.own.article[doc]]
        for segment, quotes in zip(generation.segments, index.segments, strict=True)
        for _, docs in quotes.own.prints.near(whole, np.zeros(len(whole), np.int64))
        for doc in docs.tolist()
    }
    assert {"whole", "changed", "cut"} <= met <= {"whole", "changed", "cut", "two"}
    assert [name for name in TEXTS if are_variants(runs(TEXTS["whole"]), runs(TEXTS[name]))] == [
        *("whole", "changed", "cut")
    ]
    for quotes in index.segments:
        every, several = (
            [(at, docs.tolist()) for at, docs in quotes.own.prints.near(whole, np.full(len(whole), least))]
            for least in (0, 1)
        )
        assert several == [each for each in every if len(each[1]) > 1]
    assert check(tmp_path) == []


@given(
    words=st.lists(st.sampled_from("abcdefgh"), max_size=40), at=st.integers(0, 30), size=st.integers(9, 30)
)
def test_nine_words_in_common_are_a_key_in_common(words, at, size):
    one, other = [*words, *STEM], STEM[at : at + size]
    if len(other) >= 9:
        assert not set(keys(" ".join(one)).tolist()).isdisjoint(keys(f"And {' '.join(other)}?").tolist())


@given(st.text(max_size=60))
def test_any_text_has_keys_or_no_words(text):
    assert (len(keys(text)) > 0) == (len(runs(text)) > 0)
    assert set(keys(text).tolist()) <= set(runs(text).astype(np.uint32).tolist())
