"""Dates: supplied, printed on a page, and those that are none."""

from datetime import date
from itertools import pairwise

import pytest

from index.article import Found, Refused
from index.cleaning import clean
from index.edtf import parse
from index.metadata.date import published
from index.metadata.markup_date import checked
from index.metadata.supplied_date import read, supplied
from index.metadata.written import days

TODAY = date(2026, 1, 1)
TEXT = "The harbour was closed after the storm, the mayor of the town told reporters on the pier.\n" * 3


@pytest.mark.parametrize(
    ("written", "edtf"),
    [
        ("2021-05-24", "2021-05-24"),
        ("2021-05", "2021-05"),
        ("2021", "2021"),
        ("2021-05-21/2021-06-01", "2021-05-21/2021-06-01"),
        ("2021-05-24T23:30:00Z", "2021-05-24"),
        ("2021-05-24T23:30:00.123+03:00", "2021-05-24"),
        ("2021-05-24 23:30", "2021-05-24"),
        ("20210524", "2021-05-24"),
        ("20210524T233000Z", "2021-05-24"),
        ("Mon, 24 May 2021 23:30:00 -0700", "2021-05-24"),
        ("May 24, 2021", "2021-05-24"),
        ("24. Mai 2021", "2021-05-24"),
        ("24 de mayo de 2021", "2021-05-24"),
        ("24.05.2021", "2021-05-24"),
        ("24/05/2021", "2021-05-24"),
        ("05/24/2021", "2021-05-24"),
        ("05/05/2021", "2021-05-05"),
        ("26-FEB-1987 15:01:01.79", "1987-02-26"),
        ("February 2024", "2024-02"),
        ("2021年5月24日", "2021-05-24"),
    ],
)
def test_a_supplied_date_is_the_day_as_written(written, edtf):
    found = supplied(written, TODAY)
    assert isinstance(found, Found)
    assert (found.value.edtf, found.text, found.origin) == (edtf, written, "supplied")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("0001-01-01", "before 1450"),
        ("0001-01-01T00:00:00Z", "before 1450"),
        ("2031-01-01", "after 2026-01-01"),
        ("03/04/2021", "may be 2021-04-03 or 2021-03-04"),
        ("2021-02-30", "not a date"),
        ("yesterday", "cannot be read"),
        ("soon", "cannot be read"),
        ("12", "cannot be read"),
        ("2021-05-24 and 2021-05-25", "more than one day"),
        ("9" * 5000, "too long"),
    ],
)
def test_a_supplied_date_that_cannot_be_is_refused_with_the_reason(written, reason):
    refused = supplied(written, TODAY)
    assert isinstance(refused, Refused)
    assert reason in refused.reason
    assert refused.text == written


def test_a_year_alone_and_a_reading_are_apart():
    assert read("1999") == parse("1999")
    with pytest.raises(ValueError, match="cannot be read"):
        read("no date")


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Miércoles, 04 de Mayo de 2022", ["2022-05-04"]),
        ("2. Februar 20202. Februar 2020 Alexander", ["2020-02-02"]),
        ("By Ann Lee/June 12, 2020 9:49 am EST/Updated: Aug. 18, 2020", ["2020-06-12", "2020-08-18"]),
        ("192.168.1.2021", []),
        ("in May", []),
    ],
)
def test_days_are_read_where_they_stand(line, written):
    found = list(days(line))
    assert [w.day.isoformat() for w in found] == written
    assert all(a.end <= b.start for a, b in pairwise(found))


def on_page(head, tail="", language="en", anchor=None, headline=None):
    return published(clean(f"{head}\n\n{TEXT}{tail}"), headline, TODAY, language, anchor)[0]


@pytest.mark.parametrize(
    ("head", "language", "edtf"),
    [
        ("2021-05-24 17:20:20", "en", "2021-05-24"),
        ("Published: May 24, 2021 at 9:06 a.m. | Updated: May 25, 2021", "en", "2021-05-24"),
        ("By Ann Lee, 24 May 2021", "en", "2021-05-24"),
        ("von Redaktion, 24. Mai 2021", "de", "2021-05-24"),
        ("24/05/2021 16h45", "pt", "2021-05-24"),
        ("03/04/2021 16h45", "pt", "2021-04-03"),
        ("03/04/2021", "en", None),
        ("03/04/2021", "de", None),  # Germans write 3.4.2021: a program wrote this, whoever made it
        ("Updated 2031-05-24", "en", None),
        ("© 2021-05-24", "en", None),
    ],
)
def test_a_printed_line_is_the_date_of_publication(head, language, edtf):
    found = on_page(head, language=language)
    assert (found and found.value.edtf) == edtf


@pytest.mark.parametrize(
    "sentence",
    [
        "He was killed in a strike near the airport on January 3, 2020, the officials have said since then.",
        "The strip has been under a blockade since June 2007, and the war of 2006 changed nothing about it.",
        "It began on October 7 after the operation, which was carried out on the Thursday before the feast.",
    ],
)
def test_a_date_inside_a_sentence_never_is(sentence):
    assert on_page("", sentence, anchor=None) is None


def test_a_dateline_with_a_year_is_a_day():
    body = "TEHRAN, May 24, 2021 (MNA) – The harbour was closed after the storm, the mayor of the town said."
    found, _ = published(clean(body), None, TODAY, "en", None)
    assert (found.value.edtf, found.method, found.text) == ("2021-05-24", "dateline", "May 24, 2021")


@pytest.mark.parametrize(
    ("text", "edtf", "method"),
    [
        (
            "LONDON, Dec 24 (Reuters) - The harbour was closed after the storm, the mayor said.",
            "2020-12-24",
            "dateline",
        ),
        (
            "The harbour was closed on Monday after the storm, the mayor of the town said.",
            "2021-05-31",
            "relative-weekday",
        ),
        (f"3 hours ago\n\n{TEXT}", "2021-06-01", "relative"),
        (f"2 days ago\n\n{TEXT}", "2021-05-30", "relative"),
    ],
)
def test_what_is_relative_needs_an_anchor(text, edtf, method):
    page = clean(text)
    assert published(page, None, TODAY, "en", None)[0] is None
    found, _ = published(page, None, TODAY, "en", date(2021, 6, 1))
    assert (found.value.edtf, found.method) == (edtf, method)


def test_of_two_lines_the_one_beside_the_headline_counts():
    page = clean(f"Monday, 7 June 2021\n\nHome\n\nStorm closes harbour\n\n24 May 2021\n\n{TEXT}")
    found, refused = published(page, "Storm closes harbour", TODAY, "en", None)
    assert found.value.edtf == "2021-05-24"
    assert [(one.text, one.reason) for one in refused] == [("7 June 2021", "another date stands nearer")]


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        ("Updated 2031-05-24", "2031-05-24", "is after 2026-01-01"),
        ("03/04/2021", "03/04/2021", "may be 2021-04-03 or 2021-03-04"),
    ],
)
def test_a_printed_date_that_is_not_taken_is_kept_with_its_reason(line, text, reason):
    found, refused = published(clean(f"{line}\n\n{TEXT}"), None, TODAY, "en", None)
    assert found is None
    assert [(one.field, one.text, one.reason) for one in refused] == [("date", text, reason)]


@pytest.mark.parametrize(
    ("opening", "edtf"),
    [
        ("24.05.2021 „Der Hafen bleibt geschlossen“, sagte", "2021-05-24"),
        ("Press release of 24 May 2021 | Berlin – The", "2021-05-24"),
        ("January 3, 2020 was the day on which", None),
        ("On January 3, 2020, as everybody knows,", None),
    ],
)
def test_a_date_set_off_before_the_first_sentence_counts_and_one_in_it_does_not(opening, edtf):
    text = f"Storm closes harbour\n\n{opening} {TEXT}"
    found, _ = published(clean(text), "Storm closes harbour", TODAY, "de", None)
    assert (found and found.value.edtf) == edtf


GUESS = Found(parse("2021-05-20"), method="htmldate", confidence="medium", origin="markup", text="2021-05-20")


@pytest.mark.parametrize(
    ("printed", "edtf", "confidence"),
    [
        ("Published: 20 May 2021", "2021-05-20", "medium"),
        ("Published: 24 May 2021", "2021-05-24", "medium"),
        ("no date at all", "2021-05-20", "low"),
    ],
)
def test_a_guess_is_held_against_what_the_page_prints(printed, edtf, confidence):
    page = clean(f"Storm closes harbour\n\n{printed}\n\n{TEXT}")
    found, refused = checked(GUESS, page, "Storm closes harbour", TODAY)
    assert (found.value.edtf, found.confidence) == (edtf, confidence)
    assert bool(refused) == (edtf != "2021-05-20")
