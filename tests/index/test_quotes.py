"""Who said what: marks of all kinds, speakers by name, pronoun and description."""

import pytest

from index.marks import marked
from index.people import People
from index.quotes import WINDOW, quotes
from index.reading import Reading


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('He said, "It holds." Then he left.', ["It holds."]),
        ("He said, “It holds.” Then he left.", ["It holds."]),
        ("Er sagte: „Es hält.“ Dann ging er.", ["Es hält."]),
        ("Il a dit : «Ça tient.» Puis il partit.", ["Ça tient."]),
        ("Er sagte: »Es hält.« Dann ging er.", ["Es hält."]),
        ("He said: ‘It holds, it’s fine.’ Then he left.", ["It holds, it’s fine."]),
        (
            'He said, “It is the message to all." “It is isolated,” he added.',
            ["It is the message to all.", "It is isolated,"],
        ),
        ("“It left “70 percent” of them hiding.” He left.", ["It left “70 percent” of them hiding."]),
        ("“It holds and holds,\nand so on.", ["It holds and holds,"]),
        ("They want an “expedited review“ of the dam. It holds.", ["expedited review"]),
        ("don't and the '90s aren't quotes", []),
        ('5" and 6" pipes', []),
        ("””” ““", []),
        ("", []),
    ],
)
def test_words_between_marks_are_found(text, inside):
    assert [text[m.start : m.end] for m in marked(text)] == inside


def test_a_word_that_only_opens_a_sentence_is_no_name():
    text = "Reading on, Ann Lee (R-Ky.) left. Growing louder, Brown spoke. Jerry Brown had a brown bench."
    assert [name.text for name in People(text).names] == ["Ann Lee", "Brown", "Jerry Brown"]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("Bob Roe was asked by Ann Lee.", ["Ann Lee"]),
        ("Bob Roe was told of it.", [None]),
        ("The two wrote to Bob Roe.", ["The two"]),
        ("Bob Roe sat down even as she cautions Ann Lee.", ["she"]),
    ],
)
def test_who_is_told_or_asked_does_not_speak(text, subjects):
    reading = Reading(text, [])
    spans = [reading.mentions[cue.subject] if cue.subject >= 0 else None for cue in reading.cues]
    assert [text[one.start : one.end] if one else None for one in spans] == subjects


def test_a_quote_over_paragraphs_goes_on():
    text = "“It holds today,” Ann Lee said. “We had a plan.\n\n“And we kept to it.”"
    found = quotes(text)
    assert [q.text for q in found] == ["It holds today,", "We had a plan.", "And we kept to it."]
    assert [q.speaker for q in found] == ["Ann Lee"] * 3


def said(text):
    return [(q.text.rstrip(",."), q.speaker) for q in quotes(text) if q.kind != "indirect"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It holds well,” Ann Lee said on Monday.", [("It holds well", "Ann Lee")]),
        ("“It holds well,” said Ann Lee, the mayor.", [("It holds well", "Ann Lee")]),
        ("Ann Lee told reporters: “It holds well.”", [("It holds well", "Ann Lee")]),
        ("“It holds well,” Mayor Ann Lee tweeted.", [("It holds well", "Ann Lee")]),
        ("According to Ann Lee, the dam “holds well”.", [("holds well", "Ann Lee")]),
        ("Ann Lee, the mayor of the town, said “it holds well”.", [("it holds well", "Ann Lee")]),
        ("“It holds well,” the report went on and on.", [("It holds well", None)]),
        ("Asked by Bob Roe, Ann Lee said it “holds well enough”.", [("holds well enough", "Ann Lee")]),
        ("Bob Roe “holds it well” in winter, said Ann Lee of the council.", [("holds it well", "Ann Lee")]),
        ("Likewise, Ann Lee said it “holds well enough”.", [("holds well enough", "Ann Lee")]),
        ("Rep. Ann Lee (D-Wis.) charged that it “holds well enough”.", [("holds well enough", "Ann Lee")]),
        ("The sign says nothing. “No entry here” stood on it.", [("No entry here", None)]),
    ],
)
def test_a_verb_beside_the_quote_tells_the_speaker(text, expected):
    assert said(text) == expected


ARTICLE = """On Press TV, Hamas representative in Iran Khaled al-Qaddoumi said rockets were fired.
“It is isolated now,” he said.
“This technology was transferred,” the Hamas representative said.
Hassan Kazemi-Qomi, the president's special envoy, said the war was lost.
“Now they say so,” the envoy added. “This is a defeat.”
Hamas has said the people were “victorious in this war”.
“We were the victors,” Qaddoumi said."""


def test_pronouns_and_descriptions_mean_people_of_the_article():
    assert said(ARTICLE) == [
        ("It is isolated now", "Khaled al-Qaddoumi"),
        ("This technology was transferred", "Khaled al-Qaddoumi"),
        ("Now they say so", "Hassan Kazemi-Qomi"),
        ("This is a defeat", "Hassan Kazemi-Qomi"),
        ("victorious in this war", "Hamas"),
        ("We were the victors", "Khaled al-Qaddoumi"),
    ]


def test_an_organisation_speaks_but_is_nobodys_he():
    text = (
        "Ann Lee said the dam would hold well.\n"
        "Hamas said the people “won this war”.\n"
        "“It holds well,” he said."
    )
    assert said(text)[-1] == ("It holds well", "Ann Lee")


def test_words_said_without_marks_are_told_apart():
    text = (
        "Ann Lee, the mayor, met the press and said: the dam will hold through the winter.\n"
        "Bob Roe said that it would not hold."
    )
    found = quotes(text)
    assert [(q.text, q.speaker, q.kind) for q in found] == [
        ("the dam will hold through the winter", "Ann Lee", "direct"),
        ("it would not hold", "Bob Roe", "indirect"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ann Lee said, “It holds well.”", "direct"),
        ("Ann Lee said the dam “holds well enough”.", "mixed"),
    ],
)
def test_a_fragment_is_mixed(text, kind):
    assert quotes(text)[0].kind == kind


def test_evidence_is_what_stands_in_the_text():
    for quote in quotes(ARTICLE):
        assert ARTICLE[quote.start : quote.end] == quote.text
        assert ARTICLE[slice(*quote.mention)] == quote.as_written
        assert quote.cue in ARTICLE
    by_name, by_pronoun = quotes("“It holds well,” Ann Lee said. “It was built to last,” she said.")
    assert (by_name.confidence, by_pronoun.confidence) == ("high", "high")


def test_offsets_hold_beyond_one_window():
    text = ("Nothing was heard of it.\n" * (WINDOW // 20)) + "“It holds well,” Ann Lee said."
    (quote,) = quotes(text)
    assert text[quote.start : quote.end] == "It holds well,"
    assert text[slice(*quote.mention)] == "Ann Lee"


@pytest.mark.parametrize("text", ["“" * 5000, "said " * 5000, "“a” said Ann Lee " * 2000, "A" * 100_000])
def test_no_article_is_given_up(text):
    assert all(text[q.start : q.end] == q.text for q in quotes(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Judiciary Chief Ayatollah Seyed Ebrahim Raeisi spoke.", ["Seyed Ebrahim Raeisi"]),
        ("Hamas representative in Iran Khaled al-Qaddoumi spoke.", ["Hamas", "Khaled al-Qaddoumi"]),
        ("On Monday Mr. Lee met Ludwig van Beethoven.", ["Lee", "Ludwig van Beethoven"]),
        ("It ended in the Strip.\nAnn Lee spoke.", ["Strip", "Ann Lee"]),
        ("The Iranian diplomat spoke.", []),
    ],
)
def test_runs_of_capitals_are_cut_into_names(text, names):
    assert [name.text for name in People(text).names] == names


def test_a_last_name_means_the_person_named_in_full():
    people = People("Hillary Clinton spoke. Clinton left. Iran answered.")
    assert [(n.person, n.is_person) for n in people.names] == [
        ("Hillary Clinton", True),
        ("Hillary Clinton", True),
        ("Iran", False),
    ]


def test_a_name_under_a_quote_signs_it():
    text = "Bob Roe left.\n\n“It holds, and it will hold.”\n\n- Ann Lee, the mayor.\n\nRain fell."
    assert [q.speaker for q in quotes(text)] == ["Ann Lee"]
    credited = text.replace("- Ann Lee, the mayor", "- Reuters")
    assert [q.speaker for q in quotes(credited)] != ["Reuters"]


def test_who_speaks_is_not_sure_where_two_sources_are_named():
    said = "“It holds, and it will hold,” Ann Lee said"
    assert [q.confidence for q in quotes(f"{said}.")] == ["high"]
    assert [q.confidence for q in quotes(f"{said}, according to the Herald.")] == ["low"]
