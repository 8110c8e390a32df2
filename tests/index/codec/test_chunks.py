"""The compiled tokeniser gives what the analyzers give: terms, positions, forms and lengths, of any text."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import analyzer, languages
from index.codec.chunks import NONE, Chunks

SEEDS = Path(__file__).parents[3] / "seeds"

MARKS = ".,:;!?'`’‘-–—_\"“”„…«»()[]*/$%&@#+=<>\\^~|{}"
SPACES = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2005\u200a\u2028\u2029\u202f\u205f\u3000"
NO_SPACES = "\x00\x01\x1b\x7f\x84\x86\u180e\u200b\u200c\u200d\u200e\u2010\u2060\ufeff"
ODD = "İıſKßéÉёйṧǆ\u0301\u0308\u0316漢字かガｶーไท่ក្កअ्کكةىיּל한ㄱ\u1100ﬁ①Ⅳ½²٣۴०𝐀😀👩🏽🇫🇷\ud800\udfffȀⰀ᚛ⷀ〇￾"
PARTS = (
    *"a s S d M re LL ve x 1 7 12 123 1234 00 30 500 000 ab CD word she'll boy-s it's U.S. U.N.-led".split(),
    *"27,585.50 2:00 12:30:59 2.000.000,5 3,5 1.2.3 1'000'000 e.g. n.a.-not 0.1-0.2 $778/79 1.2.2021".split(),
)
words = st.lists(
    st.one_of(st.sampled_from(PARTS), st.sampled_from(MARKS), st.text("aB1.,:'-_", max_size=4)), max_size=9
).map("".join)
texts = st.lists(
    st.one_of(
        words,
        st.text(st.sampled_from(MARKS + SPACES + NO_SPACES + ODD + "aZ09"), max_size=12),
        st.text(st.characters(), max_size=6),
        st.sampled_from(
            ["x" * 63, "X" * 64, "y" * 65, "z" * 300, "a-" * 80, "1" * 70, "1.5" * 50, "é" * 130]
        ),
    ),
    max_size=12,
).flatmap(lambda parts: st.sampled_from(["", *SPACES]).map(lambda gap: gap.join(parts)))
codes = st.sampled_from((*languages(), "und"))


def found(chunks, texts, codes):
    """Return of each text the positions of its terms, its forms and its length, by the numbers of chunks."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    numbers, ends = chunks.numbers(encoded, [chunks.tag(analyzer(code)) for code in codes])
    first, answers = 0, []
    for end in ends.tolist():
        terms, forms, position = defaultdict(list), set(), 0
        for chunk in numbers[first:end].tolist():
            for piece in range(chunks.firsts[chunk], chunks.firsts[chunk] + chunks.sizes[chunk]):
                forms.add(chunks.forms_of(chunks.forms[piece : piece + 1])[0].decode())
                if chunks.terms[piece] != NONE:
                    terms[chunks.names[chunks.terms[piece]]].append(position + int(chunks.offsets[piece]))
            position += int(chunks.widths[chunk])
        answers.append((dict(terms), forms, position))
        first = end
    return answers


def expected(texts, codes):
    return [analyzer(code).terms(text) for text, code in zip(texts, codes, strict=True)]


@settings(max_examples=600, derandomize=True, deadline=None)
@given(st.lists(st.tuples(texts, codes), max_size=4))
def test_any_texts_are_cut_as_the_analyzers_cut_them(given):
    asked, spoken = [text for text, _ in given], [code for _, code in given]
    assert found(Chunks(), asked, spoken) == expected(asked, spoken)


@settings(max_examples=1500, derandomize=True, deadline=None)
@given(words)
def test_any_word_is_cut_as_the_analyzer_cuts_it(word):
    assert found(Chunks(), [word], ["en"]) == expected([word], ["en"])


def test_what_was_met_in_one_batch_is_the_same_in_the_next():
    chance = random.Random(21_578)
    chunks = Chunks()
    for _ in range(20):
        asked = [
            " ".join(
                "".join(chance.choices([*PARTS, *MARKS, *ODD], k=chance.randrange(1, 6))) for _ in range(400)
            )
            for _ in range(4)
        ]
        spoken = chance.choices(["en", "tr", "de", "und", "fa"], k=4)
        assert found(chunks, asked, spoken) == expected(asked, spoken)


@pytest.mark.parametrize("space", SPACES)
def test_every_white_space_divides(space):
    assert found(Chunks(), [f"one{space}two"], ["en"]) == [({"one": [0], "two": [1]}, {"one", "two"}, 2)]


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem)
def test_the_seeds_are_cut_as_the_analyzers_cut_them(path):
    text = path.read_text(encoding="utf-8")
    for code in ("en", "tr", "und"):
        assert found(Chunks(), [text], [code]) == expected([text], [code])
