"""Building takes no more memory than it is given, however many articles there are."""

import subprocess
import sys

from index.check import check
from index.generation import Generation

BOUND = 208 << 20
IDLE = 136 << 20
"""What the bound allows for a process that does nothing yet."""

FEW, MANY = 1_000, 60_000


def most(folder, documents):
    """Return how many bytes a process takes that builds an index of so many articles."""
    command = [sys.executable, "-m", "tests.index.codec.growing", str(folder), str(documents), str(BOUND)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_an_archive_is_built_within_the_memory_that_is_given(tmp_path):
    most(tmp_path / "kernels", FEW)  # compiles what is not kept yet, which takes memory of its own
    idle = most(tmp_path / "few", FEW)
    assert most(tmp_path / "many", MANY) - idle < BOUND - IDLE
    (segment,) = Generation.open(tmp_path / "many").segments
    assert segment.documents == MANY
    assert "-m" in segment.name
    assert check(tmp_path / "many") == []
