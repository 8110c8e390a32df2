"""Fits what ``index.metadata.{printed,standing}`` weigh: which date of a page is its day of publication."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from index import cleaning
from index.metadata import printed, standing
from index.metadata.date import reading
from index.metadata.language import language
from index.metadata.title import title
from tests.quality.fit.data import folds, gold, table
from tests.quality.fit.logistic import conditional, logistic
from tests.quality.fit.titles import bands

L2, L2_OF_DAYS = 3, 2
LATEST = date(2026, 1, 1)


@dataclass
class Page:
    """A page, its dates, their features behind those of "none", and 1 for what is right."""

    page: cleaning.Page
    headed: bool
    dates: list
    x: np.ndarray
    y: np.ndarray


def page(row):
    found, rest, _ = title(cleaning.clean(row["text"]))
    headline = found.text if found else None
    dates, x, _ = reading(rest, headline, LATEST, language(rest.body).value)
    right = [each.day.isoformat() == row["date"][:10] for each in dates]
    x = np.array([[0.0] * len(printed.WEIGHTS), *x], float)
    headed = any(line.text == headline for line in rest.lines)
    return Page(rest, headed, dates, x, np.array([not any(right), *right], float))


def fitted(pages):
    """Return the weights of dates."""
    x, y = np.concatenate([page.x for page in pages]), np.concatenate([page.y for page in pages])
    return conditional(x, y, [len(page.y) for page in pages], L2)


def days(page, weights):
    """Return what is weighed of each day of a page, and 1 for the one that is right."""
    right = {each.day for each, y in zip(page.dates, page.y[1:], strict=True) if y}
    table = standing.standings(page.page, page.dates, list(page.x[1:] @ weights), headed=page.headed)
    rows = np.array(list(table.values()), float).reshape(-1, len(standing.STANDING))
    return rows, np.array([day in right for day in table], float)


def judge(pages):
    """Return the weights and the bias of days, of (rows, right) by page."""
    x, y = (np.concatenate(parts) for parts in zip(*pages, strict=True))
    return logistic(x, y, np.ones(len(y)), L2_OF_DAYS)


def said(rows, right, weights, bias):
    """Return the probability of the best day, and whether it is right."""
    if not len(right):
        return 0.0, False
    scores = rows @ weights + bias
    return 1 / (1 + np.exp(-scores.max())), bool(right[scores.argmax()])


def report():
    pages = [page(row) for row in gold("messy_text") if row["date"]]
    plain = [page(row) for row in gold("polnear")]  # articles that print no date: none is to be made up
    # Days are judged by weights of dates that were not fitted on their page.
    held = [
        [days(each, weights) for each in held]
        for weights, held in ((fitted(training + plain), held) for training, held in folds(pages))
    ]
    answers = []
    for n, fold in enumerate(held):
        weights, bias = judge([each for m, other in enumerate(held) if m != n for each in other])
        answers += [said(rows, right, weights, bias) for rows, right in fold]
    lines = []
    for least in (0.5, 0.6, 0.7, 0.75, 0.8, 0.82, 0.84, 0.86, 0.88, 0.9, 0.92):
        taken = [right for share, right in answers if share >= least]
        lines.append(f"# probability of {least}: P {np.mean(taken):.3f} R {sum(taken) / len(pages):.3f}")
    weights, bias = judge([each for fold in held for each in fold])
    return "\n".join(
        [
            f"# {len(pages)} pages, of {sum(page.y[1:].any() for page in pages)} the day is a candidate",
            *lines,
            bands(answers),
            table(fitted(pages + plain), printed.WEIGHTS),
            table(weights, standing.STANDING),
            f"BIAS = {bias:.2f}",
        ]
    )
