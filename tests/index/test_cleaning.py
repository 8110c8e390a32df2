"""Raw text as it arrives, and the body that is left of it."""

import pytest

from index.cleaning import Page, clean, repair, storable

PARAGRAPH = "The harbour was closed on Monday after the storm, the mayor of the town told reporters."
NEXT = "Ferries are expected to sail again on Tuesday, although the northern pier will remain shut."


@pytest.mark.parametrize(
    ("raw", "repaired"),
    [
        ("naÃ¯ve cafÃ©", "naïve café"),
        ("â€œIt holds,â€\x9d she said", "“It holds,” she said"),
        ("co\xadoperation\u200b now\ufeff", "cooperation now"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # Persian is written with this joiner
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("e\u0301", "é"),
        ("a\0b\ud800c\x07", "abc "),
        ("``It holds,'' she said of the '90s", '"It holds," she said of the \'90s'),
    ],
)
def test_characters_are_repaired(raw, repaired):
    assert repair(raw) == repaired


def test_text_taken_as_it_is_keeps_its_offsets():
    assert storable("a\0b\ud800c") == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    "rubble",
    [
        "Home",
        "Post a Comment",
        "No comments:",
        "Back to top button",
        "Share this on Facebook",
        "© 2021 The Daily. All rights reserved.",
        "Subscribe to our newsletter",
    ],
)
def test_rubble_goes_and_paragraphs_stay(rubble):
    page = clean(f"{PARAGRAPH}\n\n{NEXT}\n\n{rubble}")
    assert page.body == f"{PARAGRAPH}\n{NEXT}"
    assert [line.text for line in page.lines if line.start is None] == [rubble]


def test_a_page_without_a_paragraph_is_kept_whole():
    assert clean("Home\n\nSports\n\nContact").body == "Home\nSports\nContact"


def test_nothing_gives_an_empty_page():
    assert clean("").body == clean(" \n\u200b\n").body == ""


def test_a_paragraph_wrapped_by_hand_is_one_line():
    wrapped = (
        "The harbour was closed on Monday after the storm, the mayor of\n"
        "the town told reporters, and ferries are expected to sail\n"
        "again on Tuesday morning."
    )
    assert clean(wrapped).body == wrapped.replace("\n", " ")


def test_a_licence_behind_the_last_sentence_is_taken_off_with_the_initials_of_the_desk():
    page = clean(
        f"{PARAGRAPH}  PA/PA   All Content by Mehr News Agency is licensed under a Creative Commons License."
    )
    assert page.body == PARAGRAPH
    assert [line.text for line in page.lines[1:]] == [
        "PA/PA",
        "All Content by Mehr News Agency is licensed under a Creative Commons License.",
    ]


def test_a_menu_longer_than_the_article_goes():
    menu = "\n\n".join(f"Section {n}" for n in range(60))
    page = clean(f"{menu}\n\n{PARAGRAPH}\n\n{NEXT}\n\n{menu}")
    assert page.body == f"{PARAGRAPH}\n{NEXT}"


def test_offsets_of_lines_count_in_the_body():
    page = Page.of([("menu", False), ("Ä first", True), ("ad", False), ("second", True)])
    assert [page.body[line.start :][: len(line.text)] for line in page.lines if line.start is not None] == [
        "Ä first",
        "second",
    ]
    assert page.without([1]).body == "second"
    assert page.found("x", 3, (0, 3), "m", "low").text == "sec"
    assert page.found("x", 0, (0, 4), "m", "low").origin == "removed"
