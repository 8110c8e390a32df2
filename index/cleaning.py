"""Page rubble: raw text as it was copied or scraped, into a page whose lines are kept or removed.

First the characters are repaired (mojibake, soft hyphens, invisible characters, kinds of
newline), then each line is judged by itself and by its neighbours: menus, share buttons,
licence lines and "read also" go, paragraphs and what stands between them stays.  Removed lines
are kept beside the body, because a headline, a date or a licence is often read from them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import ftfy

from index.article import Found
from index.lines import belongs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.article import Level

_FORBIDDEN = re.compile("[\0\ud800-\udfff]")
_NEWLINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Soft hyphens, zero-width spaces and joins, word joiner, byte order marks: nothing that is seen.
# The zero-width (non-)joiners stay: Persian and Indic words are written with them.
_INVISIBLE = re.compile("[\xad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Typewriters and TeX write a quotation mark as two apostrophes or backticks.
_TYPED_MARKS = re.compile(r"(?<!['`])(?:''|``)(?!['`])")
_BLANKS = re.compile(r"[^\S\n]+")

_FIX = ftfy.TextFixerConfig(
    unescape_html=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    remove_terminal_escapes=False,
    normalization=None,
)
# What mojibake of UTF-8 read as a Windows or Latin code page always contains, so that ftfy, which is
# slow, sees only texts that can be in need of it.
_SUSPECT = re.compile("[ÂÃÅÆÎÏÐÑØÙÚÛàâãåèéæçïðÄË][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|�|[\x80-\x9f]")


_SUSPECTS = frozenset("ÂÃÅÆÎÏÐÑØÙÚÛàâãåèéæçïðÄË�").union(map(chr, range(0x80, 0xA0)))
_ODD = frozenset(
    character
    for character in map(chr, range(0x10000))
    if any(kind.match(character) for kind in (_FORBIDDEN, _NEWLINES, _INVISIBLE, _CONTROL))
)


def storable(text: str) -> str:
    """Return the text with what no store or wire can hold replaced, character by character.

    NUL and lone surrogates become the replacement character, so that offsets hold.
    """
    return _FORBIDDEN.sub("\ufffd", text)


def repair(text: str) -> str:
    r"""Return the text as it was meant: mojibake undone, invisible characters out, newlines as ``\n``, NFC.

    >>> repair("naÃ¯ve co\xadoperation\r\n")
    'naïve cooperation\n'
    """
    seen = set(text)  # a text has few different characters: what none of them asks for is left out
    if not _ODD.isdisjoint(seen):
        text = _FORBIDDEN.sub("", text)
    if not _SUSPECTS.isdisjoint(seen) and _SUSPECT.search(text):
        text = "".join(ftfy.fix_text(part, _FIX) for part in text.splitlines(keepends=True))
        seen = set(text)
    if not _ODD.isdisjoint(seen):
        text = _CONTROL.sub(" ", _INVISIBLE.sub("", _NEWLINES.sub("\n", text)))
    if "''" in text or "``" in text:
        text = _TYPED_MARKS.sub('"', text)
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: ``start`` is its offset in the body, None where it was removed."""

    text: str
    start: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as lines in their order; the kept ones, one paragraph a line, are its body."""

    lines: tuple[Line, ...]
    body: str

    @classmethod
    def of(cls, lines: Iterable[tuple[str, bool]]) -> Page:
        """Return the page of lines and whether each is kept."""
        laid: list[Line] = []
        kept: list[str] = []
        start = 0
        for text, keep in lines:
            laid.append(Line(text, start if keep else None))
            if keep:
                kept.append(text)
                start += len(text) + 1
        return cls(tuple(laid), "\n".join(kept))

    def without(self, numbers: Iterable[int]) -> Page:
        """Return the page with these lines removed too."""
        gone = set(numbers)
        return Page.of(
            (line.text, line.start is not None and n not in gone) for n, line in enumerate(self.lines)
        )

    @property
    def lead(self) -> int:
        """The number of the first line of the body (the number of lines, where there is none)."""
        return next((n for n, line in enumerate(self.lines) if line.start is not None), len(self.lines))

    def found(
        self, value: str, number: int, span: tuple[int, int], method: str, confidence: Level
    ) -> Found[str]:
        """Return the value with its evidence: ``span`` counts in line ``number``."""
        line, (a, b) = self.lines[number], span
        if line.start is None:
            return Found(value, None, None, method, confidence, "removed", line.text[a:b])
        return Found(value, line.start + a, line.start + b, method, confidence, "body", line.text[a:b])


def clean(text: str) -> Page:
    r"""Return the page of a raw text.

    >>> page = clean("Home\n\nThe harbour was closed on Monday, the mayor of the town said.\n\nReply")
    >>> page.body
    'The harbour was closed on Monday, the mayor of the town said.'
    """
    lines = tuple(_lines(repair(text)))
    keep = belongs(lines)
    if not any(keep):  # a page that is only rubble to us: nothing of it is lost
        keep = [True] * len(lines)
    return Page.of(zip(lines, keep, strict=True))


def _lines(text: str) -> Iterable[str]:
    """Yield the lines that are not blank, hard-wrapped paragraphs joined, endings of desks split off."""
    group: list[str] = []
    for raw in [*text.split("\n"), ""]:
        line = _BLANKS.sub(" ", raw).strip()
        if line:
            group.append(line)
            continue
        for joined in _unwrap(group):
            yield from _split_ending(joined)
        group = []


WRAP_WIDTHS = (40, 100)
"""Between these a paragraph may have been wrapped by hand or by machine (wires wrap at 60 to 80)."""


def _unwrap(group: Sequence[str]) -> Sequence[str]:
    """Return the lines joined to one where no line had room for the first word of the next."""
    if len(group) < 2:  # noqa: PLR2004 - one line has no next
        return group
    width = max(map(len, group))
    if not WRAP_WIDTHS[0] <= width <= WRAP_WIDTHS[1]:
        return group
    if all(len(line) + 1 + len(after.split(" ", 1)[0]) > width for line, after in pairwise(group)):
        return [" ".join(group)]
    return group


# "… since June 2007. PA/PA All Content by Mehr News Agency is licensed under a Creative Commons …"
_ENDING = re.compile(
    r"(?<=[.!?”\"’»)])\s+(?P<desk>[A-Z]{2,4}/[A-Z]{2,4}\s+)?"
    r"(?P<licence>(?:All [Cc]ontent by|©|\(c\) ?\d{4}|Copyright ©?) ?[^.]{3,150}?(?:\d\.\d [^.]{0,60})?\.?)\Z"
)


def _split_ending(line: str) -> Iterable[str]:
    """Yield the line, and what a desk or a licence wrote behind its last sentence as lines of their own."""
    ending = _ENDING.search(line)
    if not ending:
        yield line
        return
    yield line[: ending.start()].rstrip()
    if ending["desk"]:
        yield ending["desk"].strip()
    yield ending["licence"].strip()
