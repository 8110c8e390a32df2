"""What an article calls the people it quotes, in its own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Quote
from index.roles import roles


def called(body, name, as_written=None):
    quote = Quote("It holds.", 0, 9, name, as_written or name, None, "said", "direct", "high")
    return list(roles(body, [quote])[name])


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        ("Hamas envoy in Iran Khaled al-Qaddoumi came.", "Khaled al-Qaddoumi", ["Hamas envoy in Iran"]),
        ("The Iranian foreign minister Ann Lee left.", "Ann Lee", ["Iranian foreign minister"]),
        ("He met U.S. President Ann Lee.", "Ann Lee", ["U.S. President"]),
        ("Ann Lee, 43, a spokeswoman for the port, left.", "Ann Lee", ["spokeswoman for the port"]),
        ("Ann Lee, president and chief of the port, left.", "Ann Lee", ["president and chief of the port"]),
        ("Ann Lee is the mayor of Rome.", "Ann Lee", ["mayor of Rome"]),
        ("Ann Lee, the mayor who said so, left. Mayor Ann Lee is here.", "Ann Lee", ["mayor", "Mayor"]),
        ("At noon the head of the port, Ann Lee, left.", "Ann Lee", ["head of the port"]),
        ("He met the mayor, Ann Lee said.", "Ann Lee", []),
        ("It was told by Bell and Chicago Mayor Ann Lee.", "Ann Lee", ["Chicago Mayor"]),
        ("Mr. Ann Lee, speaking in Rome, left.", "Ann Lee", []),
        ("In Iran Ann Lee waited, a week in Rome, alone.", "Ann Lee", []),
        ("The mayor met Ann Lee. Ann Lee, who was late, sat.", "Ann Lee", []),
    ],
)  # fmt: skip
def test_what_stands_before_and_behind_a_name(body, name, expected):
    assert called(body, name) == expected


def test_the_words_that_a_quote_is_given_to():
    assert called("It holds, the Hamas chief said.", "Ann Lee", "the Hamas chief") == ["Hamas chief"]
    assert called("It holds, she said.", "Ann Lee", "she") == []


def test_of_people_who_are_not_quoted_nothing_is_said():
    body = "Mayor Ann Lee met Senator Bob Roe."
    assert called(body, "Ann Lee") == ["Mayor"]
    assert roles(body, [Quote("It holds.", 0, 9, None, None, None, None, "direct", "low")]) == {}


TEXTS = st.text(st.sampled_from("aA .,-U\n“’") | st.characters(exclude_categories=["Cs"]), max_size=60)


@given(TEXTS, TEXTS, st.text(max_size=8), TEXTS)
def test_any_text_has_phrases_of_its_own_or_none(before, behind, name, as_written):
    body = f"{before}{name}{behind}"
    for phrase in called(body, name, as_written):
        assert phrase.split()
        assert phrase in " ".join(f"{body} {as_written}".split())
