"""The people of a generation: sorted with what stands around their names, kept while no name is new."""

import random

from index.article import Article, Found, Quote
from index.embedded import open_writer
from index.generation import Generation
from index.sightings import sightings
from index.speakers import Speakers
from search.people import People


def add(path, rows):
    writer = open_writer(path, language="en")
    for id_, names in rows.items():
        speakers = tuple(Found(name, confidence="high") for name in names)
        writer.put(Article(id_, f"about {id_}", speakers=speakers), "add")
    writer.commit()
    return Generation.open(path)


def test_a_last_name_alone_is_seen_beside_the_names_of_its_articles(tmp_path):
    add(tmp_path, {"a": ["Hillary Clinton", "Clinton"], "b": ["Bill Clinton"], "c": ["Clinton", "Ann Lee"]})
    generation = add(tmp_path, {"b": ["Bill Clinton", "Bob Roe"], "c": ["Bill Clinton"]})
    seen = {each.name: each for each in sightings(generation.segments, generation.stories)}
    assert {name: each.count for name, each in seen.items()} == {
        "Hillary Clinton": 1,
        "Clinton": 1,
        "Bill Clinton": 2,
        "Bob Roe": 1,
    }
    assert seen["Clinton"].beside == {"Hillary Clinton"}
    assert not seen["Bill Clinton"].beside
    assert People().of(generation).canonical("Clinton") == "Hillary Clinton"


STORY = (
    "Near the old harbour the new market opens on Monday, and nobody knows yet who will come to it, because "
    "the ships are late again and the roads from the north are closed for a week after the heavy rain."
)


def test_an_article_says_as_what_people_are_quoted_and_in_which_story(tmp_path):
    writer = open_writer(tmp_path, language="en", stories=True)
    for id_, name in {"a": "Nancy Pelosi", "b": "Nancy Pelsoi", "c": "Ann Lee"}.items():
        said = Quote("It opens", 0, 8, name, name, None, "said", "direct", "high")
        body = f"It opens, House Speaker {name} said. {STORY if id_ != 'c' else 'Nothing else is known.'}"
        writer.put(Article(id_, body, speakers=(Found(name, confidence="high"),), quotes=(said,)), "add")
    writer.commit()
    generation = Generation.open(tmp_path)
    seen = {each.name: each for each in sightings(generation.segments, generation.stories)}
    assert {each.roles for each in seen.values()} == {frozenset({"house", "speaker"})}
    assert seen["Nancy Pelosi"].stories == seen["Nancy Pelsoi"].stories == set(generation.stories.stories)
    assert not seen["Ann Lee"].stories
    people = People()
    assert people.of(generation).canonical("Nancy Pelsoi") == "Nancy Pelosi"
    writer = open_writer(tmp_path, language="en", stories=True)
    both = tuple(Found(name, confidence="high") for name in ("Nancy Pelosi", "Nancy Pelsoi"))
    writer.put(Article("d", STORY, speakers=both), "add")
    writer.commit()
    assert people.of(Generation.open(tmp_path)).canonical("Nancy Pelsoi") == "Nancy Pelsoi"


def test_people_are_sorted_anew_when_a_name_comes_and_only_then(tmp_path):
    people = People()
    first = people.of(add(tmp_path, {"a": ["Khaled al-Qaddoumi"], "b": ["Ann Lee"]}))
    assert people.of(add(tmp_path, {"c": []})) is first
    then = people.of(add(tmp_path, {"d": ["Khaled Qadoumi"]}))
    assert then is not first
    assert then.matching("Kadumi") == {"Khaled al-Qaddoumi", "Khaled Qadoumi"}
    assert then.of["Ann Lee"] == first.of["Ann Lee"]


FIRST = "Ann Anne Hossein Hussein Khaled Bill H. A.".split()
LAST = "Lee Li Amirabdollahian Qaddoumi al-Qadoumi Clinton Klinton Abdullahian".split()


def test_a_table_does_not_depend_on_those_before_it(tmp_path):
    rng, people = random.Random(7), People()
    for step in range(12):
        rows = {
            str(rng.randrange(20)): [
                rng.choice([rng.choice(LAST), f"{rng.choice(FIRST)} {rng.choice(LAST)}"]) for _ in range(3)
            ]
            for _ in range(3 + 10 * (step == 0))
        }
        generation = add(tmp_path, rows)
        table = people.of(generation)
        anew = Speakers(sightings(generation.segments, generation.stories))
        assert table.persons == anew.persons
        assert all(table.meant(name) == anew.meant(name) for name in [*LAST, *anew.of])


def test_a_short_last_name_means_whoever_has_it(tmp_path):
    people = People().of(add(tmp_path, {"a": ["Ann Lee", "Bob Roe"], "b": ["Bob Lee", "Ann Leeson"]}))
    assert people.matching("Lee") == {"Ann Lee", "Bob Lee"}
    assert people.matching("roe") == {"Bob Roe"}
