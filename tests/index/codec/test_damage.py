"""Damage of any file of an index is found: by check, by opening, by a service before it answers."""

import dataclasses
import random
import shutil
from itertools import pairwise

import pytest

from index.check import check
from index.codec import commit as commits
from index.codec.arrays import MAGIC, ArrayFile
from index.embedded import CURSOR_KEY, open_writer
from index.errors import CorruptIndex
from index.generation import Generation
from index.segment import CRITICAL
from search.embedded import EmbeddedSearcher
from search.errors import EngineUnavailable
from search.request import Request
from tests.index.codec.archive import article

FLIPS = 160
KINDS = ("large", "small", "live", "stories", "newest", "older", "key")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An index with two segments, a mask of live documents, a story and an older generation."""
    path = tmp_path_factory.mktemp("made") / "index"
    chance = random.Random(0)
    writer = open_writer(path, language="en", stories=True)
    for number in range(300):
        writer.put(article(chance, str(number)), "build")
    writer.commit()
    writer = open_writer(path, language="en", stories=True)
    writer.delete(["3", "4", "5"])
    copied = dataclasses.replace(article(chance, "6"), body=" ".join(map(str, range(50))))
    writer.put(copied, "add")
    writer.put(dataclasses.replace(copied, id="6 again"), "add")
    writer.commit()
    assert check(path) == []
    return path


@pytest.fixture
def index(made, tmp_path):
    return shutil.copytree(made, tmp_path / "index")


def files(path):
    """Return the file of each kind."""
    first, second = commits.read(path, 2).segments
    names = {
        "large": first.file.name,
        "small": second.file.name,
        "live": first.live.name,
        "stories": commits.read(path, 2).stories.name,
        "newest": "commit-2.json",
        "older": "commit-1.json",
        "key": CURSOR_KEY,
    }
    others = {"write.lock", "commit-0.json", commits.read(path, 1).stories.name}
    assert set(names.values()) | others == {each.name for each in path.iterdir()}
    return {kind: path / name for kind, name in names.items()}


def critical(file):
    """Return which bytes of a segment file opening verifies: dictionary, norms, directory and footer."""
    arrays = ArrayFile(file)
    spans = [(0, len(MAGIC)), (max(end for _, end in extents(arrays).values()), arrays.length)]
    spans += [extent for name, extent in extents(arrays).items() if name.endswith(CRITICAL)]
    return spans


def extents(arrays):
    directory = arrays._directory
    return {
        name: (entry["offset"], entry["offset"] + arrays[name].nbytes) for name, entry in directory.items()
    }


def padding(arrays, size):
    """Return the bytes of no array, before the directory."""
    taken = sorted(extents(arrays).values())
    return [at for (_, end), (start, _) in pairwise(taken) for at in range(end, start)][:size]


def flips(file):
    """Return the places of single bits to flip: spread over the file, and at its very ends."""
    chance = random.Random(file.suffix)
    size = file.stat().st_size
    places = {0, 7, size - 1, size - 9, size - 20, size - 30}
    if file.suffix == ".arrays":
        places |= set(padding(ArrayFile(file), 10))
        # Each array, however small, and the directory have a byte among the flipped.
        for start, end in [*extents(ArrayFile(file)).values(), critical(file)[1]]:
            places |= {chance.randrange(start, end)} if start < end else set()
    flipped = {(place, chance.randrange(8)) for place in places if 0 <= place < size}
    while len(flipped) < min(FLIPS, 8 * size):
        flipped.add((chance.randrange(size), chance.randrange(8)))
    return sorted(flipped)


def damaged(file):
    """Yield each place of a flipped bit while it is flipped."""
    whole = file.read_bytes()
    for place, bit in flips(file):
        broken = bytearray(whole)
        broken[place] ^= 1 << bit
        file.write_bytes(broken)
        yield place
    file.write_bytes(whole)


@pytest.mark.parametrize("kind", KINDS)
def test_any_flipped_bit_is_found(index, kind):
    file = files(index)[kind]
    spans = critical(file) if file.suffix == ".arrays" else [(0, file.stat().st_size)]
    spans = spans if kind not in {"older", "key"} else []  # opening the newest has no need of them
    missed, unnamed, opened = [], [], []
    for place in damaged(file):
        found = check(index)
        missed += [place] if not found else []
        unnamed += [found] if not any(file.name in line for line in found) else []
        try:
            Generation.open(index)
            opened += [place] if any(start <= place < end for start, end in spans) else []
        except CorruptIndex as error:
            unnamed += [] if file.name in str(error) else [error]
            opened += [place] if kind in {"older", "key"} else []
    assert (missed, unnamed, opened) == ([], [], [])
    assert check(index) == []


@pytest.mark.parametrize("kind", ["large", "small", "live", "stories", "newest"])
def test_a_service_that_starts_on_damage_is_unavailable(index, kind):
    answered = []
    for place in damaged(files(index)[kind]):
        try:
            EmbeddedSearcher(index).search(Request(q="siege"))
            answered.append(place)
        except EngineUnavailable:
            pass
    assert answered == []


@pytest.mark.parametrize("kind", ["small", "live", "stories", "newest"])
def test_a_service_that_runs_stays_on_the_generation_that_it_has(index, tmp_path, kind, caplog, monkeypatch):
    # A look into a folder that has been as it is for long is the last one, until it changes.
    monkeypatch.setattr("search.opened._MOMENT", 0)
    later = {
        each.name: each.read_bytes()
        for kind_, each in files(index).items()
        if kind_ in {"small", "live", "stories", "newest"}
    }
    for name in later:
        (index / name).unlink()
    searcher = EmbeddedSearcher(index, tmp_path / "state")
    before = searcher.search(Request(q="siege"))
    assert before.generation == 1
    for name, data in later.items():
        (index / name).write_bytes(data)
    for _ in zip(range(12), damaged(files(index)[kind]), strict=False):
        assert searcher.search(Request(q="siege")) == before
    assert "stays in use" in caplog.text
    for name, data in later.items():
        (index / name).write_bytes(data)
    assert searcher.search(Request(q="siege")).generation == 2


@pytest.mark.parametrize("kind", ["large", "small", "live", "stories", "newest"])
@pytest.mark.parametrize("how", ["empty", "half", "without its end", "longer", "zeros", "gone", "a folder"])
def test_a_file_that_was_cut_or_lost_is_found(index, kind, how):
    file = files(index)[kind]
    data = file.read_bytes()
    file.unlink()
    other = {
        "empty": b"",
        "half": data[: len(data) // 2],
        "without its end": data[:-1],
        "longer": data + b"\0",
        "zeros": bytes(len(data)),
    }
    if how in other:
        file.write_bytes(other[how])
    elif how == "a folder":
        file.mkdir()
    if (kind, how) == ("newest", "gone"):
        # Then the one before is the newest: nothing says that there was another.
        assert Generation.open(index).number == 1
        return
    assert any(file.name in line for line in check(index))
    with pytest.raises(CorruptIndex, match=file.name):
        Generation.open(index)
    with pytest.raises(EngineUnavailable):
        EmbeddedSearcher(index).search(Request(q="siege"))


def test_a_commit_file_under_another_number_is_found(index):
    (index / "commit-9.json").write_bytes((index / "commit-2.json").read_bytes())
    with pytest.raises(CorruptIndex, match="under another name"):
        Generation.open(index)
    assert check(index)


def test_a_file_of_another_index_under_the_right_name_is_found(index):
    large, small = files(index)["large"], files(index)["small"]
    small.write_bytes(large.read_bytes())
    with pytest.raises(CorruptIndex, match="not the file"):
        Generation.open(index)
    assert check(index)


def test_a_newer_format_is_refused_by_its_number(index):
    file = files(index)["small"]
    data = bytearray(file.read_bytes())
    data[-12] += 1
    file.write_bytes(data)
    with pytest.raises(CorruptIndex, match="format 2, of which this version knows nothing"):
        Generation.open(index)
