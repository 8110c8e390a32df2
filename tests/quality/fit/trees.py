"""Boosted trees of a yes or no: Friedman 2001 with the second-order gain of Chen and Guestrin 2016.

Columns are cut into BINS of equal share; a tree grows at the leaf that gains most.
"""

import numpy as np

BINS = 128
LEAST = 15
"""Rows of a leaf."""
L2 = 1.0


def cuts(x):
    """Return the values between which the bins of each column lie."""
    return [np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1])) for column in x.T]


def boosted(x, y, trees, leaves, rate):
    """Return (trees, bias): lists as ``index.likeness`` reads them, of rows x and answers y of 0 and 1."""
    edges = cuts(x)
    codes = np.stack([np.searchsorted(e, c) for e, c in zip(edges, x.T, strict=True)], axis=1)
    codes += np.arange(x.shape[1]) * BINS
    bias = np.log(y.mean() / (1 - y.mean()))
    score = np.full(len(y), bias)
    out = {"columns": [], "splits": [], "children": [], "roots": []}
    for _ in range(trees):
        p = 1 / (1 + np.exp(-score))
        _grow(codes, edges, p - y, p * (1 - p), leaves, rate, score, out)
    return out, float(bias)


def _grow(codes, edges, slope, curve, leaves, rate, score, out):
    def node(rows):
        number = len(out["columns"])
        for name, value in (("columns", -1), ("splits", 0.0), ("children", [0, 0])):
            out[name].append(value)
        return number, rows, _best(codes[rows], slope[rows], curve[rows])

    root = node(np.arange(len(codes)))
    out["roots"].append(root[0])
    grown = [root]
    while len(grown) < leaves:
        at = max(range(len(grown)), key=lambda n: grown[n][2][0])
        number, rows, (gain, code) = grown[at]
        if gain <= 0:
            break
        column, cut = divmod(code, BINS)
        goes = codes[rows, column] <= code
        below, above = node(rows[goes]), node(rows[~goes])
        out["columns"][number] = int(column)
        out["splits"][number] = float(edges[column][cut])
        out["children"][number] = [below[0], above[0]]
        grown[at : at + 1] = [below, above]
    for number, rows, _ in grown:
        value = -rate * slope[rows].sum() / (curve[rows].sum() + L2)
        out["splits"][number] = float(value)
        score[rows] += value


def _best(codes, slope, curve):
    """Return (gain, code): rows with a code up to this one go to the first child."""
    size = codes.max() // BINS * BINS + BINS
    columns = codes.shape[1]
    flat = codes.ravel()
    g, h, n = (
        np.bincount(flat, np.repeat(w, columns), minlength=columns * BINS)[: columns * BINS]
        .reshape(columns, BINS)
        .cumsum(axis=1)
        for w in (slope, curve, np.ones(len(slope)))
    )
    assert size <= columns * BINS
    whole = g[:, -1:] ** 2 / (h[:, -1:] + L2)
    gain = g**2 / (h + L2) + (g[:, -1:] - g) ** 2 / (h[:, -1:] - h + L2) - whole
    gain[(n < LEAST) | (n[:, -1:] - n < LEAST)] = -1
    at = int(gain.argmax())
    return float(gain.flat[at]), at
