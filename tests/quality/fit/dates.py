"""Fits what ``index.metadata.printed`` weighs: which date of a page is its day of publication."""

from datetime import date

import numpy as np

from index.cleaning import clean
from index.metadata import printed
from index.metadata.date import reading
from index.metadata.language import language
from index.metadata.title import title
from tests.quality.fit.data import folds, gold, table
from tests.quality.fit.logistic import conditional
from tests.quality.fit.titles import bands

L2 = 3
LATEST = date(2026, 1, 1)


def page(row):
    """Return the dates of a page, their features behind those of "none", and 1 for what is right."""
    found, rest, _ = title(clean(row["text"]))
    dates, x, _ = reading(rest, found.text if found else None, LATEST, language(rest.body).value)
    right = [each.day.isoformat() == row["date"][:10] for each in dates]
    x = np.array([[0.0] * len(printed.WEIGHTS), *x], float)
    return dates, x, np.array([not any(right), *right], float)


def fitted(pages):
    _, x, y = zip(*pages, strict=True)
    return conditional(np.concatenate(x), np.concatenate(y), [len(page) for page in y], L2)


def judged(page, weights):
    """Return the share of the odds that the best day has, and whether it is right."""
    dates, x, y = page
    scores = x @ weights
    odds = np.exp(scores - scores.max())
    shares, right = {}, {}
    for each, share, wanted in zip(dates, odds[1:] / odds.sum(), y[1:], strict=True):
        shares[each.day] = shares.get(each.day, 0.0) + share
        right[each.day] = bool(wanted)
    best = max(shares, key=shares.get, default=None)
    return (shares[best], right[best]) if best else (0.0, False)


def report():
    pages = [page(row) for row in gold("messy_text") if row["date"]]
    plain = [page(row) for row in gold("polnear")]  # articles that print no date: none is to be made up
    pairs = [(fitted(training + plain), held) for training, held in folds(pages)]
    answers = [judged(page, weights) for weights, held in pairs for page in held]
    lines = []
    for least in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9):
        said = [right for share, right in answers if share >= least]
        lines.append(f"# odds of {least}: P {np.mean(said):.3f} R {sum(said) / len(pages):.3f}")
    return "\n".join(
        [
            f"# {len(pages)} pages, of {sum(y[1:].any() for _, _, y in pages)} the day is a candidate",
            *lines,
            bands(answers),
            table(fitted(pages + plain), printed.WEIGHTS),
        ]
    )
