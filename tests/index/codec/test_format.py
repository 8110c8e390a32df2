"""FORMAT.md describes what is written: every file, every array with its dtype and length, nothing else."""

import itertools
import random
import re
import struct
import zlib
from pathlib import Path

import numpy as np
import orjson
import pytest

import index.codec
from index.codec import commit as commits
from index.codec.columns import TEXTS, VALUES
from index.embedded import open_writer
from index.generation import Generation
from tests.index.codec.archive import article

TEXT = (Path(index.codec.__file__).parent / "FORMAT.md").read_text()
PLACES = {
    "VALUE": VALUES,
    "TEXT": TEXTS,
    "FIELD": ("text", "title", "title_forms", "body_forms", "quoted", "quoted_forms"),
    "KIND": ("heads", "bodies", "said"),
}
ROW = re.compile(r"^\| `([a-zA-Z_/]+)` \| ([iu][1248](?:, [iu][1248])*) \| ([^|]+) \|", re.MULTILINE)


def described():
    """Return name → (dtype, lengths) of every array in FORMAT.md."""
    arrays = {}
    for name, dtype, length in ROW.findall(TEXT):
        place = next((place for place in PLACES if name.startswith(f"{place}/")), None)
        for value in PLACES.get(place, ("",)):
            own = name.replace(place, value, 1) if place else name
            assert own not in arrays, f"{own} is described twice"
            arrays[own] = (dtype.split(", "), length.strip().split(", "))
    return arrays


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """An index of 300 documents, some deleted."""
    path = tmp_path_factory.mktemp("index")
    chance = random.Random(0)
    writer = open_writer(path, language="en", stories=True)
    for number in range(300):
        writer.put(article(chance, str(number)), "build")
    writer.commit()
    writer = open_writer(path, language="en")
    writer.delete(["7", "8"])
    writer.commit()
    return path


def lengths(arrays, name, documents):
    """Return what the letters of FORMAT.md stand for in an array's field."""
    field = name.split("/")[0]
    known = {"n": documents, "q": len(arrays["quoted/article"]), "e": len(arrays["dates/starts"]) - 1}
    if f"{field}/set_starts" in arrays:
        starts = arrays[f"{field}/set_starts"]
        known |= {"v": len(arrays[f"{field}/values/starts"]) - 1, "s": len(starts) - 1, "m": starts[-1]}
    if f"{field}/terms/starts" in arrays:
        starts = arrays[f"{field}/starts"]
        counts = np.diff(starts)
        scored = not field.endswith("_forms")
        known |= {"t": len(arrays[f"{field}/terms/starts"]) - 1, "p": starts[-1]}
        known |= {
            "c": arrays[f"{field}/chunk_starts"][-1],
            "l": np.count_nonzero(arrays[f"{field}/tf"] == 255),
        }
        known["j"] = int(((counts - 1) // 64).sum()) if scored else 0
        known["r"] = int(-(-counts[counts > 128] // 128).sum()) if scored else 0
    if field == "titles":
        known["w"] = len(arrays["titles/starts"]) - 1
    if field == "quoted":
        known["h"] = len(arrays["quoted/keys"])
    if field == "signatures":
        known["w"] = int(np.count_nonzero(arrays["signatures/shingles"] >= 8))
    if f"{field}/dictionaries/starts" in arrays:
        known["d"] = 1
        known["b"] = len(arrays[f"{field}/starts"]) - 1
    return known


def test_every_array_is_described_with_its_dtype_and_length(path):
    file = Generation.open(path).segments[0].file.file
    arrays = {name: file[name] for name in file.names()}
    expected = described()
    assert set(expected) == set(arrays)
    for name, array in arrays.items():
        dtype, length = expected[name]
        assert array.dtype.str.lstrip("<|") in dtype, name
        term = length[-1] if "_forms/" in name else length[0]
        if term == "bytes":
            assert (
                len(array) == file[name.replace("/blob", "/starts").replace("/bytes", "/byte_starts")][-1]
            ), name
        else:
            assert len(array) == eval(term, {}, lengths(arrays, name, 300)), name


def test_every_file_is_described(path):
    patterns = [
        name.replace(".", r"\.").replace("*", r"\w+").replace("TOKEN", "[0-9a-f]{8}")
        for row in re.findall(r"^\| (`[^|]+`) \| [^|]+ \|$", TEXT.split("## A commit")[0], re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", row)
    ]
    patterns = [re.sub(r"-[GNH](?=[-\\])", r"-m?\\d+", pattern) for pattern in patterns]
    for file in path.iterdir():
        assert any(re.fullmatch(pattern, file.name) for pattern in patterns), file.name


def test_a_segment_file_is_read_by_its_description_alone(path):
    entry = commits.read(path, 1).segments[0].file
    data = (path / entry.name).read_bytes()
    assert (len(data), zlib.crc32(data)) == (entry.length, entry.crc)
    offset, length, crc, version, magic = struct.unpack("<QQII8s", data[-32:])
    assert (data[:8], magic, version) == (b"PRESSMRK", b"PRESSMRK", 1)
    directory = data[offset : offset + length]
    assert zlib.crc32(directory) == crc
    assert offset + length + 32 == len(data)
    arrays = orjson.loads(directory)["arrays"]
    spans = []
    for array in arrays.values():
        size = array["count"] * np.dtype(array["dtype"]).itemsize
        assert array["offset"] % 64 == 0
        assert zlib.crc32(data[array["offset"] : array["offset"] + size]) == array["crc"]
        spans.append((array["offset"], array["offset"] + size))
    between = [(8, 8), *sorted(spans), (offset, offset)]
    assert all(not any(data[end:start]) for (_, end), (start, _) in itertools.pairwise(between))


def test_a_commit_file_is_json_and_read_by_its_description_alone(path):
    data = (path / "commit-2.json").read_bytes()
    whole = orjson.loads(data)
    inner = data.removeprefix(b'{"commit":').rpartition(b',"crc":')[0]
    assert whole["crc"] == zlib.crc32(inner)
    keys = re.findall(r"^\| `(\w+)` \|", TEXT.split("## commit-G.json")[1].split("## seg-")[0], re.MULTILINE)
    assert set(whole["commit"]) == set(keys)
    (segment,) = whole["commit"]["segments"]
    bits = (path / segment["live"]["name"]).read_bytes()
    live = [bits[doc // 8] >> (7 - doc % 8) & 1 for doc in range(8 * len(bits))]
    assert [doc for doc in range(300) if not live[doc]] == [7, 8]
    assert not any(live[300:])


def test_positions_and_documents_are_read_by_their_description_alone(path):
    segment = Generation.open(path).segments[0]
    file = segment.file.file
    for field in ("text", "title"):
        words = segment.file.words[field]
        data, starts = bytes(file[f"{field}/bytes"]), file[f"{field}/byte_starts"]
        for number in range(0, len(words.terms), 17):
            at, place, found, own = int(starts[number]), 0, [], []
            while at < starts[number + 1]:
                value = shift = 0
                while data[at] & 128:
                    value |= (data[at] & 127) << shift
                    at, shift = at + 1, shift + 7
                value |= data[at] << shift
                at += 1
                place += value >> 1
                own.append(place)
                if value & 1:
                    found.append(own)
                    own, place = [], 0
            begins, positions = words.positions(number)
            assert [positions[a:b].tolist() for a, b in itertools.pairwise(begins)] == found
            assert len(found) == len(words.docs(number))
