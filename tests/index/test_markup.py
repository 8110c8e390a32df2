"""HTML as it comes, and what is read from it."""

from datetime import date

import pytest

from index import markup
from index.metadata import markup_date
from index.metadata import outlet as outlets
from index.metadata import title as titles

TODAY = date(2026, 1, 1)
TEXT = "The harbour was closed on Monday after the storm, the mayor of the town told reporters. " * 4


def read(html, url=None):
    return markup.read(html, url, TODAY)


@pytest.mark.parametrize(
    "html", ["", "  ", "\0", "<", "<html", "<!--", "<div><div>", "<![CDATA[", "</p></p>"]
)
def test_a_broken_page_has_no_text_and_raises_nothing(html):
    parts = read(html)
    assert parts.text in {None, "<"}
    assert parts.date is None


def test_text_is_found_at_any_depth_of_nesting():
    page = "<div>" * 2000 + f"<p>{TEXT}</p>"
    assert TEXT.strip() in markup.visible(page)


def test_text_behind_the_limit_is_not_read():
    assert markup.visible("x" * (markup.LIMIT + 10)) == "x" * markup.LIMIT


def test_entities_are_not_expanded_beyond_what_html_knows():
    bomb = "<!DOCTYPE x [<!ENTITY a 'haha'><!ENTITY b '&a;&a;&a;&a;'>]>"
    assert len(markup.visible(f"{bomb}<p>&b;&amp;</p>")) < 20


def test_hidden_text_is_not_seen():
    page = "<style>a{}</style><script>var x</script><template>t</template><p>seen <b>too</b></p>"
    assert markup.visible(page) == "seen too"


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<title>Storm closes harbour | The Daily</title>", "", "Storm closes harbour"),
        (
            "<title>The Daily - Storm closes harbour for a week</title>",
            "",
            "Storm closes harbour for a week",
        ),
        (
            "<title>Storm closes harbour – The Daily</title>",
            "<h1>The Daily</h1><h1>Storm closes harbour</h1>",
            "Storm closes harbour",
        ),
        (
            "<meta property=og:title content='Storm closes harbour'>",
            "<h1>Weather<br>Storm closes harbour</h1>",
            "Storm closes harbour",
        ),
        (
            '<script type="application/ld+json">{"@graph":[{"headline":"Storm &amp; harbour"}]}</script>',
            "",
            "Storm & harbour",
        ),
        ("", "<h1>Storm</h1>", "Storm"),
    ],
)
def test_the_headline_is_read_without_the_name_of_the_site(head, heading, title):
    parts = read(f"<html><head>{head}</head><body>{heading}<p>{TEXT}</p></body></html>")
    sites = frozenset(map(titles.squeezed, outlets.site_names(parts, "https://thedaily.example/a")))
    found = titles.marked_up(parts, sites)
    assert found.value == title
    assert found.origin == "markup"


def test_a_page_without_a_headline_has_none():
    assert titles.marked_up(read(f"<p>{TEXT}</p>"), frozenset()) is None


@pytest.mark.parametrize(
    ("head", "url", "edtf", "confidence"),
    [
        (
            "<meta property=article:published_time content='2021-05-24T23:30:00-07:00'>",
            None,
            "2021-05-24",
            "medium",
        ),
        (
            '<script type="application/ld+json">{"datePublished":"2021-05-24"}</script>',
            None,
            "2021-05-24",
            "medium",
        ),
        ("", "https://example.org/2021/05/24/storm", "2021-05-24", "high"),
        ("<meta property=article:published_time content='2051-05-24'>", None, None, None),
        ("", None, None, None),
    ],
)
def test_the_day_is_read_from_markup_and_address(head, url, edtf, confidence):
    parts = read(f"<html><head>{head}</head><body><p>{TEXT}</p></body></html>", url)
    found = markup_date.marked_up(parts, url, TEXT, TODAY)
    assert (found and found.value.edtf, found and found.confidence) == (edtf, confidence)


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ("<meta property=og:site_name content='The Daily'>", "The Daily"),
        ('<script type="application/ld+json">[{"publisher":{"name":"The Daily"}}]</script>', "The Daily"),
        ('<script type="application/ld+json">{"publisher":[{"name":"The Daily"}]}</script>', "The Daily"),
        ('<script type="application/ld+json">{"publisher": broken</script>', None),
        ("", None),
    ],
)
def test_the_outlet_is_read_from_markup(head, outlet):
    found = outlets.marked_up(read(f"<html><head>{head}</head><body><p>{TEXT}</p></body></html>"))
    assert (found and found.value) == outlet
