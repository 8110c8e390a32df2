"""Kept machine code is run as it is: its folder is this user's alone, or kernels are not kept."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index import native
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


WRITE = """
import sys
from pathlib import Path
from index.article import Article, Found
from index.embedded import open_writer
writer = open_writer(Path(sys.argv[1]), language="en")
for number in range(3):
    body = f"Talks no. {number} in the U.S. were well-prepared"
    writer.put(Article(f"a{number}", body, title=Found("Talks")), "add")
writer.commit()
print("numba" in sys.modules)
"""


def test_who_writes_needs_numba_once(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "kernels")}
    written = []
    for name in "ab":
        command = [sys.executable, "-c", WRITE, str(tmp_path / name)]
        root = Path(__file__).parents[2]
        done = subprocess.run(command, check=True, cwd=root, env=environment, capture_output=True, text=True)
        (segment,) = (tmp_path / name).glob("*.arrays")
        written.append((done.stdout.strip(), segment.read_bytes()))
    (first, made), (second, made_again) = written
    assert (first, second) == ("True", "False")
    assert made == made_again


def _add(numbers, out, more):
    total = 0
    for at in range(len(numbers)):
        out[at] = numbers[at] + more[0]
        total += out[at]
    return total


def _allocates(numbers, out, more):
    out[:] = np.sort(numbers) + more[0]


NUMBERS = np.arange(5, dtype=np.uint8)


def _run(folder, given):
    known = native.arguments(given)
    return native.find(folder, "add", known.kinds)(known.values)


def test_kept_code_is_run_on_the_arguments_given(tmp_path):
    given = NUMBERS, np.zeros(5, dtype=np.int64), (3,)
    assert native.keep(tmp_path, "add", _add, given)
    assert _run(tmp_path, given) == sum(range(3, 8))
    assert given[1].tolist() == [3, 4, 5, 6, 7]
    # Arguments of other types are another loop, which is not kept.
    others = native.arguments((NUMBERS, np.zeros(5, dtype=np.int32), (3,)))
    assert native.find(tmp_path, "add", others.kinds) is None


def test_a_loop_that_needs_numba_when_it_runs_is_left_to_it(tmp_path):
    assert not native.keep(tmp_path, "sort", _allocates, (NUMBERS, np.zeros(5, dtype=np.int64), (3,)))
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_lie_as_expected_is_left_to_numba():
    assert native.arguments((NUMBERS[::2],)) is None
    assert native.arguments(((1, NUMBERS[::2]),)) is None


def test_damaged_code_is_not_run(tmp_path):
    given = NUMBERS, np.zeros(5, dtype=np.int64), (3,)
    assert native.keep(tmp_path, "add", _add, given)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    kinds = native.arguments(given).kinds
    for damaged in (
        b"",
        whole[:5],
        whole[:-1],
        whole + b"!",
        *(bytes([*whole[:at], whole[at] ^ 4, *whole[at + 1 :]]) for at in (0, 4, 8, 9, 100, len(whole) - 1)),
    ):
        file.write_bytes(damaged)
        assert native.find(tmp_path, "add", kinds) is None
    file.write_bytes(whole)
    assert _run(tmp_path, given) == sum(range(3, 8))
