"""Text to terms: words cut, folded and stemmed, the same for what is stored and what is asked.

``words`` cuts (in any language alike), ``folding`` folds, ``stems`` stems, ``analyzers`` puts the
three together and remembers.
"""

from __future__ import annotations

from index.analysis.analyzers import Analyzer, Token, analyzer, is_plain, languages
from index.analysis.folding import fold
from index.analysis.stems import SNOWBALL
from index.analysis.words import LONGEST, analyze_pattern, is_half

_RULES = 1
"""Raised when this package makes other terms of the same text."""

VERSION: int = int("".join(f"{number:02}" for number in (_RULES, *SNOWBALL)))
"""The version of analysis, in the digests of articles: a new release of Snowball raises it as well."""

__all__ = [
    "LONGEST",
    "VERSION",
    "Analyzer",
    "Token",
    "analyze_pattern",
    "analyzer",
    "fold",
    "is_half",
    "is_plain",
    "languages",
]
