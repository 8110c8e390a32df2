"""The regressions that fit the weights of recovery find the weights that made the data."""

import numpy as np
import pytest

from tests.quality.fit.logistic import conditional, logistic
from tests.quality.fit.words import lexicon

TRUE = np.array([2.0, -1.0, 0.5])
SCALE = np.array([1.0, 10.0, 0.1])
"""Features of different sizes: what comes back must be in their own."""


def test_logistic_finds_the_weights_and_the_bias():
    random = np.random.default_rng(7)
    x = random.normal(3, 1, (20_000, 3)) * SCALE
    p = 1 / (1 + np.exp(-(x @ (TRUE / SCALE) - 4)))
    weights, bias = logistic(x, random.random(len(x)) < p, np.ones(len(x)), l2=1)
    assert weights * SCALE == pytest.approx(TRUE, abs=0.1)
    assert bias == pytest.approx(-4, abs=0.3)


def test_conditional_finds_the_weights_of_choices_even_of_a_rare_feature_that_decides():
    random = np.random.default_rng(7)
    true = np.array([2.0, -1.0, 5.0])
    sizes = random.integers(20, 60, 1_500)
    x = random.normal(0, 1, (sizes.sum(), 3)) * SCALE
    x[:, 2] = SCALE[2] * (random.random(len(x)) < 0.1)
    utility = x @ (true / SCALE) + random.gumbel(size=len(x))  # McFadden: its greatest is a softmax choice
    best = np.repeat(np.maximum.reduceat(utility, np.cumsum(sizes) - sizes), sizes)
    assert conditional(x, utility == best, sizes, l2=1) * SCALE == pytest.approx(true, abs=0.15)


def test_lexicon_knows_which_words_speak_for_an_article_and_leaves_out_those_of_one_site():
    random = np.random.default_rng(7)
    says = {"mayor": 2, "said": 2, "of": 0, "share": -2, "login": -2}
    pages = []
    for n in range(60):
        lines = [[str(word) for word in random.choice(list(says), 3, replace=False)] for _ in range(20)]
        wanted = np.array([sum(says[word] for word in words) + random.normal() > 0 for words in lines])
        pages.append(([[*words, f"site{n}"] for words in lines], np.full(20, 4.0), wanted, np.ones(20)))
    found = lexicon(pages)
    assert set(found) <= set(says)
    assert (
        min(found["mayor"], found["said"])
        > 1
        > abs(found.get("of", 0))
        > -1
        > max(found["share"], found["login"])
    )
