"""The outlet that the words of an article name as their own, in one of the places of a table."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from index import outlets
from index.metadata.places import PLACES
from index.prose import RUBBLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.article import Found, Level
    from index.cleaning import Page
    from index.metadata.places import Place

HEAD, TAIL = 4, 12
"""Paragraphs of the body in which an outlet opens and ends what it prints."""
ABOVE = 2
"""Lines above the body that can be a byline; what stands higher may be a menu."""
_LONGEST = 3000
"""Characters of a paragraph that are looked at."""

_OUTLET_WORDS = """
agency broadcasting bulletin chronicle courier daily dispatch examiner gazette guardian herald inquirer
journal magazine mirror monitor network news newspaper newswire observer post press radio record reporter
review standard star sun telegraph television times tribune tv wire weekly
"""
OUTLET_WORDS = frozenset(_OUTLET_WORDS.split())
"""Words that outlets are called by; one of them stands in the name of most."""


def imprint(page: Page) -> Found[str] | None:
    """Return the outlet that the words of a page name as their own, or None.

    The first row of the table that speaks wins.
    """
    by_standing = _paragraphs(page)
    for place in PLACES:
        for number, offset, part in by_standing[place.where]:
            if not any(hint in part for hint in place.hints):
                continue
            found = place.pattern.search(part)
            value = _value(found["outlet"], place) if found else None
            if found and value:
                start, end = found.span("outlet")
                sure = _level(value, place)
                return page.found(value, number, (offset + start, offset + end), place.method, sure)
    return None


def _level(value: str, place: Place) -> Level:
    """Return how sure an outlet is: any owner may hold a copyright, and others print what is an agency's."""
    known = outlets.known(value)
    its_own = place.method == "dateline" or not known.agency if known else _is_called(value)
    return "medium" if place.confidence == "high" and not its_own else place.confidence


_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")


def _paragraphs(page: Page) -> Mapping[str, Sequence[tuple[int, int, str]]]:
    """Return (number of the line, offset in it, paragraph) by where they stand ("all": with a hint)."""
    parts: list[tuple[int, int, str]] = []
    kept: list[int] = []
    for number, line in enumerate(page.lines):
        for found in _PARAGRAPH.finditer(line.text):
            part = found[0].lstrip()
            if line.start is not None:
                kept.append(len(parts))
            parts.append((number, found.end() - len(part), part.rstrip()[:_LONGEST]))
    if not kept:
        return dict.fromkeys(("all", "first", "opening", "head", "tail", "ends"), ())
    head, tail = kept[:HEAD][-1] + 1, kept[-TAIL:][0]
    ends = parts if tail <= head else parts[:head] + parts[tail:]
    whole = [part for part in parts if any(hint in part[2] for hint in _HINTS)]
    return {
        "all": whole,
        "first": [parts[kept[0]]],
        "opening": [parts[n] for n in range(max(0, kept[0] - ABOVE), head) if not _quoted(parts, n)],
        "head": parts[:head],
        "tail": parts[tail:],
        "ends": ends,
    }


def _quoted(parts: Sequence[tuple[int, int, str]], number: int) -> bool:
    """Whether a paragraph stands behind words in quotation marks, whose source it may name."""
    return number > 0 and parts[number - 1][2].endswith(("”", '"', "»"))


_HINTS = tuple({hint for place in PLACES if place.where == "all" for hint in place.hints})


_PRINTED = frozenset(["copyright", "contributed"])
"""Where an agency is named by others who print it: its own for 2 of 35; its own open with a dateline."""
_COMPANY = re.compile(r",? (?:LLC|Ltd|Limited|Inc|Corp|Corporation|GmbH|AG|plc|PLC|Company|Co|L\.?P|L)\.?\Z")
_NO_OUTLET = re.compile(
    r"\b(?:syndicate|content agency|writers group|features|creators|photo|getty|media|medien|verlag|group|"
    r"holdings|publish\w+|publications|communications|enterprises|partners|stiftung|images)\b",
    re.IGNORECASE,
)
"""What owns outlets, or sells them columns and pictures, publishes nothing under its name."""
_CUT = RUBBLE | {"all", "alle", "tous", "todos", "tutti"}
"""Words that end a name in a line of menus: "Example Impressum Datenschutz"."""


def _value(written: str, place: Place) -> str | None:
    """Return the name of the outlet, its known name where it has one, or None where it is none."""
    whole = written.partition(" and The ")[0].strip(" ,-–—&")
    name = _COMPANY.sub("", whole)
    if place.names == "own":
        return _opening(name)
    known = outlets.known(name)
    printed = known is not None and known.agency and place.method in _PRINTED
    if known and not printed and (place.abbreviated or not known.agency or len(name) > _ABBREVIATION):
        return known.name
    if place.names == "known" or printed:
        return None
    words = list(takewhile(lambda word: word.casefold() not in _CUT, name.split()))
    name = " ".join(words)
    if not words or len(words[-1]) == 1 or len(name) <= _SHORT or _NO_OUTLET.search(name):
        return None
    if _is_called(name):
        return name
    return (
        name
        if place.names == "any" and len(whole) == len(written.strip(" ,-–—&")) and whole == name
        else None
    )


def _opening(written: str) -> str | None:
    """Return the known outlet, no agency, that words begin with: "NPR Jane Roe" behind a picture is NPR's."""
    words = written.split()
    heads = (outlets.known(" ".join(words[:count])) for count in range(len(words), 0, -1))
    found = next(filter(None, heads), None)
    if found is None or found.agency:
        return None
    plain = found.name.startswith("The ") and len(found.name.split()) == 2  # noqa: PLR2004 - "The Hill" is no hill
    return None if plain and not written.casefold().startswith("the ") else found.name


_SHORT = 2
"""A name of two letters is an abbreviation of something."""


def _is_called(name: str) -> bool:
    """Whether a name is a domain, or ends as those of outlets do."""
    words = name.casefold().split()
    called = len(words) > 1 and words[-1] in OUTLET_WORDS and not _CREDIT.search(name)
    return called or outlets.is_domain(name)


_ABBREVIATION = 4
"""Letters up to which the name of an agency may stand for anything else, as APP."""
_CREDIT = re.compile(r"[:/]|\b(?:and|via|photo|image)\b", re.IGNORECASE)
