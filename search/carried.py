"""Where the words of quotes ran: in which articles the same ones stand, and in which nearly the same.

All quotes of a page are looked for at once; those that may be variants are read, one for each wording.
What was found is remembered: the same words come back under other queries, sorts and pages.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.differences import differences
from index.winnowing import are_variants, is_short, keys, runs
from search.results import Carrier, Ran, Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from index.article import Quote
    from index.codec.quotes import Quotes
    from search.vocabulary import Spelled, Vocabulary

LISTED = 10
"""Articles that are named of those that carry the same words: they fit on a line each."""

VARIANTS = 5
"""Variants of a quote that are shown."""

MOST = 30
"""Wordings that are read to see whether they are variants of a quote, those that share most keys first: set
phrases bring some that are none."""


class Placed(NamedTuple):
    """A quote by its place in the archive."""

    quotes: Quotes
    doc: int

    @property
    def print(self) -> int:
        """The same where the words are; 0 where there is none."""
        return self.quotes.own.prints.of(self.doc)

    @property
    def document(self) -> int:
        """The document of its segment that it stands in."""
        return self.quotes.own.article.item(self.doc)


class Wording(NamedTuple):
    """Some words, and the quotes of them: for each segment that has any, int32[m], one an article."""

    standing: tuple[tuple[Quotes, NDArray[np.int32]], ...]

    @property
    def articles(self) -> int:
        """How many articles carry them."""
        return sum(len(docs) for _, docs in self.standing)

    def first(self, most: int) -> list[Placed]:
        """Return those in the earliest articles, undated ones last."""
        dated = []
        for quotes, docs in self.standing:
            days = quotes.columns.starts[docs]
            days = np.where(days == 0, _UNDATED, days)
            for at in np.argsort(days, kind="stable")[:most].tolist():
                placed = Placed(quotes, docs.item(at))
                dated.append((days.item(at), quotes.columns.ids.text(placed.doc), placed))
        return [placed for _, _, placed in sorted(dated, key=lambda each: each[:2])[:most]]

    def outlets(self, names: Spelled) -> tuple[str, ...]:
        """Return the outlets of the articles, the most frequent first."""
        counts: Counter[str] = Counter()
        for quotes, docs in self.standing:
            column = quotes.articles.columns.values["outlet"]
            for doc in docs.tolist():
                for name in column.of(quotes.own.article.item(doc)):
                    counts[names.canonical(name)] += 1
        if len(counts) <= 1:
            return tuple(counts)
        return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


_UNDATED = 1 << 30
"""A day after all others."""


_REMEMBERED = 1024
"""Quotes that an archive remembers, and where as many ran: half a KB each, two with variants."""


class Archive:
    """All quotes of a generation, a value a segment, with what was asked about them.

    Shared by threads: a race reads the same twice.  It holds no vocabulary, which would hold it: what is
    in a circle is never let go where the service froze what was there before its workers.
    """

    def __init__(self, everything: Sequence[Quotes]) -> None:
        self._everything = everything
        self._ran: dict[Placed, Ran] = {}
        self.quote = lru_cache(_REMEMBERED)(_quote)

    def following(self, page: Sequence[Placed], vocabulary: Vocabulary) -> list[Callable[[], Ran]]:
        """Return for each quote of a page what says where it ran; asked for one, all are followed."""
        found = cache(lambda: self.ran(page, vocabulary))
        return [partial(lambda at: found()[at], at) for at in range(len(page))]

    def ran(self, page: Sequence[Placed], vocabulary: Vocabulary) -> list[Ran]:
        """Return where each quote of a page ran; people and outlets are called as the generation does."""
        known = {placed: found for placed in page if (found := self._ran.get(placed))}
        new = [placed for placed in page if placed not in known]
        if new:
            if len(self._ran) >= _REMEMBERED:
                self._ran.clear()
            made = _Search(self._everything, vocabulary, self.quote).ran(new)
            self._ran.update(zip(new, made, strict=True))
            known.update(zip(new, made, strict=True))
        return [known[placed] for placed in page]


class _Search(NamedTuple):
    """Looks for words among all quotes, under the names of a vocabulary; ``quote`` reads one."""

    everything: Sequence[Quotes]
    vocabulary: Vocabulary
    quote: Callable[[Placed], Quote]

    def ran(self, places: Sequence[Placed]) -> list[Ran]:
        """Return where each of some quotes ran."""
        page = [(placed, self.quote(placed).text) for placed in places]
        said = self._wordings([placed.print for placed, _ in page])
        near = self._near(page)
        return [
            self._told(placed, text, wording or _alone(placed), others)
            for (placed, text), wording, others in zip(page, said, near, strict=True)
        ]

    def _wordings(self, prints: Sequence[int]) -> list[Wording | None]:
        """Return where the words of each print stand, None where it stands for none."""
        wanted = np.array(prints, np.uint64)
        found: list[list[tuple[Quotes, NDArray[np.int32]]]] = [[] for _ in prints]
        for quotes in self.everything:
            for at, docs in quotes.own.prints.same(wanted):
                alive = docs[quotes.live[docs]]
                if len(alive) > 1:
                    alive = alive[np.unique(quotes.own.article[alive], return_index=True)[1]]
                if len(alive):
                    found[at].append((quotes, alive))
        return [Wording(tuple(each)) if each else None for each in found]

    def _near(self, page: Sequence[tuple[Placed, str]]) -> list[list[Placed]]:
        """Return for each quote one of each other wording that may be a variant of it."""
        long = [(at, *each) for at, each in enumerate(page) if not is_short(each[1])]
        if not long:
            return [[] for _ in page]
        own = [keys(text) for _, _, text in long]
        of = [at for (at, _, _), each in zip(long, own, strict=True) for _ in range(len(each))]
        homes = [page[at][0].quotes for at in of]
        every = np.concatenate(own)
        prints = [placed.print for placed, _ in page]
        shared: list[Counter[int]] = [Counter() for _ in page]
        known: list[dict[int, Placed]] = [{} for _ in page]
        for quotes in self.everything:
            themselves = np.array([home is quotes for home in homes], np.int64)
            for key, docs in quotes.own.prints.near(every, themselves):
                at = of[key]
                placed = page[at][0]
                alive = docs[quotes.live[docs]]
                if quotes is placed.quotes:
                    alive = alive[quotes.own.article[alive] != placed.document]
                found, first = np.unique(
                    quotes.own.prints.prints[quotes.own.prints.places[alive]], return_index=True
                )
                for print_, doc in zip(found.tolist(), alive[first].tolist(), strict=True):
                    if print_ != prints[at]:
                        shared[at][print_] += 1
                        known[at].setdefault(print_, Placed(quotes, doc))
        return [
            [places[print_] for print_, _ in counts.most_common(MOST)]
            for counts, places in zip(shared, known, strict=True)
        ]

    def _told(self, placed: Placed, text: str, wording: Wording, near: Sequence[Placed]) -> Ran:
        names = self.vocabulary.spellings("outlet")
        others = wording.first(LISTED + 1) if wording.articles > 1 else []
        here = placed.quotes, placed.document
        variants = sorted(self._variants(text, near), key=lambda each: (-each.articles, each.text))
        return Ran(
            wording.articles,
            wording.outlets(names),
            tuple(self._carrier(each) for each in others if (each.quotes, each.document) != here)[:LISTED],
            tuple(variants[:VARIANTS]),
        )

    def _variants(self, text: str, near: Sequence[Placed]) -> Iterator[Variant]:
        if not near:
            return
        own = runs(text)
        texts = [self.quote(each).text for each in near]
        those = [
            (each, other) for each, other in zip(near, texts, strict=True) if are_variants(own, runs(other))
        ]
        if not those:
            return
        wordings = self._wordings([each.print for each, _ in those])
        names = self.vocabulary.spellings("outlet")
        for (each, other), wording in zip(those, wordings, strict=True):
            found = wording or _alone(each)
            (first,) = found.first(1)
            yield Variant(
                other,
                found.articles,
                found.outlets(names),
                self._carrier(first),
                tuple(differences(text, other)),
            )

    def _carrier(self, placed: Placed) -> Carrier:
        spelling = placed.quotes.speaker(placed.doc)
        people = self.vocabulary.spellings("speaker")
        return Carrier(
            placed.quotes.articles.shown(placed.document),
            people.canonical(spelling) if spelling else None,
            spelling,
        )


def _quote(placed: Placed) -> Quote:
    return placed.quotes.quote(placed.doc)


def _alone(placed: Placed) -> Wording:
    return Wording(((placed.quotes, np.array([placed.doc], np.int32)),))
