"""One person under many spellings, never two under one."""

import random

import pytest

from index.names import Spellings, same_person, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Khaled al-Qaddoumi", "Khaled Qadoumi"),
        ("Khaled al-Qaddoumi", "Khalid Kadumi"),
        ("Qaddoumi", "Qadoumi"),
        ("Hossein Amirabdollahian", "Amir Abdullahian"),
        ("Ayatollah Seyed Ebrahim Raeisi", "Ebrahim Raisi"),
        ("Mohammad Baqer Qalibaf", "Mohammed Bagher Ghalibaf"),
        ("José Muñoz", "Jose Munoz"),
        ("H. Clinton", "Hillary Clinton"),
        ("Muammar Gaddafi", "Moammar Qaddafi"),
    ],
)
def test_spellings_of_one_person(one, other):
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammad Baqer Qalibaf", "Mohammad Baqeri"),
        ("Bill Clinton", "Hillary Clinton"),
        ("Ann Lee", "Ann Law"),
        ("Paul Ryan", "Paul Rowan Smith"),
        ("", "Ann Lee"),
        ("123", "Ann"),
    ],
)
def test_two_people(one, other):
    assert not same_person(one, other)
    assert not same_person(other, one)


@pytest.mark.parametrize("name", ["", " ", "-", "Dr.", "al-", "محمد", "習近平", "\ud800"])
def test_any_string_is_a_name(name):
    assert isinstance(tokens(name), tuple)
    assert Spellings({name: 1}).canonical(name) == name


ARCHIVE = Spellings(
    {
        "Khaled al-Qaddoumi": 3,
        "Qaddoumi": 2,
        "Qadoumi": 1,
        "Mohammad Baqer Qalibaf": 2,
        "Qalibaf": 2,
        "Mohammad Baqeri": 1,
        "Hossein Amirabdollahian": 2,
        "Amir Abdullahian": 1,
        "Bill Clinton": 3,
        "Hillary Clinton": 5,
        "Hillary Rodham Clinton": 1,
        "Clinton": 9,
    }
)


@pytest.mark.parametrize(
    ("query", "names", "canonical"),
    [
        ("Qaddoumi", {"Khaled al-Qaddoumi", "Qaddoumi", "Qadoumi"}, "Khaled al-Qaddoumi"),
        ("khalid kadumi", {"Khaled al-Qaddoumi", "Qaddoumi", "Qadoumi"}, "Khaled al-Qaddoumi"),
        ("Qalibaf", {"Mohammad Baqer Qalibaf", "Qalibaf"}, "Mohammad Baqer Qalibaf"),
        ("Baqeri", {"Mohammad Baqeri"}, "Mohammad Baqeri"),
        ("Amir Abdullahian", {"Hossein Amirabdollahian", "Amir Abdullahian"}, "Hossein Amirabdollahian"),
        ("Hillary Clinton", {"Hillary Clinton", "Hillary Rodham Clinton"}, "Hillary Clinton"),
        ("Clinton", {"Bill Clinton", "Hillary Clinton", "Hillary Rodham Clinton", "Clinton"}, "Clinton"),
        ("Haniyeh", set(), "Haniyeh"),
        ("", set(), ""),
    ],
)
def test_a_query_finds_a_person_in_all_spellings(query, names, canonical):
    assert ARCHIVE.matching(query) == names
    assert ARCHIVE.canonical(query) == canonical


def test_the_order_in_which_names_come_changes_nothing():
    names = [("Ann Lee", 2), ("Anne Lee", 2), ("A. Lee", 1), ("Lee", 4), ("Bob Lee", 1), ("Anna Leigh", 1)]
    expected = None
    for seed in range(10):
        random.Random(seed).shuffle(names)
        spellings = Spellings(dict(names))
        answer = [(name, spellings.canonical(name), spellings.matching(name)) for name, _ in sorted(names)]
        assert expected in (None, answer)
        expected = answer


def test_every_name_is_among_its_own_spellings():
    draw = random.Random(3)
    first = ["Ann", "Bob", "Khaled", "Hossein", "Min-ji", "J.", "Mary Jane"]
    last = ["Lee", "Leigh", "al-Qaddoumi", "Qadoumi", "O'Brien", "Obrien", "van der Berg"]
    names = {f"{draw.choice(first)} {draw.choice(last)}": draw.randint(1, 9) for _ in range(40)}
    spellings = Spellings(names)
    for name in names:
        assert name in spellings.matching(name)
        assert spellings.canonical(name) in names
