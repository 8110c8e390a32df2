"""Languages: the same answer each time, and none where the text does not tell."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.metadata.language import language

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
