"""Request targets are read strictly: what cannot be read is a fault, never another text."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.http import target


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("/v1/articles/a%2Fb?x=%2F", "/v1/articles/a%2Fb"),
        ("/v1/articles/https%3A%2F%2Fexample.org%2F", "/v1/articles/https%3A%2F%2Fexample.org%2F"),
        ("/v1/articles/https://example.org", "/v1/articles/https://example.org"),
        ("http://localhost/healthz?", "/healthz"),
        ("http://localhost", "/"),
        ("//v1/search", "//v1/search"),
    ],
)
def test_a_path_stays_as_it_was_sent(uri, path):
    assert target.path(uri) == path


@pytest.mark.parametrize("text", ["%ff%fe", "%ed%a0%80", "a%00b", "%zz", "100%", "%2", "ü", "%C3"])
def test_what_is_not_percent_encoded_utf_8_is_refused(text):
    with pytest.raises(ValueError, match=r"^(has|is not)"):
        target.decoded(text)
    read, faults = target.pairs(f"q=ok&outlet={text}")
    assert read == [("q", "ok")]
    assert [fault.parameter for fault in faults] == ["outlet"]


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_what_was_encoded_comes_back(text):
    assert target.decoded(quote(text, safe="")) == text


@given(st.text(max_size=60))
def test_any_query_string_gives_pairs_or_faults(text):
    read, faults = target.pairs(text)
    assert len(read) + len(faults) == len([piece for piece in text.split("&") if piece])


def test_links_lead_back_to_the_same_pairs():
    values = {"q": "“peace” & talks+", "speaker": ("-A, B", "C"), "limit": 5, "highlight": False}
    link = target.link("/v1/search", values)
    assert target.pairs(link.partition("?")[2]) == (
        [
            ("q", "“peace” & talks+"),
            ("speaker", "-A, B"),
            ("speaker", "C"),
            ("limit", "5"),
            ("highlight", "false"),
        ],
        [],
    )


def test_a_link_that_gunicorn_would_refuse_is_not_handed_out():
    assert target.link("/v1/search", {"q": "ی" * 700}) is None
