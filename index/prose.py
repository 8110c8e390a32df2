"""Which lines of a page belong to its article, by what a line and its neighbours look like.

The core of a page is the run of lines that holds the most prose.  A line is then weighed by its
length, its ending, its neighbours, its place before, in or behind the core, the words it shares
with the core, and words that only menus, share buttons and comment forms use.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Features(NamedTuple):
    """What is weighed of one line; lengths are natural logarithms of 1 + words."""

    words: float
    ends: float  # it ends a sentence
    rubble: float  # a short line with a word of RUBBLE
    lower: float  # it begins in lower case, as the second half of something
    before: float  # length of the line before
    after: float  # length of the line after
    core: float  # it stands in the core
    core_words: float
    core_ends: float
    above_words: float  # length, for lines above the core: standfirsts are long, menus short
    known: float  # share of its longer words that the core has too
    cut: float  # it stands behind a heading that ends articles, as "Comments"


WEIGHTS = Features(
    words=0.47,
    ends=0.18,
    rubble=-1.69,
    lower=0.80,
    before=0.28,
    after=0.31,
    core=-1.32,
    core_words=0.59,
    core_ends=1.21,
    above_words=0.36,
    known=0.57,
    cut=-3.26,
)
BIAS = -3.02
"""Fitted together (logistic regression, L2 of 5) on the lines of 667 web pages with chunks marked wanted or
unwanted, and of 77 plain articles at a third of their weight; by 5-fold cross-validation F1 of chunks is .88,
where "8 words and punctuation" reaches .82.  Move the features, and these are to be fitted anew:
``python -m tests.quality.fit lines``."""

PROSE_WORDS = 8
"""A line of so many words with punctuation is prose."""
PARAGRAPH_WORDS = 22
"""From here on a line is a paragraph, whatever words it has."""
_WORDS_COUNTED, _PENALTY = 40, 6
"""A prose line adds its words to the core, 40 at most, any other takes 6 away (set on half the pages)."""
_CUT_AFTER = 0.4
"""A heading such as "Comments" ends the article only behind this share of the core's prose."""
_LONG = 5
"""Letters of a word that says something."""

_RUBBLE = """
comment comments comentario comentarios commentaire commentaires kommentar kommentare reply replies
responses antworten post posted share shared teilen compartir partager condividi udostępnij subscribe
subscribers abonnieren suscríbete suscribite suscribirse abonnez abonner newsletter newsletters cookie
cookies advertisement advertising anzeige werbung publicidad publicité pubblicità reklama licensed click
klick klicken follow folgen error copyright login log logout anmelden anmeldung registrieren
registrierung regístrate inscription connexion foto fotos photo photos bildquelle bild image images
credit credits tag tags facebook twitter whatsapp instagram youtube linkedin pinterest telegram previous
next weiterlesen weiter mehr more privacy datenschutz datenschutzerklärung impressum javascript browser
email mail download shop meistgelesen popular recent related ähnliche auch lire leer leggi czytaj
también aussi anche http https www rights rechte derechos droits vorbehalten reservados réservés top
menu menü suche search suchen buscar rechercher print drucken imprimer home startseite inicio accueil
"""
RUBBLE = frozenset(_RUBBLE.split())
"""Words of menus, share buttons, captions and forms, in the languages of the pages looked at."""

CUT = re.compile(
    r"\W*(?:\d+ )?(?:comments?|kommentare?|commentaires?|comentarios?|responses?|leave a (?:comment|reply)|"
    r"no comments|post a comment|schreibe einen kommentar|antworten|related\b.{0,20}|read (?:also|more|next)|"
    r"lesen sie auch|mehr zum thema|ähnliche \w+|das könnte (?:sie|dich).*|"
    r"weitere (?:artikel|themen|nachrichten).*|meistgelesen\w*|most (?:read|popular)|tags?|"
    r"schlagwort\w*|share this.*|lire aussi|articles liés|"
    r"about the author|recent posts|neueste beiträge|newsletter|previous|"
    r"vorheriger.*|nächster.*|back to top.*|(?-i:[A-Z]{2,4}/[A-Z]{2,4}))\W{0,3}",
    re.IGNORECASE,
)
"""Headings of what follows an article."""
_CUT_WORDS = 6

_END = re.compile(r"[.!?…。！？؟।][\"'”’»“)\]]*\s*\Z")
_PUNCTUATED = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*(?:\s|\Z)|[,;:،、，]\s|[、，。]")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


def word_count(line: str) -> int:
    """Return the words of a line; where a script has no spaces, two letters count as one."""
    spaced = len(line.split())
    if len(line) < 4 * spaced or line.isascii():
        return spaced
    return max(spaced, len(_UNSPACED.findall(line)) // 2)


def belongs(lines: Sequence[str]) -> list[bool]:
    """Return for each line whether it belongs to the article."""
    return [BIAS + sum(w * x for w, x in zip(WEIGHTS, line, strict=True)) > 0 for line in features(lines)]


def features(lines: Sequence[str]) -> list[Features]:
    """Return what is weighed of each line."""
    counts = [word_count(line) for line in lines]
    words = [re.findall(r"\w+", line.casefold()) for line in lines]
    ends = [_END.search(line[-8:]) is not None for line in lines]
    rubble = [
        n < PARAGRAPH_WORDS and ("©" in line or not RUBBLE.isdisjoint(said))
        for line, n, said in zip(lines, counts, words, strict=True)
    ]
    prose = [
        n >= PROSE_WORDS and not bad and _PUNCTUATED.search(line) is not None
        for line, n, bad in zip(lines, counts, rubble, strict=True)
    ]
    first, last = core(counts, prose, ends)
    long = [{w for w in said if len(w) >= _LONG} for said in words]
    known = Counter(w for n in range(first, last) if prose[n] for w in long[n])
    cut = _cut(lines, counts, prose, (first, last))
    logs = [0.0, *(math.log1p(n) for n in counts), 0.0]
    table = []
    for n in range(len(lines)):
        inside, length = first <= n < last, logs[n + 1]
        own = 1 if inside and prose[n] else 0
        shared = sum(known[w] > own for w in long[n]) / len(long[n]) if long[n] else 0.0
        table.append(
            Features(
                words=length,
                ends=ends[n],
                rubble=rubble[n],
                lower=lines[n][:1].islower(),
                before=logs[n],
                after=logs[n + 2],
                core=inside,
                core_words=length * inside,
                core_ends=inside and ends[n],
                above_words=length * (n < first),
                known=shared,
                cut=n >= cut,
            )
        )
    return table


def core(counts: Sequence[int], prose: Sequence[bool], ends: Sequence[bool]) -> tuple[int, int]:
    """Return the run of lines with the most prose, as (first, behind the last): Kadane's algorithm."""
    best, run, start = (0, 0, 0), 0, 0
    for n, count in enumerate(counts):
        if prose[n]:
            run += min(count, _WORDS_COUNTED)
        elif not (ends[n] and count >= PROSE_WORDS // 2):
            run -= _PENALTY
        if run <= 0:
            run, start = 0, n + 1
        elif run > best[0]:
            best = (run, start, n + 1)
    return best[1], best[2]


def _cut(lines: Sequence[str], counts: Sequence[int], prose: Sequence[bool], run: tuple[int, int]) -> int:
    """Return the number of the first heading that ends the article, or the number of lines."""
    first, last = run
    masses = list(accumulate(counts[n] * (prose[n] and first <= n < last) for n in range(len(lines))))
    enough = _CUT_AFTER * masses[-1] if masses else 0
    short = (n for n, count in enumerate(counts) if count <= _CUT_WORDS and masses[n] > enough)
    return next((n for n in short if CUT.fullmatch(lines[n])), len(lines))
