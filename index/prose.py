"""What a line of a page looks like, beside its neighbours and the core of the page.

The core is the run of lines that holds the most prose.  A line is described by its length, its
ending, its letters and words, by the lines next to it, by its place before, in or behind the
core, and by the words that it shares with the core.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Column = NDArray[np.float64]
    """One number for each line."""

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
_MENU_WORDS = 4
"""Lines of so many words at most, one behind the other, are a menu or a list."""
_READ = 240
"""Characters of a line whose words and marks are looked at: what kind of line it is shows by then."""
_MOST_WORDS = 40
"""Different words of a line that are looked up."""
_MASS = (5.0, 7.0)
"""ln(1 + words) of prose of short and of long pages: beyond, less or more of it says nothing."""
_NEAR, _FAR = 4, 16
"""Lines before and behind a line whose prose is summed, and words of a line that count there at most."""
_SUMMED = 60

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
_TOKEN = re.compile(r"[^\W\d]+|[|»→@#©]")
_SEPARATED = re.compile(r"[|»›«/·•→←>]")
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b")
_LINKED = re.compile(r"https?:|www\.|@|\.(?:com|org|net|de)\b")
_LISTED = re.compile(r"[-•*–◦▪]\s|\d{1,3}[.)]\s")
_STAMP = re.compile(
    r"\W*(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|"  # 2024-02-07, 7.2.2024
    r"(?:[^\W\d]+\W+)?(?:\d{1,2}\W{1,3}[^\W\d]{3,10}|[^\W\d]{3,10}\W{1,2}\d{1,2})"
    r"\W{1,3}(?:19|20)\d\d)"  # Wed, 7 Feb 2024
    r"(?:\W+\d{1,2}[:.]\d\d(?:[:.]\d\d)?)?\W*"  # 17:20:20
)
_DIGIT = re.compile(r"\d")
_CAPITALISED = re.compile(r"(?<!\S)[^\W\d_a-z]")


def word_count(line: str) -> int:
    """Return the words of a line; where a script has no spaces, two letters count as one."""
    spaced = len(line.split())
    if len(line) < 4 * spaced or line.isascii():
        return spaced
    return max(spaced, len(_UNSPACED.findall(line)) // 2)


def words(line: str) -> list[str]:
    """Return the different words that are looked up of a line, and marks that menus are made with."""
    return list(dict.fromkeys(_TOKEN.findall(line[:_READ].casefold())))[:_MOST_WORDS]


def features(lines: Sequence[str], lexicon: Mapping[str, float]) -> dict[str, Column]:
    """Return what is weighed of each line, a column a feature; lengths are natural logarithms of 1 + words.

    ``lexicon`` is word → how much it speaks for a line that belongs to an article.
    """
    count = len(lines)
    counts = [word_count(line) for line in lines]
    said_words = [words(line) for line in lines]
    ends = [_END.search(line[-8:]) is not None for line in lines]
    bad = [
        n < PARAGRAPH_WORDS and ("©" in said or not RUBBLE.isdisjoint(said))
        for n, said in zip(counts, said_words, strict=True)
    ]
    prose = [
        n >= PROSE_WORDS and not rubble and _PUNCTUATED.search(line) is not None
        for line, n, rubble in zip(lines, counts, bad, strict=True)
    ]
    run = core(counts, prose, ends)
    first, last = run
    place = np.arange(count)
    length, ending, rubble = np.log1p(_column(counts)), _column(ends), _column(bad)
    inside = _column((first <= place) & (place < last))
    mass = _column(counts) * _column(prose)
    total = max(float(mass.sum()), 1.0)
    done = np.cumsum(mass)
    heads = [line[:_READ] for line in lines]
    digits = [len(_DIGIT.findall(head)) for head in heads]
    dated = _column(
        [n > 1 and _DATED.search(head) is not None for n, head in zip(digits, heads, strict=True)]
    )
    separated = _column([_SEPARATED.search(head) is not None for head in heads])
    capital = _column([len(_CAPITALISED.findall(head)) / (1 + head.count(" ")) for head in heads])
    said = Counter(heads)
    told = _column([min(said[head] - 1, 3) for head in heads])
    known = _known(said_words, prose, run)
    menu = _menu(counts)
    speaks = _column([_speaks(line, lexicon) for line in said_words])
    spoken = _mean(speaks, _NEAR)
    commas = np.log1p(_column([line.count(",") for line in lines]))
    share = np.full(count, sum(prose) / max(count, 1))
    cut = _column(place >= _cut(lines, counts, prose, run))
    near = _sums(np.minimum(mass, _SUMMED), _NEAR)
    far = _sums(np.minimum(mass, _SUMMED), _FAR)
    before = np.maximum(0.0, (done - mass) / total)
    return {
        "words": length,
        "words squared": length**2,
        "some words": _column(length > 1.2),  # noqa: PLR2004 - three words or more
        "many words": _column(length > 2.2),  # noqa: PLR2004 - nine
        "paragraph": _column(length > 3.1),  # noqa: PLR2004 - twenty-two
        "ends": ending,  # it ends a sentence
        "words ends": length * ending,
        "asks": _column([line.endswith(("?", "!")) for line in lines]),
        "announces": _column([line.endswith(":") for line in lines]),
        "lower": _column([line[:1].islower() for line in lines]),  # the second half of something
        "listed": _column([_LISTED.match(line) is not None for line in lines]),
        "rubble": rubble,  # a short line with a word of RUBBLE
        "separated": separated,
        "dated": dated,
        "stamp": _column([_STAMP.fullmatch(line) is not None for line in lines]),  # a day alone
        "linked": _column([_LINKED.search(head) is not None for head in heads]),
        "digits": _column(digits) / _column([len(head) for head in heads]),
        "capital": capital,  # share of words that begin with a capital
        "words capital": length * capital,
        "upper": _column([line.isupper() for line in lines]),
        "commas": commas,
        "letters": _column([len(line) / max(n, 1) for line, n in zip(lines, counts, strict=True)]),
        "repeated": told,  # other lines that say the same, 3 at most
        "menu": menu,  # length of the run of short lines that it stands in
        "prose": _column(prose),
        "known": known,  # share of its longer words that the core has too
        "words known": length * known,
        "before": shifted(length, 1),
        "before 2": shifted(length, 2),
        "after": shifted(length, -1),
        "after 2": shifted(length, -2),
        "ends before": shifted(ending, 1),
        "ends after": shifted(ending, -1),
        "rubble before": shifted(rubble, 1),
        "rubble after": shifted(rubble, -1),
        "capital before": shifted(capital, 1),
        "capital after": shifted(capital, -1),
        "dated before": shifted(dated, 1),
        "dated after": shifted(dated, -1),
        "repeated before": shifted(told, 1),
        "repeated after": shifted(told, -1),
        "near before": near[0],  # prose of the lines before
        "near after": near[1],
        "far before": far[0],
        "far after": far[1],
        "first": _column(before == 0),  # no prose stands before it
        "last": _column(done >= total),
        "from start": before,  # share of the prose that stands before it
        "words from start": length * before,
        "above": np.log1p(np.maximum(0, first - place)),  # lines to the core
        "above words": length * (place < first),  # standfirsts are long, menus short
        "below": np.log1p(np.maximum(0, place - last + 1)),
        "cut": cut,  # it stands behind a heading that ends articles, as "Comments"
        "cut words": cut * length,
        "cut core": cut * inside,
        "page core": np.full(count, mass[first:last].sum() / total),  # share of the page's prose in the core
        "page mass": np.full(count, np.clip(np.log1p(total), *_MASS)),  # words of prose, as a logarithm
        "core": inside,
        "core words": inside * length,
        "core ends": inside * ending,
        "core rubble": inside * rubble,
        "core capital": inside * capital,
        "core commas": inside * commas,
        "core known": inside * known,
        "core menu": inside * menu,
        "core dated": inside * dated,
        "core separated": inside * separated,
        "core prose": inside * share,
        "core near before": inside * near[0],
        "core near after": inside * near[1],
        "speaks": speaks,  # what the lexicon says
        "speaks squared": speaks**2,
        "speaks words": speaks * length,
        "speaks core": speaks * inside,
        "speaks before": shifted(speaks, 1),
        "speaks after": shifted(speaks, -1),
        "speaks near": spoken,
        "speaks near core": spoken * inside,
    }


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


def _known(words: Sequence[Sequence[str]], prose: Sequence[bool], run: tuple[int, int]) -> Column:
    """Return the share of each line's longer words that another prose line of the core has."""
    first, last = run
    long = [[word for word in said if len(word) >= _LONG] for said in words]
    told = Counter(word for n in range(first, last) if prose[n] for word in long[n])
    own = [1 if prose[n] and first <= n < last else 0 for n in range(len(words))]
    return _column(
        [
            sum(told[word] > mine for word in said) / len(said) if said else 0.0
            for said, mine in zip(long, own, strict=True)
        ]
    )


def _speaks(words: Sequence[str], lexicon: Mapping[str, float]) -> float:
    spoken: float = sum(lexicon.get(word, 0.0) for word in words) / math.sqrt(max(1, len(words)))
    return spoken


def _menu(counts: Sequence[int]) -> Column:
    """Return ln(1 + lines of the run of short lines) for each line in such a run."""
    short = np.concatenate([[0], _column(counts) <= _MENU_WORDS, [0]]).astype(np.int64)
    edges = np.flatnonzero(np.diff(short))
    sizes = np.zeros(len(counts))
    for start, stop in edges.reshape(-1, 2):
        sizes[start:stop] = stop - start
    return np.log1p(sizes)


def _column(values: object) -> Column:
    return np.asarray(values, np.float64)


def shifted(column: Column, by: int) -> Column:
    """Return the column moved down by so many lines (up where negative), 0 where nothing was."""
    moved = np.zeros_like(column)
    if by > 0:
        moved[by:] = column[:-by]
    else:
        moved[:by] = column[-by:]
    return moved


def _sums(column: Column, reach: int) -> tuple[Column, Column]:
    """Return ln(1 + sum) of so many lines before each line, and behind it."""
    total = np.concatenate([[0.0], np.cumsum(column)])
    place = np.arange(len(column))
    before = total[place] - total[np.maximum(0, place - reach)]
    behind = total[np.minimum(len(column), place + reach + 1)] - total[place + 1]
    return np.log1p(np.maximum(before, 0)), np.log1p(np.maximum(behind, 0))


def _mean(column: Column, reach: int) -> Column:
    """Return the mean of each line and so many on both sides, lines beyond the page counting as 0."""
    total = np.concatenate([[0.0], np.cumsum(column)])
    place = np.arange(len(column))
    window = total[np.minimum(len(column), place + reach + 1)] - total[np.maximum(0, place - reach)]
    mean: Column = window / (2 * reach + 1)
    return mean
