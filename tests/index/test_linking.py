"""Stories on disk: what commits link, in whatever order, and what of it outlives deletes and merges."""

import dataclasses
import random
import zlib

import pytest

from index.article import Article, Found
from index.check import check
from index.codec import commit as commits
from index.embedded import open_writer
from index.errors import CorruptIndex
from index.generation import Generation
from index.linking import part
from index.shingles import content
from index.stories import story_id
from index.syndication import judge
from tests.index.codec.archive import leftovers

WORDS = [f"word{n}" for n in range(2000)]


def text(seed, length=80):
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def put(path, *articles, gone=(), stories=True):
    writer = open_writer(path, language="en", stories=stories)
    writer.delete(gone)
    for id_, body in articles:
        writer.put(Article(id_, body, language=Found("en", confidence="high")), "add")
    return writer.commit()


def members(path):
    """Return story → the ids of its members."""
    found = Generation.open(path).stories.stories.values()
    return {story.id: sorted(member.id for member in story.members) for story in found}


def test_a_copy_joins_the_story_of_what_was_there_and_no_segment_is_rewritten(tmp_path):
    put(tmp_path, ("a", text(1)), ("b", text(2)))
    before = {each.name: each.read_bytes() for each in tmp_path.glob("seg-*")}
    put(tmp_path, ("c", text(1) + " and some more"))
    assert members(tmp_path) == {story_id("c"): ["a", "c"]}
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert check(tmp_path) == []


def test_what_goes_or_changes_leaves_its_story(tmp_path):
    put(tmp_path, ("a", text(1)), ("b", text(1)), ("c", text(1) + " x"))
    put(tmp_path, gone=["a"])
    assert members(tmp_path) == {story_id("c"): ["b", "c"]}
    put(tmp_path, ("c", text(3)))
    assert members(tmp_path) == {}
    put(tmp_path, ("c", text(1)))
    assert list(members(tmp_path).values()) == [["b", "c"]]
    assert check(tmp_path) == []


@pytest.mark.parametrize(
    "id_", ["a", 'a "b" \\ c', "résistance/مقاومة", "line\nbreak\x7f\u2028", "https://example.org/?a=b&c"]
)
def test_an_article_leaves_its_story_whatever_its_id(tmp_path, id_):
    put(tmp_path, (id_, text(1)), ("other", text(1)), ("third", text(2)))
    put(tmp_path, gone=["third"])
    assert list(members(tmp_path).values()) == [sorted([id_, "other"])]
    put(tmp_path, gone=[id_])
    assert members(tmp_path) == {}
    assert check(tmp_path) == []


def test_a_commit_that_changes_no_story_keeps_the_file(tmp_path):
    put(tmp_path, ("a", text(1)), ("b", text(1)), ("c", text(2)))
    before = commits.read(tmp_path, 1).stories
    put(tmp_path, ("d", text(4)), gone=["c"])
    assert commits.read(tmp_path, 2).stories == before
    assert leftovers(tmp_path) == set()


def test_what_was_put_without_looking_for_copies_is_found_by_nobody(tmp_path):
    put(tmp_path, ("a", text(1)), stories=False)
    put(tmp_path, ("b", text(1)))
    put(tmp_path, ("c", text(1)))
    assert list(members(tmp_path).values()) == [["b", "c"]]
    assert check(tmp_path) == []


def test_the_file_goes_with_the_generation_that_names_it(tmp_path):
    put(tmp_path, ("a", text(1)), ("b", text(1)))
    first = commits.read(tmp_path, 1).stories.name
    put(tmp_path, ("c", text(1)))
    commits.clean(tmp_path, now=2e9 + 1e9)
    assert not (tmp_path / first).exists()
    assert leftovers(tmp_path) == set()


def test_a_damaged_file_is_found_at_opening(tmp_path):
    put(tmp_path, ("a", text(1)), ("b", text(1)))
    file = tmp_path / commits.read(tmp_path, 1).stories.name
    file.write_bytes(file.read_bytes().replace(b"copy", b"cope"))
    with pytest.raises(CorruptIndex, match=file.name):
        Generation.open(tmp_path)
    assert any(file.name in line for line in check(tmp_path))


@pytest.mark.parametrize("defect", ["gone", "apart", "order", "retired"])
def test_a_table_that_does_not_fit_the_articles_is_found(tmp_path, defect):
    put(tmp_path, ("a", text(1)), ("b", text(1)), ("c", text(1)))
    commit = commits.read(tmp_path, 1)
    stories = Generation.open(tmp_path).stories
    (story,) = stories.stories.values()
    changed = {
        "gone": lambda: stories.updated(2, ["c"], [], []),
        "apart": lambda: dataclasses.replace(stories, links=()),
        "order": lambda: dataclasses.replace(
            stories, stories={story.id: dataclasses.replace(story, members=story.members[::-1])}
        ),
        "retired": lambda: dataclasses.replace(stories, retired={"c0": "c1"}),
    }[defect]()
    if defect == "gone":
        put(tmp_path, gone=["c"], stories=False)
        commit = commits.read(tmp_path, 2)
        changed = stories
    packed = changed.pack()
    entry = commits.FileEntry("stories-3-00000000.json", len(packed), zlib.crc32(packed))
    (tmp_path / entry.name).write_bytes(packed)
    commits.write(tmp_path, dataclasses.replace(commit, generation=3, stories=entry))
    assert any(line.startswith("stories: ") for line in check(tmp_path))


@pytest.mark.parametrize("seed", range(6))
def test_stories_after_any_changes_are_those_of_all_pairs(tmp_path, seed):
    chance = random.Random(seed)
    alive = {}
    for _ in range(9):
        gone = [id_ for id_ in alive if not chance.randrange(5)]
        ids = chance.sample(range(40), chance.randrange(1, 9))
        new = {str(n): text(chance.randrange(6)) + " " + text(chance.random(), 8) for n in ids}
        put(tmp_path, *new.items(), gone=gone)
        alive = {id_: body for id_, body in alive.items() if id_ not in gone} | new
        assert check(tmp_path) == []
        contents = {id_: content(body) for id_, body in alive.items()}
        near = {id_: {id_} for id_ in alive}
        for one in alive:
            for other in alive:
                if judge(contents[one], contents[other]) == "copy" and near[one] is not near[other]:
                    near[one] |= near[other]
                    for each in near[one]:
                        near[each] = near[one]
        wanted = {frozenset(group) for group in near.values() if len(group) > 1}
        assert {frozenset(group) for group in members(tmp_path).values() if len(group) > 1} == wanted
    segments = Generation.open(tmp_path).segments
    assert all(len(part(segment, segment.live).ids) == segment.size for segment in segments)
