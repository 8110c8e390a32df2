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
def found(tmp_path_factory):
    return {name: gains(name, tmp_path_factory.mktemp(name) / "index", match="any") for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_mean_ndcg_at_10_of_ranked_or_holds(name, found):
    assert mean(found[name].values()) >= FLOORS[name]


def test_others_are_beaten_on_average_and_none_is_better_anywhere(found):
    rankers = pytest.importorskip("tests.quality.rankers", reason="the others are of the group bench")
    compared = {name: rankers.against_best(rankers.compared(name, ours)) for name, ours in found.items()}
    assert mean(gain for gain, _ in compared.values()) >= FLOORS["gain over other BM25s"]
    assert [name for name, (gain, chance) in compared.items() if gain < 0 and chance < 0.05] == []
