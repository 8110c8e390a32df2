"""Near-copies: what is found, what is judged one text, and what is told of the differences."""

import json
import random
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.differences import differences
from index.shingles import content
from index.signatures import LEAST, Signatures, candidates, merged
from index.stories import Stories
from index.syndication import Part, judge, link

SEEDS = Path(__file__).parents[2] / "seeds"
GOLD = json.loads((Path(__file__).parent / "seeds-gold.json").read_text())
WORDS = [f"word{n}" for n in range(2000)]


def written(seed, words=200):
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def part(texts, days=None, dead=()):
    """Return a segment of texts {id: text}."""
    contents = [content(text) for text in texts.values()]
    when = [[days.get(id_, 0)] * 2 if days else [0, 0] for id_ in texts]
    live = np.array([id_ not in dead for id_ in texts], np.bool_)
    return Part(
        list(texts),
        Signatures.of(contents),
        np.array(when, np.int32).reshape(-1, 2),
        live,
        contents.__getitem__,
    )


def found(new, *old, window=7):
    return {(each.one, each.other, each.level) for each in link(new, old, window)[1]}


def test_of_the_seeds_those_are_one_story_that_are_said_to_be():
    texts = {path.name[:3]: content(path.read_text(encoding="utf-8")) for path in SEEDS.glob("*.txt")}
    copies = [list(pair) for pair in combinations(sorted(texts), 2) if judge(*map(texts.get, pair))]
    assert copies == GOLD["near_duplicates"]
    assert judge(texts["000"], texts["001"]) == "copy"


def test_a_reprint_is_a_copy_a_rewritten_half_a_version_and_shared_background_nothing():
    text, background = written(1), written(2, 60)
    assert judge(content(text), content(text.upper().replace(" ", ",\n"))) == "copy"
    assert judge(content(text), content(text + " " + written(3, 40))) == "copy"
    assert judge(content(text), content(text.rsplit(" ", 80)[0] + " " + written(4, 80))) == "version"
    assert judge(content(written(5) + background), content(written(6) + background)) is None
    assert judge(content(text), content("")) is None


def test_a_first_report_is_a_version_of_the_story_that_begins_like_it_and_not_of_a_summary_that_holds_it():
    flash, rest = written(1, 60), written(2, 600)
    assert judge(content(flash), content(flash + " " + rest)) == "version"
    assert judge(content(flash), content(rest + " " + flash)) is None


def test_what_readers_do_not_see_makes_no_difference():
    text = "L’Été à Paris : « don't worry », a dit Bjørn Ångström à la presse hier soir à la gare du Nord"
    other = "l'ete a paris don’t worry a dit bjorn angstrom a la presse hier soir a la gare du nord"
    assert judge(content(text), content(other)) == "copy"
    assert len(content("東京都知事選挙が行われた").shingles) == 8


@given(st.text(), st.text())
def test_any_two_texts_are_judged_the_same_both_ways_round(one, other):
    a, b = content(one), content(other)
    assert judge(a, b) == judge(b, a)
    assert judge(a, a) == ("copy" if len(a.shingles) else None)


def test_all_pairs_that_share_a_third_are_candidates():
    texts = {f"{n}{each}": written(n) + " " + written(f"{n}{each}", 60) for n in range(300) for each in "ab"}
    new = part(texts)
    pairs = candidates(new.signatures, new.days, new.signatures, new.days)
    assert {(int(a), int(b)) for a, b, _ in pairs} >= {(2 * n + 1, 2 * n) for n in range(300)}
    assert len(pairs) == 300


def test_a_new_segment_meets_the_old_ones_as_if_all_came_at_once():
    texts = {f"{n}": written(n % 40) + " " + written(f"own{n}", 30) for n in range(100)}
    ids = list(texts)
    first, second, third = (part({id_: texts[id_] for id_ in ids[n::3]}) for n in range(3))
    apart = found(first) | found(second, first) | found(third, second, first)
    assert {frozenset(each[:2]) for each in apart} == {frozenset(each[:2]) for each in found(part(texts))}
    assert len(apart) == 20 * 3 + 20


def test_a_merged_segment_finds_what_its_parts_found():
    texts = {f"{n}": written(n % 20, 50) for n in range(60)}
    ids = list(texts)
    one, other = part({id_: texts[id_] for id_ in ids[:30]}), part({id_: texts[id_] for id_ in ids[30:]})
    live = np.arange(30) % 2 == 0
    every = np.ones(30, np.bool_)
    names = np.cumsum(live) - 1
    bands = list(merged([(one.signatures, live, names), (other.signatures, every, np.arange(15, 45))]))
    alive = {id_: texts[id_] for n, id_ in enumerate(ids) if n >= 30 or live[n]}
    wanted = part(alive).signatures
    assert all(map(np.array_equal, wanted.keys, (keys for keys, _ in bands)))
    assert all(map(np.array_equal, wanted.documents, (documents for _, documents in bands)))


def test_an_article_takes_less_than_a_kibibyte():
    signatures = part({f"{n}": written(n) for n in range(10)}).signatures
    assert (
        sum(array.nbytes for array in (signatures.keys, signatures.documents, signatures.shingles)) <= 10240
    )


def test_dates_a_season_apart_are_two_stories_and_an_unknown_date_is_near_to_all():
    texts = {"may": written(1), "june": written(1), "some day": written(1)}
    pairs = found(part(texts, {"may": 738_000, "june": 738_030}))
    assert {frozenset(pair[:2]) for pair in pairs} == {
        frozenset(("may", "some day")),
        frozenset(("june", "some day")),
    }


def test_the_deleted_and_the_very_short_are_no_copies():
    short = " ".join(WORDS[: LEAST + 3])
    assert found(part({"a": short, "b": short})) == set()
    assert found(part({"a": written(1), "b": written(1)}, dead={"b"})) == set()


def test_a_text_that_runs_a_thousand_times_is_one_story_without_a_million_pairs():
    new = part({f"{n}": written(1, 40) for n in range(1000)})
    members, links = link(new, ())
    assert len(links) < 33 * 1000
    assert len(Stories().updated(1, (), members, links).stories) == 1


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("a b c d e", "a b c d e", []),
        ("", "", []),
        ("", "new words", [("", "new words")]),
        ("Yes, he said on Monday at noon", "Yes, she said on Monday at noon", [("he", "she")]),
        ("one two three four", "one two three", [("four", "")]),
        ("He said “no” on the day of the vote", "he said no on the day of the vote", []),
    ],
)
def test_differences_are_told_word_by_word(one, other, told):
    assert [(each.before, each.after) for each in differences(one, other)] == told


@given(st.text("ab .", max_size=60), st.text("ab .", max_size=60))
def test_the_differences_turn_one_text_into_the_other(one, other):
    text, at = [], 0
    for each in differences(one, other):
        assert (one[slice(*each.one)], other[slice(*each.other)]) == (each.before, each.after)
        text += [one[at : each.one[0]], " ", each.after, " "]
        at = each.one[1]
    assert "".join([*text, one[at:]]).replace(".", " ").split() == other.replace(".", " ").split()
