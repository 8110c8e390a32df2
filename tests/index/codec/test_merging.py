"""Which segments are merged, when, and what becomes of their dictionaries."""

from itertools import count

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.codec.commit import FileEntry, SegmentEntry
from index.codec.strings import Strings
from index.codec.tiers import EVER, MOST, ROOM, plan, room
from index.codec.uniting import chosen, united

TOKENS = count()


def entries(*documents):
    return tuple(SegmentEntry(FileEntry(f"seg-{next(TOKENS)}", 0, 0), each) for each in documents)


def committed(segments, brought):
    """Return the segments after a commit of so many documents, and the sizes of what it rewrote."""
    segments, rewritten = (*segments, *entries(brought)), []
    while numbers := plan(segments, room(brought)):
        one = sum(segments[number].documents for number in numbers)
        rewritten.append(one)
        segments = (*(each for n, each in enumerate(segments) if n not in numbers), *entries(one))
    return segments, rewritten


def test_a_small_commit_rewrites_no_large_segments():
    segments = entries(100_000, 100_000, 100_000, 100_000, 3, 2, 1)
    segments, rewritten = committed(segments, 1)
    assert rewritten == [7]
    assert sorted(each.documents for each in segments) == [7, *[100_000] * 4]


def test_a_large_commit_rewrites_what_small_ones_put_off():
    segments, rewritten = committed(entries(30_000, 30_000, 30_000, 30_000, 7), 20_000)
    assert rewritten == [140_000]
    assert len(segments) == 2


def test_small_commits_for_a_long_time_rewrite_little_each_and_little_in_all():
    segments, total, long, commits = entries(1_000_000, 30_000, 30_000), 0, 0, 4_000
    for _ in range(commits):
        segments, rewritten = committed(segments, 20)
        assert len(segments) <= EVER
        total += sum(rewritten)
        long += max(rewritten, default=0) > ROOM + 20 * 8
    assert sum(each.documents for each in segments) == 1_060_000 + 20 * commits
    assert long <= 3
    assert total < 20 * 20 * commits  # the factor is how often a document is rewritten


@given(st.lists(st.integers(1, 2_000_000), max_size=40), st.integers(1, 100_000))
def test_whatever_there_is_a_commit_leaves_few_segments(sizes, brought):
    segments, _ = committed(entries(*sizes), brought)
    assert len(segments) <= EVER
    assert sum(each.documents for each in segments) == sum(sizes) + brought
    segments, _ = committed(segments, sum(sizes) + brought)
    assert len(segments) <= MOST


def test_no_segment_becomes_larger_than_a_merge_can_hold():
    segments = tuple(SegmentEntry(FileEntry(f"seg-{n}", 300, 0), 1000) for n in range(40))
    while numbers := plan(segments, room(40_000), largest=1000):
        file = FileEntry(f"seg-{next(TOKENS)}", sum(segments[number].file.length for number in numbers), 0)
        one = SegmentEntry(file, sum(segments[number].documents for number in numbers))
        segments = (*(each for n, each in enumerate(segments) if n not in numbers), one)
    assert max(each.file.length for each in segments) <= 1000
    assert sum(each.documents for each in segments) == 40_000
    assert len(segments) <= 14


DICTIONARIES = st.lists(st.sets(st.binary(max_size=4)).map(sorted), min_size=1, max_size=5)


@given(DICTIONARIES)
def test_united_dictionaries_have_every_string_once_and_know_where_it_was(dictionaries):
    whole, numbers = united([Strings.from_bytes(each) for each in dictionaries])
    names = [whole.raw(number) for number in range(len(whole))]
    assert names == sorted(set().union(*dictionaries))
    for own, dictionary in zip(numbers, dictionaries, strict=True):
        assert own.tolist() == [dictionary.index(name) if name in dictionary else -1 for name in names]


@given(st.lists(st.binary(max_size=4), min_size=1), st.data())
def test_chosen_strings_are_the_ones_asked_for(strings, data):
    numbers = data.draw(st.lists(st.integers(0, len(strings) - 1)))
    found = chosen(Strings.from_bytes(strings), np.array(numbers, dtype=np.int64))
    assert [found.raw(number) for number in range(len(found))] == [strings[number] for number in numbers]


def test_a_build_leaves_one_segment():
    segments, rewritten = committed(entries(300_000, 100_000), 600_000)
    assert (len(segments), rewritten) == (1, [1_000_000])


def test_a_quarter_more_does_not_rewrite_the_rest():
    segments, rewritten = committed(entries(300_000, 300_000), 150_000)
    assert (len(segments), rewritten) == (3, [])
