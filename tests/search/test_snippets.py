"""What snippets are made of: pieces of texts against the analyzer, an index against whole analysis."""

import random
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import analyzer
from index.article import Article, Found
from index.embedded import open_writer
from search import highlight, nodes, offsets, places
from search.embedded import EmbeddedSearcher
from search.marked import passages
from search.request import Request
from search.results import Snippet
from search.snippets import MOST, Finder

MARKS = (
    " \t\n.,:;!?'’`\"“”()[]-–—_/&%$#…·‧"
    "\u00ad\u200b\u200c\u200d\u200e\u202b״׳،。、「」，：٫٬⁄\x00\x1c\x85\ufeff"
)
LETTERS = "abcsSIUDdmtreéßſıİçàñЖжйЁβΣςصلكيىةهﷲـًאבש北京大学中文の々カｶﾞก็ไทย가나हिन्दीａｓ９𝐚𝒮😀🇮𠀀\ud800"
DIGITS = "0123456789٣۴²½Ⅷ"
WORDS = (
    *(
        "U.S.",
        "Israel's",
        "don't",
        "she'll",
        "rock'n'roll",
        "27,585.50",
        "3.5",
        "12:30",
        "2021-05-24",
        "1990's",
    ),
    *(
        "Kazemi-Qomi's",
        "Qur’an",
        'صה"ל',
        'צה"ל',
        "l'été",
        "mother-in-law",
        "3-2",
        "COVID-19",
        "北京大学",
        "می‌خواهم",
    ),
    *(
        "it’ſ",
        "O'",
        "'tis",
        "e.g.",
        "a--b",
        "x_y",
        "1'000",
        "1,2,3",
        "24.05.2021",
        "word.Next",
        "AT&T",
        "www.x.org/a",
    ),
)

texts = st.one_of(
    st.text(st.sampled_from(MARKS + LETTERS + DIGITS), max_size=60),
    st.lists(st.sampled_from(WORDS) | st.sampled_from(MARKS), max_size=20).map("".join),
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
    st.text(max_size=40),
)


def cut(text, language, forms=(), rows=None):
    """Return the places of a text in which there are words at all, or those of some rows alone."""
    chunk = analyzer(language).chunk
    data = np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    rows = np.arange(2 * len(text) + 2) * places.TERMS if rows is None else rows
    standing, bounds = np.array([0, len(rows)]), np.array([0, len(data)])
    hashed = offsets.hashed(forms)
    found, _ = offsets.located(
        data, bounds, (standing, rows), hashed, lambda _, start, end: chunk(text[start:end])[0]
    )
    return found


@given(texts, st.sampled_from(["en", "tr", "ar", "fr", "und"]))
def test_pieces_hold_the_terms_and_positions_of_the_whole_text(text, language):
    own = analyzer(language)
    position, found = 0, []
    for row in cut(text, language).tolist():
        start, end = row[offsets.START], row[offsets.END]
        taken, held, _ = own.chunk(text[start:end])
        assert row[offsets.FIRST] == position
        found += [
            (term, form, position + at, start + low, start + high) for at, term, form, low, high in held
        ]
        if row[offsets.TERM] >= 0:  # clear by itself
            spans = {(start + low, start + high) for _, _, _, low, high in held}
            assert spans == {(row[offsets.LOW], row[offsets.HIGH])}
            before = text[: row[offsets.LOW]].encode("utf-8", "surrogatepass")
            assert len(before) == row[offsets.BYTE]
        position += taken
    assert found == [
        (token.term, token.form, token.position, token.start, token.end) for token in own.tokens(text)
    ]
    assert position == sum(own.chunk(chunk)[0] for chunk in text.split())


@given(texts, st.randoms(use_true_random=False))
def test_no_piece_that_holds_a_form_is_passed_over(text, chance):
    forms = {token.form for token in analyzer("en").tokens(text)}
    asked = set(chance.sample(sorted(forms), min(len(forms), 2)))
    none = np.empty(0, dtype=np.int64)
    kept = {tuple(row[:4]) for row in cut(text, "en", asked, none).tolist()} if asked else set()
    for row in cut(text, "en").tolist():
        held = {form for _, _, form, _, _ in analyzer("en").chunk(text[row[1] : row[2]])[1]}
        assert tuple(row[:4]) in kept or not held & asked


def test_pieces_are_picked_by_their_positions():
    found = cut("one two-three four", "en", rows=np.array([2 * places.TERMS]))
    assert found[:, offsets.START : offsets.FIRST + 1].tolist() == [[4, 13, 1]]


numbers = st.lists(
    st.sampled_from(("1", "12", "123", "1234", "3", "a", "Ab", "é", ".", ",", ":", ".", ",", "-", "'s", "²")),
    max_size=12,
).map("".join)


@given(numbers)
def test_initials_and_numbers_take_the_positions_that_the_analyzer_gives_them(text):
    position = 0
    for row in cut(text, "en").tolist():
        assert row[offsets.FIRST] == position
        position += analyzer("en").chunk(text[row[offsets.START] : row[offsets.END]])[0]
    assert position == analyzer("en").chunk(text)[0]


def brute(sequence, places):
    """Return, step by step, the positions of all chains of the sequence."""
    chains = [(place,) for place in places[0]]
    for here, (_, distance) in zip(places[1:], sequence.steps[1:], strict=True):
        chains = [
            (*chain, place)
            for chain in chains
            for place in here
            if distance <= place - chain[-1] <= distance + sequence.slop
        ]
    return [sorted({chain[step] for chain in chains}) for step in range(len(places))]


steps = st.tuples(st.lists(st.integers(0, 12), max_size=5, unique=True).map(sorted), st.integers(1, 3))


@given(st.lists(steps, min_size=1, max_size=4), st.integers(0, 3))
def test_only_words_of_whole_occurrences_are_kept(drawn, slop):
    sequence = nodes.Sequence("body", tuple(((), distance) for _, distance in drawn), slop)
    standing = [here for here, _ in drawn]
    kept = places.occurrences(sequence, [np.uint32(here) for here in standing])
    assert [here.tolist() for here in kept] == brute(sequence, standing)


VOCABULARY = (
    *WORDS,
    *("talks", "talking", "siege", "ceasefire", "operation", "operations", "operator", "the", "of", "said"),
    *("Переговоры", "переговоров", "مذاكرات", "المذاكرات", "Straße", "naïve", "\n"),
)
QUERIES = (
    *(
        "talk",
        "siege OR ceasefire",
        '"the siege"',
        '"siege the"~3',
        '"said siege"~5',
        "oper*",
        "title:oper*",
    ),
    *("title:talk", "body:talks", "talks NOT siege", "operatoin~", "op?rator", '"the the"', "kazemi-qomi"),
    *(
        '"Kazemi-Qomi talks"',
        "israel",
        '"u.s. operation"',
        "переговоры",
        "переговор*",
        "مذاكرات",
        "北京",
        "3.5",
    ),
    *("the OR oper*", '"talks of" OR "of the"', 'title:"the siege" OR talks', "strasse", "naive", "2021"),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Return a searcher over random articles in three languages, and the articles by id."""
    chance = random.Random(11)
    folder = tmp_path_factory.mktemp("archive")
    articles = {}
    writer = open_writer(folder, language="en")
    for number in range(150):
        words = chance.choices(VOCABULARY, k=chance.choice([0, 3, 30, 300]))
        title = " ".join(chance.choices(VOCABULARY, k=5)) if number % 4 else ""
        articles[str(number)] = Article(
            str(number),
            " ".join(words) if number % 7 else chance.choice("。 ،").join(words),
            title=Found(title) if title.strip() else None,
            language=Found(chance.choice(["en", "ru", "ar", "und"])),
        )
        writer.put(articles[str(number)], "build")
    writer.commit()
    return EmbeddedSearcher(folder), articles


def whole(article, tree):
    """Return the snippets of an article that is analysed as a whole."""
    language = article.language.value
    own = analyzer("en" if language == "und" else language)
    found = highlight.marks(tree)
    title = article.title.value if article.title else ""
    spans = highlight.matches(title, found["title"], own)
    first = [Snippet("title", 0, len(title), title, tuple(span for span, _ in spans))] if spans else []
    return (
        *first,
        *passages(article.body, highlight.matches(article.body, found["body"], own), MOST - len(first)),
    )


@pytest.mark.parametrize("text", QUERIES)
def test_snippets_through_the_index_are_those_of_whole_analysis(archive, text):
    searcher, articles = archive
    tree = searcher.snapshot().plan(Request(q=text)).tree
    hits = searcher.search(Request(q=text, limit=100)).hits
    for hit in hits:
        assert hit.snippets == whole(articles[hit.entry.id], tree)
    assert any(hit.snippets for hit in hits)


def test_where_positions_are_not_the_analyzers_the_whole_article_is_analysed(tmp_path, monkeypatch):
    article = Article(
        "1", "The siege-lines hold. Talks of a siege.", title=Found("News"), language=Found("en")
    )
    writer = open_writer(tmp_path, language="en")
    writer.put(article, "build")
    writer.commit()
    searcher = EmbeddedSearcher(tmp_path)
    segment = searcher.snapshot().generation.segments[0]
    tree = searcher.snapshot().plan(Request(q="siege")).tree
    monkeypatch.setattr(segment.file, "body_begins", segment.file.body_begins - 1)
    (found,) = Finder(segment, highlight.marks(tree)).snippets([0], [analyzer("en")])
    assert found == whole(article, tree)
    assert found[0].matches == ((4, 9), (33, 38))


LARGE = 1_000_000
LINES = (
    "Talks on the siege went on for days, and nobody said why. ",
    "The ceasefire-line held; 27,585 left.\n",
)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Return a searcher over articles of a million characters: sentences, and codes, each once."""
    chance = random.Random(5)
    sentences = "".join(chance.choices(LINES, k=LARGE // 45))[:LARGE]
    codes = " ".join(f"{chance.randrange(10**6)}.5-b{number}" for number in range(LARGE // 16))
    folder = tmp_path_factory.mktemp("large")
    writer = open_writer(folder, language="en")
    for id_, body in (("sentences", sentences), ("codes", f"the siege {codes} the zebra")):
        writer.put(Article(id_, body, language=Found("en")), "build")
    writer.commit()
    return EmbeddedSearcher(folder), sentences


@pytest.mark.parametrize("text", ["siege", "talks OR siege OR the", '"the siege"', "ceasef*"])
def test_a_million_characters_are_answered_in_their_time_as_a_whole(large, text):
    searcher, sentences = large
    searcher.search(Request(q=text))  # compiles the loops
    found = searcher.search(Request(q=text, deadline=time.monotonic_ns() + 10_000_000_000))
    assert not found.partial
    (hit,) = [hit for hit in found.hits if hit.entry.id == "sentences"]
    tree = searcher.snapshot().plan(Request(q=text)).tree
    assert hit.snippets == whole(Article("sentences", sentences, language=Found("en")), tree)


def test_of_a_text_that_only_the_analyzer_can_tell_the_first_part_is_shown(large):
    searcher, _ = large
    searcher.search(Request(q="siege zebra"))
    found = searcher.search(Request(q="siege zebra", deadline=time.monotonic_ns() + 10_000_000_000))
    assert not found.partial
    (hit,) = found.hits
    assert [(snippet.start, snippet.matches) for snippet in hit.snippets] == [(0, ((4, 9),))]


def test_after_the_deadline_hits_have_no_snippets(large):
    searcher, _ = large
    segment = searcher.snapshot().generation.segments[0]
    finder = Finder(segment, highlight.marks(searcher.snapshot().plan(Request(q="siege")).tree))
    assert finder.snippets([0, 1], [analyzer("en")] * 2, time.monotonic_ns() - 1) == [(), ()]
