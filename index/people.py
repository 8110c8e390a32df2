"""The people of one article: the names that stand in it, and who is meant by a last name.

Names are runs of capitals without titles, leading country names and the like.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.names import TITLES, same_person, skeleton, tokens
from index.vocabulary import words

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪĬİĶŁŃŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ]"
_INITIAL = rf"(?:{_CAPITAL}|Jr|Sr|St|Dr|Mr|Mrs|Ms|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Maj|Prof)\."
_NAME_WORD = (
    rf"(?:(?:al|el|Al|El|ul|d|D|O|de|L|l)[-’']{_CAPITAL}[\w’'-]*|{_INITIAL}|"
    rf"{_CAPITAL}(?:[\w-]|[’'](?!s\b)(?=\w))*)"
)
_JOIN = r"(?:[ \xa0]+(?:(?:de|da|di|du|van|von|der|den|la|le|bin|ibn|al|el|ben|del|dos)[ \xa0]+){0,2})"
RUN = re.compile(rf"{_NAME_WORD}(?:{_JOIN}{_NAME_WORD})*")
"""A run of capitals: "Hamas", "Khaled al-Qaddoumi", "Judiciary Chief Ayatollah Seyed Ebrahim Raeisi"."""

_ROLES = """
president vice prime minister premier chancellor senator sen sens rep reps congressman congresswoman
governor gov mayor judge justice attorney general secretary state speaker leader chief chairman
chairwoman chair chairperson director manager ceo cfo coach captain officer official spokesman
spokeswoman spokesperson representative envoy ambassador diplomat lawmaker legislator deputy commander
major lieutenant colonel brigadier gen admiral professor prof dr doctor mr mrs ms miss sir lord lady
king queen prince princess pope cardinal archbishop bishop rabbi imam sheikh ayatollah hojatoleslam
analyst strategist pollster author editor reporter correspondent columnist founder owner partner aide
adviser advisor counsel lawyer candidate nominee businessman executive head member parliament democrat
republican democratic gop former acting senior assistant associate judiciary house senate majority emeritus
prosecutor mp mep msp whip democrats republicans spokesmen administrator commissioner astronomer scientist
researcher professor coordinator pastor reverend sergeant superintendent chancellor treasurer activist
minority foreign interior defense defence finance armed forces staff detective sheriff sgt sergeant
police
"""
ROLES = frozenset(_ROLES.split())
"""Words of offices and titles that stand before a name in capitals, and head descriptions of people."""

_OCCUPATIONS = """
surgeon neurosurgeon physician star host champion boss father mother dad mom brother sister son daughter wife
husband friend victim expert critic monarch guy kid child boy girl lady nurse pilot priest cleric teen
teenager veteran pundit tycoon mogul billionaire millionaire survivor couple family campaign camp hopeful duo
side caller sources source insider heir rival ally foe surrogate rep crew congregation jury panel staff fan
thug singer rapper actress actor comedian musician athlete runner pope prosecutors team squad company firm
publication outlet website site blog network paper daily tabloid magazine journal channel designer artist
economist lawyer attorney engineer novelist poet historian biologist chemist physicist activist photographer
filmmaker producer drummer guitarist boxer golfer striker midfielder goalkeeper driver farmer teacher
principal student resident neighbor neighbour owner tenant broadcaster blogger presenter anchor moderator
"""
OCCUPATIONS = frozenset(_OCCUPATIONS.split())
"""Other words for people, and for those who speak as one."""

_PLACES = """
afghanistan africa albania algeria america argentina armenia asia australia austria azerbaijan bahrain
bangladesh belarus belgium bolivia bosnia brazil britain bulgaria cambodia cameroon canada chile china
colombia croatia cuba cyprus czechia denmark ecuador egypt england estonia ethiopia europe finland
france gaza georgia germany ghana greece haiti honduras hungary iceland india indonesia iran iraq
ireland israel italy jamaica japan jerusalem jordan kazakhstan kenya korea kosovo kuwait latvia lebanon
libya lithuania luxembourg malaysia mali malta mexico moldova mongolia morocco myanmar nepal netherlands
nicaragua nigeria norway oman pakistan palestine panama paraguay peru philippines poland portugal qatar
romania russia rwanda scotland senegal serbia singapore slovakia slovenia somalia spain sudan sweden
switzerland syria taiwan tajikistan tanzania thailand tunisia turkey uganda ukraine uruguay uzbekistan
venezuela vietnam wales yemen zambia zimbabwe washington london paris berlin moscow tehran baghdad
beijing brussels
"""
_NATIONAL = """
afghan african american americans arab asian australian belgian brazilian british canadian chinese
christian cuban dutch egyptian english european french german greek indian iranian iraqi irish islamic
israeli italian japanese jewish korean kurdish lebanese libyan mexican muslim pakistani palestinian
palestinians polish russian russians saudi scottish spanish swedish swiss syrian taliban turkish
ukrainian yemeni zionist
"""
NATIONAL = frozenset(_NATIONAL.split())
"""Adjectives of nations and creeds: they stand before offices and name nobody."""
PLACES = frozenset(_PLACES.split()) | NATIONAL
"""Countries, their adjectives and some capitals: a run of capitals may open with one; none is a person."""

_GROUPS = """
accord act affairs agency agreement airport association authority bill army bank bureau campaign center
centre club coalition college commission committee company conference congress corp corporation council
court day department dome embassy federation force forces foundation front fund government group hall
hamas hezbollah hospital house inc institute institution islands law league ltd media ministry mosque
movement nations network news newspaper office organisation organization parliament party police post
press regime relations republic rights school senate service society state states street strip team
television times tribune tv union united university war world
"""
GROUPS = frozenset(_GROUPS.split())
"""Words of organisations and places: a name that ends in one is no person."""

_CALENDAR = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july
august september october november december
"""
_FUNCTION = """
earlier among afterwards afterward later moreover nevertheless additionally overall further furthermore
instead some any each every none neither either both once upon despite under over between against without
within our your let please oh okay would could should does did is are was were has have had the a an this
that these those but and or if in on at as for with when while after before since although though however
meanwhile he she they it we i you his her their its our my there here what who how why where yes no not now
then also according still yet so because by from to of asked speaking referring more most many some all both
another other one two three even just only last next few several like unlike including regarding per via
about above across against along amid amidst around below beneath beside besides beyond concerning during
except following inside near off onto outside past since than through throughout till toward towards
underneath until upon whereas whether whenever wherever whatever whoever whose nor else perhaps maybe indeed
likewise similarly
"""
NO_NAMES = frozenset(_CALENDAR.split()) | frozenset(_FUNCTION.split())
"""Words that begin with a capital without naming anybody."""


_SURNAMES = words("king bishop pope judge prince major dean page")
"""Words of offices that are last names as well: "Larry King"."""
_LOOKED_BACK = 50
"""Names that are looked at for whom "he" means: further back nobody is remembered."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in the text, and the name of the person, in full where the text has it."""

    start: int
    end: int
    text: str
    person: str
    is_person: bool


class People:
    """The names of a text in their order, and whom its last names and descriptions mean."""

    def __init__(self, text: str) -> None:
        raw = _real(text, list(_names(text)))
        self._persons = _persons(raw, text)
        self.names = tuple(
            Name(a, b, text[a:b], self._persons.get(text[a:b], text[a:b]), text[a:b] in self._persons)
            for a, b in raw
        )
        self._starts = [name.start for name in self.names]

    def within(self, start: int, end: int) -> list[Name]:
        """Return the names between two offsets."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end, first)
        return [name for name in self.names[first:last] if name.end <= end]

    def before(self, position: int) -> Iterator[Name]:
        """Yield the people named before an offset, the last first: as many as are worth looking at."""
        last = bisect_left(self._starts, position)
        for name in reversed(self.names[max(0, last - _LOOKED_BACK) : last]):
            if name.is_person and name.end <= position:
                yield name

    def person(self, name: str) -> str:
        """Return the name of the person in full, or the name itself."""
        return self._persons.get(name, name)

    def is_person(self, name: str) -> bool:
        """Whether the name is a person's."""
        return name in self._persons


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of names: runs of capitals, offices and countries before them split off."""
    for run in RUN.finditer(text):
        before = _before_name(run[0])
        if before is None:
            continue
        start, end = run.start() + before, run.end()
        while text[end - 1] in ".-’'" and not _ENDS_DOTTED.search(text, start, end):
            end -= 1
        yield start, end


@lru_cache(maxsize=1 << 14)
def _before_name(run: str) -> int | None:
    """Return the characters of a run of capitals before its name; None where it has none."""
    written = run.split()
    first = _first(written, [word.casefold().strip(".’'") for word in written])
    if first is None:
        return None
    start = 0
    for word in written[:first]:
        start = run.index(word, start) + len(word)
    return run.index(written[first], start)


def _real(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans without parties, and without lone words that only opening a sentence makes capitals.

    One that opens a sentence is a word where the text has it in lower case too, or where it ends as an adverb
    or participle, unless it is the last name of a full name or a name within a sentence too.
    """
    lower = set(_LOWER.findall(text))
    names = [text[start:end] for start, end in spans]
    opens = [not start or _OPENS.search(text, max(0, start - 4), start) is not None for start, _ in spans]
    known = {
        name.rsplit(" ", 1)[-1]
        for name, opening in zip(names, opens, strict=True)
        if not opening or " " in name
    }

    def is_word(name: str) -> bool:
        return " " not in name and name not in known and (name.lower() in lower or name.endswith(_ADVERBIAL))

    return [
        span
        for span, name, opening in zip(spans, names, opens, strict=True)
        if not (opening and is_word(name)) and not _PARTY.match(text, span[0] - 1)
    ]


_ADVERBIAL = ("ly", "ing", "wise")
_LOWER = re.compile(r"(?<![\w’'-])[a-zß-ÿ]+")
_OPENS = re.compile('[.!?:;\n“”"‘’\ue000–—-][ \xa0”’"]*\\Z')
_PARTY = re.compile(r"\([A-Z]{1,4}(?:[-–][^()]{1,20})?\)")
"""A party and a state behind the name of a politician: "(D-Wis.)"."""
_ENDS_DOTTED = re.compile(r"\b(?:Jr|Sr|[A-Z])\.\Z")
_TWO = 2
"""Words of a name with a given name."""


def _first(written: list[str], folded: list[str]) -> int | None:
    """Return the number of the word of a run of capitals at which its name begins; None where it has none.

    >>> _first("Judiciary Chief Ebrahim Raeisi".split(), "judiciary chief ebrahim raeisi".split())
    2
    """
    count = len(folded)
    first = next((n for n in range(count) if folded[n] not in NO_NAMES), count)
    if count - first > _TWO and folded[first] in OCCUPATIONS:  # "Actor Brendan Fraser" opens a sentence
        first += 1
    role = next((n for n in range(count - 1, first - 1, -1) if folded[n] in ROLES), -1)
    if role == count - 1 and count - first > 1 and folded[role] not in _SURNAMES:
        return None  # "House Speaker" names an office
    if first <= role < count - 1:
        first = role + 1
    elif count - first > _TWO and folded[first] in PLACES and folded[-1] not in GROUPS:
        first += 1
    while first < count - 1 and _is_acronym(written[first]) and not _is_acronym(written[first + 1]):
        first += 1
    rest = folded[first:]
    lone = len(rest) == 1 and (rest[0] in ROLES or len(rest[0]) == 1)
    return None if lone or all(word in NATIONAL for word in rest) else first


def _is_acronym(word: str) -> bool:
    """Whether a word is one of three capitals or more: "MSNBC" before a name is no part of it."""
    return len(word) > _TWO and word.isalpha() and word.isupper()


def _persons(spans: list[tuple[int, int]], text: str) -> dict[str, str]:
    """Return name as written → the person's full name, for the names that can be a person's."""
    counts = Counter(text[a:b] for a, b in spans)
    full = [name for name in counts if len(tokens(name)) > 1 and _can_be_person(name)]
    by_last: dict[str, list[str]] = defaultdict(list)
    for name in full:
        by_last[tokens(name)[-1]].append(name)
    by_skeleton: dict[str, list[str]] = defaultdict(list)
    for name in full:
        by_skeleton[skeleton(tokens(name)[-1])].append(name)
    titled = {
        text[a:b]
        for a, b in spans
        if _is_titled(text[max(0, a - 20) : a]) and not _PLACE_BEHIND.match(text, b)
    }
    persons = {name: _longest(name, by_last[tokens(name)[-1]]) for name in full}
    for name in counts:
        words = tokens(name)
        if name in persons or len(words) != 1 or not _can_be_person(name):
            continue
        near = by_last.get(words[0]) or by_skeleton.get(skeleton(words[0]), [])
        same = next((other for other in near if same_person(name, other)), None)
        if same:
            persons[name] = persons[same]
        elif name in titled:
            persons[name] = name
    return persons


def _longest(name: str, others: list[str]) -> str:
    """Return the fullest name among those that name the same person."""
    same = [other for other in others if same_person(name, other)]
    return max(same, key=lambda other: (len(tokens(other)), -others.index(other)))


_NOBODY = GROUPS | PLACES


def _can_be_person(name: str) -> bool:
    words = tokens(name)
    return not (
        words[-1] in _NOBODY
        or words[0] in {"united", "new", "north", "south", "west", "east", "white", "supreme"}
        or (len(words) == 1 and words[0] in NO_NAMES)
        or name.isupper()
        or len(words) > 5  # noqa: PLR2004 - nobody has six names in the news
    )


_PLACE_BEHIND = re.compile(
    r" (?:neighbou?rhood|area|district|street|mosque|city|province|region|camp|crossing|square|road|avenue|"
    r"airport|quarter|village|town|bridge|school|university|hospital|stadium|park|county|river|island|mountain)s?\b"
)
"""What stands behind the name of a place: "the Sheikh Jarrah neighborhood"."""


_TITLED = ROLES | TITLES


def _is_titled(before: str) -> bool:
    """Whether the text before a name ends in a title or an office."""
    words = before.split()
    return bool(words) and before[-1].isspace() and words[-1].casefold().strip(".") in _TITLED
