"""The compiled loops of comparing names: letters weighed against letters, words of a name against words.

Names are arrays: ``symbols`` uint8[s] of all their words, word w at ``words[w]:words[w + 1]``, name n
with the words ``names[n]:names[n + 1]``.  Neighbouring words stand side by side, so that two of them
read as one are a longer slice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.compiled import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORDS = 8
"""Words of a name that are looked at; longer names in the gold are lists."""

APART = -1.5
"""How alike an initial and a word that begins otherwise are: as two names without a letter in common."""

INITIAL = 0.6
"""How alike an initial and the word that it can stand for are."""

JOINED = 0.7
"""From here on two words are read as one ("Amir Abdullahian", "Amirabdollahian")."""

PAIRED = 0.3
"""From here on two words are paired; below nothing but chance pairs them."""

FEATURES = 32
"""Columns of ``features``, in the order in which they are filled."""


@kernel
def evidence(a: NDArray[np.uint8], b: NDArray[np.uint8], joint: NDArray[np.float64]) -> float:
    """Return the log-odds that one name was written both ways, over two names by chance.

    ``joint`` float64[k + 1, k + 1] are the odds of each pair of symbols, the last for none: the sum over
    all edits, as the stochastic transducer of Ristad and Yianilos (1998).
    """
    none = joint.shape[0] - 1
    row = np.empty(len(b) + 1)
    row[0] = 1.0
    for j in range(len(b)):
        row[j + 1] = row[j] * joint[none, b[j]]
    for i in range(len(a)):
        corner = row[0]
        row[0] *= joint[a[i], none]
        for j in range(len(b)):
            above = row[j + 1]
            row[j + 1] = above * joint[a[i], none] + row[j] * joint[none, b[j]] + corner * joint[a[i], b[j]]
            corner = above
    return float(np.log(max(row[len(b)], 1e-300)))


@kernel
def alike(a: NDArray[np.uint8], b: NDArray[np.uint8], joint: NDArray[np.float64]) -> float:
    """Return how alike two words are: 1 for one word, around 0 by chance, less where letters differ."""
    if len(a) == 0 or len(b) == 0:
        return APART
    if len(a) == 1 or len(b) == 1:
        return (1.0 if len(a) == len(b) else INITIAL) if a[0] == b[0] else APART
    if len(a) == len(b) and np.all(a == b):
        return 1.0
    own = (evidence(a, a, joint) + evidence(b, b, joint)) / 2
    return float(max(APART, evidence(a, b, joint) / own))


@kernel
def common(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Return the share of symbols that two words have in common in one order: Indel similarity."""
    row = np.zeros(len(b) + 1, np.int64)
    for i in range(len(a)):
        corner = row[0]
        for j in range(len(b)):
            above = row[j + 1]
            row[j + 1] = corner + 1 if a[i] == b[j] else max(above, row[j])
            corner = above
    return float(2 * row[len(b)] / max(1, len(a) + len(b)))


@kernel
def counterparts(  # noqa: C901 - one pass over the pairs of words
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    symbols: NDArray[np.uint8],
    weights: NDArray[np.float64],
    joint: NDArray[np.float64],
    single: NDArray[np.float64],
    first: int,
    second: int,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Pair the words of two names, the weightiest pair first; a word is paired once.

    ``a`` and ``b`` are where the words begin and the last ends; fills ``single`` with how alike each two
    words are.  Returns how alike the pairs are, and rows of (first word, words, first word, words).
    """
    n, m = len(a) - 1, len(b) - 1
    values = np.empty((3 * WORDS * WORDS, 2))
    spans = np.empty((3 * WORDS * WORDS, 4), np.int64)
    filled = 0
    for i in range(n):
        for j in range(m):
            same = alike(symbols[a[i] : a[i + 1]], symbols[b[j] : b[j + 1]], joint)
            single[i, j] = same
            for left, right in ((1, 1), (2, 1), (1, 2)):
                if i + left > n or j + right > m:
                    continue
                if left > 1 or right > 1:
                    if min(np.diff(a[i : i + left + 1]).min(), np.diff(b[j : j + right + 1]).min()) == 1:
                        continue  # an initial is no part of a word
                    same = alike(symbols[a[i] : a[i + left]], symbols[b[j] : b[j + right]], joint)
                    if same < JOINED:
                        continue
                elif same < PAIRED:
                    continue
                weight = (
                    weights[first + i : first + i + left].sum()
                    + weights[second + j : second + j + right].sum()
                )
                values[filled, 0] = same * weight / 2 - 1e-3 * abs(i / n - j / m)
                values[filled, 1] = same
                spans[filled] = np.array((i, left, j, right))
                filled += 1
    used_a, used_b = np.zeros(WORDS + 1, np.bool_), np.zeros(WORDS + 1, np.bool_)
    kept = np.empty(WORDS, np.int64)
    count = 0
    for at in np.argsort(-values[:filled, 0]):
        i, left, j, right = spans[at]
        if used_a[i : i + left].any() or used_b[j : j + right].any():
            continue
        used_a[i : i + left] = True
        used_b[j : j + right] = True
        kept[count] = at
        count += 1
    return values[kept[:count], 1], spans[kept[:count]]


@kernel
def features(  # noqa: C901 - a kernel fills its row in one place
    pairs: NDArray[np.int64],
    names: NDArray[np.int64],
    words: NDArray[np.int64],
    symbols: NDArray[np.uint8],
    weights: NDArray[np.float64],
    patronymics: NDArray[np.float64],
    joint: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return what speaks for and against each pair of names being one person's: float64[p, FEATURES].

    ``pairs`` int64[p, 2] are numbers of names; ``weights`` float64[w] how rare each word is, 1 the
    rarest; ``patronymics`` float64[w] 1 for what reads like one.
    """
    out = np.zeros((len(pairs), FEATURES))
    single = np.empty((WORDS, WORDS))
    for p in range(len(pairs)):
        one, other = pairs[p, 0], pairs[p, 1]
        if names[one + 1] - names[one] > names[other + 1] - names[other]:
            one, other = other, one
        first, second = names[one], names[other]
        n, m = min(WORDS, names[one + 1] - first), min(WORDS, names[other + 1] - second)
        if n == 0:
            continue
        a, b = words[first : first + n + 1], words[second : second + m + 1]
        alikes, spans = counterparts(a, b, symbols, weights, joint, single, first, second)
        count = len(alikes)
        free_a, free_b = np.ones(n), np.ones(m)
        matched = lost = rarest = total = 0.0
        least = 1.0 if count else 0.0
        exact = 0
        for k in range(count):
            same = alikes[k]
            i, left, j, right = spans[k]
            free_a[i : i + left] = 0.0
            free_b[j : j + right] = 0.0
            weight = (
                weights[first + i : first + i + left].sum() + weights[second + j : second + j + right].sum()
            ) / 2
            matched += weight * same
            lost += weight * (1 - same)
            rarest = max(rarest, weights[first + i])
            least = min(least, same)
            total += same
            exact += same == 1.0
        crossed = 0
        for k in range(count):
            for h in range(count):
                crossed += spans[k, 0] < spans[h, 0] and spans[k, 2] > spans[h, 2]
        over_a = over_b = 0.0
        left_a = left_b = 0
        father_a = father_b = 0.0
        nearest = -2.0
        for i in range(n):
            if free_a[i] > 0:
                left_a += 1
                over_a += weights[first + i]
                father_a = max(father_a, patronymics[first + i])
                for j in range(m):
                    if free_b[j] > 0:
                        nearest = max(nearest, single[i, j])
        for j in range(m):
            if free_b[j] > 0:
                left_b += 1
                over_b += weights[second + j]
                father_b = max(father_b, patronymics[second + j])
        whole = alike(symbols[a[0] : a[n]], symbols[b[0] : b[m]], joint)
        seen = single[:n, :m]
        out[p] = np.array((
            float(n), float(m), float(count), float(exact), matched, lost, over_a, over_b,
            matched / (matched + lost + over_a + over_b + 1e-9),
            matched / (matched + lost + min(over_a, over_b) + 1e-9),
            float(left_a), float(left_b), nearest, least, total / max(1, count),
            seen[0, 0], seen[n - 1, m - 1],
            free_a[0], free_b[0], free_a[n - 1], free_b[m - 1],
            float(crossed), whole, seen[n - 1].max(), seen[:, m - 1].max(), seen[0].max(), seen[:, 0].max(),
            rarest, father_a, father_b, min(over_a, over_b),
            common(symbols[a[0] : a[n]], symbols[b[0] : b[m]]),
        ))  # fmt: skip
    return out


@kernel
def votes(
    rows: NDArray[np.float64],
    columns: NDArray[np.int16],
    splits: NDArray[np.float64],
    children: NDArray[np.int32],
    roots: NDArray[np.int32],
) -> NDArray[np.float64]:
    """Return the sum of what the trees say of each row: float64[rows].

    Node t sends a row to ``children[t, 0]`` where its column ``columns[t]`` is at most ``splits[t]``, else
    to ``children[t, 1]``; a leaf has the column -1 and the value ``splits[t]``.
    """
    out = np.zeros(len(rows))
    for row in range(len(rows)):
        for root in roots:
            node = root
            while columns[node] >= 0:
                node = children[node, 0 if rows[row, columns[node]] <= splits[node] else 1]
            out[row] += splits[node]
    return out
