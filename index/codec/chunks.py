"""What the chunks between white space hold, as numbers: each is analysed once, then looked up.

Indexing an article is then a split and a look-up a word; terms, positions and frequencies are
made of the numbers of a whole segment at once.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from index.analysis import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from index.analysis import Analyzer


class Numbers(dict[str, int]):
    """Strings numbered in the order of their first use."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number

    def ranks(self) -> tuple[list[bytes], NDArray[np.uint32]]:
        """Return the strings as sorted bytes, and the rank of each number: uint32[n]."""
        encoded = [text.encode("utf-8", "replace") for text in self]
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        ranks = np.empty(len(order), dtype=np.uint32)
        ranks[order] = np.arange(len(order), dtype=np.uint32)
        return [encoded[number] for number in order], ranks


class Chunks:
    """The chunks of an archive in all languages, with the terms and surface forms that they hold.

    They outlive a segment: a writer starts anew only when they have become too many.

    Chunk c is ``widths[c]`` positions wide; its terms are ``terms[places[c]:places[c + 1]]`` at
    ``offsets``, its forms ``forms[form_places[c]:form_places[c + 1]]``.
    """

    def __init__(self) -> None:
        self.term_numbers, self.form_numbers = Numbers(), Numbers()
        self.widths, self.terms, self.offsets, self.forms = array("I"), array("I"), array("I"), array("I")
        self.places, self.form_places = array("q", [0]), array("q", [0])
        self._known: dict[str, _Known] = {}

    def __len__(self) -> int:
        return len(self.widths)

    def numbers(self, text: str, analyzer: Analyzer) -> Iterable[int]:
        """Return the number of each chunk of a text, in order."""
        known = self._known.get(analyzer.language)
        if known is None:
            known = self._known[analyzer.language] = _Known(self, analyzer)
        return map(known.__getitem__, text.split())

    def learn(self, text: str, analyzer: Analyzer) -> int:
        """Analyse a chunk and return its number."""
        if is_plain(text):
            return self._learn_plain(text, analyzer)
        width, words, more = analyzer.chunk(text)
        for offset, term, form, _, _ in words:
            self.terms.append(self.term_numbers[term])
            self.offsets.append(offset)
            self.forms.append(self.form_numbers[form])
        self.forms.extend(self.form_numbers[form] for form in more)
        return self._numbered(width)

    def _learn_plain(self, word: str, analyzer: Analyzer) -> int:
        terms = [self.term_numbers[term] for term in analyzer.stems(word)]
        self.terms.extend(terms)
        self.offsets.extend([0] * len(terms))
        self.forms.append(self.form_numbers[word.lower()])
        return self._numbered(1)

    def _numbered(self, width: int) -> int:
        self.widths.append(width)
        self.places.append(len(self.terms))
        self.form_places.append(len(self.forms))
        return len(self.widths) - 1


class _Known(dict[str, int]):
    """The chunks of one language."""

    def __init__(self, chunks: Chunks, analyzer: Analyzer) -> None:
        super().__init__()
        self._chunks = chunks
        self._analyzer = analyzer

    def __missing__(self, text: str) -> int:
        core = self._analyzer.core(text)
        number = self[text] = self[core] if core != text else self._chunks.learn(text, self._analyzer)
        return number
