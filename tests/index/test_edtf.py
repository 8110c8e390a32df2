"""EDTF: which days a written date may be."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import edtf


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2021-05-24", date(2021, 5, 24), date(2021, 5, 24)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("1987", date(1987, 1, 1), date(1987, 12, 31)),
        ("198X", date(1980, 1, 1), date(1989, 12, 31)),
        ("2021-XX", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021-05-XX", date(2021, 5, 1), date(2021, 5, 31)),
        ("2021-05~", date(2021, 5, 1), date(2021, 5, 31)),
        ("2021-05-21/2021-06-01", date(2021, 5, 21), date(2021, 6, 1)),
        ("../2020", date.min, date(2020, 12, 31)),
        ("2020/", date(2020, 1, 1), date.max),
    ],
)
def test_edtf_names_the_days_it_may_be(text, start, end):
    found = edtf.parse(text)
    assert (found.start, found.end, found.edtf) == (start, end, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "../..",
        "yesterday",
        "2021-13",
        "2021-02-30",
        "2022/2021",
        "0000",
        "21-05",
        "2021-5",
        "２０２１",
        "20XX-05",
        "2021-XX-05",
    ],
)
def test_what_names_no_days_is_refused(text):
    with pytest.raises(ValueError, match=r"EDTF|date|open|ends"):
        edtf.parse(text)


@given(st.text(max_size=30))
def test_any_text_is_an_interval_or_a_value_error(text):
    try:
        found = edtf.parse(text)
    except ValueError:
        return
    assert found.start <= found.end


@given(st.dates(), st.dates())
def test_two_days_make_an_interval_from_the_first_to_the_last(one, other):
    first, last = sorted([one, other])
    whole = edtf.parse(f"{first}/{last}")
    assert (whole.start, whole.end) == (first, last)
