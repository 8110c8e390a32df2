"""Boosting of oblivious trees for choices: each row of a group is a candidate, the loss a softmax over them.

Newton boosting (Friedman 2001, Chen and Guestrin 2016) of trees that ask one question a level; groups
with several right rows share them as the model does (the likelihood that any is chosen).
"""

from typing import NamedTuple

import numpy as np


class Settings(NamedTuple):
    trees: int = 200
    depth: int = 5
    rate: float = 0.1
    l2: float = 8.0
    columns: float = 0.5
    groups: float = 0.8
    bins: int = 24


def thresholds(x, bins):
    """Return for each column the values between which its bins lie."""
    found = []
    for column in x.T:
        values = np.unique(column)
        between = (values[1:] + values[:-1]) / 2
        cuts = np.unique(np.quantile(column, np.linspace(0, 1, bins + 1)[1:-1]))
        found.append(between if len(values) <= bins else cuts)
    return found


def residuals(scores, y, group, starts):
    """Return slope and curvature of each row's loss."""
    e = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
    p = e / np.add.reduceat(e, starts)[group]
    right = e * y / np.add.reduceat(e * y, starts)[group]
    return p - right, np.maximum(p * (1 - p), 1e-3)


def question(binned, cuts, leaf, leaves, slopes, columns, l2):
    """Return the (column, cut) that, asked of all leaves, lowers the loss most."""
    best = (-1.0, 0, 0)
    for column in columns:
        n = len(cuts[column]) + 1
        if n == 1:
            continue
        key = leaf * n + binned[:, column]
        g, h = (np.bincount(key, s, leaves * n).reshape(leaves, n).cumsum(1) for s in slopes)
        gain = (g[:, :-1] ** 2 / (h[:, :-1] + l2)).sum(0)
        gain += ((g[:, -1:] - g[:, :-1]) ** 2 / (h[:, -1:] - h[:, :-1] + l2)).sum(0)
        cut = gain.argmax()
        if gain[cut] > best[0] + 1e-9:
            best = (gain[cut], column, cut)
    return best[1:]


DEFAULT = Settings()


def boosted(x, y, sizes, seed, settings=DEFAULT):
    """Return trees as ``index.trees`` reads them: [{"ask": [[column, threshold], …], "leaves": […]}, …].

    Groups are runs of ``sizes`` rows; each has a row of y = 1.
    """
    random = np.random.default_rng(seed)
    cuts = thresholds(x, settings.bins)
    binned = np.column_stack([np.searchsorted(c, column) for c, column in zip(cuts, x.T, strict=True)])
    group, starts = np.repeat(np.arange(len(sizes)), sizes), np.cumsum(sizes) - sizes
    scores, trees = np.zeros(len(x)), []
    for _ in range(settings.trees):
        taken = (random.random(len(sizes)) < settings.groups)[group]
        slopes = [s * taken for s in residuals(scores, y, group, starts)]
        columns = random.choice(x.shape[1], max(1, int(x.shape[1] * settings.columns)), replace=False)
        leaf, ask = np.zeros(len(x), int), []
        for level in range(settings.depth):
            column, cut = question(binned, cuts, leaf, 1 << level, slopes, columns, settings.l2)
            ask.append([int(column), float(cuts[column][cut])])
            leaf = 2 * leaf + (binned[:, column] > cut)
        g, h = (np.bincount(leaf, s, 1 << settings.depth) for s in slopes)
        leaves = -settings.rate * g / (h + settings.l2)
        scores += leaves[leaf]
        trees.append({"ask": ask, "leaves": leaves.tolist()})
    return trees
