"""Stored articles in blocks: what was put in comes out, through merges and deletions, and stays small."""

import random

import numpy as np
import pytest

from index.codec.arrays import ArrayFile, ArrayWriter
from index.codec.bodies import KINDS, Frames, Packer, merge

WORDS = [f"word{number}" for number in range(3_000)]


def texts(chance, count, longest=60):
    return [" ".join(chance.choices(WORDS, k=chance.randrange(longest))).encode() for _ in range(count)]


def written(path, kind, stored):
    with ArrayWriter(path) as writer:
        packer = Packer(kind)
        for first in range(0, len(stored), 70):
            packer.add(stored[first : first + 70])
        packer.write(writer)
        writer.close({})
    return Frames(ArrayFile(path), kind)


def merged(path, kind, parts):
    with ArrayWriter(path) as writer:
        merge(writer, kind, parts)
        writer.close({})
    return Frames(ArrayFile(path), kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("alive", [1.0, 0.99, 0.5])
def test_live_articles_come_out_of_a_merge_as_they_went_in(tmp_path, kind, alive):
    chance = random.Random(7)
    parts, expected = [], []
    for number, count in enumerate((900, 1, 30, 250)):
        stored = [*texts(chance, count - 1), b"long " * 4_000]
        live = np.array([chance.random() < alive or number == 1 for _ in stored])
        parts.append((written(tmp_path / f"{number}", kind, stored), live))
        expected += [text for text, kept in zip(stored, live.tolist(), strict=True) if kept]
    frames = merged(tmp_path / "merged", kind, parts)
    assert [frames[doc] for doc in range(len(expected))] == expected
    backwards = range(len(expected) - 1, -1, -7)
    assert [frames[doc] for doc in backwards] == [expected[doc] for doc in backwards]


def test_what_came_one_by_one_is_packed_together_when_it_is_merged(tmp_path):
    chance = random.Random(8)
    stored = texts(chance, 1_200)
    one_by_one = [written(tmp_path / f"{number}", "bodies", [text]) for number, text in enumerate(stored)]
    together = written(tmp_path / "together", "bodies", stored)
    frames = merged(tmp_path / "merged", "bodies", [(each, np.ones(1, np.bool_)) for each in one_by_one])
    assert [frames[doc] for doc in range(len(stored))] == stored
    assert len(frames.dictionaries) == 1
    assert len(frames.frames.blob) < 1.05 * len(together.frames.blob)


def test_empty_articles_share_blocks_of_a_bounded_size(tmp_path):
    frames = written(tmp_path / "empty", "bodies", [b""] * 1_000)
    assert [frames[doc] for doc in (0, 255, 256, 999)] == [b""] * 4
    assert int(np.diff(frames.firsts).max()) == 256
