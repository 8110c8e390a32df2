"""Fits ``lines.json``: which lines of a text belong to its article, and what its words say for that."""

import json
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from index import extraction, lines, markup, prose
from index.cleaning import clean, repair
from tests.quality.fit.data import FOLDS, SEED, gold
from tests.quality.fit.logistic import logistic
from tests.quality.fit.words import lexicon

L2 = 20
PLAIN_SHARE = 0.3
"""What a line of a plain article counts, of which all lines are wanted, beside one of a page."""
WEAK_EACH, WEAK_SHARE = 3, 0.3
"""Of the lines that only an extractor has judged every third is read for its words, and counts this much."""
TODAY = date(2026, 1, 1)


@dataclass
class Page:
    """Lines of a page; ``wanted`` is 1, 0, or -1 where nothing is known, ``taken`` what an extractor took."""

    id: str
    lines: list
    wanted: np.ndarray
    share: float = 1.0
    taken: np.ndarray | None = None
    keep: tuple = ()
    drop: tuple = ()


def squeezed(text):
    return " ".join(text.split())


def chunked(found, row, keep, drop, taken=None):
    """Return a page whose lines with a chunk to keep are wanted, and those with one to drop are not."""
    keep, drop = ([squeezed(chunk) for chunk in row.get(key) or []] for key in (keep, drop))
    said = [squeezed(line) for line in found]
    wanted = np.full(len(said), -1)
    for value, chunks in ((0, drop), (1, keep)):
        wanted[[n for n, line in enumerate(said) if any(chunk in line for chunk in chunks)]] = value
    return Page(row["id"], found, wanted, 1.0, taken, keep, drop)


def texts():
    for row in gold("messy_text"):
        found = [line.text for line in clean(row["text"]).lines]
        if found and row["keep"]:
            yield chunked(found, row, "keep", "drop")


def plain():
    for row in gold("wikinews_quotes"):
        found = [line.text for line in clean(row["text"]).lines]
        yield Page(row["id"], found, np.ones(len(found), int), PLAIN_SHARE)


def htmls():
    """Yield pages with the opinion of an extractor, or of the body that is known."""
    seen = set()
    for name in ("html_trafilatura", "html_aeb", "html_dates"):
        for row in gold(name):
            found = repair(markup.visible(row["html"])).split("\n")
            text = row.get("body") or markup.read(row["html"], None, TODAY).text
            if row["id"] not in seen and text:
                yield chunked(
                    found,
                    row,
                    "with",
                    "without",
                    extraction.taken([squeezed(line) for line in found], repair(text)),
                )
            seen.add(row["id"])


def fold_of(id_):
    """Return a fold that is the same for a page and for its text."""
    return random.Random(f"{SEED} {id_}").randrange(FOLDS)


def words_of(page):
    """Return what ``lexicon`` reads of a page."""
    wanted, share = page.wanted, np.where(page.wanted >= 0, page.share, 0.0)
    if page.taken is not None:
        weak = page.wanted < 0
        third = np.arange(len(weak)) % WEAK_EACH == 0
        wanted, share = np.where(weak, page.taken, wanted), np.where(weak, WEAK_SHARE * third, share)
    weighed = np.flatnonzero(share)
    words = [prose.words(page.lines[n]) for n in weighed]
    counts = np.array([prose.word_count(page.lines[n]) for n in weighed], float)
    return words, counts, wanted[weighed], share[weighed]


def table(page, words):
    """Return the features of a page, lines × features."""
    return np.stack(list(prose.features(page.lines, words).values()), axis=1)


def judge(tables, pages):
    """Return the weights and the bias."""
    known = [page.wanted >= 0 for page in pages]
    x = np.concatenate([tables[id(page)][k] for page, k in zip(pages, known, strict=True)])
    y = np.concatenate([page.wanted[k] for page, k in zip(pages, known, strict=True)])
    share = np.concatenate([np.full(k.sum(), page.share) for page, k in zip(pages, known, strict=True)])
    return logistic(x, y, share, L2)


def measured(pages, scores):
    """Return precision, recall and F1 of the chunks of pages."""
    right = wrong = wanted = 0
    for page, score in zip(pages, scores, strict=True):
        stays = score > lines.LEAST
        stays |= not stays.any()  # as ``clean`` does
        body = " ".join(squeezed(line) for line, stay in zip(page.lines, stays, strict=True) if stay)
        right += sum(chunk in body for chunk in page.keep)
        wrong += sum(chunk in body for chunk in page.drop)
        wanted += len(page.keep)
    return right / (right + wrong), right / wanted, 2 * right / (right + wrong + wanted)


def lexicons():
    """Return id → fold, a lexicon for the pages of each fold, that of all, and all that is read for them.

    What a lexicon says of a page that it was fitted on is too good: each is read with another.
    """
    pages, html, articles = list(texts()), list(htmls()), list(plain())
    fold = {page.id: fold_of(page.id) for page in [*pages, *html, *articles]}
    said = [(fold[page.id], words_of(page)) for page in [*pages, *html, *articles]]
    read = [lexicon([words for n, words in said if n != k]) for k in range(FOLDS)]
    return fold, read, lexicon([one for _, one in said]), (pages, html, articles)


def report():
    """Cross-validate, fit on everything, write ``lines.json`` and return what was measured."""
    fold, read, words, (pages, html, articles) = lexicons()
    training = [*pages, *articles]
    tables = {id(page): table(page, read[fold[page.id]]) for page in training}
    held = []
    for k in range(FOLDS):
        weights, bias = judge(tables, [page for page in training if fold[page.id] != k])
        held += [(page, tables[id(page)] @ weights + bias) for page in pages if fold[page.id] == k]
    weights, bias = judge(tables, training)
    raw = {"lexicon": words, **named(prose.features(["a"], {}), weights, bias)}
    written(lines, raw)
    return (
        f"# {len(pages)} texts, {len(html)} pages, {len(articles)} plain articles, {len(words)} words\n"
        "# cross-validated: precision %.4f, recall %.4f, F1 of chunks %.4f"
        % measured(*zip(*held, strict=True))
    )


def named(names, weights, bias):
    """Return weights and bias as they are shipped."""
    return {
        "weights": dict(zip(names, (round(float(w), 4) for w in weights), strict=True)),
        "bias": round(float(bias), 4),
    }


def written(module, raw):
    """Write the numbers of a module beside it."""
    path = Path(module.__file__).with_suffix(".json")
    path.write_text(json.dumps(raw, ensure_ascii=False, indent=0) + "\n", "utf-8")
