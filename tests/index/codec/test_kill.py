"""A writer that is killed at any instant loses nothing that it acknowledged, and hinders nobody.

``PRESSMARK_CRASHES=all`` kills several hundred times instead of some thirty.
"""

import os
import random

from index.check import check
from index.codec import commit as commits
from tests.index.codec.archive import archives, commit, is_whole, leftovers
from tests.index.codec.processes import commit_for_ever, context

KILLS = 400 if os.environ.get("PRESSMARK_CRASHES") == "all" else 30
SEED = 7
LONGEST = 0.35
"""Seconds until a kill: some three to six commits, merges among them."""


def killed(path, seconds):
    """Let a writer commit for some time, kill it, and return the last generation that it acknowledged."""
    ours, theirs = context().Pipe(duplex=False)
    writer = context().Process(target=commit_for_ever, args=(path, SEED, theirs), daemon=True)
    writer.start()
    theirs.close()
    acknowledged = [ours.recv()]
    writer.join(seconds)
    assert writer.is_alive()
    writer.kill()
    writer.join()
    try:
        while ours.poll():
            acknowledged.append(ours.recv())
    except EOFError:
        pass
    assert acknowledged == sorted(set(acknowledged))
    return acknowledged[-1]


def test_a_writer_that_is_killed_leaves_what_it_acknowledged(tmp_path):
    path = tmp_path / "index"
    chance = random.Random(SEED)
    states = archives(SEED, 20)
    torn = 0
    for _ in range(KILLS):
        acknowledged = killed(path, chance.uniform(0, LONGEST))
        reached = commits.newest(path)
        states = states if len(states) > reached + 1 else archives(SEED, 2 * reached)
        assert reached in {acknowledged, acknowledged + 1}
        assert check(path) == []
        assert is_whole(path, states[reached])
        torn += leftovers(path) != set()
        assert commit(path, SEED, timeout=0) == reached + 1
        assert is_whole(path, states[reached + 1])
        assert leftovers(path) == set()
    assert check(path) == []
    assert torn > 0, "no kill fell into a commit"
