"""Fits what ``index.likeness`` weighs: which spellings are one person's.  Writes ``index/likeness.json``.

The odds of letters come by expectation and maximisation (Ristad and Yianilos 1998) from the words that
the spellings of one person pair; how common words are, from all names; the trees, from the pairs.
"""

import json
from collections import Counter
from pathlib import Path

import numpy as np

import index
from index.likeness import Names, model, words
from index.likeness_kernels import PAIRED, alike
from index.transliteration import SYMBOLS, key, symbols
from tests.quality.fit.data import folds, gold
from tests.quality.fit.trees import boosted

ROUNDS = 4
TREES, LEAVES, RATE = 100, 16, 0.1
LEAST_COMMON = 2
"""Names that have a word which the table lists."""
KINDS = {"spelling", "other person"}
VOWELS = symbols("aeiouy")


def pairs():
    """Return the pairs that teach, in groups: those of one person, which one fold holds."""
    groups = {}
    for row in gold("names"):
        if row["source"] == "ofac" and row["kind"] in KINDS:
            groups.setdefault(row["group"], []).append(row)
    return [groups[name] for name in sorted(groups)]


def transduced(a, b, p):
    """Return how often each edit is expected between two words, float64[k + 1, k + 1], under odds p."""
    none = SYMBOLS
    forward, backward = np.zeros((len(a) + 1, len(b) + 1)), np.zeros((len(a) + 1, len(b) + 1))
    steps = [((i, j), (i + x, j + y)) for i in range(len(a) + 1) for j in range(len(b) + 1)
             for x, y in ((1, 0), (0, 1), (1, 1)) if i + x <= len(a) and j + y <= len(b)]  # fmt: skip
    edit = {(s, t): (a[s[0]] if t[0] > s[0] else none, b[s[1]] if t[1] > s[1] else none) for s, t in steps}
    forward[0, 0] = backward[-1, -1] = 1
    for s, t in steps:
        forward[t] += forward[s] * p[edit[s, t]]
    for s, t in reversed(steps):
        backward[s] += backward[t] * p[edit[s, t]]
    counts = np.zeros_like(p)
    for s, t in steps:
        counts[edit[s, t]] += forward[s] * p[edit[s, t]] * backward[t]
    return counts / forward[-1, -1]


def likely(rows):
    """Return the odds of each pair of symbols, of two words of one name over two words by chance."""
    names = [[symbols(word) for word in words(row[name])] for row in rows for name in ("name1", "name2")]
    letters = np.bincount(np.frombuffer(b"".join(w for n in names for w in n), np.uint8), minlength=SYMBOLS)
    chance = np.append((letters + 1) / (letters + 1).sum(), 1.0)
    p = np.full((SYMBOLS + 1, SYMBOLS + 1), 1e-5)
    p[np.arange(SYMBOLS), np.arange(SYMBOLS)] = 0.9 / SYMBOLS
    p[-1, :-1] = p[:-1, -1] = 0.03 / SYMBOLS
    for vowel in VOWELS:
        p[vowel, [other for other in VOWELS if other != vowel]] = 0.02 / SYMBOLS
    p[-1, -1] = 0
    p /= p.sum()
    for _ in range(ROUNDS):
        counts = np.full_like(p, 0.02) + 0.98 * np.eye(SYMBOLS + 1)
        counts[-1, :] += 0.1
        counts[:, -1] += 0.1
        counts[-1, -1] = 0
        met = Counter(
            pair
            for a, b in zip(names[::2], names[1::2], strict=True)
            for pair in paired(a, b, p / chance[:, None] / chance)
        )
        for (a, b), times in met.items():
            counts += times * transduced(a, b, p)
        counts = (counts + counts.T) / 2
        p = counts / counts.sum()
    return p / chance[:, None] / chance


def paired(one, other, joint):
    """Yield the words of two names that are most alike, each once."""
    arrays = [[np.frombuffer(word, np.uint8) for word in name] for name in (one, other)]
    ranked = sorted(
        ((alike(a, b, joint), n, m) for n, a in enumerate(arrays[0]) for m, b in enumerate(arrays[1])),
        reverse=True,
    )
    taken = set(), set()
    for same, n, m in ranked:
        if same >= PAIRED and n not in taken[0] and m not in taken[1]:
            taken[0].add(n)
            taken[1].add(m)
            yield one[n], other[m]


def matrix(groups, fitted):
    rows = [row for group in groups for row in group]
    names = Names([row[name] for row in rows for name in ("name1", "name2")], fitted)
    names_of = np.arange(2 * len(rows)).reshape(-1, 2)
    return names, names_of, np.array([row["match"] for row in rows], float)


def fit(groups):
    """Return the numbers as ``likeness.json`` has them."""
    rows = [row for group in groups for row in group]
    joint = np.round(likely([row for row in rows if row["match"]]), 4)
    people = sorted({row[name] for row in rows for name in ("name1", "name2")})
    common = Counter(each for name in people for each in set(map(key, words(name))))
    common = {each: count for each, count in sorted(common.items()) if count >= LEAST_COMMON}
    empty = {"columns": [], "splits": [], "children": [], "roots": []}
    raw = {"joint": joint.tolist(), "common": common, "people": len(people), "trees": empty, "bias": 0.0}
    names, numbers, y = matrix(groups, model(raw))
    trees, bias = boosted(names.features(numbers), y, TREES, LEAVES, RATE)
    trees["splits"] = [round(value, 4) for value in trees["splits"]]
    return raw | {"trees": trees, "bias": round(bias, 4)}


def measured(y, score):
    """Return the best F1 over thresholds and the recall at precision .95."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.diff(score[order]) != 0, True)
    right = np.cumsum(y[order])
    precision, recall = right / np.arange(1, len(y) + 1), right / y.sum()
    f1 = 2 * precision * recall / (precision + recall)
    at = last & (precision >= 0.95)
    return f1[last].max(), recall[at].max(initial=0), score[order][at].min(initial=1)


def report():
    groups = pairs()
    said, known = [], []
    for training, held in folds(groups):
        names, numbers, y = matrix(held, model(fit(training)))
        said.append(names.likeness(numbers))
        known.append(y)
    f1, recall, threshold = measured(np.concatenate(known), np.concatenate(said))
    raw = fit(groups)
    names, numbers, y = matrix(groups, model(raw))
    own = measured(y, names.likeness(numbers))
    path = Path(index.__file__).with_name("likeness.json")
    path.write_text(json.dumps(raw, separators=(",", ":")) + "\n", encoding="utf-8")
    return (
        f"# {len(y)} pairs of {len(groups)} people\n"
        f"# cross-validated: F1 {f1:.3f}, recall at precision .95 {recall:.3f} from {threshold:.3f} on\n"
        f"# of the module, not held out: F1 {own[0]:.3f}, recall {own[1]:.3f}\n"
        f"# written: {path.name}, {path.stat().st_size} bytes"
    )
