"""Ranking on judged queries: the figures only rise."""

import json
from pathlib import Path

import pytest

from tests.quality.ranking import DATA, mean_ndcg

pytestmark = pytest.mark.skipif(
    not DATA, reason="PRESSMARK_DATA is not set: there are no judged collections here"
)

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text())["ranking"]


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_mean_ndcg_at_10_of_ranked_or_holds(name, tmp_path):
    assert mean_ndcg(name, tmp_path / "index", match="any") >= FLOORS[name]
