"""The gold that is fitted on, folds of it that are the same each time, and weights as a module has them."""

import random
from pathlib import Path

from tests.quality.ranking import DATA, lines

FOLDS = 5
SEED = 20210524


def gold(name):
    """Return a set of the gold under ``PRESSMARK_DATA/recovery``."""
    return list(lines(Path(DATA) / "recovery" / f"{name}.jsonl.zst"))


def folds(pages, seed=SEED):
    """Yield for each fold the pages to fit on and the pages held out."""
    pages = random.Random(seed).sample(pages, len(pages))
    for k in range(FOLDS):
        yield [page for n, page in enumerate(pages) if n % FOLDS != k], pages[k::FOLDS]


def table(fitted, shipped):
    """Return the weights to paste, and the one that is farthest from what the module has."""
    rows = list(zip(shipped._fields, fitted, shipped, strict=True))
    far, name = max((abs(new - old), name) for name, new, old in rows)
    pasted = [f"    {name}={new:.2f}," for name, new, _ in rows]
    return "\n".join(
        ["WEIGHTS = Features(", *pasted, ")", f"# farthest from the module: {name}, by {far:.3f}"]
    )
