"""Phrases that name a speaker without a name: "the Hamas chief", "Iraqi officials", "the report"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.lexicon import GROUPS, OCCUPATIONS, ROLES
from index.reporting import VERBS
from index.vocabulary import words as table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.words import Verb, Words

_DETERMINERS = table(
    """the a an one another his her its their our this that these those some many several most both two
    three"""
)
_INDEFINITE = table("one another others some many several most both neither none")
_LINKS = table("of in on at for from with by to and or but that who as than against about over")
"""Words that end the first phrase of a longer one."""
ADVERBS = table("also later then who further again")
"""Words between a subject and its verb."""
_NEGLIGIBLE = ADVERBS | table("has have had previously recently reportedly")
"""These and words between a subject and its verb that change neither."""
_ENDINGS = """
man woman men women people er ers or ors ist ists yst ysts ian ians ent ents ant ants cials ee ees ive ives
"""
_PERSON_ENDINGS = tuple(_ENDINGS.split())
"""How words for people end that no table holds: organiser, voter, economist, resident."""
_NO_PERSON = table(
    """number matter paper letter power order center centre border water government parliament moment
    statement agreement department movement event investment document treatment payment effort error
    factor other another week year decision winter summer election hour rather either her their november
    september october december computer weather never ever after over under offer answer quarter chapter
    character corner dinner tower river murder disorder flower floor door color colour honor behavior
    favor terror horror labor minor major prior interior exterior percent extent present recent current
    different comment segment amendment environment argument development employment establishment
    involvement shipment commitment announcement cabinet content client incident accident rant want
    plant grant constant important significant distant instant relevant five live give drive active
    alive olive positive negative initiative perspective alternative objective massive expensive archive
    motive native narrative free three tree fee degree agree see guarantee flee knee"""
)
"""Words with such an ending that are nobody."""
DOCUMENTS = table(
    """report statement email e-mail memo letter message article piece study newspaper tweet post editorial
    op-ed release summary document filing complaint lawsuit affidavit indictment ruling opinion sign
    poster headline caption transcript bill proclamation resolution decree note ad advertisement banner
    slogan chant story column essay account book survey poll petition declaration constitution law
    review notice warrant text"""
)
"""Written words that speak: "the report says"."""
_PLURALS = table("police people men women percent")
_NUMBERS = table("two three four five six seven others")
_AUXILIARY = table("was is were are will would be been as has does")
_NO_SUBJECT = table("he she they it i we who you and or to but not")
"""Words that open or end no phrase."""
_PHRASE = 6
"""Words of a phrase that are looked through for its head."""
_BARE = 3
"""Words of a subject without a determiner, as "Iraqi officials"."""
_BEFORE_VERB = 9
"""Words before a verb in which the phrase that is its subject opens."""


def described(words: Words) -> Iterator[tuple[int, int]]:
    """Yield the spans of phrases that a determiner opens and a word for people, a group or a document ends.

    A title before a name, as in "the Rev. Al Sharpton", is left to the name.
    """
    for n, word in enumerate(words.lower):
        if word in _DETERMINERS:
            head = _head(words, n)
            if head >= 0 and not (words.adjoin(head) and words.written[head + 1][0].isupper()):
                yield words.starts[n], words.ends[head]


def _head(words: Words, first: int) -> int:
    """Return the number of the word that heads the phrase which opens at a determiner, or -1."""
    last = min(first + 1 + _PHRASE, len(words.lower))
    for n in range(first + 1, last):
        word = words.lower[n]
        part = word == "of" and n == first + 1 and words.lower[first] in _INDEFINITE  # "one of the victims"
        if not words.adjoin(n - 1) or word in VERBS or (word in _LINKS and not part):
            break
        goes_on = words.adjoin(n) and words.lower[n + 1] not in VERBS and _is_head(words, n + 1)
        if _is_head(words, n) and not goes_on:
            return n
    return -1


def _is_head(words: Words, number: int) -> bool:
    """Whether a word is one for a person, a group of people or a document."""
    word = words.lower[number]
    if word in ROLES:
        return True
    if not words.is_lower(number) or word in _NO_PERSON:
        return False
    return word in GROUPS or word in OCCUPATIONS or word in DOCUMENTS or word.endswith(_PERSON_ENDINGS)


def subjects(words: Words, verbs: Sequence[Verb]) -> Iterator[tuple[int, int]]:
    """Yield the spans of phrases that stand right before a reporting verb, or one word behind it.

    "The study reports", "Iraqi officials said", "said another": whatever the head is, it speaks.
    """
    for verb in verbs:
        last = verb.word - 1
        while words.adjoin(last) and _is_negligible(words.lower[last]):
            last -= 1
        lower = words.adjoin(last) and (words.is_lower(last) or words.lower[last] in _INDEFINITE)
        if lower and not verb.text.endswith("ing"):
            first = _opening(words, last)
            if _is_subject(words, first, last):
                yield words.starts[first], words.ends[last]
        behind = verb.word + 1
        if words.adjoin(verb.word) and words.lower[behind] in _INDEFINITE:
            yield words.starts[behind], words.ends[behind]


def _opening(words: Words, last: int) -> int:
    """Return the number of the first word of the phrase that a word ends."""
    first = last
    if words.lower[last] in _NUMBERS and words.adjoin(last - 1) and words.lower[last - 1] in _DETERMINERS:
        first -= 1  # "the two wrote"
    while (
        words.lower[first] not in _DETERMINERS
        and last - first < _BEFORE_VERB
        and words.adjoin(first - 1)
        and words.lower[first - 1] not in VERBS
    ):
        first -= 1
    return first


def _is_subject(words: Words, first: int, last: int) -> bool:
    opening, head = words.lower[first], words.lower[last]
    if head in _AUXILIARY or opening in _NO_SUBJECT or head in _NO_SUBJECT:
        return False
    if opening in _DETERMINERS:
        return first < last or opening in _INDEFINITE
    return last - first < _BARE and (head.endswith("s") or head in _PLURALS)


def _is_negligible(word: str) -> bool:
    return word in _NEGLIGIBLE or word.endswith("ly")
