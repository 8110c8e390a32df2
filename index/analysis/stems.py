"""Words become stems: Snowball's, by the language of the text.

A stemmer that reads accents is given the word as written, and once more folded where that
gives another stem: so "kitabı" meets "kitap", and who types "kitabi" finds both.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import Stemmer
from whoosh.lang.stopwords import stoplists

from index.analysis.folding import fold
from index.analysis.words import letters

if TYPE_CHECKING:
    from collections.abc import Mapping

SNOWBALL: tuple[int, ...] = tuple(map(int, re.findall(r"\d+", Stemmer.version())[:3]))
"""The release of Snowball: another one may stem otherwise."""

_ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""Snowball's name for each language, by ISO 639-1.

Persian is folded only: Snowball's stemmer takes the university (دانشگاه) for knowledge (دانش).
"""

ALGORITHMS: Mapping[str, str] = {
    language: name for language, name in _ALGORITHMS.items() if name in Stemmer.algorithms()
}

ALIASES: Mapping[str, str] = {"nb": "no", "nn": "no"}

_UNACCENTED = frozenset({"en", "id", "st"})
"""Languages whose stemmers know no letter beyond a to z: the word is folded first."""

_TURKISH = {"tr": str.maketrans("Iİ", "ıi")}

# What Whoosh's list of English lacks: the parts of contractions, and contractions without apostrophe.
_MORE_STOPS = {
    "en": "cannot could would ll re ve d m ain aint arent cant couldnt didnt doesnt dont hadnt hasnt havent "
    "isnt mustnt neednt shouldnt wasnt werent wont wouldnt im ive",
}


class Stems:
    """The stemmer of one language; PyStemmer's own objects are for one thread each."""

    __slots__ = ("_capitals", "_folds_first", "_local", "stops")

    def __init__(self, language: str) -> None:
        self._local = _Local(ALGORITHMS[language]) if language in ALGORITHMS else None
        self._folds_first = language in _UNACCENTED
        self._capitals = _TURKISH.get(language, {})
        words = (*stoplists.get(language, ()), *_MORE_STOPS.get(language, "").split())
        self.stops: frozenset[str] = frozenset(map(fold, words))

    def of(self, plain: str, form: str) -> tuple[str, ...]:
        """Return the one or two stems of a word; with nothing ``plain`` the form itself."""
        if not plain or self._local is None:
            return (form,)
        stem = self._local.stem
        lowered = form if self._folds_first else plain.translate(self._capitals).lower()
        first = letters(stem(lowered)) or form
        if lowered == form:
            return (first,)
        second = letters(stem(form)) or form
        return (first,) if first == second else (first, second)


class _Local(threading.local):
    def __init__(self, algorithm: str) -> None:
        self.stem = Stemmer.Stemmer(algorithm, 0).stemWord
