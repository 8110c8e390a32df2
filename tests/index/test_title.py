"""Headlines of plain text: taken where one stands, never made up."""

import pytest

from index.cleaning import clean
from index.metadata.title import title

TEXT = """The harbour of the town was closed on Monday after the storm, the mayor told reporters on the pier.
Ferries to the islands are expected to sail again on Tuesday, although the northern pier will remain shut.
"""


@pytest.mark.parametrize(
    ("head", "headline"),
    [
        ("Storm closes harbour", "Storm closes harbour"),
        ("Home\n\nWeather\n\nStorm closes harbour\n\nBy Ann Lee\n\n24 May 2021", "Storm closes harbour"),
        ("Storm Closes Harbour for a Week.", "Storm Closes Harbour for a Week"),
        ("Storm closes harbour; \nFerries stay in port", "Storm closes harbour; Ferries stay in port"),
        ("STORM CLOSES HARBOUR AGAIN", "STORM CLOSES HARBOUR AGAIN"),
        ("Home » Weather » Storm closes the harbour", "Storm closes the harbour"),
        ("24.05.2021 | Storm closes the harbour again", "Storm closes the harbour again"),
    ],
)
def test_a_headline_above_the_body_is_taken_off(head, headline):
    found, page, _ = title(clean(f"{head}\n\n{TEXT}"))
    assert found.value == headline
    assert found.origin == "removed"
    assert page.body == TEXT.strip()


def test_of_two_headlines_the_other_is_kept_with_its_reason():
    found, _, refused = title(
        clean(f"Storm closes harbour of the town\n\nMayor keeps the harbour of the town closed\n\n{TEXT}")
    )
    assert {found.value, *(one.text for one in refused)} == {
        "Storm closes harbour of the town",
        "Mayor keeps the harbour of the town closed",
    }
    assert {one.field for one in refused} == {"title"}


def test_a_headline_that_stands_twice_is_taken_off_twice():
    found, page, _ = title(
        clean(f"Storm closes harbour\n\n2024-02-07 17:20:20\nStorm closes harbour\n\n{TEXT}")
    )
    assert found.value == "Storm closes harbour"
    assert "Storm closes" not in page.body


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "The official said the operations have confounded the navy.\n" + TEXT,
        "Saturday, January 5, 2019\n\n" + TEXT,
        "TEHRAN - " + TEXT,
        "One line only",
        "",
    ],
)
def test_none_is_made_up(text):
    found, page, _ = title(clean(text))
    assert found is None
    assert page == clean(text)
