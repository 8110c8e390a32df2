"""The people quoted in an archive, as a list: the most quoted first, found by how a word of a name begins."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from index.analysis import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from index.persons import Person
    from search.request import After
    from search.results import QuoteHit, Results
    from search.roles import Role

Key = tuple[float, str]
"""A person's place in the order: smaller comes first."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A person, with how many articles quote them, of how many stories, and how many quotes are theirs."""

    person: Person
    articles: int
    quotes: int
    stories: int


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some of the people that a prefix leaves, ``total`` in all; ``next`` where more follow."""

    generation: int
    total: int
    people: tuple[Listed, ...]
    next: Key | None


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of the person whom a name means.

    ``spellings`` are names with the articles that use them, ``roles`` what these call the person; ``quotes``
    the latest, with the facets outlet and date; ``others`` are those whom the name can mean as well, the
    most quoted first.
    """

    generation: int
    listed: Listed
    spellings: tuple[tuple[str, int], ...]
    roles: tuple[Role, ...]
    quotes: Results[QuoteHit]
    others: tuple[Person, ...]


class Directory:
    """The list of a generation; immutable.  It is ordered by articles, or by what counts as ``stories``."""

    def __init__(self, people: Iterable[Person], counts: Sequence[Mapping[str, int]], count: str) -> None:
        """Make the list: ``counts`` are the articles, quotes and stories of each name."""
        self._count = count
        listed = (Listed(each, *(count.get(each.name, 0) for count in counts)) for each in people)
        self._listed = sorted((each for each in listed if each.articles), key=self._key)

    def _key(self, each: Listed) -> Key:
        """Return a person's place in the list: two people may have one name."""
        most = each.stories if self._count == "stories" else each.articles
        return (-float(most), f"{each.person.name}\0{each.person.id}")

    def page(self, generation: int, prefix: str, after: After | None, limit: int) -> PeoplePage:
        """Return the people behind ``after`` of whom a word of any spelling begins with a prefix."""
        wanted = _plain(prefix)
        kept: Sequence[Listed] = self._beginning(wanted) if wanted else self._listed
        first = bisect_right(kept, (after.key, after.id), key=self._key) if after else 0
        shown = tuple(kept[first : first + limit])
        following = self._key(shown[-1]) if first + limit < len(kept) else None
        return PeoplePage(generation, len(kept), shown, following)

    def _beginning(self, wanted: str) -> list[Listed]:
        first = bisect_left(self._tails, (wanted, -1))
        last = bisect_left(self._tails, (f"{wanted}\U0010ffff", -1))
        return [self._listed[number] for number in sorted({number for _, number in self._tails[first:last]})]

    @cached_property
    def _tails(self) -> list[tuple[str, int]]:
        """All spellings from each of their words on, sorted, with the number of the person."""
        return sorted(
            {
                (tail, number)
                for number, each in enumerate(self._listed)
                for spelling in each.person.spellings
                for tail in _from_each_word(_plain(spelling))
            }
        )


def _plain(name: str) -> str:
    """Return a name folded, its words apart.

    >>> _plain("Khaled al-Qaddoumi")
    'khaled al qaddoumi'
    """
    return " ".join(fold(name).replace("-", " ").split())


def _from_each_word(name: str) -> Iterator[str]:
    words = name.split(" ")
    return (" ".join(words[number:]) for number in range(len(words)))
