"""A chunk's core: what is looked up in its place holds the same words."""

from hypothesis import given
from hypothesis import strategies as st

from index.analysis import analyzer, languages

words = st.text(alphabet=st.sampled_from("abIiSTs'’.-,;:!?\"()[]“”„«»…éß3"), min_size=1, max_size=12)


@given(words, st.sampled_from(["en", "de", "fr", "tr", "ar", "ru", "und", *languages()]))
def test_a_chunk_and_its_core_hold_the_same_terms(chunk, language):
    chosen = analyzer(language)
    one, other = chosen.chunk(chunk), chosen.chunk(chosen.core(chunk))
    assert one[0] == other[0]
    assert [place[:3] for place in one[1]] == [place[:3] for place in other[1]]
    assert one[2] == other[2]
