"""Languages: the same answer each time, and none where the text does not tell."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.metadata.language import judged, language

SENTENCES = {
    "en": "The harbour was closed on Monday after the storm, the mayor of the town told reporters.",
    "de": "Der Hafen wurde am Montag nach dem Sturm geschlossen, sagte die Bürgermeisterin der Stadt.",
    "fr": "Le port a été fermé lundi après la tempête, a déclaré la maire de la ville aux journalistes.",
    "tr": "Liman fırtınanın ardından pazartesi günü kapatıldı, dedi kentin belediye başkanı gazetecilere.",
    "fa": "شهردار شهر به خبرنگاران گفت که بندر پس از توفان روز دوشنبه بسته شد و کشتی‌ها نمی‌روند.",
    "ar": "قالت رئيسة بلدية المدينة للصحفيين إن الميناء أغلق يوم الاثنين بعد العاصفة الشديدة.",
    "ru": "Порт был закрыт в понедельник после шторма, сообщила журналистам мэр города.",
    "ko": "시장은 폭풍 후 월요일에 항구가 폐쇄되었다고 기자들에게 말했다.",
    "ja": "市長は嵐の後、月曜日に港が閉鎖されたと記者団に語った。",
    "zh": "市长对记者说，暴风雨过后，港口于星期一关闭，渡轮预计星期二恢复航行。",
    "el": "Το λιμάνι έκλεισε τη Δευτέρα μετά την καταιγίδα, δήλωσε η δήμαρχος της πόλης.",
    "ka": "ნავსადგური ორშაბათს დაიხურა ქარიშხლის შემდეგ, განაცხადა ქალაქის მერმა.",
    "hy": "Նավահանգիստը փակվել է երկուշաբթի օրը փոթորկից հետո, ասել է քաղաքապետը։",
}


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items())
def test_a_sentence_is_enough(code, sentence):
    assert language(sentence).value == code


def test_what_the_answer_was_read_from_is_a_stretch_of_words_in_it():
    text = f"https://example.org/one/two 12:45 {SENTENCES['en']} {SENTENCES['en']}"
    for found in (language(text), language(SENTENCES["ka"]), language(f"  «{SENTENCES['ja']}")):
        assert found.text
        assert len(found.text) < 90
        assert found.text.strip() == found.text
    found = language(text)
    assert text[found.start : found.end] == found.text
    assert "example" not in found.text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("az", "Liman bazar ertəsi fırtınadan sonra bağlandı, şəhər meri jurnalistlərə bildirib."),
        ("be", "Порт быў зачынены ў панядзелак пасля шторму, паведаміла журналістам мэр горада."),
        ("kk", "Порт дауылдан кейін дүйсенбіде жабылды, деді қала әкімі журналистерге."),
        ("is", "Höfninni var lokað á mánudag eftir storminn, sagði borgarstjórinn við blaðamenn þar."),
    ],
)
def test_letters_tell_languages_that_the_profiles_lack(code, text):
    assert language(text).value == code


@pytest.mark.parametrize(
    "text",
    [
        "I whakatauria te wāpu i te Mane i muri i te tūpuhi, te kī a te koromatua o te tāone.",
        "Itheku livaliwe ngoMsombuluko ngemva kwesiphepho, imeya yedolobha itshele izintatheli.",
    ],
)
def test_a_language_that_nothing_knows_is_undetermined_and_the_guess_is_kept(text):
    found, refused = judged(text)
    assert found.value == "und"
    assert [each.field for each in refused] == ["language"]
    assert "probability" in refused[0].reason


def test_names_and_menus_in_latin_letters_do_not_hide_the_language_of_a_text():
    assert language(f"Read more Politics Home {SENTENCES['fa']} Share on Twitter").value == "fa"


def test_capitals_are_read_as_words():
    assert language(SENTENCES["en"].upper()).value == "en"


@pytest.mark.parametrize("text", ["", " ", "12 345,67", "!?…", "OK", "a", "\0\ud800", "👍" * 50, "x" * 3])
def test_what_does_not_tell_is_undetermined(text):
    assert language(text).value == "und"


@given(st.text(max_size=300))
def test_any_text_has_an_answer_and_always_the_same(text):
    assert language(text) == language(text)


def test_the_first_use_may_come_from_many_threads_at_once():
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from index.metadata.language import language\n"
        f"texts = {[SENTENCES['en'], SENTENCES['de']] * 8!r}\n"
        "print(*(found.value for found in ThreadPoolExecutor(8).map(language, texts)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["en", "de"] * 8


def test_threads_do_not_disturb_one_another():
    texts = list(SENTENCES.values()) * 4
    with ThreadPoolExecutor(4) as pool:
        assert [f.value for f in pool.map(language, texts)] == list(SENTENCES) * 4
