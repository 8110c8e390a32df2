"""Fits what ``index.prose`` weighs: which lines of a page belong to its article."""

from typing import NamedTuple

import numpy as np

from index import prose
from index.cleaning import clean
from tests.quality.fit.data import folds, gold, table
from tests.quality.fit.logistic import logistic

L2 = 5
PLAIN_SHARE = 0.3
"""What a line of a plain article counts, of which all lines are wanted, beside one of a page."""


class Page(NamedTuple):
    keep: list
    drop: list
    lines: list
    features: np.ndarray
    wanted: np.ndarray  # 1, 0, or -1 where nothing is known of the line


def page(row, unknown=-1):
    """Return a page whose lines with a chunk to keep are wanted, and those with one to drop are not."""
    found = [line.text for line in clean(row["text"]).lines]
    lines = [" ".join(line.split()) for line in found]
    keep, drop = ([" ".join(chunk.split()) for chunk in row.get(key) or []] for key in ("keep", "drop"))
    wanted = np.full(len(lines), unknown)
    for value, chunks in ((0, drop), (1, keep)):
        wanted[[n for n, line in enumerate(lines) if any(chunk in line for chunk in chunks)]] = value
    return Page(keep, drop, lines, np.array(prose.features(found), float), wanted)


def fitted(pages, plain):
    """Return the weights and the bias."""
    x, y = (np.concatenate([page[n] for page in pages + plain]) for n in (3, 4))
    share = np.ones(len(y))
    share[-sum(len(page.lines) for page in plain) :] = PLAIN_SHARE
    known = y >= 0
    return logistic(x[known], y[known], share[known], L2)


def f1(judged):
    """Return F1 of the chunks of pages, each with the weights and the bias that judge it."""
    right = wrong = wanted = 0
    for page, (weights, bias) in judged:
        stays = page.features @ weights + bias > 0
        stays |= not stays.any()  # as ``clean`` does
        body = " ".join(line for line, stay in zip(page.lines, stays, strict=True) if stay)
        right += sum(chunk in body for chunk in page.keep)
        wrong += sum(chunk in body for chunk in page.drop)
        wanted += len(page.keep)
    return 2 * right / (right + wrong + wanted)


def report():
    pages = [page(row) for row in gold("messy_text") if row["keep"] and row["text"].strip()]
    plain = [page(row, unknown=1) for row in gold("wikinews_quotes")]
    fits = ((fitted(training, plain), held) for training, held in folds(pages))
    validated = f1((page, fit) for fit, held in fits for page in held)
    shipped = f1((page, (prose.WEIGHTS, prose.BIAS)) for page in pages)
    weights, bias = fitted(pages, plain)
    return (
        f"# {len(pages)} pages, {len(plain)} plain articles\n"
        f"# F1 of chunks: {validated:.3f} cross-validated; {shipped:.3f} of the module, not held out\n"
        f"{table(weights, prose.WEIGHTS)}\nBIAS = {bias:.2f}  # {prose.BIAS} in the module"
    )
