"""Words near another one are those that comparing it with each word of the dictionary finds."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.codec.edits import near
from index.codec.strings import Strings

# Letters of one to four bytes, such with a first byte in common, and half of a pair.
LETTERS = "abcéèא漢字😀😁\ud800"
WORDS = st.text(LETTERS, max_size=7)


def found(words, word, most, first=0, behind=None):
    strings = Strings.of(words)
    behind = len(words) if behind is None else behind
    return [strings.text(number) for number in near(strings, word, most, first, behind).tolist()]


def ordered(words):
    return sorted(set(words), key=lambda word: word.encode("utf-8", "surrogatepass"))


@settings(max_examples=300)
@given(st.lists(WORDS, min_size=1, max_size=60), WORDS, st.integers(0, 3), st.data())
def test_what_is_near_is_what_comparing_with_each_finds(words, word, most, data):
    words = ordered(words)
    first = data.draw(st.integers(0, len(words) - 1))
    behind = data.draw(st.integers(first, len(words)))
    assert found(words, word, most, first, behind) == [
        other for other in words[first:behind] if OSA.distance(word, other) <= most
    ]


def test_a_large_dictionary_of_long_beginnings_in_common():
    chance = random.Random(5)
    stems = ["".join(chance.choices("abcd", k=chance.randrange(1, 12))) for _ in range(40)]
    words = ordered(
        chance.choice(stems) + "".join(chance.choices("abcd", k=chance.randrange(6))) for _ in range(5_000)
    )
    for word in chance.sample(words, 20):
        for most in (1, 2):
            assert found(words, word, most) == [other for other in words if OSA.distance(word, other) <= most]
