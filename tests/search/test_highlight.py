"""Snippets: passages of the text, marked where the matches are; found through an index as in the text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import query

from index.analysis import analyzer
from index.article import Article, Found
from search import nodes
from search.highlight import marks, matches
from search.marked import passages
from search.results import Snippet
from search.snippets import MOST

EN = analyzer("en")


def snippets(article, found, language=EN):
    """Return the snippets of an article that is analysed as a whole."""
    title = article.title.value if article.title else ""
    spans = matches(title, found["title"], language)
    first = [Snippet("title", 0, len(title), title, tuple(span for span, _ in spans))] if spans else []
    return [
        *first,
        *passages(article.body, matches(article.body, found["body"], language), MOST - len(first)),
    ]


def shown(tree, body, title=None):
    """Return the snippets with their marks as brackets."""
    article = Article("a", body, title=Found(title) if title else None)
    return [bracketed(snippet) for snippet in snippets(article, marks(tree))]


def bracketed(snippet):
    text, end = "", 0
    for start, stop in snippet.matches:
        text += snippet.text[end:start] + "[" + snippet.text[start:stop] + "]"
        end = stop
    return text + snippet.text[end:]


def term(text, field=nodes.TEXT):
    return query.Term(field, text)


def test_all_inflections_of_a_word_are_marked_as_they_are_printed():
    assert shown(term("talk"), "Talks about TALKING.") == ["[Talks] about [TALKING]."]


def test_the_title_comes_first_where_it_matches():
    assert shown(term("talk"), "They talked.", "Talks") == ["[Talks]", "They [talked]."]
    assert shown(term("talk", "body"), "They talked.", "Talks") == ["They [talked]."]


def test_a_phrase_is_marked_where_it_stands_and_nowhere_else():
    phrase = nodes.Sequence("body", ((("unilater",), 0), (("ceasefir",), 1)))
    body = "A ceasefire, a unilateral ceasefire; unilateral steps."
    assert shown(phrase, body) == ["A ceasefire, a [unilateral] [ceasefire]; unilateral steps."]


def test_what_a_query_excludes_is_not_marked():
    tree = query.And([term("talk"), query.Not(term("sieg"))])
    assert shown(tree, "talks and siege") == ["[talks] and siege"]


def test_passages_with_more_of_the_words_win_and_stand_in_text_order():
    filler = "nothing to see here " * 20
    body = f"talks {filler}\ntalks {filler}\nsiege talks {filler}\ntalks siege {filler}"
    tree = query.Or([term("talk"), term("sieg")])
    first, second, third = shown(tree, body)
    assert (first[:7], second[:15], third[:15]) == ("[talks]", "[siege] [talks]", "[talks] [siege]")


def test_a_passage_ends_at_words_and_at_its_paragraph():
    body = "first paragraph\n" + "abcdefghij " * 40 + "\nlast talks paragraph"
    (only,) = shown(term("talk"), body)
    assert only == "last [talks] paragraph"


@given(
    st.lists(
        st.sampled_from(["talks", "siege", "x" * 300, "a", "\n", ".", "北京大学", "Kazemi-Qomi"]), max_size=80
    ).map(" ".join)
)
def test_snippets_are_passages_of_the_text_and_marks_lie_inside(body):
    tree = query.Or([term("talk"), term("sieg"), term("kazemiqomi"), nodes.Forms("text", ("北京",))])
    found = snippets(Article("a", body), marks(tree))
    assert len(found) <= MOST
    assert bool(found) == any(word in body for word in ("talks", "siege", "北京", "Kazemi"))
    for snippet in found:
        assert body[snippet.start : snippet.end] == snippet.text
        assert snippet.matches
        last = 0
        for start, end in snippet.matches:
            assert last <= start < end <= len(snippet.text)
            last = end
    bounds = [(snippet.start, snippet.end) for snippet in found]
    assert all(one[1] <= other[0] for one, other in pairwise(bounds))


@pytest.mark.parametrize(
    "empty", [query.Every(), query.NullQuery, nodes.Values("speaker", frozenset("x"), 0)]
)
def test_a_query_without_words_marks_nothing(empty):
    assert shown(empty, "talks", "Talks") == []
