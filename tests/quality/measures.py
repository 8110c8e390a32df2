"""How well text, metadata and names are recovered on the gold, by the measures of the gold's own scorers.

Each set is a sample drawn with SEED, so that the whole takes a minute.
"""

import json
import os
import random
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import zstandard

from index.article import Place, Source
from index.errors import BadSource
from index.names import same_person
from index.recovery import recover
from tests.quality import languages, outlets

DATA = os.environ.get("PRESSMARK_DATA")
SEED = 20210524
TODAY = date(2026, 1, 1)
SIZES = {"html_trafilatura": 250, "html_aeb": 60, "html_dates": 250, "messy_text": 300, "polnear": 300}
"""Pages or texts of a sample; a set without a size is taken whole."""


def lines(name):
    with (Path(DATA) / "recovery" / f"{name}.jsonl.zst").open("rb") as raw:
        text = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(raw).read().decode()
    return [line for line in text.split("\n") if line]


@cache
def drawn(name):
    """Return a set of the gold, or a sample of it that is the same each time."""
    found = sorted(lines(name))
    return [
        json.loads(line)
        for line in random.Random(SEED).sample(found, min(len(found), SIZES.get(name, len(found))))
    ]


@cache
def recovered(name):
    form = "html" if name.startswith("html") else "text"
    pairs = []
    for gold in drawn(name):
        content = gold["html"] if form == "html" else gold["text"]
        source = Source(gold["id"], form, content, Place(name), url=gold.get("url"))
        try:
            pairs.append((gold, recover(source, today=TODAY)))
        except BadSource:
            pairs.append((gold, None))
    return pairs


def normal(text):
    return " ".join(text.split())


def folded(text):
    return re.sub(r"\W+", " ", (text or "").lower()).strip()


def f1(right, given, wanted):
    return 2 * right / max(1, given + wanted)


def bodies(name):
    """Return (gold, body) of each page or text of a set."""
    return [(gold, found.body if found else "") for gold, found in recovered(name)]


def chunks(pairs, wanted, unwanted):
    """F1 of chunks that must remain against chunks that must not, of (gold, body)."""
    kept = lost = wrong = 0
    for gold, body in pairs:
        text = normal(body)
        stays = [normal(chunk) in text for chunk in gold.get(wanted) or []]
        kept, lost = kept + sum(stays), lost + len(stays) - sum(stays)
        wrong += sum(normal(chunk) in text for chunk in gold.get(unwanted) or [])
    return f1(kept, kept + wrong, kept + lost)


def shingles(text):
    words = re.findall(r"\w+", text.lower())
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)))


def whole(pairs):
    """F1 of 4-word shingles a page, averaged, of (gold, body)."""
    scores = []
    for gold, body in pairs:
        a, b = shingles(gold["body"]), shingles(body)
        scores.append(f1((a & b).total(), a.total(), b.total()))
    return sum(scores) / len(scores)


def titles(pairs):
    """Share of titles that are the gold's, of (gold, title)."""
    said = [(folded(gold["title"]), folded(title)) for gold, title in pairs if gold.get("title")]
    return sum(title == found for title, found in said) / len(said)


def titled(name):
    """Return (gold, title) of each page or text of a set."""
    return [(gold, found.title.value if found and found.title else "") for gold, found in recovered(name)]


def days(pairs):
    """Precision and recall of the day of publication, of (gold, day as ISO or EDTF, or None)."""
    said = [(gold["date"][:10], day) for gold, day in pairs if gold.get("date")]
    right = sum(bool(day) and day[:10] == date_ for date_, day in said)
    return right / sum(bool(day) for _, day in said), right / len(said)


def dated(name):
    """Return (gold, day) of each page or text of a set."""
    return [
        (gold, found.date.value.edtf if found and found.date else None) for gold, found in recovered(name)
    ]


@cache
def persons():
    """Precision and recall of ``same_person`` on spellings against the most similar other people."""
    pairs = [g for g in drawn("names") if g["source"] == "ofac" and g["kind"] in {"spelling", "other person"}]
    said = [(same_person(g["name1"], g["name2"]), g["match"]) for g in pairs]
    right = sum(same and match for same, match in said)
    return right / sum(same for same, _ in said), right / sum(match for _, match in said)


MEASURES = {
    "text from html, F1 of chunks": lambda: chunks(bodies("html_trafilatura"), "with", "without"),
    "text from html, F1 of shingles": lambda: whole(bodies("html_aeb")),
    "text from plain text, F1 of chunks": lambda: chunks(bodies("messy_text"), "keep", "drop"),
    "title from html, exact": lambda: titles(titled("html_trafilatura")),
    "title from plain text, exact (pages)": lambda: titles(titled("messy_text")),
    "title from plain text, exact (articles)": lambda: titles(titled("polnear")),
    "date from html, precision": lambda: days(dated("html_dates"))[0],
    "date from html, recall": lambda: days(dated("html_dates"))[1],
    "date from plain text, precision": lambda: days(dated("messy_text"))[0],
    "date from plain text, recall": lambda: days(dated("messy_text"))[1],
    "outlet with its address, precision": lambda: outlets.with_address()[0],
    "outlet with its address, recall": lambda: outlets.with_address()[1],
    "outlet in words alone, precision": lambda: outlets.in_words()[0],
    "outlet in words alone, recall": lambda: outlets.in_words()[1],
    "language of articles": languages.articles,
    "language of sentences, where answered": lambda: languages.sentences()[0],
    "language of sentences, answered": lambda: languages.sentences()[1],
    "no wrong language where it is unknown": lambda: 1 - languages.unknown(),
    "names of one person, precision": lambda: persons()[0],
    "names of one person, recall": lambda: persons()[1],
}
