"""Input as archives have it: each piece gives a value, null, or the named error, and loses no words."""

from datetime import date

import pytest

from index import sources
from index.article import Place, Source
from index.errors import BadSource
from index.recovery import recover
from index.sources import Notes

TODAY = date(2026, 1, 1)
LIMIT = 5_000_000
TEXT = (
    "The harbour was closed on Monday after the storm, “and it stays closed,” Mayor Ann Lee said.\n\n"
    "Ferries are expected to sail again on Tuesday, although the northern pier will remain shut for a week."
)
GERMAN = (
    "Der Hafen wurde am Montag nach dem Sturm geschlossen, sagte die Bürgermeisterin der Stadt.\n\n"
    "Die Fähren fahren voraussichtlich am Dienstag wieder, obwohl der nördliche Pier gesperrt bleibt."
)
ARABIC = (
    "أغلق الميناء يوم الاثنين بعد العاصفة، وقالت رئيسة البلدية للصحفيين إنه سيبقى مغلقا حتى إشعار آخر.\n\n"
    "ومن المتوقع أن تبحر العبارات مرة أخرى يوم الثلاثاء، رغم أن الرصيف الشمالي سيبقى مغلقا لمدة أسبوع."
)


def article(content, form="text", **supplied):
    return recover(Source("id", form, content, Place("file"), **supplied), today=TODAY)


def read(path):
    """Return what comes of a file: articles and errors."""
    return [
        each if isinstance(each, BadSource) else recover(each.source, today=TODAY)
        for each in sources.read([path], limit=LIMIT, notes=Notes())
    ]


def words(text):
    return text.split()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("declared", [None, "utf-8", "windows-1252", "no-such-charset"])
def test_a_page_is_read_whatever_charset_it_is_in_and_claims_to_be_in(tmp_path, encoding, declared):
    meta = f"<meta charset='{declared}'>" if declared else ""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in GERMAN.split("\n\n"))
    page = (
        f"<html><head>{meta}<title>Hafen für Wochen gesperrt</title></head><body>{paragraphs}</body></html>"
    )
    path = tmp_path / "page.html"
    path.write_bytes(page.encode(encoding))
    (found,) = read(path)
    assert words(found.body) == words(GERMAN)
    assert found.title.value == "Hafen für Wochen gesperrt"
    assert found.language.value == "de"


def test_mojibake_is_undone():
    found = article(f"Hafen für Wochen gesperrt\n\n{GERMAN}".encode().decode("cp1252"))
    assert (found.title.value, words(found.body)) == ("Hafen für Wochen gesperrt", words(GERMAN))
    twice = TEXT.encode().decode("cp1252", "replace")
    found = article(twice.encode().decode("latin-1"))
    assert "harbour was closed" in found.body


def test_soft_hyphens_and_zero_width_characters_part_no_words():
    found = article(TEXT.replace("harbour", "har\xadbour").replace("closed", "clo\u200bsed\u2060"))
    assert words(found.body) == words(TEXT)
    assert [(quote.text, quote.speaker) for quote in found.quotes] == [("and it stays closed,", "Ann Lee")]


def test_joiners_and_marks_of_direction_that_words_are_written_with_stay():
    persian = "شهردار گفت که بندر را پس از طوفان می\u200cبندند و تا اطلاع بعدی بسته می\u200cماند."
    assert article(persian).body == persian


@pytest.mark.parametrize("headline", ["إغلاق الميناء بعد العاصفة", None])
def test_text_from_right_to_left_has_its_title_and_language(headline):
    found = article(f"{headline}\n\n{ARABIC}" if headline else ARABIC)
    assert words(found.body) == words(ARABIC)
    assert found.language.value == "ar"
    assert (found.title and found.title.value) == headline


def test_of_two_headlines_one_is_the_title_and_the_other_is_not_lost():
    one, other = "Storm closes the harbour for a week", "Mayor says ferries will sail on Tuesday"
    found = article(f"{one}\n\n{other}\n\n{TEXT}")
    kept = [found.title.value, found.body, *(each.text for each in found.refused)]
    assert found.title.value in {one, other}
    assert all(any(headline in text for text in kept) for headline in (one, other))


def test_a_text_in_two_languages_has_one_of_them_or_none():
    found = article(f"{TEXT}\n\n{GERMAN}")
    assert found.language.value in {"en", "de", "und"}
    assert words(found.body) == words(f"{TEXT}\n\n{GERMAN}")


def test_a_page_that_is_only_rubble_is_kept_and_nothing_is_made_up():
    links = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(40))
    page = f"<html><body><nav><ul>{links}</ul></nav><footer>© 2021 Example</footer></body></html>"
    found = article(page, form="html")
    assert "Section 7" in found.body
    assert (found.title, found.date, found.quotes, found.speakers) == (None, None, (), ())


@pytest.mark.parametrize("name", ["long.txt", "long.html", "long.jsonl"])
def test_50_megabytes_on_one_line_are_refused_by_name_and_the_next_input_is_read(tmp_path, name):
    line = b"a harbour " * 5_000_000
    if name.endswith("jsonl"):
        (tmp_path / name).write_bytes(b'{"id":"1","body":"%s"}\n{"id":"2","body":"A harbour."}\n' % line)
    else:
        (tmp_path / name).write_bytes(line)
        (tmp_path / "next.txt").write_text(TEXT, "utf-8")
    refused, after = read(tmp_path)
    assert isinstance(refused, BadSource)
    assert f"larger than {LIMIT:,} bytes" in refused.reason
    assert after.body


@pytest.mark.parametrize("letters", ["a", "“", "<p>", "2021-05-24 ", "&amp;", "漢", ". "])
@pytest.mark.parametrize("form", ["text", "html"])
def test_a_long_line_of_the_same_is_a_value(letters, form):
    try:
        found = article(letters * 4_000, form=form)
    except BadSource:
        return
    assert len(found.body) + len(found.title.value if found.title else "") > 0
    assert found.quotes == ()


def test_what_was_removed_from_a_page_is_still_evidence():
    page = (
        "<html><body><header><ul><li><a href='/'>Home</a></li><li><a href='/b'>World</a></li></ul></header>"
        f"<article>{''.join(f'<p>{paragraph}</p>' for paragraph in TEXT.split(chr(10) * 2) * 2)}</article>"
        "<footer><p>Copyright © 2021 The Example Times, LLC. All rights reserved.</p></footer></body></html>"
    )
    found = article(page, form="html")
    assert "Copyright" not in found.body
    assert (found.outlet.value, found.outlet.origin, found.outlet.start) == (
        "The Example Times",
        "removed",
        None,
    )
    assert found.outlet.text == "The Example Times"
