"""A reader finds what was printed, as a reader types it."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import pytest
import Stemmer
from whoosh import fields, highlight, query
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import QueryParser

from index.analysis import VERSION, analyze_pattern, analyzer, is_half, languages


def _steps(language: str, text: str) -> list[set[str]]:
    """The terms of a text, position by position, without the words joined from parts."""
    steps = []
    for _, group in groupby(analyzer(language).tokens(text), lambda token: token.position):
        tokens = list(group)
        steps.append({token.term for token in tokens if token.end == tokens[0].end})
    return steps


def found(language: str, text: str, typed: str) -> bool:
    """Whether the words typed stand side by side in the text, or stand there as one word."""
    terms, _, _ = analyzer(language).terms(text)
    steps = _steps(language, typed)
    places = [{place for term in step for place in terms.get(term, ())} for step in steps]
    in_order = any(all(start + i in step for i, step in enumerate(places)) for start in places[0])
    joined = analyzer(language).terms(typed)[0].keys() - set().union(*steps)
    return in_order or not joined.isdisjoint(terms)


PRINTED_AND_TYPED = [
    # case, accents, width
    ("en", "ISRAELI FORCES", "israeli forces"),
    ("fr", "La RÉSISTANCE palestinienne", "résistance"),
    ("fr", "La résistance palestinienne", "resistance"),
    ("fr", "La resistance palestinienne", "résistance"),
    ("fr", "des réfugiés", "refugies"),
    ("fr", "des refugies", "réfugiés"),
    ("fr", "des réfugiés", "réfugié"),
    ("en", "Beyoncé sang", "beyonce"),
    ("en", "Beyonce sang", "Beyoncé"),
    ("en", "re\u0301sume\u0301", "résumé"),
    ("en", "ＡＢＣ ｎｅｗｓ", "abc news"),
    ("en", "the ﬁnal ofﬁce", "final office"),
    # letters with marks of their own, typed with and without
    ("tr", "İSTANBUL'DA", "istanbul"),
    ("tr", "İstanbul", "Istanbul"),
    ("en", "Istanbul", "İstanbul"),
    ("tr", "Diyarbakır", "diyarbakir"),
    ("tr", "DİYARBAKIR", "Diyarbakır"),
    ("tr", "kitabı", "kitap"),
    ("tr", "kitabı", "kitabi"),
    ("sv", "Malmö", "Malmö"),
    ("en", "Malmö", "malmo"),
    ("da", "København", "kobenhavn"),
    ("pl", "Łódź", "lodz"),
    ("pl", "Wałęsa", "WAŁĘSA"),
    ("de", "Straße", "STRASSE"),
    ("de", "die Häuser", "haus"),
    ("de", "Müller", "muller"),
    ("hu", "magyarországi", "magyarorszagi"),
    ("cs", "vlády", "vlady"),
    ("ru", "ёлка", "елка"),
    ("ru", "МОЙ", "мой"),
    ("uk", "Київ", "Ки\u0456\u0308в"),
    ("el", "ΕΛΛΑΔΑ", "Ελλάδα"),
    ("hi", "हिन्दी", "हिन्दी"),
    # stems
    ("en", "planned", "plan"),
    ("en", "ceasefires", "ceasefire"),
    ("es", "las naciones", "nación"),
    ("ar", "الكتاب", "كتاب"),
    # initials
    ("en", "the U.S. army", "US army"),
    ("en", "the US army", "U.S. army"),
    ("en", "the U.S army", "u.s. army"),
    ("en", "U.S.-led", "us led"),
    ("en", "the U.N.'s envoy", "UN envoy"),
    ("en", "at 5 p.m.", "pm"),
    # hyphens and apostrophes: alone, and joined
    ("en", "Kazemi-Qomi said", "Qomi said"),
    ("en", "Kazemi-Qomi", "kazemi qomi"),
    ("en", "Kazemi-Qomi", "kazemiqomi"),
    ("en", "KazemiQomi", "Kazemi-Qomi"),
    ("en", "Kazemi Qomi", "Kazemi-Qomi"),
    ("en", "Kazemi–Qomi", "Kazemi‑Qomi"),
    ("en", "cease-fire", "ceasefire"),
    ("en", "ceasefire", "cease-fire"),
    ("en", "co\u00adoperation", "cooperation"),
    ("en", "COVID-19", "covid19"),
    ("tr", "Ankara'da", "Ankara"),
    ("tr", "Ankara’da", "ankarada"),
    ("tr", "Ankaraʼda", "Ankara'da"),
    ("fr", "l'armée", "armée"),
    ("fr", "L’ARMÉE", "l'armée"),
    ("fr", "l`armée", "larmée"),
    ("en", "Qurʾān", "Quran"),
    ("en", "O’Neill", "oneill"),
    ("en", "I don’t know", "dont"),
    ("uk", "комп'ютер", "компʼютер"),
    ("uk", "комп'ютер", "компютер"),
    ("he", 'צה"ל', "צהל"),
    ("he", 'צה"ל', "צה״ל"),
    ("ca", "col·lecció", "colleccio"),
    # the English possessive
    ("en", "Israel's army", "Israel army"),
    ("en", "Israel army", "Israel's army"),
    ("en", "ISRAEL’S army", "israel army"),
    ("en", "workers’ rights", "workers rights"),
    # signs
    ("en", "#ceasefire", "ceasefire"),
    ("en", "ceasefire", "#ceasefire"),
    ("en", "@khamenei_ir", "khamenei"),
    ("en", "@khamenei_ir", "khamenei_ir"),
    ("en", "_emphasis_", "emphasis"),
    ("en", "agreement.The talks", "the talks"),
    ("en", "“ceasefire,”", "ceasefire"),
    # numbers
    ("en", "27,585 killed", "27585 killed"),
    ("en", "27585 killed", "27,585"),
    ("en", "3.5 percent", "3.5"),
    ("de", "3,5 Prozent", "3.5"),
    ("es", "2.000.000", "2000000"),
    ("en", "1,00,000 rupees", "100000"),
    ("en", "$27,585.50", "27585.50"),
    ("en", "at 2:00am", "2:00 am"),
    ("en", "at 2:00 a.m.", "2:00am"),
    ("de", "24.05.2021", "2021"),
    ("en", "2021-05-24", "2021"),
    ("en", "1990,1991", "1991"),
    ("fa", "۱۲۳", "123"),
    ("ar", "٢٧٬٥٨٥", "27585"),
    ("ar", "١٢٫٥", "12.5"),
    ("ja", "２０２４年", "2024年"),
    # Arabic script
    ("fa", "كتاب علي", "کتاب علی"),
    ("fa", "کِتاب", "کتاب"),
    ("fa", "کتـــاب", "کتاب"),
    ("fa", "کتاب‌ها", "کتابها"),
    ("fa", "کتاب‌ها", "کتاب ها"),
    ("fa", "کتاب‌ها", "کتاب"),
    ("fa", "می‌خواهم", "میخواهم"),
    ("fa", "خانۀ ما", "خانه ما"),
    ("ar", "إسرائيل", "اسرائيل"),
    ("ar", "القرآن", "القران"),
    ("ar", "مدرسة", "مدرسه"),
    ("ar", "مدرسه", "مدرسة"),
    ("ar", "ﻻ", "لا"),
    ("hi", "ज\u200cक", "जक"),
    # scripts without spaces
    ("zh", "北京大学的学生", "北京大学"),
    ("zh", "北京大学的学生", "学生"),
    ("zh", "北京大学的学生", "大学的学"),
    ("ja", "ガンダムを見る", "ｶﾞﾝﾀﾞﾑ"),
    ("th", "ประเทศไทย", "ไทย"),
    ("zh", "在Facebook上", "facebook"),
    ("ko", "대한민국은 서울", "서울"),
    # invisible characters
    ("en", "\u200eIsrael\u200f", "Israel"),
    ("en", "foo\u2060bar", "foobar"),
    ("en", "word\u200bword", "word"),
]


@pytest.mark.parametrize(("language", "text", "typed"), PRINTED_AND_TYPED)
def test_what_is_printed_is_found_as_typed(language, text, typed):
    assert found(language, text, typed)


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("en", "not quite accurate", "not accurate"),  # no position is lost
        ("en", "she'll come", "shell"),
        ("en", "I’d go", "id"),
        ("en", "lost 3-2", "32"),
        ("en", "end--begin", "endbegin"),
        ("en", "end—begin", "endbegin"),
        ("und", "Israel's army", "israels"),
        ("zh", "北京", "京北"),
        ("ja", "が", "か"),
        ("th", "มี", "ม"),
        ("uk", "мой", "мои"),
    ],
)
def test_another_word_is_not_found(language, text, typed):
    assert not found(language, text, typed)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Kazemi-Qomi said", [("kazemi", 0), ("kazemiqomi", 0), ("qomi", 1), ("said", 2)]),
        ("tr", "Ankara'da", [("ankara", 0), ("ankarada", 0), ("da", 1)]),
        ("fa", "کتاب‌ها", [("كتاب", 0), ("كتابها", 0), ("ها", 1)]),
        (
            "en",
            "Israel's cease-fire's end",
            [("israel", 0), ("cease", 1), ("ceasefire", 1), ("fire", 2), ("end", 3)],
        ),
        ("en", "the U.S. and the U.S", [("the", 0), ("us", 1), ("and", 2), ("the", 3), ("us", 4)]),
        ("en", "he'll don't", [("he", 0), ("ll", 1), ("don", 2), ("dont", 2), ("t", 3)]),
        (
            "en",
            "27,585 of 3.5 at 2:00am",
            [("27585", 0), ("of", 1), ("3.5", 2), ("at", 3), ("2:00", 4), ("am", 5)],
        ),
        ("zh", "北京大", [("北京", 0), ("京大", 1)]),
        ("zh", "京 X京", [("京", 0), ("x", 1), ("京", 2)]),
        ("en", "- — … \u0301 ' 👍", []),
    ],
)
def test_forms_stand_at_true_positions(language, text, expected):
    assert [(token.form, token.position) for token in analyzer(language).tokens(text)] == expected


def test_spans_cover_what_is_marked_in_the_raw_text():
    text = "  The “Israel's” Kazemi\u2011Qomi, of the U.S.?"
    tokens = analyzer("en").tokens(text)
    assert [text[token.start : token.end] for token in tokens] == [
        "The", "Israel", "Kazemi", "Kazemi\u2011Qomi", "Qomi", "of", "the", "U.S.",
    ]  # fmt: skip


def test_every_character_of_an_unspaced_script_begins_a_form():
    _, forms, _ = analyzer("zh").terms("北京大学 ประเทศไทย")
    assert {form[0] for form in forms} == set("北京大学ประเทศไทย")
    assert is_half("学")
    assert not is_half("北京")
    assert not is_half("x")


def test_languages_differ_in_stems_alone():
    text = "L'armée d'Israël's Kazemi-Qomi, İstanbul’da U.S.-led 27,585 北京大 کتاب‌ها"
    forms = {language: analyzer(language).terms(text)[1:] for language in languages()}
    assert all(each == analyzer("und").terms(text)[1:] for each in forms.values())


def test_a_word_counts_up_to_its_64th_character():
    long = "a" * 63 + "bc"
    terms, forms, length = analyzer("en").terms(f"x {long} y")
    assert (forms, length) == ({"x", "a" * 63 + "b", "y"}, 3)
    assert found("en", long, long[:64])
    assert all(len(term) <= 64 for term in terms)


def test_parts_that_make_too_long_a_word_are_found_alone():
    forms = analyzer("en").terms("-".join(["seven77"] * 10))[1]
    assert forms == {"seven77"}


CAPITALS = {
    "en": "The ceasefire negotiations continued in Gaza",
    "fr": "Les réfugiés palestiniens étaient désespérés à la frontière égyptienne",
    "de": "Die größten Häuser der Straße wurden zerstört",
    "es": "Las negociaciones sobre la situación económica",
    "pt": "As negociações não avançaram",
    "hu": "A magyarországi választások eredményei",
    "pl": "Żołnierze wrócili do Łodzi",
    "cs": "Vláda jednala o příměří",
    "ru": "Переговоры о прекращении огня ещё продолжаются",
    "el": "Οι διαπραγματεύσεις συνεχίζονται στην Αθήνα",
    "ro": "Negocierile privind încetarea focului",
    "fi": "Neuvottelut jatkuivat myöhään yöhön",
    "sv": "Förhandlingarna fortsatte på tisdagen",
    "hy": "Բանակցությունները շարունակվում են",
}


@pytest.mark.parametrize("language", CAPITALS)
def test_stems_do_not_depend_on_case(language):
    text = CAPITALS[language]
    for small, capital in zip(_steps(language, text), _steps(language, text.upper()), strict=True):
        assert small & capital


def test_turkish_stems_do_not_depend_on_case():
    small = "Diyarbakır'ın ışıkları İstanbul’dan görünüyor"
    capitals = "DİYARBAKIR'IN IŞIKLARI İSTANBUL’DAN GÖRÜNÜYOR"
    assert _steps("tr", small) == _steps("tr", capitals)


@pytest.mark.parametrize("language", ["xx", "und", "fa", "he", "zh-cn", "ja", "", "not a language"])
def test_a_language_without_stemmer_is_folded(language):
    assert [token.term for token in analyzer(language).tokens("Negotiations RÉSISTANCE")] == [
        "negotiations",
        "resistance",
    ]


@pytest.mark.parametrize(
    ("code", "same"), [("en-GB", "en"), ("pt_BR", "pt"), ("EN", "en"), ("nb", "no"), ("zh", "und")]
)
def test_a_language_is_known_by_its_first_subtag(code, same):
    assert analyzer(code) is analyzer(same)


def test_stop_words_are_indexed_and_known_by_their_folded_form():
    english, german = analyzer("en"), analyzer("de")
    assert all(map(english.is_stop, "the of and to in a is that for it on was with not dont".split()))
    assert not any(map(english.is_stop, ["ceasefire", "us", "said", ""]))
    assert german.is_stop("fur")
    assert not english.is_stop("fur")
    assert set("the who not to be".split()) <= english.terms("The Who: to be or not to be")[0].keys()


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("Kazemi-Qo*", "kazemiqo*"),
        ("U.S*", "us*"),
        ("l’arm?e", "larm?e"),
        ("Résist*", "resist*"),
        ("İstan*", "istan*"),
        ("#cease*", "cease*"),
        ("27,5*", "275*"),
        ("3.?", "3.?"),
        ("2:*", "2:*"),
        ("کتاب‌*", "كتاب*"),
    ],
)
def test_a_pattern_is_compared_with_forms(pattern, matched):
    assert analyze_pattern(pattern) == matched


def test_an_analyzer_is_one_object_however_it_travels():
    english = analyzer("en")
    schema = fields.Schema(body=fields.TEXT(analyzer=english))
    assert pickle.loads(pickle.dumps(english)) is english
    assert copy.deepcopy(english) is english
    assert pickle.loads(pickle.dumps(schema))["body"].analyzer is english


def test_threads_find_the_same():
    texts = [
        f"{word}{i} {word}-{i}'s U.S. réfugiés {i},585"
        for word in ("planning", "operations")
        for i in range(400)
    ]
    expected = [
        [token.term for token in analyzer(code).tokens(text)] for text in texts for code in ("en", "fr")
    ]
    with ThreadPoolExecutor(8) as pool:
        tasks = [pool.submit(analyzer(code).tokens, text) for text in texts for code in ("en", "fr")]
        assert [[token.term for token in task.result()] for task in tasks] == expected


def test_a_release_of_the_stemmer_changes_the_version():
    release = "".join(f"{int(number):02}" for number in Stemmer.version().split("."))
    assert str(VERSION).endswith(release)


@pytest.fixture(scope="module")
def whoosh_index():
    schema = fields.Schema(id=fields.ID(stored=True), body=fields.TEXT(analyzer=analyzer("en"), stored=True))
    made = RamStorage().create_index(schema)
    writer = made.writer()
    writer.add_document(id="hyphen", body="Ambassador Kazemi-Qomi planned the cease-fire")
    writer.add_document(id="apart", body="Kazemi Qomi was not quite accurate")
    writer.add_document(id="beijing", body="北京大学的学生")
    writer.commit()
    return made


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("planning", {"hyphen"}),
        ("Kazemi-Qomi", {"hyphen", "apart"}),
        ('"kazemi-qomi planned"', {"hyphen"}),
        ("kazemiqomi", {"hyphen"}),
        ("ceasefire", {"hyphen"}),
        ('"not accurate"', set()),
        ('"not quite accurate"', {"apart"}),
        ("KAZ*", {"hyphen", "apart"}),
        ("学生", {"beijing"}),
    ],
)
def test_stock_whoosh_indexes_and_asks_with_it(whoosh_index, typed, ids):
    with whoosh_index.searcher() as searcher:
        hits = searcher.search(QueryParser("body", whoosh_index.schema).parse(typed))
        assert {hit["id"] for hit in hits} == ids


def test_stock_whoosh_marks_matches_with_it(whoosh_index):
    with whoosh_index.searcher() as searcher:
        hits = searcher.search(query.Term("body", "plan"))
        hits.formatter = highlight.UppercaseFormatter()
        assert "Kazemi-Qomi PLANNED the cease-fire" in hits[0].highlights("body")
