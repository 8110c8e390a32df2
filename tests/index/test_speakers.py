"""What is behind a quote's speaker: trees, names in marks, antecedents, descriptions, scare quotes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.candidates import NAMES, features, pairs
from index.marks import marked
from index.naming import is_name
from index.quotes import WINDOW, quotes
from index.ranker import model
from index.reading import Reading
from index.trees import Trees, shares

_WORDS = (
    'Ann Lee Bob Hamas Iran he she who the mayor said told reporters that , . : " “ ” „ ‘ ’ « » \n and of'
)
WORDS = st.sampled_from(_WORDS.split(" "))


def speakers(text):
    return [quote.speaker for quote in quotes(text) if quote.kind != "indirect"]


def test_a_tree_answers_level_by_level():
    stored = {
        "features": ["b", "a"],
        "trees": [{"ask": [[0, 0.5], [1, 2.0]], "leaves": [1.0, 2.0, 3.0, 4.0]}],
    }
    trees = Trees.read(stored, ["a", "b"])
    rows = np.array([[0, 0], [3, 0], [0, 1], [3, 1]], np.float32)  # columns a, b
    assert trees.score(rows).tolist() == [1.0, 2.0, 3.0, 4.0]
    with pytest.raises(KeyError):
        Trees.read(stored, ["a"])


def test_shares_of_each_group_sum_to_one():
    share = shares(np.array([1.0, 2.0, 700.0, -700.0]), np.array([0, 0, 4, 4]))
    assert share[:2].sum() == pytest.approx(1)
    assert share[2:].tolist() == pytest.approx([1, 0])


def test_the_shipped_trees_ask_only_for_features_that_are_made():
    text = "“It holds well,” Ann Lee said."
    reading = Reading(text, marked(text))
    table = features(reading, *pairs(reading))
    assert table.shape[1] == len(NAMES) > model().trees.features.max()
    assert 0.5 < model().medium <= model().high < 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It will hold this winter,” Ann Lee, 66, said on Radio One.", "Ann Lee"),
        ("“It will hold this winter,” said UCL astronomer Ann Lee.", "Ann Lee"),
        ("“It will hold this winter,” said Cork County Sheriff Ann Lee.", "Ann Lee"),
        ("House Speaker Ann Lee accused Bob Roe of “ignoring truth, evidence, data and facts”.", "Ann Lee"),
        ("Ann Lee, who met Bob Roe on Monday, called it “a great day for all of us”.", "Ann Lee"),
        ("The report was written by Ann Lee, who said “it will hold this winter”.", "Ann Lee"),
        ("“It will hold this winter,” said his father, Bob Roe.", "Bob Roe"),
        (
            "In an interview, Hamas representative in Iran Khaled Kadumi said “it will hold this winter”.",
            "Khaled Kadumi",
        ),
    ],
)
def test_a_speaker_is_found_behind_what_stands_between(text, expected):
    assert speakers(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Angela Merkel met Bob Roe in Berlin. “It will hold this winter,” she said.", "Angela Merkel"),
        ("Angela Merkel met Bob Roe in Berlin. “It will hold this winter,” he said.", "Bob Roe"),
        ("Bob Roe left Hamas behind. “It will hold this winter,” he said.", "Bob Roe"),
        (
            "Ann Lee lives near the Sheikh Jarrah neighborhood. “It will hold this winter,” she said.",
            "Ann Lee",
        ),
        (
            "Ann Lee is the mayor of Cork. Bob Roe left. “It will hold this winter,” the mayor said.",
            "Ann Lee",
        ),
        ("“It will hold this winter,” the report said.", None),
    ],
)
def test_pronouns_and_descriptions_mean_the_right_person(text, expected):
    assert speakers(text) == [expected]


def test_few_words_in_marks_are_nobodys_without_a_verb_that_reports():
    assert speakers("Israel keeps the Strip under a “complete siege” since then.") == [None]
    assert speakers("Ann Lee called it a “complete siege” on Monday.") == ["Ann Lee"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hauptorganisator ist die Bewegung „Allianz des Volkes für Demokratie“ (PAD).", True),
        ("Der Film „Sie kamen am frühen Morgen“ läuft.", True),
        ("Das „Große Goldene Ehrenzeichen der Republik Österreich“ ging an ihn.", True),
        ("Merkel sagte: „Wir haben so vieles geschafft.“", False),
        ("Er nannte das „einen schweren Fehler der Regierung“.", False),
    ],
)
def test_names_in_german_marks_are_no_quotes(text, name):
    assert [is_name(text, one) for one in marked(text)] == [name]
    assert bool(quotes(text)) is not name


def test_what_is_less_sure_has_less_confidence():
    near, far = (
        quotes("“It will hold this winter,” Ann Lee said."),
        quotes("Ann Lee came. Bob Roe left. Many were there on Monday. It “will hold this winter” in town."),
    )
    assert near[0].confidence == "high"
    assert far[0].confidence == "low"


@given(st.lists(WORDS, max_size=60))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_text_has_quotes_with_evidence_in_it(words):
    text = " ".join(words)
    for quote in quotes(text):
        assert text[quote.start : quote.end] == quote.text
        assert quote.mention is None or text[slice(*quote.mention)] == quote.as_written
        assert quote.speaker is None or quote.mention is not None


@pytest.mark.parametrize(
    "unit",
    [
        "The ",
        "he said: ",
        "Ann Lee ",
        "said that ",
        "“a b c d” ",
        "the mayor of ",
        "Ann Lee, the mayor, ",
        "„",
    ],
)
def test_garbage_takes_a_window_at_a_time(unit):
    text = unit * (2 * WINDOW // len(unit))
    assert all(text[q.start : q.end] == q.text for q in quotes(text))
