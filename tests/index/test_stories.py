"""Stories: which articles are together, under which id, whatever is added, replaced and deleted."""

import random
from collections import defaultdict

import pytest

from index.stories import Link, Member, Stories, story_id


def member(id_, day=1, shingles=100):
    return Member.of(id_, day, shingles)


def copies(*pairs):
    return [Link(one, other, "copy") for one, other in pairs]


def grown(*commits):
    """Return the stories after commits, each (removed ids, ids of members, links), by their order of days."""
    stories = Stories()
    for generation, (removed, added, links) in enumerate(commits, 1):
        stories = stories.updated(generation, removed, map(member, added), links)
    return stories


def ids(stories):
    return {story.id: [each.id for each in story.members] for story in stories.stories.values()}


def test_copies_of_copies_are_one_story_named_after_its_first_article():
    stories = grown(((), "abc", copies("ba", "cb")))
    assert ids(stories) == {story_id("a"): ["a", "b", "c"]}


def test_the_earliest_stands_for_all_then_the_longest_and_the_undated_last():
    members = [member("late", 9), member("short", 3, 50), member("long", 3, 90), member("undated", 0, 999)]
    stories = Stories().updated(
        1, (), members, copies(*((each.id, "late") for each in members if each.id != "late"))
    )
    (story,) = stories.stories.values()
    assert [each.id for each in story.members] == ["long", "short", "late", "undated"]


def test_when_two_stories_join_the_older_id_stays_and_the_younger_leads_to_it():
    stories = grown(((), "xy", copies("yx")), ((), "ab", copies("ba")), ((), "abxyz", copies("za", "zx")))
    assert ids(stories) == {story_id("x"): ["a", "b", "x", "y", "z"]}
    assert stories.resolve(story_id("a")) is stories.resolve(story_id("x"))


def test_when_the_member_goes_that_held_two_parts_together_both_live_on():
    before = grown(((), "abcde", copies("ba", "cb", "dc", "ed")))
    after = before.updated(2, "c", (), ())
    assert ids(after) == {story_id("a"): ["a", "b"], story_id("d"): ["d", "e"]}


def test_when_the_founder_goes_its_id_stays_with_the_others_even_if_it_founds_another_story():
    before = grown(((), "abcd", copies("ba", "cb")))
    after = before.updated(2, "a", map(member, "ad"), copies("ad"))
    assert after.stories[story_id("a")].members == (member("b"), member("c"))
    assert after.of["a"] == after.of["d"] == story_id("a", 1)


def test_an_article_that_is_replaced_by_itself_changes_nothing():
    before = grown(((), "abc", copies("ba", "cb")))
    after = before.updated(2, "b", map(member, "abc"), copies("ba", "cb"))
    assert ids(after) == ids(before)


def test_the_last_of_a_story_has_none():
    after = grown(((), "ab", copies("ba")), ("a", (), ()))
    assert (after.stories, after.links, after.resolve(story_id("a"))) == ({}, (), None)


def test_versions_are_one_step_away_and_never_one_story():
    links = [*copies("ba"), Link("c", "b", "version"), Link("d", "c", "version")]
    stories = grown(((), "abcd", links))
    near = {id_: [each.id for each in stories.versions(id_)] for id_ in stories.stories}
    a, c, d = map(story_id, "acd")
    assert near == {a: [c], c: [a, d], d: [c]}


def test_any_member_leads_to_its_story_so_that_ids_survive_a_rebuild():
    lived = grown(((), "xy", copies("yx")), ((), "xa", copies("ax")))
    rebuilt = grown(((), "axy", copies("yx", "ax")))
    assert [each.id for each in rebuilt.resolve(lived.of["y"]).members] == ["a", "x", "y"]


def test_an_id_that_is_unknown_leads_nowhere():
    assert Stories().resolve("c000000000000") is None


def components(links):
    near = defaultdict(set)
    for each in links:
        near[each.one].add(each.one)
        near[each.other].add(each.other)
        if each.level == "copy":
            near[each.one].add(each.other)
            near[each.other].add(each.one)
    found = set()
    for id_ in near:
        seen, ahead = set(), [id_]
        while ahead:
            at = ahead.pop()
            if at not in seen:
                seen.add(at)
                ahead += near[at]
        found.add(frozenset(seen))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_stories_made_step_by_step_are_those_made_at_once(seed):
    chance = random.Random(seed)
    texts, stories, links, known = {}, Stories(), set(), set()
    for generation in range(1, 40):
        new = {f"{chance.randrange(30)}": chance.randrange(8) for _ in range(chance.randrange(4))}
        gone = set(new) & set(texts) | set(chance.sample(sorted(texts), min(len(texts), chance.randrange(3))))
        links = {each for each in links if each.one not in gone and each.other not in gone}
        for id_ in gone:
            texts.pop(id_, None)
        fresh = []
        for id_, text in new.items():
            for other, held in texts.items():
                if abs(held - text) < 2:
                    fresh.append(Link(id_, other, "copy" if held == text else "version"))
            texts[id_] = text
        added = [member(id_, 1 + texts[id_]) for id_ in texts]
        stories = stories.updated(generation, gone, added, fresh)
        links |= set(fresh)
        assert {frozenset(m.id for m in story.members) for story in stories.stories.values()} == components(
            links
        )
        assert set(stories.links) == links
        assert all(id_ == story.id for id_, story in stories.stories.items())
        known |= set(stories.stories)
        alive = {id_ for id_ in known if stories.resolve(id_)}
        assert alive >= set(stories.stories) | set(stories.retired)
        assert Stories.unpack(stories.pack()) == stories
