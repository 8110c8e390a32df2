"""One analyzer a language, the same object when articles are indexed and when they are searched.

No word is dropped and positions are true: every position from 0 to the text's length minus one
holds a term.  Where several terms stand at one position, those of one span are the stems of
one word, and a longer span is the word joined from parts.

A text is split at its white space, which no word crosses; what a chunk between spaces holds is
found once and remembered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from whoosh import analysis

from index.analysis.stems import ALGORITHMS, ALIASES, Stems
from index.analysis.words import LONGEST, analyze_pattern, cut
from index.article import UNDETERMINED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_REMEMBERED = 2**14
"""Chunks remembered for each language, twice over: the young and the old.

Then 9.9 % of the 2.7 million chunks of Reuters-21578 are analysed, 11.7 % of 2.4 million in newer and
longer articles; full, a language takes 14 MB in each worker.  Twice as many would make it 6.9 and 8.0 %.
"""

_CHUNK = re.compile(r"\S+")

_AROUND = '.,;:!?"()[]“”„«»…'
"""Marks that part words from nothing when they stand at the ends of a chunk."""

_CASED = frozenset({"tr"})
"""Languages in which small and capital letters of ASCII are not pairs (I is the capital of ı)."""

_Place = tuple[int, str, str, int, int]
Chunk = tuple[int, tuple[_Place, ...], tuple[str, ...]]
"""What a chunk holds: how many positions it takes; its terms as (offset, term, form, start, end), by
offset; forms that belong to no term."""


@dataclass(frozen=True, slots=True)
class Token:
    """A term and where it stands: its position, and code points ``start`` to ``end`` of the raw text.

    ``term`` is the stem, folded; ``form`` the surface form, folded.
    """

    term: str
    form: str
    position: int
    start: int
    end: int


class Analyzer(analysis.Analyzer):  # type: ignore[misc]
    """Text to terms in one language: immutable, safe in any number of threads, pickled by its language.

    >>> [token.term for token in analyzer("en").tokens("Israel's cease-fires")]
    ['israel', 'ceas', 'ceasefir', 'fire']
    """

    is_morph = True

    def __init__(self, language: str) -> None:
        self.language = language
        self._stems = Stems(language)
        self._chunks = _Chunks(self._chunk)

    def tokens(self, text: str) -> list[Token]:
        """Return the terms of a text, by position."""
        position = 0
        tokens = []
        for match in _CHUNK.finditer(text):
            width, places, _ = self._chunks[match[0]]
            at = match.start()
            tokens += [
                Token(term, form, position + offset, at + start, at + end)
                for offset, term, form, start, end in places
            ]
            position += width
        return tokens

    def terms(self, text: str) -> tuple[dict[str, list[int]], set[str], int]:
        """Return the positions of each term, ascending; the surface forms; and the number of positions."""
        terms: defaultdict[str, list[int]] = defaultdict(list)
        forms: set[str] = set()
        position = 0
        for width, places, more in map(self._chunks.__getitem__, text.split()):
            for offset, term, form, _, _ in places:
                terms[term].append(position + offset)
                forms.add(form)
            if more:
                forms.update(more)
            position += width
        return dict(terms), forms, position

    def chunk(self, text: str) -> Chunk:
        """Return what a text without white space holds: see ``Chunk``."""
        return self._chunks[text]

    def core(self, chunk: str) -> str:
        """Return a chunk that holds the same terms, forms and positions and is met more often.

        Marks around a plain word say nothing, nor does case, but in Turkish.

        >>> analyzer("en").core("“Talks,"), analyzer("en").core("U.S.,")
        ('talks', 'U.S.,')
        """
        word = chunk.strip(_AROUND)
        if is_plain(word):
            return word if self.language in _CASED else word.lower()
        return chunk

    def stems(self, word: str) -> tuple[str, ...]:
        """Return the terms of a plain word (``is_plain``): of one position and the form ``word.lower()``."""
        return self._stems.of(word, word.lower())

    def is_stop(self, form: str) -> bool:
        """Whether a surface form is a stop word of the language: only queries leave such words out."""
        return form in self._stems.stops

    @cached_property
    def stopped(self) -> frozenset[str]:
        """The terms of the language's stop words."""
        return frozenset(term for form in self._stems.stops for term in self._stems.of(form, form))

    def __call__(  # noqa: PLR0913, PLR0917 - what Whoosh calls its analyzers with
        self,
        value: str,
        positions: bool = False,  # noqa: FBT001, FBT002
        chars: bool = False,  # noqa: FBT001, FBT002
        keeporiginal: bool = False,  # noqa: FBT001, FBT002
        removestops: bool = True,  # noqa: FBT001, FBT002
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        tokenize: bool = True,  # noqa: FBT001, FBT002
        no_morph: bool = False,  # noqa: FBT001, FBT002
        **kwargs: Any,
    ) -> Iterator[analysis.Token]:
        """Yield Whoosh's token, changed for every term, as Whoosh's own analyzers do.

        In mode ``query`` there is one term a position, because Whoosh's phrases know no more.
        ``tokenize`` is false for a prefix or wildcard; ``no_morph`` asks for surface forms.
        """
        token = analysis.Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        last = -1
        for each in self.tokens(value) if tokenize else _whole(value):
            if mode == "query" and each.position == last:
                continue
            last = each.position
            token.text = each.form if no_morph else each.term
            if keeporiginal:
                token.original = value[each.start : each.end]
            if positions:
                token.pos = start_pos + each.position
            if chars:
                token.startchar = start_char + each.start
                token.endchar = start_char + each.end
            yield token

    def _chunk(self, text: str) -> Chunk:
        places: list[_Place] = []
        more: list[str] = []
        last, here = -1, set[str]()
        for word in cut(text):
            if word.offset != last:
                last, here = word.offset, set[str]()
            terms = () if word.plain is None else self._stems.of(word.plain, word.form)
            # a word joined from parts may have the stem of its first part: "boy-s"
            new = [term for term in terms if term not in here]
            here.update(new)
            places += [(last, term, word.form, word.start, word.end) for term in new]
            if not new:
                more.append(word.form)
        return last + 1, tuple(places), tuple(more)

    def __reduce__(self) -> tuple[Callable[[str], Analyzer], tuple[str]]:
        return analyzer, (self.language,)

    def __repr__(self) -> str:
        return f"analyzer({self.language!r})"

    __eq__ = object.__eq__
    __hash__ = object.__hash__


def is_plain(word: str) -> bool:
    """Whether a text is one word of ASCII letters and digits, which nothing needs to cut or fold."""
    return word.isascii() and word.isalnum() and len(word) <= LONGEST


class _Chunks(dict[str, Chunk]):
    """What chunks hold, remembered; threads that meet the same chunk find the same.

    When it is full, what it holds becomes old; an old chunk that is met again is young again.
    """

    def __init__(self, find: Callable[[str], Chunk]) -> None:
        super().__init__()
        self._find = find
        self._old: dict[str, Chunk] = {}

    def __missing__(self, text: str) -> Chunk:
        chunk = self._old.get(text) or self._find(text)
        if len(text) <= LONGEST:
            if len(self) >= _REMEMBERED:
                self._old = dict(self)
                self.clear()
            self[text] = chunk
        return chunk


def _whole(pattern: str) -> list[Token]:
    text = analyze_pattern(pattern)
    return [Token(text, text, 0, 0, len(pattern))]


_ANALYZERS = {language: Analyzer(language) for language in (*ALGORITHMS, UNDETERMINED)}


def analyzer(language: str) -> Analyzer:
    """Return the analyzer of a language (ISO 639-1, with or without region).

    Without a stemmer for it: the analyzer of ``und``, which folds and does not stem.

    >>> analyzer("en-GB"), analyzer("fa")
    (analyzer('en'), analyzer('und'))
    """
    code = language.lower().replace("_", "-").partition("-")[0]
    return _ANALYZERS.get(ALIASES.get(code, code), _ANALYZERS[UNDETERMINED])


def languages() -> tuple[str, ...]:
    """Return the languages that have a stemmer."""
    return tuple(sorted(ALGORITHMS))
