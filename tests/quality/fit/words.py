"""Fits the lexicon of ``index.lines``: how much a word speaks for a line that belongs to an article.

A logistic regression over the words of lines, each line's weights divided by the root of its words,
beside the length of the line; most lines are judged by an extractor of pages only, and count less.
"""

from collections import Counter

import numpy as np

L2 = 1.0
LEAST_PAGES = 10
"""Pages that a word must stand on, so that it is not the name of a site or a person."""
LEAST_WEIGHT = 0.15
"""Words that say less are left out."""
STEPS, DIRECTIONS, ENOUGH = 8, 15, 1e-2


def lexicon(pages):
    """Return word → weight, of pages as (words of each line, their number, wanted, what a line counts)."""
    stand = Counter(word for words, *_ in pages for word in {word for said in words for word in said})
    known = {word: n for n, word in enumerate(sorted(w for w, n in stand.items() if n >= LEAST_PAGES))}
    said = [words for page in pages for words in page[0]]
    counts, wanted, share = (np.concatenate([page[n] for page in pages]) for n in (1, 2, 3))
    rows, columns, values = [], [], []
    for n, words in enumerate(said):
        if share[n] > 0 and words:
            found = [known[word] for word in words if word in known]
            rows += [n] * len(found)
            columns += found
            values += [len(words) ** -0.5] * len(found)
    sparse = np.array(rows), np.array(columns), np.array(values)
    length = np.log1p(counts)
    dense = np.column_stack([np.ones_like(length), length, length**2 / 4, length > 2.2, length > 3.1])
    weights = _fitted(sparse, dense, wanted, share, len(known))
    return {word: round(float(weights[n]), 2) for word, n in known.items() if abs(weights[n]) >= LEAST_WEIGHT}


def _fitted(sparse, dense, wanted, share, size):
    """Return the weights of the words: Newton's method, each step by conjugate gradients."""
    rows, columns, values = sparse
    penalty = np.concatenate([np.full(size, L2), np.full(dense.shape[1], 1e-3)])

    def score(b):
        return np.bincount(rows, values * b[columns], len(dense)) + dense @ b[size:]

    def back(r):
        return np.concatenate([np.bincount(columns, values * r[rows], size), dense.T @ r])

    b = np.zeros(size + dense.shape[1])
    for _ in range(STEPS):
        p = (1 + np.tanh(score(b) / 2)) / 2
        slope = back(share * (p - wanted)) + penalty * b
        curve = share * p * (1 - p)
        diagonal = np.bincount(columns, values**2 * curve[rows], size)
        diagonal = np.concatenate([diagonal, (dense**2).T @ curve]) + penalty
        step, rest = np.zeros_like(b), slope
        way = near = rest / diagonal
        for _ in range(DIRECTIONS):
            bent = back(curve * score(way)) + penalty * way
            size_ = rest @ near / (way @ bent)
            step, after = step + size_ * way, rest - size_ * bent
            nearer = after / diagonal
            way = nearer + (after @ nearer) / (rest @ near) * way
            rest, near = after, nearer
        b = b - step
        if np.abs(step).max() < ENOUGH:
            break
    return b[:size]
