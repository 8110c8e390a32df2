"""How well text, metadata and names are recovered on the gold: floors that only rise."""

import json
from pathlib import Path

import pytest

from tests.quality.measures import DATA, MEASURES

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text())["recovery"]

pytestmark = pytest.mark.skipif(not DATA, reason="PRESSMARK_DATA is not set: the gold is not at hand")


@pytest.mark.parametrize("measure", MEASURES)
def test_recovery_is_as_good_as_it_was(measure):
    value = MEASURES[measure]()
    print(f"{measure}: {value:.3f} (floor {FLOORS[measure]:.3f})")
    assert value >= FLOORS[measure]


def test_every_measure_has_a_floor():
    assert list(FLOORS) == list(MEASURES)
