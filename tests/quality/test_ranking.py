"""Ranking on judged queries, beside other BM25s in the same run: the figures only rise."""

import json
from pathlib import Path
from statistics import mean

import pytest

from tests.quality.ranking import DATA, gains

pytestmark = pytest.mark.skipif(
    not DATA, reason="PRESSMARK_DATA is not set: there are no judged collections here"
)

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text())["ranking"]
NAMES = ("time", "npl", "lisa", "knownitem")


@pytest.fixture(scope="module")
def indexes(tmp_path_factory):
    return {name: tmp_path_factory.mktemp(name) / "index" for name in NAMES}


@pytest.fixture(scope="module")
def found(indexes):
    return {name: gains(name, index, match="any") for name, index in indexes.items()}


@pytest.fixture(scope="module")
def deep(indexes, found):
    return {name: gains(name, indexes[name], match="any", rank="deep") for name in found}


@pytest.mark.parametrize("name", NAMES)
def test_mean_ndcg_at_10_of_ranked_or_holds(name, found):
    assert mean(found[name].values()) >= FLOORS[name]


@pytest.mark.parametrize("name", NAMES)
def test_mean_ndcg_at_10_by_neighbours_holds(name, deep):
    assert mean(deep[name].values()) >= FLOORS["deep"][name]


def test_neighbours_find_more_and_hurt_nothing(found, deep):
    rankers = pytest.importorskip("tests.quality.rankers", reason="the others are of the group bench")
    pairs = {name: (list(deep[name].values()), list(found[name].values())) for name in NAMES}
    assert mean(mean(more) / mean(plain) - 1 for more, plain in pairs.values()) > 0
    worse = {name for name, (more, plain) in pairs.items() if mean(more) < mean(plain)}
    assert [name for name in worse if rankers.chance(*pairs[name]) < 0.05] == []


def test_others_are_beaten_on_average_and_none_is_better_anywhere(found):
    rankers = pytest.importorskip("tests.quality.rankers", reason="the others are of the group bench")
    compared = {name: rankers.against_best(rankers.compared(name, ours)) for name, ours in found.items()}
    assert mean(gain for gain, _ in compared.values()) >= FLOORS["gain over other BM25s"]
    assert [name for name, (gain, chance) in compared.items() if gain < 0 and chance < 0.05] == []
