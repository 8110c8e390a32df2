"""Fits ``extraction.json``: which blocks of an HTML page belong to its article."""

from datetime import date

import numpy as np

from index import extraction, markup
from index.cleaning import repair
from index.recovery import seen
from tests.quality.fit.data import FOLDS, gold
from tests.quality.fit.lines import fold_of, lexicons, named, squeezed, written
from tests.quality.fit.logistic import logistic
from tests.quality.measures import f1, shingles

L2 = 20
WHOLE_SHARE = 0.3
"""What a block counts of a page whose whole body is known, beside one of a page with a few marked chunks."""
LEAST_WORDS, SAID = 4, 0.6
"""Words of a block that is looked for in a known body, and the share of its shingles that must be in it."""
TODAY = date(2026, 1, 1)


class Page:
    """The blocks of a page, their features, and which are wanted: 1, 0, or -1 where nothing is known."""

    def __init__(self, row, read):
        self.row, self.fold = row, fold_of(row["id"])
        parts = markup.read(row["html"], None, TODAY)
        self.texts, blocks = seen(parts)
        self.extracted = repair(parts.text or "")
        columns = extraction.features(self.texts, blocks, self.extracted, read[self.fold])
        self.names, self.x = list(columns), np.stack(list(columns.values()), axis=1)
        self.wanted = self._of_body() if "body" in row else self._of_chunks()
        self.share = WHOLE_SHARE if "body" in row else 1.0

    def _of_chunks(self):
        wanted = np.full(len(self.texts), -1)
        for value, key in ((0, "without"), (1, "with")):
            chunks = [squeezed(chunk) for chunk in self.row.get(key) or []]
            wanted[[n for n, text in enumerate(self.texts) if any(chunk in text for chunk in chunks)]] = value
        return wanted

    def _of_body(self):
        whole = shingles(self.row["body"])
        said = [shingles(text) if len(text.split()) >= LEAST_WORDS else None for text in self.texts]
        return np.array([-1 if s is None else int((s & whole).total() >= SAID * s.total()) for s in said])


def fitted(pages):
    """Return the weights and the bias."""
    known = [page.wanted >= 0 for page in pages]
    x = np.concatenate([page.x[k] for page, k in zip(pages, known, strict=True)])
    y = np.concatenate([page.wanted[k] for page, k in zip(pages, known, strict=True)])
    share = np.concatenate([np.full(k.sum(), page.share) for page, k in zip(pages, known, strict=True)])
    return logistic(x, y, share, L2)


def measured(held):
    """Return F1 of chunks and mean F1 of shingles, of pages and the log-odds of their blocks."""
    right = wrong = wanted = 0
    whole = []
    for page, scores in held:
        stays = dict.fromkeys(
            text for text, score in zip(page.texts, scores, strict=True) if score > extraction.LEAST
        )
        body = " ".join(stays) or squeezed(page.extracted)
        if "body" in page.row:
            a, b = shingles(page.row["body"]), shingles(body)
            whole.append(f1((a & b).total(), a.total(), b.total()))
            continue
        keep, drop = ([squeezed(chunk) for chunk in page.row.get(key) or []] for key in ("with", "without"))
        right += sum(chunk in body for chunk in keep)
        wrong += sum(chunk in body for chunk in drop)
        wanted += len(keep)
    return f1(right, right + wrong, wanted), np.mean(whole)


def report():
    """Cross-validate, fit on everything, write ``extraction.json`` and return what was measured."""
    _, read, _, _ = lexicons()
    rows = [row for name in ("html_trafilatura", "html_aeb") for row in gold(name)]
    pages = [Page(row, read) for row in rows if seen(markup.read(row["html"], None, TODAY))[0]]
    held = []
    for k in range(FOLDS):
        weights, bias = fitted([page for page in pages if page.fold != k])
        held += [(page, page.x @ weights + bias) for page in pages if page.fold == k]
    written(extraction, named(pages[0].names, *fitted(pages)))
    return (
        f"# {len(pages)} pages\n"
        "# cross-validated, headlines not taken off: F1 of chunks %.4f, of shingles %.4f" % measured(held)
    )
