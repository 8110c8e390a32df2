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
from typing import TYPE_CHECKING, Any

from whoosh import analysis

from index.analysis.stems import ALGORITHMS, ALIASES, Stems
from index.analysis.words import LONGEST, analyze_pattern, cut
from index.article import UNDETERMINED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_REMEMBERED = 2**15
"""Chunks remembered for each language before all are forgotten."""

_CHUNK = re.compile(r"\S+")

_Places = tuple[tuple[int, str, str, int, int], ...]
Chunk = tuple[int, _Places, tuple[str, ...]]
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
        split = text.split()
        known = {chunk: self._chunks[chunk] for chunk in set(split)}
        forms = {form for _, places, _ in known.values() for _, _, form, _, _ in places}
        forms.update(*(more for _, _, more in known.values() if more))
        terms: defaultdict[str, list[int]] = defaultdict(list)
        position = 0
        for width, places, _ in map(known.__getitem__, split):
            for offset, term, _, _, _ in places:
                terms[term].append(position + offset)
            position += width
        return dict(terms), forms, position

    def chunk(self, text: str) -> Chunk:
        """Return what a text without white space holds: see ``Chunk``."""
        return self._chunks[text]

    def is_stop(self, form: str) -> bool:
        """Whether a surface form is a stop word of the language: only queries leave such words out."""
        return form in self._stems.stops

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
        pieces = cut(text)
        places = {
            (word.offset, term): (word.offset, term, word.form, word.start, word.end)
            for word in reversed(pieces.words)
            for term in reversed(self._stems.of(word.plain, word.form))
        }
        lost = {word.form for word in pieces.words} - {place[2] for place in places.values()}
        return pieces.width, tuple(reversed(places.values())), (*pieces.halves, *lost)

    def __reduce__(self) -> tuple[Callable[[str], Analyzer], tuple[str]]:
        return analyzer, (self.language,)

    def __repr__(self) -> str:
        return f"analyzer({self.language!r})"

    __eq__ = object.__eq__
    __hash__ = object.__hash__


class _Chunks(dict[str, Chunk]):
    """What chunks hold, remembered; threads that meet the same chunk find the same."""

    def __init__(self, find: Callable[[str], Chunk]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, text: str) -> Chunk:
        chunk = self._find(text)
        if len(text) <= LONGEST:
            if len(self) >= _REMEMBERED:
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
