"""A disk that fails at any operation of a commit leaves the old generation or the new one.

``PRESSMARK_CRASHES=all`` lets every operation fail in every way; without it a seeded sample of them does.
"""

import errno
import os
import random
import shutil

import pytest

from index.check import check
from index.codec.commit import newest
from tests.index.codec.archive import archives, commit, is_whole, leftovers
from tests.index.codec.disk import Disk

SEED = 5
KINDS = {
    1: "the first commit of all",
    2: "documents that are added and deleted",
    5: "four segments that are merged into one",
}
MERGING = 5
WAYS = {
    "no space": {"error": errno.ENOSPC, "sticky": True},
    "an error": {"error": errno.EIO},
    "a short write": {"error": errno.ENOSPC, "short": True},
}
SAMPLE, LAST = 5, 7
ALL = os.environ.get("PRESSMARK_CRASHES") == "all"


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """Indexes as they stand before each kind of commit."""
    made = {}
    for generation in KINDS:
        path = made[generation] = tmp_path_factory.mktemp("before") / "index"
        path.mkdir()
        for _ in range(generation - 1):
            commit(path, SEED)
    return made


def operations(path, monkeypatch, **fault):
    """Make the next commit on a disk with a fault; return what was done, and the error that it raised."""
    disk = Disk(path, **fault)
    with monkeypatch.context() as patched:
        disk.patch(patched)
        try:
            commit(path, SEED, timeout=0)
        except OSError as error:
            return disk.operations, error
    return disk.operations, None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("generation", KINDS, ids=KINDS.values())
def test_a_disk_that_fails_leaves_the_old_generation_or_the_new_one(
    before, tmp_path, monkeypatch, generation, way
):
    states = archives(SEED, generation + 1)
    done, error = operations(shutil.copytree(before[generation], tmp_path / "sound"), monkeypatch)
    assert error is None
    assert any("-m4-" in each.path for each in done) == (generation == MERGING)
    assert any(each.path.endswith(".live") for each in done) == (generation > 1)
    numbers = [number for number, each in enumerate(done) if way != "a short write" or each.name == "write"]
    if not ALL:
        # The last ones are the commit file's, its rename and what follows it: all of them.
        numbers = sorted({*random.Random(f"{generation}{way}").sample(numbers, SAMPLE), *numbers[-LAST:]})
    for number in numbers:
        path = shutil.copytree(before[generation], tmp_path / f"{number}")
        _, error = operations(path, monkeypatch, fail=number, **WAYS[way])
        reached = newest(path)
        assert reached in {-1 if generation == 1 else generation - 1, generation - 1, generation}
        assert error is not None or reached == generation, done[number]
        if reached >= 0:
            assert is_whole(path, states[reached]), done[number]
            assert check(path) == [] or generation == 1
        # The same process goes on: the lock is free, leftovers are no hindrance, and they go.
        while (reached := commit(path, SEED, timeout=0)) <= generation:
            assert is_whole(path, states[reached])
        assert is_whole(path, states[generation + 1])
        assert check(path) == []
        assert leftovers(path) == set()
        shutil.rmtree(path)
