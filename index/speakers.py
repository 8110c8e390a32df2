"""The people of an archive: names as written sorted into persons, with context, known people and corrections.

Names are compared in blocks of one last name; a name joins the person whose name it spells if no name there
speaks against it.  Where the spelling alone leaves it open, what else is known of the names decides: that
they were quoted in one story, or described in the same words.  A last name alone belongs to whoever of that
name stands in the same articles, or to the only one who has it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from itertools import chain, combinations
from itertools import count as count_from
from typing import TYPE_CHECKING

from index.likeness import words
from index.pairs import WITNESSED, fitting_of, initials, last_names, pairs_of
from index.persons import ID, Decided, Person, Sighting, is_full, person_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


SHARED_ROLES = 2
"""Words of a description that two names share to be a witness: "foreign", "minister", not one.

As many on either side, and none shared, are a witness against a spelling.  Of 9,962 names in 6,000 articles
of the news this joins five pairs (Pelosi, Pelsoi; Rohner, Marcle Rohner), one of them doubtful, and parts
six, all rightly: Stephen Miller, adviser, from Steven Miller, commissioner.
"""


class Speakers:
    """The persons of an archive: immutable, and the same for the same sightings.

    ``before`` are the ids that names had: a person keeps the oldest among those of its spellings, by the
    order of ``before``; one that is new is named after its most used name.
    """

    def __init__(
        self,
        sightings: Iterable[Sighting],
        decided: Decided | None = None,
        before: Mapping[str, str] | None = None,
    ) -> None:
        self._decided = decided or Decided()
        self._seen = {each.name: each for each in sightings}
        for known in self._decided.known:
            for name in (known.name, *known.spellings):
                self._seen.setdefault(name, Sighting(name, 0))
        self._ordered = sorted(self._seen, key=lambda name: (-self._seen[name].count, -len(name), name))
        self._places = {name: n for n, name in enumerate(self._ordered)}
        self._root = {name: name for name in self._ordered}
        self._members = {name: [name] for name in self._ordered}
        self._apart: dict[str, set[str]] = defaultdict(set)
        self._decide()
        self._join_spellings()
        self._join_short_names()
        self.persons: Mapping[str, Person] = self._persons(before or {})

    @classmethod
    def of_persons(cls, persons: Iterable[Person]) -> Speakers:
        """Return a table of persons who are sorted already; of two with one id the later gets another."""
        table = cls(())
        taken: dict[str, Person] = {}
        for person in persons:
            ids = chain([person.id], (person_id(person.name, times) for times in count_from()))
            id_ = next(each for each in ids if each not in taken)
            taken[id_] = replace(person, id=id_)
        table.persons = taken
        return table

    def _decide(self) -> None:
        """Join what is said to be one person's and keep apart what is not."""
        known = self._decided.known
        pairs = [*self._decided.different]
        pairs += [(one.name, other.name) for one, other in combinations(known, 2)]
        for one, other in pairs:
            self._apart[one].add(other)
            self._apart[other].add(one)
        same = [(each.name, spelling) for each in known for spelling in each.spellings]
        for one, other in [*same, *self._decided.same]:
            if one in self._root and other in self._root:
                self._join(one, other)

    def _join_spellings(self) -> None:
        """Join full names, the likeliest pairs first."""
        full = [name for name in self._ordered if is_full(name)]
        pairs = list(pairs_of(full))
        for one, other, _, sure in pairs:
            if sure and self._contradicted(one, other):
                self._apart[one].add(other)
                self._apart[other].add(one)
        for one, other, odds, sure in pairs:
            if sure or (odds >= WITNESSED and self._witness(one, other)):
                self._join(one, other)

    def _witness(self, one: str, other: str) -> bool:
        """Whether something else than their spelling says that two names are one person's."""
        a, b = self._seen[one], self._seen[other]
        if other in a.beside or one in b.beside:
            return False
        return bool(a.stories & b.stories) or len(a.roles & b.roles) >= SHARED_ROLES

    def _contradicted(self, one: str, other: str) -> bool:
        """Whether two names that are spelt differently are described differently, and share no story.

        An initial or a second name more is no other spelling.
        """
        a, b = self._seen[one], self._seen[other]
        described = min(len(a.roles), len(b.roles)) >= SHARED_ROLES and a.roles.isdisjoint(b.roles)
        if not described or a.stories & b.stories:
            return False
        own, others = set(words(one)), set(words(other))
        return not (own <= others or others <= own)

    def _join_short_names(self) -> None:
        """Give last names alone, and those with initials, to the person whom they can only mean."""
        by_last: dict[str, set[str]] = defaultdict(set)
        for name in self._ordered:
            if is_full(name):
                for key in last_names(name):
                    by_last[key].add(self._find(name))
        short = [
            name for name in self._ordered if not is_full(name) and len(self._members.get(name, ())) == 1
        ]
        fitting = fitting_of(
            {name: sorted({p for key in last_names(name) for p in by_last.get(key, ())}) for name in short}
        )
        for name in short:
            people, company = fitting[name], self._seen[name].beside
            beside = [one for one in people if not company.isdisjoint(self._members[self._find(one)])]
            chosen = beside if len(beside) == 1 else people
            if len(chosen) == 1:
                self._join(chosen[0], name)
        alone = [name for name in short if not fitting[name]]
        for one, other, _, sure in pairs_of(alone):
            if sure and initials(one) == initials(other):
                self._join(one, other)

    def _find(self, name: str) -> str:
        while self._root[name] != name:
            self._root[name] = self._root[self._root[name]]
            name = self._root[name]
        return name

    def _join(self, one: str, other: str) -> None:
        """Make two names one person's, unless that would join two that are said to be different."""
        a, b = self._find(one), self._find(other)
        if a == b or any(not self._apart[name].isdisjoint(self._members[b]) for name in self._members[a]):
            return
        if self._places[b] < self._places[a]:
            a, b = b, a
        self._root[b] = a
        self._members[a] += self._members.pop(b)

    def _persons(self, before: Mapping[str, str]) -> Mapping[str, Person]:
        """Return the persons by their ids."""
        age = {id_: n for n, id_ in reversed(list(enumerate(before.values())))}
        known = {each.name: each for each in self._decided.known}
        claims = []
        for names in self._members.values():
            spellings = sorted(names, key=self._places.__getitem__)
            said = next((known[name] for name in spellings if name in known), None)
            full = [name for name in spellings if is_full(name)] or spellings
            canonical = said.name if said else full[0]
            old = sorted({before[name] for name in spellings if name in before}, key=age.__getitem__)
            wanted = [said.id] if said and said.id else []
            claims.append((canonical, spellings, [*wanted, *old]))
        taken: dict[str, Person] = {}
        claims.sort(key=lambda claim: (_oldest(claim[2], age), self._places[claim[1][0]]))
        for canonical, spellings, ids in claims:
            own = (person_id(canonical, times) for times in count_from())
            id_ = next(each for each in chain(ids, own) if each not in taken)
            count = sum(self._seen[name].count for name in spellings)
            taken[id_] = Person(id_, canonical, tuple(spellings), count)
        return taken

    @cached_property
    def of(self) -> Mapping[str, str]:
        """The id of the person whom each name means: ``before`` of the next generation, oldest first."""
        return {name: person.id for person in self.persons.values() for name in person.spellings}

    @cached_property
    def _by_key(self) -> Mapping[str, list[Person]]:
        """The persons under each folded last name of a spelling."""
        found: dict[str, dict[str, Person]] = defaultdict(dict)
        for person in self.persons.values():
            for name in person.spellings:
                for key in last_names(name):
                    found[key][person.id] = person
        return {key: list(people.values()) for key, people in found.items()}

    def meant(self, name: str) -> list[Person]:
        """Return the persons whom a name can mean, the one quoted most first; a last name fits several."""
        if name in self.of and is_full(name):
            return [self.persons[self.of[name]]]
        near = {person.id: person for key in last_names(name) for person in self._by_key.get(key, ())}
        spelt = [spelling for person in near.values() for spelling in person.spellings]
        fitting = {self.of[spelling] for spelling in fitting_of({name: spelt})[name]}
        fitting |= {self.of[name]} if name in self.of else set()
        # "Lee" is too short to be judged by its sounds, and is the last name of every Lee.
        fitting |= {self.of[spelling] for spelling in spelt if words(spelling)[-1:] == words(name)}
        return sorted(
            (near[id_] if id_ in near else self.persons[id_] for id_ in fitting),
            key=lambda p: (-p.count, p.name),
        )

    def matching(self, query: str) -> frozenset[str]:
        """Return all spellings of whom a name can mean, or of the person with this id."""
        one = self.resolve(query)
        return frozenset(
            spelling for person in ([one] if one else self.meant(query)) for spelling in person.spellings
        )

    def canonical(self, name: str) -> str:
        """Return the name that the archive uses most for this person, or the name itself."""
        people = [self.persons[self.of[name]]] if name in self.of else self.meant(name)
        return people[0].name if len(people) == 1 else name

    def resolve(self, id_: str) -> Person | None:
        """Return the person with an id, or the one of whom a spelling would have that id."""
        if id_ in self.persons or not ID.fullmatch(id_):
            return self.persons.get(id_)
        return self.persons.get(self._by_spelling.get(id_, ""))

    @cached_property
    def _by_spelling(self) -> Mapping[str, str]:
        return {person_id(name): id_ for name, id_ in self.of.items()}


def _oldest(ids: Iterable[str], age: Mapping[str, int]) -> int:
    """Return the age of the oldest of some ids; the least is the oldest."""
    return min((age[id_] for id_ in ids if id_ in age), default=len(age))


def kindreds(names: Iterable[str], decided: Decided) -> list[list[str]]:
    """Return names in groups of which no two have a name of one person, by last names and by what is said.

    Each group is sorted by itself as it is among all.
    """
    root: dict[str, str] = {}

    def find(one: str) -> str:
        while root.setdefault(one, one) != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    said = [(each.name, spelling) for each in decided.known for spelling in each.spellings]
    links = [*said, *decided.same, *decided.different]
    known = dict.fromkeys([*names, *(each.name for each in decided.known), *(n for _, n in said)])
    for one, other in links:
        root[find(one)] = find(other)
    for name in known:
        for key in last_names(name):
            root[find(name)] = find(f"\0{key}")
    groups: dict[str, list[str]] = defaultdict(list)
    for name in known:
        groups[find(name)].append(name)
    return list(groups.values())
