"""Outlets: who published it, not who was spoken to."""

import pytest

from index.cleaning import clean
from index.metadata.outlet import addressed, outlet
from index.outlets import OutletSpellings, fold

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
        ("", None),
    ],
)
def test_an_outlet_is_one_that_the_text_names_as_its_own(text, name):
    found = outlet(clean(text))
    assert (found and found.value) == name


def test_a_host_is_known_with_low_confidence():
    assert (
        addressed("https://www.example.org/a").value,
        addressed("https://www.example.org/a").confidence,
    ) == (
        "example.org",
        "low",
    )
    assert addressed(None) is addressed("no url") is addressed("http://[bad") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CNN", "CNN (Web News)"),
        ("The Guardian", "guardian"),
        ("Press TV", "PressTV"),
        ("BBC", "www.bbc.co.uk"),
        ("Le Télégramme", "le telegramme"),
    ],
)
def test_spellings_of_one_outlet_fold_to_one(one, other):
    assert fold(one) == fold(other)


def test_the_canonical_outlet_is_the_one_used_most():
    outlets = OutletSpellings({"CNN (Web News)": 1, "CNN": 5, "cnn": 2, "BBC": 9})
    assert outlets.canonical("cnn.com") == "CNN"
    assert outlets.matching("Cnn") == {"CNN (Web News)", "CNN", "cnn"}
    assert outlets.canonical("Fox") == "Fox"
    assert outlets.matching("Fox") == frozenset()
