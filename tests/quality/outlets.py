"""Outlets against the gold: articles whose outlet was supplied and is withheld, their address given or not.

A name of the gold counts where a form of it stands in the article: in its body or address, and for words
alone in the first or last ENDS characters of the body.  Forms are the name without section, ``Online``,
article and ending; an answer is right that has one of them, or folds to the same outlet.  Guest writers, who
are no outlets, have no form in either and are left out.
"""

import random
import re
from functools import cache
from pathlib import Path

from index.cleaning import Page
from index.metadata.imprint import imprint
from index.metadata.outlet import outlet
from index.outlets import fold
from tests.quality.ranking import DATA, lines

SEED = 20210524
SIZE = 4000
"""Articles of the 15,000 that are looked at."""
ENDS = 300


def forms(name):
    """Return the ways in which an outlet's name may be written."""
    bare = re.sub(r"\s+-\s+\w+$", "", re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$", "", name).strip())
    bare = re.sub(r" (?:Opinion|Editorial(?: Board)?)\s*$", "", re.sub(r"\b(?:Online|Web)\s+", "", bare))
    found = {bare, re.sub(r"^The ", "", bare), re.sub(r"\.com$", "", bare)}
    of_news = re.fullmatch(r"(\S+) News", bare)
    return {form for form in (*found, *(of_news.groups() if of_news else ())) if len(form) > 1}


def squeezed(name):
    return re.sub(r"[\W_]+", "", name.casefold())


def stands(names, text):
    return re.search(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", text) is not None


def right(answer, gold):
    """Whether an answer, a name or a host, is the outlet of the gold."""
    owners = (re.sub(r"^[Tt]he(?=\w)", "", re.sub(r"(?:\.\w{2,3})+$", "", form)) for form in forms(answer))
    answers = {squeezed(form) for form in (*forms(answer), *owners)}
    return bool(answers & {squeezed(form) for form in forms(gold)}) or fold(answer) == fold(gold)


@cache
def judged():
    """Return (gold, found with the address, found in words, whether a form stands at an end) by article."""
    rows = sorted(
        (row for row in lines(Path(DATA) / "news/news.jsonl.zst") if "site" in row), key=lambda r: r["id"]
    )
    found = []
    for row in random.Random(SEED).sample(rows, SIZE):
        names, body = forms(row["outlet"]), row["body"]
        addressed = any(squeezed(name) in squeezed(row["site"]) for name in names)
        if not (addressed or fold(row["site"]) == fold(row["outlet"]) or stands(names, body)):
            continue
        page = Page.of([(body, True)])
        at_an_end = stands(names, body[:ENDS]) or stands(names, body[-ENDS:])
        found.append(
            (row["outlet"], outlet(page, row["title"], row["url"], None)[0], imprint(page), at_an_end)
        )
    return found


def with_address():
    """Precision and recall where the address is known."""
    answers = [right(found.value, gold) for gold, found, _, _ in judged() if found]
    return sum(answers) / len(answers), sum(answers) / len(judged())


def in_words():
    """Precision and recall of words alone: precision over all articles, named at an end or not."""
    answers = [(right(found.value, gold), at_an_end) for gold, _, found, at_an_end in judged() if found]
    named = sum(at_an_end for *_, at_an_end in judged())
    right_ones = sum(is_right for is_right, _ in answers)
    return right_ones / len(answers), sum(is_right and at_an_end for is_right, at_an_end in answers) / named


def levels_with_address():
    """Yield (level, whether it is right) of each answer where the address is known."""
    return ((found.confidence, right(found.value, gold)) for gold, found, _, _ in judged() if found)


def levels_in_words():
    """Yield (level, whether it is right) of each answer of words alone."""
    return ((found.confidence, right(found.value, gold)) for gold, _, found, _ in judged() if found)
