"""From a source to an article: what wins over what, the five seeds, and garbage of all kinds."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Place, Source
from index.errors import BadSource
from index.recovery import recover

TODAY = date(2026, 1, 1)
HERE = Path(__file__)
SEEDS = HERE.parents[2] / "seeds"
GOLD = json.loads((HERE.parent / "seeds-gold.json").read_text("utf-8"))["documents"]
TEXT = (
    "The harbour was closed on Monday after the storm, “and it stays closed,” Mayor Ann Lee told reporters."
)


def article(content, form="text", corrections=None, **supplied):
    source = Source("id", form, content, Place("file"), **supplied)
    return recover(source, today=TODAY, corrections=corrections)


@pytest.fixture(scope="module", params=sorted(GOLD))
def seed(request):
    gold = GOLD[request.param]
    raw = (SEEDS / gold["file"]).read_text("utf-8")
    return gold, raw, article(raw)


def test_seeds_have_the_metadata_that_they_name_and_no_other(seed):
    gold, _, found = seed
    assert (found.title and found.title.value) == gold["title"]
    assert (found.date and found.date.value.edtf) == gold["date"]
    assert (found.outlet and found.outlet.value) == gold["outlet"]
    assert found.language.value == gold["language"]


def test_of_seeds_the_rubble_goes_and_nothing_else(seed):
    gold, raw, found = seed
    body = " ".join(found.body.split())
    wanted = " ".join(raw.split())
    for rubble in gold["boilerplate"]:
        assert rubble not in body
        wanted = " ".join(wanted.replace(rubble, " ").split())
    if gold["title"]:
        wanted = " ".join(wanted.replace(gold["title"], " ").split())
    assert body == wanted


def test_seeds_have_the_right_people(seed):
    gold, _, found = seed
    names = {speaker.value for speaker in found.speakers}
    known = {v for s in gold["speakers"] for v in (s["name"], *s["variants"])}
    assert names <= known | {"Hamas"}
    assert len(names - {"Hamas"}) == len(gold["speakers"])
    assert not names & set(gold["not_speakers"])


def test_seeds_have_the_right_speaker_for_every_quote(seed):
    gold, _, found = seed
    said = {_bare(quote.text): quote.speaker for quote in found.quotes}
    known = {s["name"]: {s["name"], *s["variants"]} for s in gold["speakers"]}
    for quote in gold["quotes"]:
        if quote["speaker"] and quote["words"] > 2:
            speaker = said[_bare(quote["text"])]
            assert speaker in known.get(quote["speaker"], {quote["speaker"]})


def _bare(text):
    return re.sub(r"\s+", " ", text).strip(' .,“”"')


def test_supplied_values_win_and_say_so():
    found = article(
        TEXT, title="Storm", date="2021-05-24", outlet="The Daily", language="de", speakers=("Bob Roe",)
    )
    for field in (found.title, found.date, found.outlet, found.language, *found.speakers):
        assert (field.method, field.origin, field.confidence) == ("supplied", "supplied", "high")
    assert [s.value for s in found.speakers] == ["Bob Roe"]
    assert found.quotes[0].speaker == "Ann Lee"


def test_a_supplied_language_is_one_code_however_its_tag_is_written():
    found = article(TEXT, language=" EN-gb ").language
    assert (found.value, found.text, found.method) == ("en", "EN-gb", "supplied")
    assert article(TEXT, language="plain Scots").language.value == "plain Scots"


def test_corrections_win_over_supplied_values():
    found = article(
        TEXT, title="Strom", date="2021-05-24", corrections={"title": "Storm", "date": "2021-05-25"}
    )
    assert (found.title.value, found.title.method) == ("Storm", "corrected")
    assert (found.date.value.edtf, found.date.method, found.date.origin) == (
        "2021-05-25",
        "corrected",
        "corrected",
    )


@pytest.mark.parametrize("form", ["text", "body", "html"])
def test_every_field_can_be_corrected(form):
    right = {
        "title": "Storm",
        "date": "2021-05",
        "outlet": "The Daily",
        "language": "de",
        "speakers": "Bob Roe\nAnn Lee",
    }
    found = article(TEXT, form=form, corrections=right, title="Strom", outlet="A", speakers=("C D",))
    for field in (found.title, found.date, found.outlet, found.language, *found.speakers):
        assert (field.method, field.origin, field.confidence) == ("corrected", "corrected", "high")
    assert found.date.value.edtf == "2021-05"
    assert [found.title.value, found.outlet.value, found.language.value] == ["Storm", "The Daily", "de"]
    assert [each.value for each in found.speakers] == ["Bob Roe", "Ann Lee"]
    assert article(TEXT, form=form, corrections={"speakers": ""}, speakers=("C D",)).speakers == ()


def test_a_supplied_date_that_cannot_be_is_kept_with_its_reason_and_another_recovered():
    found = article(f"Storm closes harbour\n\n2021-05-24\n\n{TEXT}", date="0001-01-01")
    assert found.date.value.edtf == "2021-05-24"
    assert [(r.field, r.text) for r in found.refused] == [("date", "0001-01-01")]
    later = article(TEXT, date="2021-06-05", fetched=date(2021, 6, 1))
    assert later.date.origin == "body"  # "on Monday", counted from the day it was fetched
    assert "after 2021-06-01" in later.refused[0].reason


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2999, 5, 26)])
def test_a_day_of_fetching_that_cannot_be_is_none(day):
    assert article(TEXT, fetched=day) == article(TEXT)
    assert article(TEXT, date="2021-06-05", fetched=day).date.value.edtf == "2021-06-05"


def test_a_body_is_taken_as_it_is():
    body = f"Home\n\n  {TEXT}\0\n\nPost a Comment"
    found = article(body, form="body")
    assert found.body == body.replace("\0", "\ufffd")
    assert found.title is None
    quote = found.quotes[0]
    assert found.body[quote.start : quote.end] == "and it stays closed,"


def test_a_page_that_is_too_deep_for_the_extractor_loses_no_text():
    found = article("<div>" * 400 + f"<p>{TEXT}</p>" + "</div>" * 400, form="html")
    assert found.body == TEXT


def test_the_headline_of_a_page_is_not_said_again_by_its_body():
    heading = "Storm closes harbour"
    page = f"<title>{heading}</title><h1>{heading}</h1><p>{TEXT}</p><p>{TEXT[:60]} again.</p>"
    found = article(page, form="html")
    assert found.title.value == "Storm closes harbour"
    assert found.body.startswith("The harbour")


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("text", ""),
        ("text", " \n\u200b"),
        ("body", "  "),
        ("html", ""),
        ("html", "<p></p>"),
        ("html", "<script>x</script>"),
    ],
)
def test_a_source_with_neither_title_nor_body_is_refused(form, content):
    with pytest.raises(BadSource, match="neither a title nor a body"):
        article(content, form=form)
    assert article(content, form=form, title="Storm").title.value == "Storm"


WORDS = (
    "“|”|\"|‘|’|«|»|„|''|\n|\n\n| said | he said, | according to |Ann Lee|the Hamas chief|, |. |that |: |"
    "2021-05-24|May 24, 2021|03/04/2021|TEHRAN - |Monday|All Content by X is licensed under|<div>|<p>|</p>|"
    "<h1>|</h1>|<title>|<!--|&amp;|&#0;|\0|\ud800|\u200b|\xad|Ã©|PA/PA|said:|The |Mr. |al-|漢字|العربية|\x85|"
    "\v|}</script>|<meta property='og:title' content='x'>|<script type='application/ld+json'>{\"a\":"
)
PIECES = st.sampled_from(WORDS.split("|"))
GARBAGE = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=60).map("".join)


@settings(max_examples=250, deadline=None)
@given(
    GARBAGE,
    st.sampled_from(["text", "html", "body"]),
    st.none() | GARBAGE,
    st.none() | GARBAGE,
    st.none() | GARBAGE,
)
def test_garbage_gives_an_article_with_true_evidence_or_the_named_error(content, form, title, day, url):
    try:
        found = article(content, form=form, title=title, date=day, url=url, fetched=date(2021, 6, 1))
    except BadSource:
        return
    found.body.encode()
    for quote in found.quotes:
        assert found.body[quote.start : quote.end] == quote.text
        if quote.mention:
            assert found.body[slice(*quote.mention)] == quote.as_written
    for field in (found.title, found.date, found.outlet, found.language, *found.speakers):
        if field and field.start is not None:
            assert field.origin == "body"
            assert found.body[field.start : field.end] == field.text
    for field in (found.title, found.outlet):
        assert field is None or field.value.strip()
    assert found == article(content, form=form, title=title, date=day, url=url, fetched=date(2021, 6, 1))
