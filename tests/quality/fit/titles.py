"""Fits what ``index.metadata.title`` weighs: which line of a page is its headline."""

import numpy as np

from index.cleaning import clean
from index.metadata import title
from tests.quality.fit.data import folds, gold, table
from tests.quality.fit.logistic import conditional

L2 = 1


def page(row):
    """Return the features of a page's candidates, and 1 for each that is the headline."""
    cleaned = clean(row["text"])
    found = list(title.candidates(cleaned))
    says = [title.fold(cleaned.lines[n].text) == title.fold(row["title"]) for n, _ in found]
    features = np.array([line for _, line in found], float).reshape(-1, len(title.WEIGHTS))
    return features, np.array(says, float)


def fitted(pages):
    """Return the weights; pages whose headline is no candidate teach nothing."""
    x, y = zip(*((x, y) for x, y in pages if y.any()), strict=True)
    return conditional(np.concatenate(x), np.concatenate(y), [len(page) for page in y], L2)


def met(page, weights):
    features, says = page
    return bool(says.any() and says[(features @ weights).argmax()])


def report():
    pages = [page(row) for row in gold("messy_text") if row["title"]]
    fits = ((fitted(training), held) for training, held in folds(pages))
    hits = np.mean([met(page, weights) for weights, held in fits for page in held])
    shipped = np.mean([met(page, title.WEIGHTS) for page in pages])
    return (
        f"# {len(pages)} pages, of {sum(y.any() for _, y in pages)} the headline is a candidate\n"
        f"# headlines met: {hits:.3f} cross-validated; {shipped:.3f} of the module, not held out\n"
        f"{table(fitted(pages), title.WEIGHTS)}"
    )
