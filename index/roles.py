"""In which words an article says who somebody is: the office before a name, the apposition behind it.

"Hamas representative in Iran Khaled al-Qaddoumi", "Ann Lee, a spokeswoman for the port," and "the Hamas
chief" where a quote is his.  The words are the article's own; nothing is made of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.lexicon import NO_NAMES, OCCUPATIONS, PLACES, ROLES
from index.vocabulary import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.article import Quote

_NO_HEADS = words("""
mr mrs ms miss sir lord lady dr sgt former acting senior foreign interior defense defence finance armed forces
house senate parliament minority majority gop judiciary police staff side family campaign camp company firm
paper magazine website outlet site blog network team squad panel crew congregation jury couple duo publication
source sources prosecutors insider caller
""")
_HEADS = (ROLES | OCCUPATIONS) - _NO_HEADS
"""Words that say what somebody is; honorifics and what offices are of do not, nor what speaks as one."""

_TITLED = ROLES | OCCUPATIONS | PLACES | words("press")
_JOINS = words("of for in and to at the")
_LINKS = words("of for in to at with on from against behind")
_REACH = 90
"""Characters before a name in which its office stands."""
_MOST = 8
"""Words of an office: longer ones are half sentences."""
_LOOKED_AT = 6
"""Places of one name that are looked at: who somebody is, is said where the name stands first."""

_DOT = r"(?<=\b[A-Z])\.(?=[A-Z ])"
"""What stands behind an initial and ends nothing: "the U.S. envoy"."""

_STOPS = re.compile(r"[,;:!?“”\"()\n–—]|(?<!\b[A-Z])\.")
_BEHIND = re.compile(
    r"(?:,\s+(?:\d+,\s+)?(?:who (?:is|was) )?| is (?=the |an? ))"
    rf"(?P<words>(?:[^,.;:!?“”\"()\n–—]|{_DOT}){{3,90}})(?=[,.;\n–—]|\Z)"
)
_AHEAD = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur) (?P<words>[^,.;:!?“”\"()\n–—]{3,60}), \Z"
)
"""What stands before a name between commas: "the mayor, Ann Lee, said"."""

_END = re.compile(
    r"(?:\A|\s+)(?:who|which|that|said|says|told|tells|has|had|have|is|was|were|are|added|wrote)\b"
)


def roles(body: str, quotes: Iterable[Quote]) -> dict[str, tuple[str, ...]]:
    """Return for each speaker of an article's quotes the words that it has for them, each once.

    >>> from index.article import Quote
    >>> text = "Mayor Ann Lee, a lawyer, said: It holds."
    >>> roles(text, [Quote("It holds.", 31, 40, "Ann Lee", "Ann Lee", (6, 13), "said", "direct", "high")])
    {'Ann Lee': ('Mayor', 'lawyer')}
    """
    found: dict[str, dict[str, None]] = {}
    for quote in quotes:
        if quote.speaker is None:
            continue
        if quote.speaker not in found:
            found[quote.speaker] = dict.fromkeys(_beside(body, quote.speaker))
        if quote.as_written and quote.as_written not in quote.speaker:
            found[quote.speaker].update(dict.fromkeys(_described(quote.as_written)))
    return {name: tuple(each) for name, each in found.items()}


def _beside(body: str, name: str) -> Iterator[str]:
    """Yield the words that stand before and behind a name."""
    end = 0
    for _ in range(_LOOKED_AT):
        start = body.find(name, end)
        if start < 0:
            return
        end = start + len(name)
        before = body[max(0, start - _REACH) : start]
        ahead = _AHEAD.search(before) if body.startswith(",", end) else None
        yield from _described(ahead["words"]) if ahead else _before(before)
        behind = _BEHIND.match(body, end)
        if behind:
            yield from _described(_END.split(behind["words"], maxsplit=1)[0])


def _before(text: str) -> Iterator[str]:
    """Yield the office that a text ends with.

    >>> list(_before("It was told by Bell and Israeli Prime Minister "))
    ['Israeli Prime Minister']
    """
    written = _STOPS.split(text)[-1].split()[-_MOST:]
    if not text.endswith(" ") or not written or _folded(written[-1]) not in _TITLED:
        return
    taken: list[str] = []
    for word, before in zip(reversed(written), [*reversed(written[:-1]), ""], strict=True):
        folded = _folded(word)
        joins = word in _JOINS and (folded != "and" or _folded(before) in _TITLED)
        if not joins and (folded in NO_NAMES or not (word[:1].isupper() or folded in _TITLED)):
            break
        taken.insert(0, word)
    while taken and taken[0] in _JOINS:
        del taken[0]
    if any(_folded(word) in _HEADS for word in taken):
        yield " ".join(taken)


def _described(phrase: str) -> Iterator[str]:
    """Yield a description whose head is an office: the last word before the first preposition.

    >>> list(_described("the chief of staff")), list(_described("a week in Rome"))
    (['chief of staff'], [])
    """
    written = phrase.split()
    if written and _folded(written[0]) in _ARTICLES:
        del written[0]
    while written and _folded(written[-1]) in _LINKS | _JOINS:
        del written[-1]
    folded = [_folded(word) for word in written]
    link = next((n for n, word in enumerate(folded) if word in _LINKS), len(folded))
    said = not NO_NAMES.isdisjoint(folded[:link]) and not _JOINS.issuperset(NO_NAMES & {*folded[:link]})
    if 0 < len(written) <= _MOST and link and folded[link - 1] in _HEADS and not said:
        yield " ".join(written)


_ARTICLES = words("the a an his her its their our")


def _folded(word: str) -> str:
    return word.casefold().strip(".'’").removesuffix("'s").removesuffix("’s")
