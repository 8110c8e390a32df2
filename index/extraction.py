"""Which blocks of an HTML page belong to its article.

A block is judged as a line of plain text is (``prose``), and by what only a page tells: its element, how
much of it is links, how the elements around it are called, and what trafilatura took of it and of its
neighbours in the tree.  The numbers are in ``extraction.json``; ``python -m tests.quality.fit pages`` fits
and measures them: of 787 pages F1 of chunks is .948 by 5-fold cross-validation (trafilatura alone .924).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import orjson

from index import lines, prose
from index.blocks import PLACES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from index.blocks import Block
    from index.prose import Column

LEAST = 0.0
"""Log-odds from which a block is kept."""
TAGS = ("p", "li", "h1", "h2", "h3", "h4", "td", "div", "blockquote", "figcaption", "dd", "pre", "article")
"""Elements that a block can be; all others are alike."""
SHORT, HEAD, TAIL = 25, 60, 40
"""Letters up to which a block must be a line of the extracted text; of a longer one its ends must be."""
_REPEATED = 40
"""Letters from which a block that says what an earlier one says is the same again: headings may return."""
_DEEP = 40


@cache
def model() -> lines.Model:
    """Return the numbers that were fitted."""
    raw = orjson.loads(files("index").joinpath("extraction.json").read_bytes())
    return lines.Model(lines.model().lexicon, raw["weights"], raw["bias"])


def belongs(texts: Sequence[str], found: Sequence[Block], extracted: str) -> list[bool]:
    """Return for each block whether it belongs to the article; what is said twice belongs once.

    ``texts`` are the repaired texts of the blocks, ``extracted`` what trafilatura took, empty where nothing.
    """
    if not texts:
        return []
    fitted = model()
    keep = fitted.scores(features(texts, found, extracted, fitted.lexicon)) > LEAST
    said: set[str] = set()
    for number in np.flatnonzero(keep).tolist():
        text = texts[number]
        if len(text) >= _REPEATED:
            keep[number] = text not in said
            said.add(text)
    return [bool(one) for one in keep]


def features(
    texts: Sequence[str], found: Sequence[Block], extracted: str, lexicon: Mapping[str, float]
) -> dict[str, Column]:
    """Return what is weighed of each block, a column a feature; ``lexicon`` as in ``prose.features``."""
    said = prose.features(texts, lexicon)
    length, core = said["words"], said["core"]
    letters = np.array([len(text) for text in texts], np.float64)
    mass = letters * said["prose"] + 1e-3  # no share of nothing
    took = taken(texts, extracted)
    links = np.array([block.linked for block in found], np.float64)
    linked = links / np.array([max(1, len(block.text) - block.text.count(" ")) for block in found])
    own, parent, grandparent = (
        np.unique([getattr(block, name) for block in found], return_inverse=True)[1]
        for name in ("own", "parent", "grandparent")
    )
    places = np.array([block.places for block in found])
    tags = [block.tag for block in found]
    return {
        **said,
        "taken": took,  # trafilatura has it
        "taken before": prose.shifted(took, 1),
        "taken after": prose.shifted(took, -1),
        "taken of page": np.full(len(took), (took * letters).sum() / letters.sum()),
        "taken words": took * length,
        "taken core": took * core,
        "taken of parent": _mean(took, letters, parent),
        "taken of grandparent": _mean(took, letters, grandparent),
        "prose of own": _share(mass, own),
        "prose of parent": _share(mass, parent),
        "prose of grandparent": _share(mass, grandparent),
        "linked": linked,  # share of its letters
        "links": np.log1p(links),
        "linked before": prose.shifted(linked, 1),
        "linked after": prose.shifted(linked, -1),
        "linked words": linked * length,
        "depth": np.array([min(block.depth, _DEEP) / 10 for block in found]),
        **{f"is {tag}": np.array([each == tag for each in tags], np.float64) for tag in TAGS},
        **{place: (places >> n & 1).astype(np.float64) for n, place in enumerate(PLACES)},
    }


def taken(texts: Sequence[str], extracted: str) -> Column:
    """Return for each text 1 where the extracted text has it, else 0."""
    rows = extracted.split("\n")
    own = {" ".join(row.split()).lstrip("- |") for row in rows}
    whole = " ".join(extracted.split())
    return np.array(
        [
            text in own if len(text) < SHORT else text[:HEAD] in whole and text[-TAIL:] in whole
            for text in texts
        ],
        np.float64,
    )


def _share(mass: Column, element: NDArray[np.intp]) -> Column:
    """Return for each block the share of the mass that stands in its element."""
    share: Column = np.bincount(element, mass)[element] / mass.sum()
    return share


def _mean(column: Column, mass: Column, element: NDArray[np.intp]) -> Column:
    """Return for each block the mean of a column over its element, weighed by mass."""
    mean: Column = (np.bincount(element, column * mass) / np.bincount(element, mass))[element]
    return mean
