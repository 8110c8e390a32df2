"""From bytes to text: the right words, or a doubt; never silently others."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.decoding import declared_in, decode

TEXTS = {
    "ru": "Президент заявил в понедельник, что переговоры о прекращении огня продолжатся в Женеве. "
    "По словам министра, число погибших выросло до 12 человек, сообщает агентство «Новости».",
    "fr": "Le président a déclaré lundi que les négociations reprendraient à Genève. Les réfugiés, épuisés, "
    "ont été évacués. « Nous n'avons rien reçu », dit-il.",
    "en": "The president said on Monday: “We will not go.” The talks — in Geneva — go on, it’s a café.",
    "ar": "قال الرئيس يوم الاثنين إن المفاوضات حول وقف إطلاق النار ستستمر الأسبوع المقبل في جنيف.",
    "ja": "大統領は月曜日、停戦交渉が来週ジュネーブで再開されると述べた。双方の代表が出席する予定である。",
    "zh": "总统周一表示，停火谈判将于下周在日内瓦恢复。双方代表将出席会议。"
    "外交部发言人说，会议将讨论撤军问题。",
    "ko": "대통령은 월요일 휴전 협상이 다음 주 제네바에서 재개될 것이라고 말했다. "
    "양측 대표가 참석할 예정이다.",
    "el": "Ο πρόεδρος δήλωσε τη Δευτέρα ότι οι διαπραγματεύσεις θα συνεχιστούν την επόμενη εβδομάδα.",
    "tr": "Cumhurbaşkanı Pazartesi günü ateşkes görüşmelerinin Cenevre'de süreceğini söyledi. İstanbul'da "
    "ise halk sokağa çıktı.",
    "pl": "Prezydent oświadczył w poniedziałek, że rozmowy o zawieszeniu broni będą kontynuowane. Żołnierze "
    "wycofują się z miasta, podała agencja.",
    "he": "הנשיא אמר ביום שני כי המשא ומתן על הפסקת האש יימשך בשבוע הבא. התושבים עוזבים את העיר.",
    "th": "ประธานาธิบดีกล่าวเมื่อวันจันทร์ว่าการเจรจาหยุดยิงจะดำเนินต่อไปในสัปดาห์หน้าที่เจนีวา",
}
WRITTEN = [
    *(("ru", each) for each in ["cp1251", "koi8-r", "iso8859-5", "cp866", "utf-16-le", "utf-8"]),
    *(("fr", each) for each in ["cp1252", "iso8859-15", "mac-roman", "utf-16", "utf-8-sig", "utf-32"]),
    *(("en", each) for each in ["cp1252", "utf-8", "utf-16-be"]),
    *(("ar", each) for each in ["cp1256", "iso8859-6", "utf-16-le"]),
    *(("ja", each) for each in ["shift_jis", "euc-jp", "iso2022-jp"]),
    *(("zh", each) for each in ["gb18030", "gbk", "utf-32-le"]),
    *(("el", each) for each in ["cp1253", "iso8859-7"]),
    *(("pl", each) for each in ["cp1250", "iso8859-2"]),
    *(("ko", "euc-kr"), ("tr", "cp1254"), ("he", "cp1255"), ("th", "cp874")),
]
DECLARED = [
    "utf-8", "windows-1252", "windows-1251", "windows-1250", "windows-1254", "koi8-r", "windows-1256",
    "shift_jis", "gb2312", "euc-jp", "big5", "euc-kr", "iso-8859-1",
]  # fmt: skip


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_a_text_without_a_declaration_is_read_as_it_was_written(language, encoding):
    data = TEXTS[language].encode(encoding, "ignore")
    found = decode(data)
    assert found.text == data.decode(encoding)
    assert found.replaced == 0


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_a_right_declaration_is_believed(language, encoding):
    data = TEXTS[language].encode(encoding, "ignore")
    found = decode(data, encoding)
    assert found.text == data.decode(encoding)


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_a_wrong_declaration_gives_the_same_words_or_a_doubt(language, encoding):
    data = TEXTS[language].encode(encoding, "ignore")
    for declared in DECLARED:
        found = decode(data, declared)
        assert found.text == data.decode(encoding) or found.doubt, declared


@pytest.mark.parametrize(
    "declared", [None, "", "none", "base64", "utf-7", "x" * 99, "ü", "a\0b", "UTF-8", "latin1"]
)
def test_utf8_is_utf8_whatever_was_declared(declared):
    assert decode("Ankara'da görüşme — “barış”".encode(), declared).text == "Ankara'da görüşme — “barış”"


def test_a_damaged_byte_costs_one_character_and_is_counted():
    data = bytearray("Görüşme “barış” için Ankara’da — yarın, İstanbul’da değil. ".encode() * 3)
    data[data.index(b"\xc3")] = 0x20
    found = decode(bytes(data))
    assert found.text.startswith("G \ufffdrüşme “barış”")
    assert (found.encoding, found.replaced, found.doubt) == ("utf-8", 1, "1 U+FFFD in it")


def test_what_is_no_text_is_refused():
    for data in [
        bytes(range(256)) * 9,
        b"\0" * 100,
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"\x1f\x8b" + b"\x01\x90" * 90,
    ]:
        with pytest.raises(ValueError, match="is not text"):
            decode(data)


@pytest.mark.parametrize(
    ("page", "charset"),
    [
        (b'<html><head><meta charset="utf-8">', "utf-8"),
        (b"<META http-equiv=Content-Type content='text/html; charset=Windows-1251'>", "Windows-1251"),
        (b'<?xml version="1.0" encoding="koi8-r"?><html>', "koi8-r"),
        (b"<p>charset=gbk", None),
        (b"<meta " + b"x" * 5000 + b" charset=gbk>", None),
        (b"", None),
    ],
)
def test_the_charset_that_a_page_declares(page, charset):
    assert declared_in(page) == charset


@given(
    st.binary(max_size=400), st.sampled_from([None, *DECLARED]), st.sampled_from([b"", codecs.BOM_UTF16_LE])
)
def test_any_bytes_are_text_that_can_be_stored_or_refused(data, declared, bom):
    try:
        found = decode(bom + data, declared)
    except ValueError as error:
        assert str(error) == "is not text"  # noqa: PT017 - a value is as good
        return
    assert found.text.encode("utf-8").count("\ufffd".encode()) == found.replaced
