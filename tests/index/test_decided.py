"""``speakers.jsonl`` beside the sources decides who is who, and stays with the index."""

import json

import pytest

from index.check import check
from index.cli import main
from index.errors import CorruptIndex
from index.generation import Generation
from index.persons import Decided, Known
from search.people import People

LEES = [{"name": "Ann Lee", "spellings": ["Annabel Smith"], "id": "ann"}]


@pytest.fixture
def home(tmp_path):
    return tmp_path / "index", tmp_path / "news"


def write(folder, *people, names=("Ann Lee", "Annabel Smith")):
    folder.mkdir(exist_ok=True)
    rows = [{"id": name, "body": f"All is well, {name} said.", "speakers": [name]} for name in names]
    for file, lines in (("news.jsonl", rows), ("speakers.jsonl", people)):
        (folder / file).write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    if not people:
        (folder / "speakers.jsonl").unlink()


def run(command, index, *sources):
    return main([command, "--index", str(index), *map(str, sources)])


def test_known_people_are_persons_with_their_ids_from_the_next_commit_on(home):
    index, news = home
    write(news)
    assert run("build", index, news) == 0
    apart = People().of(Generation.open(index))
    assert apart.of["Ann Lee"] != apart.of["Annabel Smith"]
    write(news, *LEES)
    assert run("build", index, news) == 0
    generation = Generation.open(index)
    assert generation.number == 2
    assert generation.decided == Decided((Known("Ann Lee", ("Annabel Smith",), "ann"),))
    together = People().of(generation)
    assert together.of["Ann Lee"] == together.of["Annabel Smith"] == "ann"
    assert check(index) == []
    assert run("build", index, news) == 0
    assert Generation.open(index).number == 2
    write(news)
    assert run("build", index, news) == 0
    assert Generation.open(index).decided == Decided()


def test_add_adds_to_what_is_said_and_the_newer_word_counts(home):
    index, news = home
    write(news, *LEES, {"same": ["Bob Roe", "Rob Roe"]}, {"same": ["A B", "C D"]})
    assert run("build", index, news) == 0
    more = news.with_name("more")
    write(more, {"name": "Ann Lee", "id": "lee"}, {"different": ["Rob Roe", "Bob Roe"]}, names=["Bob Roe"])
    assert run("add", index, more) == 0
    expected = Decided((Known("Ann Lee", (), "lee"),), (("A B", "C D"),), (("Rob Roe", "Bob Roe"),))
    assert Generation.open(index).decided == expected
    assert run("delete", index, "Bob Roe") == 0
    assert Generation.open(index).decided == expected


def test_what_is_joined_and_parted_stays_so_through_a_rebuild_and_what_is_added(home):
    index, news = home
    names = ("Khaled al-Qaddoumi", "Khaled Qadoumi", "Ann Lee", "Annabel Smith")
    said = ({"different": ["Khaled al-Qaddoumi", "Khaled Qadoumi"]}, {"same": ["Annabel Smith", "Ann Lee"]})

    def people():
        return People().of(Generation.open(index)).of

    write(news, names=names)
    assert run("build", index, news) == 0
    before = people()
    assert before["Khaled al-Qaddoumi"] == before["Khaled Qadoumi"]
    assert before["Ann Lee"] != before["Annabel Smith"]
    write(news, *said, names=names)
    assert run("build", index, news) == 0
    decided = people()
    assert decided["Khaled al-Qaddoumi"] != decided["Khaled Qadoumi"]
    assert decided["Ann Lee"] == decided["Annabel Smith"]
    more = news.with_name("more")
    write(more, names=["Khaled al-Qaddoumi of Gaza", "Bob Roe"])
    assert run("add", index, more) == 0
    assert {name: people()[name] for name in names} == decided
    for file in index.glob("*"):
        file.unlink()
    assert run("build", index, news) == 0
    assert people() == decided


def test_a_line_that_says_nothing_of_people_goes_to_quarantine_alone(home):
    index, news = home
    write(news, {"nobody": 1}, *LEES)
    assert run("build", index, news) == 1
    assert len(Generation.open(index).decided.known) == 1
    assert Generation.open(index).documents == 2


def test_a_damaged_file_of_people_is_seen(home):
    index, news = home
    write(news, *LEES)
    assert run("build", index, news) == 0
    (file,) = index.glob("people-*.json")
    file.write_bytes(file.read_bytes().replace(b"ann", b"bob"))
    with pytest.raises(CorruptIndex, match=file.name):
        Generation.open(index)
    assert any("what is said of people" in line for line in check(index))
