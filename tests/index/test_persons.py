"""Persons of an archive: who is one, who is another, under which name and id."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import BadSource
from index.persons import Decided, Known, Sighting, person_id
from index.sources import speakers as source
from index.sources.reading import Notes
from index.speakers import Speakers

GOLD = json.loads((Path(__file__).parent / "seeds-gold.json").read_text())

COUNTS = {
    "Khaled al-Qaddoumi": 3,
    "Khalid Kadumi": 1,
    "Qaddoumi": 2,
    "Qadoumi": 1,
    "Mohammad Baqer Qalibaf": 2,
    "Mohammed Bagher Ghalibaf": 1,
    "Qalibaf": 2,
    "Mohammad Baqeri": 1,
    "Hossein Amirabdollahian": 2,
    "Hossein Amir-Abdollahian": 1,
    "Amir Abdullahian": 1,
    "Vladimir Putin": 2,
    "Владимир Путин": 1,
    "Bill Clinton": 3,
    "Hillary Clinton": 5,
    "Hillary Rodham Clinton": 1,
    "H. Clinton": 1,
    "Clinton": 9,
}


def archive(counts=COUNTS, decided=None, before=None, **context):
    return Speakers(
        [Sighting(name, count, **context.get(name, {})) for name, count in counts.items()], decided, before
    )


def together(speakers):
    return {frozenset(person.spellings) for person in speakers.persons.values()}


MILLERS = {"Stephen Miller": 3, "Steven Miller": 2}
ADVISER = {"roles": frozenset({"senior", "adviser"})}
TAXES = {"roles": frozenset({"acting", "commissioner"})}


def test_names_spelt_alike_are_two_people_where_outlets_describe_two():
    one = [frozenset(MILLERS)]
    assert list(together(archive(MILLERS))) == one
    apart = {"Stephen Miller": ADVISER, "Steven Miller": TAXES}
    assert len(together(archive(MILLERS, **apart))) == 2
    told = {name: {**known, "stories": frozenset({"c1"})} for name, known in apart.items()}
    assert list(together(archive(MILLERS, **told))) == one
    vague = {**apart, "Steven Miller": {"roles": frozenset({"lawyer"})}}
    assert list(together(archive(MILLERS, **vague))) == one
    known = Decided(same=(("Stephen Miller", "Steven Miller"),))
    assert list(together(archive(MILLERS, known, **apart))) == one
    assert (
        len(together(archive({"Ann Lee": 2, "Ann B. Lee": 1}, **{"Ann Lee": ADVISER, "Ann B. Lee": TAXES})))
        == 1
    )


def test_what_a_story_has_in_common_joins_a_slip_of_the_pen_unless_one_article_quotes_both():
    pelosi = {"Nancy Pelosi": 3, "Nancy Pelsoi": 1}
    assert len(together(archive(pelosi))) == 2
    story = {"stories": frozenset({"c1"})}
    assert len(together(archive(pelosi, **dict.fromkeys(pelosi, story)))) == 1
    beside = {**story, "beside": frozenset({"Nancy Pelsoi"})}
    assert len(together(archive(pelosi, **{"Nancy Pelosi": beside, "Nancy Pelsoi": story}))) == 2


def test_many_spellings_are_one_person_and_two_people_are_two():
    assert together(archive()) == {
        frozenset({"Khaled al-Qaddoumi", "Khalid Kadumi", "Qaddoumi", "Qadoumi"}),
        frozenset({"Mohammad Baqer Qalibaf", "Mohammed Bagher Ghalibaf", "Qalibaf"}),
        frozenset({"Mohammad Baqeri"}),
        frozenset({"Hossein Amirabdollahian", "Hossein Amir-Abdollahian", "Amir Abdullahian"}),
        frozenset({"Vladimir Putin", "Владимир Путин"}),
        frozenset({"Bill Clinton"}),
        frozenset({"Hillary Clinton", "Hillary Rodham Clinton", "H. Clinton"}),
        frozenset({"Clinton"}),
    }


def test_the_people_of_the_seeds_are_those_that_are_said_to_be():
    names = [
        variant
        for document in GOLD["documents"].values()
        for speaker in document["speakers"]
        for variant in (speaker["name"], *speaker["variants"])
    ]
    speakers = archive({name: names.count(name) for name in names})
    of = speakers.of
    assert all(of[one] == of[other] for (_, one), (_, other) in GOLD["same_person"])
    assert all(of[one] != of[other] for one, other in GOLD["different_persons"])
    for document in GOLD["documents"].values():
        for speaker in document["speakers"]:
            assert {of[variant] for variant in speaker["variants"]} == {of[speaker["name"]]}


def test_a_person_has_the_name_that_is_used_most():
    speakers = archive({"Khalid Kadumi": 1, "Khaled al-Qaddoumi": 3, "Qaddoumi": 9})
    (person,) = speakers.persons.values()
    assert (person.name, person.count) == ("Khaled al-Qaddoumi", 13)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("Qaddoumi", {"Khaled al-Qaddoumi"}),
        ("khalid kadoumi", {"Khaled al-Qaddoumi"}),
        ("Clinton", {"Clinton", "Hillary Clinton", "Bill Clinton"}),
        ("Baqeri", {"Mohammad Baqeri"}),
        ("Abdollahian", {"Hossein Amirabdollahian"}),
        ("Haniyeh", set()),
        ("", set()),
        ("محمد", set()),
    ],
)
def test_a_query_means_whom_its_spelling_fits(query, names):
    assert {person.name for person in archive().meant(query)} == names


def test_a_last_name_belongs_to_who_stands_beside_it():
    speakers = archive(Clinton={"beside": frozenset({"Bill Clinton"})})
    assert speakers.of["Clinton"] == speakers.of["Bill Clinton"] != speakers.of["Hillary Clinton"]


def test_where_the_spelling_leaves_it_open_a_witness_decides():
    names = {"Nancy Pelosi": 3, "Nancy Pelsoi": 1, "David Winston": 1, "David Weinstein": 1}
    assert len(archive(names).persons) == 4
    story, office = {"stories": frozenset({"c1"})}, {"roles": frozenset({"house", "speaker"})}
    for witness in (story, office):
        speakers = archive(names, **{"Nancy Pelosi": witness, "Nancy Pelsoi": witness})
        assert speakers.of["Nancy Pelsoi"] == speakers.of["Nancy Pelosi"]
        assert len(speakers.persons) == 3
    one_word = {"roles": frozenset({"speaker"})}
    assert len(archive(names, **{"Nancy Pelosi": one_word, "Nancy Pelsoi": one_word}).persons) == 4


def test_what_is_said_of_people_goes_first():
    one, other = "Khaled al-Qaddoumi", "Khalid Kadumi"
    apart = archive(decided=Decided(different=((one, other),)))
    assert apart.of[one] != apart.of[other]
    joined = archive(decided=Decided(same=(("Bill Clinton", "Clinton"),)))
    assert joined.of["Clinton"] == joined.of["Bill Clinton"]
    known = archive(decided=Decided(known=(Known("Abu Mazen", ("Mahmoud Abbas", "Qalibaf"), "abbas"),)))
    assert known.persons["abbas"].name == "Abu Mazen"
    assert known.of["Qalibaf"] == known.of["Mahmoud Abbas"] == "abbas" != known.of["Mohammad Baqer Qalibaf"]


def test_ids_survive_new_names_new_counts_and_a_rebuild():
    before = archive({"Khaled Qadoumi": 5})
    after = archive(COUNTS | {"Khaled Qadoumi": 1}, before=before.of)
    rebuilt = archive(COUNTS | {"Khaled Qadoumi": 1})
    id_ = person_id("Khaled Qadoumi")
    assert after.persons[id_].name == rebuilt.resolve(id_).name == "Khaled al-Qaddoumi"


def test_when_two_persons_join_the_older_id_stays():
    first = archive({"Khaled Qadoumi": 1})
    second = archive({"Khaled Qadoumi": 1, "K. Hassan Kadumi": 9}, before=first.of)
    decided = Decided(same=(("Khaled Qadoumi", "K. Hassan Kadumi"),))
    joined = archive({"Khaled Qadoumi": 1, "K. Hassan Kadumi": 9}, decided, before=second.of)
    assert list(joined.persons) == [person_id("Khaled Qadoumi")]
    assert joined.resolve(second.of["K. Hassan Kadumi"]) is joined.persons[person_id("Khaled Qadoumi")]


def test_the_order_in_which_names_come_changes_nothing():
    names = list(COUNTS.items())
    for seed in range(5):
        random.Random(seed).shuffle(names)
        assert archive(dict(names)).persons == archive().persons


@given(st.lists(st.text(max_size=12), max_size=6, unique=True))
def test_any_strings_are_names_and_each_has_one_person(names):
    speakers = archive(dict.fromkeys(names, 1))
    assert sorted(name for person in speakers.persons.values() for name in person.spellings) == sorted(names)
    assert all(name in speakers.persons[speakers.of[name]].spellings for name in names)


def test_ten_thousand_names_are_sorted_in_seconds_and_the_crowd_of_one_last_name_too():
    draw = random.Random(1)
    syllables = ["ka", "mo", "ri", "sha", "ba", "lu", "ne", "tor", "vi", "zan"]
    names = {
        f"{''.join(draw.choices(syllables, k=2))} {''.join(draw.choices(syllables, k=3))}".title()
        for _ in range(2000)
    }
    names |= {f"{''.join(draw.choices(syllables, k=3))} Smith".title() for _ in range(1000)}
    assert len(archive(dict.fromkeys(names, 1)).persons) > 500


def test_speakers_are_read_from_a_folder_and_what_is_wrong_is_told(tmp_path):
    lines = [
        {"name": "Mahmoud Abbas", "spellings": ["Abu Mazen"], "id": "abbas"},
        {"same": ["A", "B"]},
        {"different": ["A", "C"]},
        {"name": ""},
        {"same": ["A"]},
        {"name": "X", "spellings": "Y"},
    ]
    text = "\n".join([*map(json.dumps, lines), "{"])
    (tmp_path / "speakers.jsonl").write_text(text)
    decided, bad = source.read([tmp_path, tmp_path / "none"], 10**6, Notes())
    assert decided == Decided(
        (Known("Mahmoud Abbas", ("Abu Mazen",), "abbas"),), (("A", "B"),), (("A", "C"),)
    )
    assert [str(each.place).rsplit(":", 1)[1] for each in bad if isinstance(each, BadSource)] == list("4567")
