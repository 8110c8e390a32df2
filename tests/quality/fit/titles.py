"""Fits what ``index.metadata.headline`` weighs: which line of a page is its headline."""

from itertools import pairwise

import numpy as np

from index.cleaning import clean
from index.metadata import headline
from tests.quality.fit.data import folds, gold, table
from tests.quality.fit.logistic import conditional

L2 = 2


def page(row):
    """Return the features of a page's candidates, and 1 for each that is the headline."""
    cleaned = clean(row["text"])
    found = headline.candidates(cleaned)
    wanted = headline.fold(row["title"])
    says = [headline.fold(headline.stated(cleaned.lines[each.number].text)) == wanted for each in found]
    features = np.array([each.features for each in found], float).reshape(-1, len(headline.WEIGHTS))
    return features, np.array(says, float)


def fitted(pages):
    """Return the weights; pages whose headline is no candidate teach nothing."""
    x, y = zip(*((x, y) for x, y in pages if y.any()), strict=True)
    return conditional(np.concatenate(x), np.concatenate(y), [len(page) for page in y], L2)


def met(page, weights):
    features, says = page
    return bool(says.any() and says[(features @ weights).argmax()])


def sure(page, weights):
    """Return the share of the odds that the best candidate has."""
    odds = np.exp(page[0] @ weights - (page[0] @ weights).max(initial=-np.inf))
    return odds.max() / odds.sum() if len(odds) else 0.0


BANDS = (0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)


def bands(judged):
    """Return for bands of the share of the odds how many headlines are right, of how many."""
    rows = []
    for low, high in pairwise(BANDS):
        inside = [right for share, right in judged if low <= share < high]
        rows.append(f"#   odds of {low:.2f} and more: {sum(inside)} of {len(inside)} right")
    return "\n".join(rows)


SETS = ("messy_text", "polnear")
"""Web pages as plain text, and articles as an agency sends them: each set is held out fold by fold."""


def report():
    sets = {name: [page(row) for row in gold(name) if row["title"]] for name in SETS}
    lines = []
    for name, pages in sets.items():
        others = [page for other in SETS if other != name for page in sets[other]]
        fits = [(fitted(training + others), held) for training, held in folds(pages)]
        judged = [(sure(page, weights), met(page, weights)) for weights, held in fits for page in held]
        shipped = np.mean([met(page, headline.WEIGHTS) for page in pages])
        lines += [
            f"# {name}: {len(pages)} pages, of {sum(y.any() for _, y in pages)} the headline is a candidate",
            f"# headlines met: {np.mean([right for _, right in judged]):.3f} cross-validated",
            f"# of the module, not held out: {shipped:.3f}",
            bands(judged),
        ]
    return "\n".join([*lines, table(fitted([p for pages in sets.values() for p in pages]), headline.WEIGHTS)])
