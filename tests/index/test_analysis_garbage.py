"""Any text becomes terms: no error, true spans, the same by every way and in every thread."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import analyze_pattern, analyzer, fold, languages
from index.analysis.characters import APOSTROPHES, PAIRED
from index.analysis.words import LONGEST, cut, letters

ODD = (
    "aZsßİıéъйё12٣۴½²०.,:-–—_·'’ʼ`״\"@#*?&/ \n\t\u00a0\u3000\u00ad\u200b\u200c\u200d\u200e\u202e"
    "\u2060\ufeff\x00\ud800\udfff"
    "\u0301\u0316\u0308\u064b\u3099\uff9e\ufe0f漢字かガｶーไท่ကក្កアکكهةىיּל한ㄱ\u1100\u1161ﬁﷺ①Ⅳ𝐀😀👩🏽🇫🇷"
)
texts = st.lists(
    st.one_of(
        st.text(st.sampled_from(ODD), max_size=12),
        st.text(st.characters(), max_size=6),
        st.sampled_from("Israel's Kazemi-Qomi U.S. U.N.-led l’armée 27,585.50 2:00am réfugiés".split()),
        st.sampled_from(
            "کتاب‌ها 北京大学 she'll 'tis (whispers), “Peace” state-of-the-art 24.05.2021".split()
        ),
    ),
    max_size=12,
).flatmap(lambda parts: st.sampled_from(["", " ", "\n"]).map(lambda gap: gap.join(parts)))
fuzz = settings(max_examples=300, derandomize=True, deadline=None)
codes = st.sampled_from((*languages(), "und"))


def _bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


@fuzz
@given(codes, texts)
def test_spans_hold_the_form_in_order(code, text):
    tokens = analyzer(code).tokens(text)
    for token in tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert token.term
        assert max(len(token.term), len(token.form)) <= LONGEST
        assert _bare(text[token.start : token.end])[:8] == _bare(token.form)[:8]
    assert all(a.position <= b.position <= a.position + 1 and a.start <= b.start for a, b in pairwise(tokens))
    assert not tokens or tokens[0].position == 0


@fuzz
@given(codes, texts)
def test_all_ways_to_terms_agree(code, text):
    this = analyzer(code)
    tokens = this.tokens(text)
    terms, forms, length = this.terms(text)
    assert {term: sorted(places) for term, places in terms.items()} == terms
    assert sorted((term, place) for term, places in terms.items() for place in places) == sorted(
        (token.term, token.position) for token in tokens
    )
    assert {token.form for token in tokens} <= forms
    assert length == len({token.position for token in tokens})
    called = [
        (token.text, token.pos - 5, token.startchar - 7, token.endchar - 7, token.original)
        for token in this(text, positions=True, chars=True, keeporiginal=True, start_pos=5, start_char=7)
    ]
    assert called == [(t.term, t.position, t.start, t.end, text[t.start : t.end]) for t in tokens]
    asked = [token.pos for token in this(text, positions=True, mode="query")]
    assert asked == list(range(length))
    assert [token.text for token in this(text, no_morph=True)] == [token.form for token in tokens]


@fuzz
@given(texts)
def test_no_letter_is_lost(text):
    _, forms, _ = analyzer("und").terms(text)
    printed = {char for form in forms for char in form}
    short = [
        chunk
        for chunk in text.split()
        if len(chunk) < LONGEST and not any(mark in chunk for mark in APOSTROPHES)
    ]
    for char in set(unicodedata.normalize("NFKC", " ".join(short))):
        if char.isalpha() and unicodedata.category(char) not in {"Lm", "Sk"}:
            assert set(letters(char)) <= printed


@fuzz
@given(texts, texts)
def test_words_do_not_depend_on_what_stands_beyond_a_space(left, right):
    both, first, second = (analyzer("en").terms(text) for text in (f"{left} {right}", left, right))
    assert both[2] == first[2] + second[2]
    assert both[1] == first[1] | second[1]
    for term, places in both[0].items():
        assert places == first[0].get(term, []) + [place + first[2] for place in second[0].get(term, [])]


@fuzz
@given(st.one_of(texts, st.text()))
def test_folding_again_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@fuzz
@given(texts)
def test_folding_ignores_composition_and_keeps_wildcards(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert [char for char in fold(text) if char in "*?"] == [char for char in text if char in "*?"]
    assert [char for char in analyze_pattern(text) if char in "*?"] == [char for char in text if char in "*?"]


def test_every_character_folds_to_what_stays():
    for code in (*range(0x20000), *range(0x2F800, 0x2FA20), *range(0xE0000, 0xE0200)):
        folded = fold(chr(code))
        assert fold(folded) == folded


def test_every_letter_of_an_unspaced_script_is_found():
    for text in re.findall(f"[{PAIRED}]", "".join(map(chr, range(0x33000)))):
        assert [token.position for token in analyzer("und").tokens(text)] == [0]


def test_stemming_a_folded_word_gives_a_folded_term():
    words = "réfugiés kitabı Straße Łódź ёлка Αθήνα हिन्दी الكتاب lecció İstanbul".split()
    for code in languages():
        for token in analyzer(code).tokens(" ".join(words)):
            assert fold(token.term) == token.term


# 400,000 of each, without a space: what takes quadratic time does not end.
MANY = 400_000
ENDLESS = {
    "letters": "a" * MANY,
    "digits": "1" * MANY,
    "parts": "a-" * (MANY // 2),
    "initials": "a." * (MANY // 2),
    "groups of digits": "1,11," * (MANY // 5),
    "grouped numbers": "1,111," * (MANY // 6),
    "times": "12:00:" * (MANY // 6),
    "marks": "\u0301\u0316" * (MANY // 2),
    "marks on a letter": "a" + "\u0301\u0316" * (MANY // 2),
    "marks on a kana": "か" + "\u3099\u0316" * (MANY // 2),
    "unseen": "a" + "\u200e" * MANY + "-",
    "unseen inside": "a\u200e" * (MANY // 2),
    "unseen in links": "a-\u200e" * (MANY // 3),
    "non-joiners": "ک" + "\u200c" * MANY,
    "signs": "-'_." * (MANY // 4),
    "surrogates": "\ud800" * MANY,
    "nothing": "\x00" * MANY,
    "emoji": "👩\u200d" * (MANY // 2),
    "one letter, many written": "\ufdfa" * (MANY // 18),
    "han": "漢字" * (MANY // 8),
    "mixed": "a漢" * (MANY // 8),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_word_is_analysed_in_linear_time(name):
    text = ENDLESS[name]
    _, _, length = analyzer("tr").terms(text)
    assert length <= len(text)
    assert len(fold(text)) <= 18 * len(text)


def test_what_is_remembered_does_not_grow_without_end():
    this = analyzer("sv")
    for i in range(0, 150_000, 1000):
        this.terms(" ".join(f"w{n}" for n in range(i, i + 1000)))
    assert this.terms("w1 w149999")[0] == {"w1": [0], "w149999": [1]}
    assert len(this._chunks) + len(this._chunks._old) <= 2**16


def test_common_chunks_are_cut_as_the_expression_would():
    for core in ("Israel", "1990s", "27", "x", "a" * 70):
        for before in ("", "“", "(", "'", "-", "_", "…", ".", "@", "$"):
            for after in ("", "”", ",", ".", "'", "’", "-", "_", "…", ":", "%"):
                text = before + core + after
                quick, slow = list(cut(text)), list(cut(text + "\u200b"))
                assert quick == slow
