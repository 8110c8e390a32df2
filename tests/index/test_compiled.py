"""Kept machine code is run as it is: its folder is this user's alone, or kernels are not kept."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.codec.kernels import rank
from index.compiled import keep_in


@pytest.fixture
def unset(monkeypatch):
    """A program that was told of no folder."""
    monkeypatch.delenv("NUMBA_CACHE_DIR")


@pytest.mark.usefixtures("unset")
def test_the_folder_is_made_for_its_owner_alone(tmp_path):
    folder = tmp_path / "state" / "kernels"
    code = f"""
from pathlib import Path
from index.compiled import keep_in
from index.codec.kernels import rank
import numpy as np
assert keep_in(Path({str(folder)!r}))
rank(np.zeros(1, np.uint8), np.array([0, 1]), np.zeros(1, np.uint8))
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    kept = [file for file in folder.rglob("*") if file.suffix in {".nbi", ".nbc"}]
    assert kept
    assert not any(stat.S_IMODE(file.stat().st_mode) & 0o022 for file in kept)


@pytest.mark.usefixtures("unset")
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o701, 0o750])
def test_a_folder_that_others_reach_is_not_used(tmp_path, mode):
    folder = tmp_path / "kernels"
    folder.mkdir()
    folder.chmod(mode)
    assert not keep_in(folder)
    assert "NUMBA_CACHE_DIR" not in os.environ
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("unset")
def test_a_place_that_cannot_be_a_folder_is_not_used(tmp_path):
    (tmp_path / "file").write_text("")
    assert not keep_in(tmp_path / "file")
    assert not keep_in(tmp_path / "file" / "kernels")
    blob, key = (np.frombuffer(text, dtype=np.uint8) for text in (b"abc", b"bc"))
    assert rank(blob, np.array([0, 1, 3]), key) == 1


def test_the_choice_of_the_environment_goes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "chosen"))
    assert keep_in(tmp_path / "other")
    assert not (tmp_path / "other").exists()
