"""The language of a text: decided by its script where the script alone decides, else by langdetect.

langdetect draws random samples; one fixed seed makes every call give the same answer.  What is
too short, has no letters or stays uncertain is ``und``, never an exception.
"""

from __future__ import annotations

import threading
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

from langdetect import DetectorFactory, detector_factory
from langdetect.lang_detect_exception import LangDetectException

from index.article import UNDETERMINED, Found

SAMPLE = 1000
"""Characters of the body that are looked at: five sentences (600) were enough for all texts measured."""

LEAST_LETTERS = 20
"""Fewer letters than this are left undetermined: of two-word texts one in five is called wrong."""

LEAST_PROBABILITY = 0.80

SCRIPTS = {
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "THAI": "th",
    "GREEK": "el",
    "HEBREW": "he",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "SINHALA": "si",
    "TIBETAN": "bo",
}
"""Scripts, as Unicode names of letters begin, that one language of news is written in."""

_NAMES = {"zh-cn": "zh", "zh-tw": "zh"}

_lock = threading.Lock()


@cache
def _profiles() -> DetectorFactory:
    """Return langdetect's profiles, loaded once (half a second) in the order of their names, and seeded."""
    DetectorFactory.seed = 0
    factory = DetectorFactory()
    profiles = sorted(Path(detector_factory.PROFILES_DIRECTORY).iterdir())
    factory.load_json_profile(
        [p.read_text("utf-8") for p in profiles if p.is_file() and not p.name.startswith(".")]
    )
    return factory


def language(text: str) -> Found[str]:
    """Return the language (ISO 639-1) of the text, or ``und``.

    >>> language("The harbour was closed on Monday, the mayor of the town said.").value
    'en'
    >>> language("12 345").value
    'und'
    """
    sample = text[:SAMPLE]
    letters = [c for c in sample if c.isalpha()]
    by_script = _by_script(letters)
    if by_script:
        return Found(
            by_script, method="script", confidence="high" if len(letters) >= LEAST_LETTERS else "medium"
        )
    if len(letters) < LEAST_LETTERS and not _is_han(letters):
        return Found(UNDETERMINED, method="too-short", confidence="low")
    upper = sum(c.isupper() for c in letters)
    if 2 * upper > len(letters):
        sample = sample.lower()
    with _lock:  # loading the profiles is not safe under threads
        factory = _profiles()
    try:
        detector = factory.create()
        detector.append(sample)
        best = detector.get_probabilities()
    except LangDetectException:
        best = []
    if not best or best[0].prob < LEAST_PROBABILITY:
        return Found(UNDETERMINED, method="langdetect", confidence="low")
    code = _NAMES.get(best[0].lang, best[0].lang)
    return Found(code, method="langdetect", confidence="high" if best[0].prob > 0.99 else "medium")  # noqa: PLR2004


def _by_script(letters: list[str]) -> str | None:
    """Return the language whose own script makes up the text, or None."""
    scripts = Counter(_script(c) for c in letters if c > "\u036f")
    if not scripts:
        return None
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.05 * len(letters):
        return "ja"
    script, count = scripts.most_common(1)[0]
    return SCRIPTS.get(script) if 2 * count > len(letters) else None


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _is_han(letters: list[str]) -> bool:
    return len(letters) >= 8 and sum(_script(c) == "CJK" for c in letters) * 2 > len(letters)  # noqa: PLR2004
