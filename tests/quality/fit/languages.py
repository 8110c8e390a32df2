"""Fits what ``index.metadata.language`` weighs: whether the answer of the profiles is right."""

import math
from collections import defaultdict

import numpy as np

from index.metadata import language
from index.metadata.scripts import by_letters, by_script
from tests.quality.fit.data import folds, gold
from tests.quality.fit.logistic import logistic
from tests.quality.languages import LACKING, SAME

L2 = 1
LIKE_ANOTHER = {"bs", "ms"}
"""Languages without a profile whose letters do not tell them from one with a profile."""
SHARES = ((1.0, 5.0), (0.5, 0.5))
"""What a sentence and an article count in known and unknown languages: archives are in known ones."""


def texts():
    """Yield (language, text, what it counts): sentences, and articles of five of them."""
    by_code = defaultdict(list)
    for row in gold("langid_lingua"):
        if row["kind"] == "sentences" and row["lang"] not in LIKE_ANOTHER:
            by_code[row["lang"]].append(row["text"])
    for code, said in by_code.items():
        of_a_sentence, of_an_article = SHARES[code in LACKING]
        yield from ((SAME.get(code, code), text, of_a_sentence) for text in said)
        fives = (" ".join(said[n : n + 5]) for n in range(0, len(said) - 4, 5))
        yield from ((SAME.get(code, code), text, of_an_article) for text in fives)


def rows():
    """Return (features, whether it is right, what it counts) for each text that the profiles decide."""
    found = []
    for code, text, share in texts():
        sample = text[: language.SAMPLES[0]]
        letters = [c for c in sample if c.isalpha()]
        if len(letters) < language.LEAST_LETTERS or by_script(letters) or by_letters(letters):
            continue
        weighed = language.weigh(sample, letters)
        if weighed:
            found.append((language.features(weighed), language.code(weighed.language) == code, share))
    return found


def loss(held, weights, bias):
    """Return the mean loss (natural logarithm) over rows."""
    total = 0.0
    for features, right, share in held:
        score = bias + float(np.dot(weights, features))
        total += share * (math.log1p(math.exp(-abs(score))) + max(0.0, -score if right else score))
    return total / sum(share for _, _, share in held)


def report():
    found = rows()
    fits = [
        (logistic(*map(np.array, zip(*training, strict=True)), L2), held) for training, held in folds(found)
    ]
    crossed = np.mean([loss(held, *fit) for fit, held in fits])
    weights, bias = logistic(*map(np.array, zip(*found, strict=True)), L2)
    pasted = [f"    {name}={w:.2f}," for name, w in zip(language.WEIGHTS._fields, weights, strict=True)]
    shipped = loss(found, language.WEIGHTS, language.BIAS)
    head = (
        f"# {len(found)} texts; loss {crossed:.4f} cross-validated; {shipped:.4f} of the module, not held out"
    )
    return "\n".join([head, "WEIGHTS = Features(", *pasted, f")\nBIAS = {bias:.2f}"])
