"""Patterns of names: they fit a name's words as patterns of text fit the words of a text."""

import pytest
from whoosh import query

from search.expand import expand_names

NAMES = [
    "Khaled al-Qaddoumi",
    "John O’Neill",
    "U.S. News & World Report",
    "Agence France-Presse",
    "हिन्दी नाम",
]


@pytest.mark.parametrize(
    ("node", "name"),
    [
        (query.Prefix("speaker", "Qadd"), "Khaled al-Qaddoumi"),
        (query.Prefix("speaker", "al-Qadd"), "Khaled al-Qaddoumi"),
        (query.FuzzyTerm("speaker", "Qaddoumy"), "Khaled al-Qaddoumi"),
        (query.Wildcard("speaker", "al-Q*i"), "Khaled al-Qaddoumi"),
        (query.Prefix("speaker", "O'Ne"), "John O’Neill"),
        (query.Prefix("speaker", "neil"), "John O’Neill"),
        (query.Prefix("outlet", "U.S"), "U.S. News & World Report"),
        (query.Prefix("outlet", "us news"), "U.S. News & World Report"),
        (query.FuzzyTerm("outlet", "Presss"), "Agence France-Presse"),
        (query.Prefix("speaker", "हिन्"), "हिन्दी नाम"),
    ],
    ids=str,
)
def test_a_pattern_fits_words_of_names_in_spite_of_their_hyphens_and_apostrophes(node, name):
    assert expand_names(node, NAMES) == {name}


def test_a_short_word_is_not_near_to_what_stands_beside_a_mark():
    assert expand_names(query.FuzzyTerm("speaker", "ab", maxdist=2), ["-Qaddoumi-"]) == frozenset()
