"""The language of a text: decided by its script or letters where they alone tell, else by langdetect.

langdetect draws n-grams at random until it is sure, seven times over.  Here its profiles weigh all
n-grams of the text once: as right (98.1 of 100 sentences), always the same, thirty times as fast.  What
is too short, has no letters or is like no language that it knows is ``und``, never an exception.
"""

from __future__ import annotations

import math
import re
import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import orjson
from langdetect import detector_factory
from langdetect.detector import Detector
from langdetect.utils.ngram import NGram

from index.article import UNDETERMINED, Found, Refused
from index.metadata.profiles import STRETCH, Profiles
from index.metadata.scripts import by_letters, by_script

if TYPE_CHECKING:
    from index.article import Level
    from index.metadata.profiles import Weighed

SAMPLES = (400, 3000)
"""Characters of the body that are looked at: some four sentences, and more where they are not enough."""

LEAST_LETTERS = 10
"""Fewer letters than this tell nothing."""
FEW_LETTERS = 20
"""From here on levels hold; of shorter texts (two words) one answer in ten is wrong where they say "high"."""


class Features(NamedTuple):
    """What makes an answer of the profiles sure: natural logarithms."""

    ahead: float  # of the mean margin to the second language, _SOFT added
    fit: float  # mean likelihood by n-gram, beside a usual text of the language
    grams: float  # of the n-grams looked at


WEIGHTS = Features(ahead=1.81, fit=7.32, grams=0.60)
BIAS = 4.06
"""Fitted on the sentences and articles of 73 languages, 21 of which no profile knows and so are never right
(logistic regression; articles count five times, those unknown half; Bosnian and Malay, which differ from
Croatian and Indonesian in words rather than letters, are left out): ``python -m tests.quality.fit
languages``."""
_SOFT = 0.02

ANSWERED: tuple[tuple[float, Level], ...] = ((0.95, "high"), (0.6, "medium"))
"""The probability of being right from which an answer has which level; below all of them it is ``und``.
Right on dev: 998 and 945 of 1,000 sentences in a language that the profiles know; 976 of 1,000 high ones even
where as many sentences are in each of 19 languages that nothing here knows."""

_NAMES = {"zh-cn": "zh", "zh-tw": "zh"}
_LATIN = re.compile("[A-Za-z]+")


class _Normal(dict[int, str]):
    """Letters as langdetect's profiles write them, all else as spaces: a table for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        self[code] = normal = str(NGram.normalize(chr(code)))
        return normal


_NORMAL = _Normal()
_MOST_LATIN = 2 / 3
"""Share of Latin letters up to which they are names, addresses and menus in a text of another script."""
_lock = threading.Lock()


@cache
def _profiles() -> Profiles:
    """Return langdetect's profiles (a sixth of a second)."""
    frequencies: dict[str, dict[str, float]] = {}
    for path in sorted(Path(detector_factory.PROFILES_DIRECTORY).iterdir()):
        if path.is_file() and not path.name.startswith("."):
            profile = orjson.loads(path.read_bytes())
            totals = profile["n_words"]
            frequencies[profile["name"]] = {
                gram: count / totals[len(gram) - 1]
                for gram, count in profile["freq"].items()
                if len(gram) <= len(totals) and gram.strip()
            }
    return Profiles(frequencies)


def language(text: str) -> Found[str]:
    """Return the language (ISO 639-1) of the text, or ``und``.

    >>> language("The harbour was closed on Monday, the mayor of the town said.").value
    'en'
    >>> language("12 345").value
    'und'
    """
    return judged(text)[0]


def judged(text: str) -> tuple[Found[str], tuple[Refused, ...]]:
    """Return the language of the text, or ``und``, and the answer that was too unsure to be given.

    >>> judged("Kia ora koutou katoa e te whānau, ka kite anō i a koutou")[0].value
    'und'
    """
    for size in SAMPLES:
        found, refused = _judged(text[:size])
        if found.value != UNDETERMINED or len(text) <= size:
            break
    return found, refused


def _judged(sample: str) -> tuple[Found[str], tuple[Refused, ...]]:
    letters = list(filter(str.isalpha, sample))
    few = len(letters) < FEW_LETTERS
    script = by_script(letters)
    if script and (script != "zh" or len(letters) >= _LEAST_HAN):
        return _found(script, "script", "medium" if few else "high", sample, _opening(sample)), ()
    if len(letters) < LEAST_LETTERS:
        return Found(UNDETERMINED, method="too-short", confidence="low"), ()
    own = by_letters(letters)
    if own:
        return _found(own, "letters", "medium", sample, _opening(sample)), ()
    weighed = weigh(sample, letters)
    if weighed is None:
        return Found(UNDETERMINED, method="langdetect", confidence="low"), ()
    right = probability(weighed)
    answer = code(weighed.language)
    level = next((level for least, level in ANSWERED if right >= least), None)
    if few:
        level = "medium" if level == "high" else None
    if level is None:
        refused = Refused("language", answer, f"is right with a probability of {right:.2f} only")
        return Found(UNDETERMINED, method="langdetect", confidence="low"), (refused,)
    return _found(answer, "langdetect", level, sample, (weighed.start, weighed.end)), ()


_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.ASCII | re.IGNORECASE)

_LEAST_HAN = 8
"""Han characters that are Chinese: fewer can be a Japanese heading."""


def _found(value: str, method: str, level: Level, sample: str, span: tuple[int, int]) -> Found[str]:
    start, end = span
    return Found(value, start, end, method, level, "body", sample[start:end])


def tagged(tag: str) -> str:
    """Return the language of a tag (BCP 47), in small letters; what is no tag stays as it is.

    >>> tagged("EN"), tagged("zh-Hant-TW"), tagged("en_GB"), tagged("plain English")
    ('en', 'zh', 'en', 'plain English')
    """
    found = _TAG.fullmatch(tag)
    return found[1].lower() if found else tag


def code(profile: str) -> str:
    """Return the code of a profile's language: both ways of writing Chinese are one language."""
    return _NAMES.get(profile, profile)


def features(weighed: Weighed) -> Features:
    """Return what makes an answer sure."""
    return Features(math.log(weighed.margin + _SOFT), weighed.fit, math.log(weighed.grams))


def probability(weighed: Weighed) -> float:
    """Return the probability that the answer is right."""
    score = BIAS + sum(w * x for w, x in zip(WEIGHTS, features(weighed), strict=True))
    return (1 + math.tanh(score / 2)) / 2


def weigh(sample: str, letters: list[str]) -> Weighed | None:
    """Return what langdetect's profiles say of a text; offsets hold."""
    if 2 * sum(map(str.isupper, letters)) > len(letters):
        lower = sample.lower()
        sample = lower if len(lower) == len(sample) else sample.casefold()[: len(sample)]
    for address in (Detector.URL_RE, Detector.MAIL_RE):
        sample = address.sub(lambda found: " " * len(found[0]), sample)
    if not unicodedata.is_normalized("NFC", sample):
        sample = unicodedata.normalize("NFC", sample)
    sample = sample.translate(_NORMAL)
    if not sample.isascii() and sum(c < "\u0300" for c in letters) < _MOST_LATIN * len(letters):
        sample = _LATIN.sub(lambda found: " " * len(found[0]), sample)
    with _lock:  # loaded once
        profiles = _profiles()
    return profiles.weigh(sample)


def _opening(sample: str) -> tuple[int, int]:
    """Return the span of the first words that have letters."""
    start = next(n for n, c in enumerate(sample) if c.isalpha())
    cut = sample[start : start + STRETCH]
    words = cut if len(sample) - start <= STRETCH else cut.rpartition(" ")[0] or cut
    return start, start + len(words)
