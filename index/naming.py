"""Which words between marks are a name or a title, and nobody's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.vocabulary import words

if TYPE_CHECKING:
    from index.marks import Marked

_NAMERS = """
book books film movie novel song album series show documentary essay poem play episode titled entitled named
headlined slogan motto hashtag ship vessel Motto Titel Titels Namen Name Film Films Buch Buches Roman Romans
Lied Liedes Album Serie Sendung Magazin Magazins Magazines Zeitung Zeitschrift Nachrichtenmagazin Fachblatt
Blatt Partei Schiff Stück Stücke Grundsatz Slogan Organisation Bewegung Gruppe Initiative Verein Projekt
Aktion Programm Sender Band Ausstellung Erstwerk genannt genannte genannten nannte nannten heißt heißen
Überschrift Schlagwort Sprüche selbst Thema Themen
"""
_NAMING = re.compile(rf"\b(?:{'|'.join(_NAMERS.split())}) (?:[,:]|wie|mit)?\s*\Z")
"""Words that are followed by a name in marks, in English and German news."""
_REACH = 40
_ABBREVIATION = re.compile(r" ?\([A-ZÄÖÜ]{2,}\)")
_SMALL = words(
    """a an the of in on at to for and or by with from as vs is de la le les et y del di du do e no der die
    das des     dem den ein eine einer eines und oder im am vom zum zur zu von für mit auf aus bei gegen
    über unter an ohne     nach"""
)
"""Words that stand in lower case in a title."""
_LONGEST = 12
"""Words of a title."""
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_SENTENCE = re.compile(r"[.!?;] |[.!?…]\Z")


def is_name(body: str, one: Marked) -> bool:
    """Whether words in German marks are a name, and so no quote.

    German news sets names in marks: of 473 spans of four words or more 102 are no quotes, and this finds
    59 of them, with 7 that are.  In English marks names are few.
    """
    return body[one.outer[0] : one.start] == "„" and is_title(body, one)


def is_title(body: str, one: Marked) -> bool:
    """Whether the words between marks look like a name: capitals throughout, or named as one.

    >>> from index.marks import marked
    >>> [is_title(text, marked(text)[0]) for text in ("the film “It holds”", "the “Party of the Dam” (PD)")]
    [True, True]
    """
    text = body[one.start : one.end].strip(" ,")
    words = _WORD.findall(text)
    if not 1 < len(words) <= _LONGEST:
        return False
    said = (
        body[max(0, one.outer[0] - 2) : one.outer[0]].rstrip()[-1:] in {":", ","} or body[one.end - 1] == ","
    )
    named = _NAMING.search(body, max(0, one.outer[0] - _REACH), one.outer[0]) is not None
    if _ABBREVIATION.match(body, one.outer[1]) or (named and not said):
        return True
    capital = sum(word[0].isupper() for word in words)
    small = sum(word in _SMALL for word in words)
    whole = words[0][0].isupper() and capital > 1 and capital + small >= len(words)
    return whole and not said and not _SENTENCE.search(text)
