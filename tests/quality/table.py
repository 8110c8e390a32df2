"""The table of recovery: each row, its floor and aim, and what a library reaches on the same pages."""

import json
import random
from pathlib import Path

import htmldate
import langdetect
import trafilatura
from langdetect import DetectorFactory, LangDetectException

from tests.quality import languages
from tests.quality.measures import MEASURES, SEED, TODAY, chunks, days, drawn, titles, whole

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text())["recovery"]
AIMS = {
    "text from html, F1 of chunks": 0.94,
    "text from html, F1 of shingles": 0.965,
    "text from plain text, F1 of chunks": 0.92,
    "title from html, exact": 0.85,
    "title from plain text, exact (pages)": 0.75,
    "title from plain text, exact (articles)": 0.97,
    "date from html, precision": 0.97,
    "date from html, recall": 0.93,
    "date from plain text, precision": 0.97,
    "date from plain text, recall": 0.72,
    "outlet with its address, precision": 0.98,
    "outlet with its address, recall": 0.9,
    "outlet in words alone, precision": 0.98,
    "outlet in words alone, recall": 0.9,
    "language of articles": 0.999,
    "language of sentences, where answered": 0.975,
    "language of sentences, answered": 0.93,
}
SENTENCES = 2000
"""Sentences that langdetect is asked about: it takes some 2 ms each."""


def extracted(name):
    """Yield (gold, body) as trafilatura gives it."""
    for gold in drawn(name):
        yield gold, trafilatura.extract(gold["html"], include_comments=False) or ""


def headed(name):
    """Yield (gold, title) as trafilatura gives it."""
    for gold in drawn(name):
        found = trafilatura.extract_metadata(gold["html"], default_url=gold.get("url"))
        yield gold, (found.title if found else "") or ""


def stamped(name):
    """Yield (gold, day) as htmldate gives it."""
    for gold in drawn(name):
        options = {"url": gold.get("url"), "original_date": True, "max_date": TODAY.isoformat()}
        yield gold, htmldate.find_date(gold["html"], **options)


def opening(name):
    """Yield (gold, first line)."""
    for gold in drawn(name):
        yield gold, next((line for line in gold["text"].split("\n") if line.strip()), "")


def detected():
    """Share of sentences whose language langdetect says, seeded."""
    DetectorFactory.seed = 0
    known = [
        (languages.SAME.get(code, code), text)
        for code, texts in languages.by_code().items()
        if code not in languages.LACKING
        for text in texts
    ]
    right = 0
    for code, text in random.Random(SEED).sample(known, SENTENCES):
        try:
            right += langdetect.detect(text).partition("-")[0] == code
        except LangDetectException:
            continue
    return right / SENTENCES


RIVALS = {
    "text from html, F1 of chunks": (
        "trafilatura",
        lambda: chunks(extracted("html_trafilatura"), "with", "without"),
    ),
    "text from html, F1 of shingles": ("trafilatura", lambda: whole(extracted("html_aeb"))),
    "title from html, exact": ("trafilatura", lambda: titles(headed("html_trafilatura"))),
    "title from plain text, exact (pages)": ("first line", lambda: titles(opening("messy_text"))),
    "title from plain text, exact (articles)": ("first line", lambda: titles(opening("polnear"))),
    "date from html, precision": ("htmldate", lambda: days(stamped("html_dates"))[0]),
    "date from html, recall": ("htmldate", lambda: days(stamped("html_dates"))[1]),
    "language of sentences, where answered": ("langdetect", detected),
}
"""Row → (what else answers it, its figure)."""


def report():
    """Yield the lines of the table."""
    yield f"{'':<42}{'here':>8}{'floor':>8}{'aim':>8}"
    for row, measure in MEASURES.items():
        name, figure = RIVALS.get(row, ("", None))
        rival = f"   {name} {figure():.3f}" if figure else ""
        aim = f"{AIMS[row]:.3f}" if row in AIMS else ""
        yield f"{row:<42}{measure():>8.3f}{FLOORS[row]:>8.3f}{aim:>8}{rival}"
