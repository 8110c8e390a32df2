"""One person under many spellings, never two under one."""

import pytest

from index.names import same_person, tokens


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
