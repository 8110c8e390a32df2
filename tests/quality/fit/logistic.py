"""Logistic regression, of rows and of choices, by Newton's method.

Features (float64, rows × features) are scaled to deviation 1, so that L2 is fair to all of them;
the weights that come back are those of the features as they came in.
"""

import numpy as np

STEPS, ENOUGH = 30, 1e-7
"""Many times the steps that are needed; one as short as this is the last."""


def newton(at, size):
    """Return the minimum of a convex function, given its value, slope and curvature at a point."""
    b = np.zeros(size)
    for _ in range(STEPS):
        value, slope, curve = at(b)
        step = np.linalg.solve(curve, slope)
        while at(b - step)[0] > value and np.abs(step).max() > 1e-9:
            step /= 2  # a whole step overshoots where a rare feature decides
        b -= step
        if np.abs(step).max() < ENOUGH:
            break
    return b


def logistic(x, y, share, l2):
    """Return the weights and the bias that tell rows of y = 1 from rows of y = 0; a row counts ``share``."""
    deviation = x.std(0) + 1e-6
    z = np.column_stack([(x - x.mean(0)) / deviation, np.ones(len(x))])
    penalty = np.array([float(l2)] * x.shape[1] + [1e-6])  # the bias is free

    def at(b):
        score = z @ b
        p = (1 + np.tanh(score / 2)) / 2
        loss = share @ (np.logaddexp(0, score) - y * score) + penalty @ b**2 / 2
        curve = (z * (share * p * (1 - p))[:, None]).T @ z + np.diag(penalty)
        return loss, z.T @ (share * (p - y)) + penalty * b, curve

    b = newton(at, z.shape[1])
    weights = b[:-1] / deviation
    return weights, b[-1] - x.mean(0) @ weights


def conditional(x, y, sizes, l2):
    """Return the weights under which the rows of y = 1 win in their group: McFadden 1974.

    Groups are runs of ``sizes`` rows; each has a row of y = 1, and several share its choice.
    """
    deviation = x.std(0) + 1e-6
    z = (x - x.mean(0)) / deviation
    group, starts = np.repeat(np.arange(len(sizes)), sizes), np.cumsum(sizes) - sizes
    chosen = y / np.add.reduceat(y, starts)[group]

    def at(b):
        score = z @ b - np.maximum.reduceat(z @ b, starts)[group]
        total = np.add.reduceat(np.exp(score), starts)
        p = np.exp(score) / total[group]
        means = np.add.reduceat(z * p[:, None], starts)
        loss = np.log(total).sum() - chosen @ score + l2 * b @ b / 2
        curve = (z * p[:, None]).T @ z - means.T @ means + np.diag([l2] * len(b))
        return loss, z.T @ (p - chosen) + l2 * b, curve

    return newton(at, z.shape[1]) / deviation
