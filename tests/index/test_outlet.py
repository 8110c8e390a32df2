"""Outlets: who published it, not who was spoken to."""

from datetime import date

import pytest

from index.article import Place, Source
from index.cleaning import clean
from index.metadata.imprint import imprint
from index.metadata.outlet import addressed
from index.outlets import OutletSpellings, fold
from index.recovery import recover

TEXT = "The harbour of the town was closed on Monday after the storm, the mayor told reporters on the pier."


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            f"{TEXT}  All Content by Mehr News Agency is licensed under a Creative Commons License.",
            "Mehr News Agency",
        ),
        (f"According to the foreign policy group of rahnam news agency, {TEXT}", "rahnam news agency"),
        (f"In an interview with Press TV on Monday, he spoke. {TEXT}", None),
        (f"According to al Jazeera, thousands of people celebrated. {TEXT}", None),
        (f"{TEXT} According to the group of rahnam news agency, it rained.", None),
        (f"LONDON, May 24 (Reuters) - {TEXT}", "Reuters"),
        (f"TEHRAN, May 24 (MNA) – {TEXT}", "Mehr News Agency"),
        (f"MOSCOW, May 24. /TASS/. {TEXT}", "TASS"),
        (f"Washington (CNN) {TEXT}", "CNN"),
        (f"The Institute of Nautical Archaeology (INA) {TEXT}", None),
        (f"{TEXT}\n\nCopyright © 2019 The Example Times, LLC. Click here for reprints.", "The Example Times"),
        (f"{TEXT}\n\n© 2019 Example Media Holdings. All rights reserved.", None),
        (f"{TEXT}\n\n© 2019 by Example Features Syndicate, Inc.", None),
        (
            f"{TEXT}\n\nExample News' Jane Roe and The Associated Press contributed to this report.",
            "Example News",
        ),
        (f"{TEXT}\n\nThe Associated Press contributed to this report.", None),
        (f"Harbour reopens\n\nJane Roe\n\nUSA TODAY\n\n{TEXT}\n\n{TEXT}", "USA Today"),
        (f"Home\nLatest News\nBusiness News\n\n{TEXT}\n\n{TEXT}", None),
        (f"Copyright 2019 The Associated Press. All rights reserved.\n\n{TEXT}", None),
        (f"Enlarge this image Jane Roe/NPR Jane Roe/NPR\n\n{TEXT}\n\n{TEXT}", "NPR"),
        (f"The pier on Monday. Jane Roe for The New York Times\n\n{TEXT}\n\n{TEXT}", "The New York Times"),
        (f"The pier on Monday. Jane Roe/Reuters\n\n{TEXT}\n\n{TEXT}", None),
        (f"An ABC News/Washington Post poll found so. {TEXT}", None),
        (f"{TEXT}\n\nWith additional reporting by NPR's Jane Roe.", "NPR"),
        (f"{TEXT}\n\nEditor's note: The harbour is among NPR's sponsors.", "NPR"),
        (f"“It stays closed.”\n\nJane Roe, Politico\n\n{TEXT}", None),
        (f"{TEXT} He told Fox News that a CNN poll was wrong.", None),
        ("", None),
    ],
)
def test_an_outlet_is_one_that_the_text_names_as_its_own(text, name):
    found = imprint(clean(text))
    assert (found and found.value) == name


@pytest.mark.parametrize(
    ("url", "text", "name", "level"),
    [
        ("https://www.nytimes.com/a", TEXT, "The New York Times", "high"),
        ("https://thecaucus.blogs.nytimes.com/a", TEXT, "The New York Times", "high"),
        ("https://exampletimes.co.uk/a", f"{TEXT} Join the Example Times today.", "Example Times", "medium"),
        ("https://www.example.org/a", f"{TEXT} For example, this.", "example.org", "medium"),
        ("https://someone.blogspot.com/a", TEXT, "someone.blogspot.com", "low"),
    ],
)
def test_an_address_names_its_outlet(url, text, name, level):
    found = addressed(url, text)
    assert (found.value, found.confidence, found.origin) == (name, level, "url")


@pytest.mark.parametrize("url", [None, "no url", "http://[bad", "http://localhost/a"])
def test_what_is_no_address_names_nothing(url):
    assert addressed(url) is None


def article(text, url):
    return recover(Source("id", "text", text, Place("file"), url=url), today=date(2026, 1, 1))


def test_a_dispatch_of_an_agency_is_of_the_outlet_that_printed_it_and_the_agency_is_kept():
    found = article(f"LONDON (Reuters) - {TEXT}", "https://www.example.org/a")
    assert found.outlet.value == "example.org"
    assert [(each.field, each.text) for each in found.refused] == [("outlet", "Reuters")]
    assert "example.org" in found.refused[0].reason


def test_a_site_that_carries_others_is_not_believed_over_the_words():
    found = article(f"LONDON (Reuters) - {TEXT}", "https://someone.blogspot.com/a")
    assert found.outlet.value == "Reuters"


def test_the_evidence_is_the_words_as_they_stand():
    found = article(f"LONDON (AP) - {TEXT}", None)
    assert found.outlet.value == "Associated Press"
    assert found.body[found.outlet.start : found.outlet.end] == found.outlet.text == "AP"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CNN", "CNN (Web News)"),
        ("The Guardian", "guardian"),
        ("Press TV", "PressTV"),
        ("BBC", "www.bbc.co.uk"),
        ("Le Télégramme", "le telegramme"),
        ("AP", "The Associated Press"),
        ("New York Times - Opinion", "nytimes.com"),
        ("Fox Online News", "FOXNews.com"),
        ("NBC News (Online)", "NBC (Web News)"),
        ("The Hill", "www.thehill.com"),
        ("CNN", "politicalticker.blogs.cnn.com"),
    ],
)
def test_spellings_of_one_outlet_fold_to_one(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Daily News", "The Daily"),
        ("The Times", "The New York Times"),
        ("Sky News", "BBC News"),
        ("ABC", "ABC Australia"),
    ],
)
def test_outlets_that_are_two_stay_two(one, other):
    assert fold(one) != fold(other)


def test_the_canonical_outlet_is_the_one_used_most():
    outlets = OutletSpellings({"CNN (Web News)": 1, "CNN": 5, "cnn": 2, "BBC": 9})
    assert outlets.canonical("cnn.com") == "CNN"
    assert outlets.matching("Cnn") == {"CNN (Web News)", "CNN", "cnn"}
    assert outlets.canonical("Fox") == "Fox"
    assert outlets.matching("Fox") == frozenset()
