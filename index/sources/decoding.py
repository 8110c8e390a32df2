"""From bytes to text: which encoding a text was written in, and how sure that is.

A byte order mark decides; else valid UTF-8 is UTF-8, whatever was declared, because other
encodings are hardly ever valid UTF-8 by chance; else what was declared, unless another encoding
reads cleaner; else the encoding that reads cleanest.  Whatever was guessed, or could not be
decoded, is reported.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

from charset_normalizer import CharsetMatch, from_bytes

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What is guessed: the encodings of the WHATWG encoding standard, without those for Baltic and
# Vietnamese, which Turkish and Czech are else taken for, and with two of DOS and Macintosh.
# On 35 paragraphs in 14 languages and 31 encodings the guess is right for all 35.
_LEGACY = [
    *(f"cp{n}" for n in (1252, 1251, 1250, 1253, 1254, 1255, 1256, 874, 866, 932, 949)),
    *(f"iso8859_{n}" for n in (2, 5, 6, 7, 15)),
    *("koi8_r", "koi8_u", "mac_roman", "mac_cyrillic", "euc_jp", "iso2022_jp", "gb18030", "big5hkscs"),
]
_RARE = ["cp1257", "cp1258", *(f"iso8859_{n}" for n in (3, 4, 8, 10, 13, 14, 16))]
_WIDE = ["utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be", "utf_8"]

# A label means the superset that browsers take it for (WHATWG encoding standard, names and labels).
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
}

_META = re.compile(rb"<meta\s[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"\A\s*<\?xml\s[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_HEAD = 4096
"""Bytes of a page in which its charset is looked for (HTML asks for the first 1,024)."""

_SAMPLE = 65_536
"""Bytes from which an encoding is guessed: some ten thousand words."""

# What text does not hold: controls other than tab, newlines, form feed and escape, and U+FFFD.
_RUBBISH = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_RUBBISH_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, how many U+FFFD it holds, and what is doubtful about it (empty: nothing)."""

    text: str
    encoding: str
    replaced: int = 0
    doubt: str = ""


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Return the text of ``data``; raise ValueError where it is not text.

    >>> decode("naïve".encode())
    Decoded(text='naïve', encoding='utf-8', replaced=0, doubt='')
    """
    text, encoding, doubt = _choose(data, _codec(declared))
    if len(_RUBBISH.findall(text)) > _RUBBISH_SHARE * len(text):
        raise ValueError("is not text")
    replaced = text.count("\ufffd")
    if replaced:
        doubt = "; ".join(filter(None, [doubt, f"{replaced:,} U+FFFD in it"]))
    return Decoded(text, encoding, replaced, doubt)


def declared_in(page: bytes) -> str | None:
    """Return the charset that an HTML or XML page declares.

    >>> declared_in(b'<head><meta charset="windows-1251">')
    'windows-1251'
    """
    head = page[:_HEAD]
    found = _XML.search(head) or _META.search(head)
    return found[1].decode("ascii", "replace") if found else None


def _choose(data: bytes, declared: str | None) -> tuple[str, str, str]:
    """Return text, encoding and doubt."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace"), encoding, ""
    if b"\x1b$" in data and data.isascii():
        text = _strictly(data, "iso2022_jp")
        if text is not None:
            return text, "iso2022_jp", ""
    if b"\0" in data[:_SAMPLE]:
        wide = _guess(data, _WIDE)
        if wide and wide.encoding != "utf_8":
            return data.decode(wide.encoding, "replace"), wide.encoding, f"read as {wide.encoding}, a guess"
    text = _strictly(data, "utf-8")
    if text is not None:
        return text, "utf-8", ""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - bad - len(text.encode("ascii", "ignore"))
    if good >= 10 * bad:  # valid sequences this frequent are no chance: UTF-8 with a few bytes damaged
        return text, "utf-8", ""
    return _legacy(data, declared) or (text, "utf-8", "")


def _legacy(data: bytes, declared: str | None) -> tuple[str, str, str] | None:
    """Return text, encoding and doubt of what is not UTF-8, or None where nothing fits."""
    guess = _guess(data, _LEGACY)
    if declared and (text := _strictly(data, declared)) is not None:
        match = _guess(data, [declared])
        # On the same paragraphs: of 219 wrong declarations that decode, 7 are kept, on a tie,
        # with a doubt; of 61 right ones none is overruled.
        if guess is None or (match and match.chaos <= guess.chaos):
            other = guess.encoding if guess and _strictly(data, guess.encoding) != text else None
            return text, declared, f"declared {declared}, could be {other}" if other else ""
    if guess is None:
        return None
    doubt = (
        f"declared {declared}, read as {guess.encoding}" if declared else f"read as {guess.encoding}, a guess"
    )
    return data.decode(guess.encoding, "replace"), guess.encoding, doubt


def _guess(data: bytes, encodings: list[str]) -> CharsetMatch | None:
    return from_bytes(data[:_SAMPLE], cp_isolation=encodings).best()


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


@cache
def _codec(label: str | None) -> str | None:
    """Return Python's name for a declared charset, or None where it means none of ours."""
    try:
        name = codecs.lookup((label or "").strip()).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    known = {codecs.lookup(each).name for each in [*_LEGACY, *_RARE, *_WIDE]}
    return name if name in known else None
