"""What is proposed for a damaged query is the query that was damaged; limits are named with their value."""

import random
import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, Found
from index.embedded import open_writer
from search.embedded import EmbeddedSearcher
from search.errors import QueryTooComplex, RequestError
from search.render import render
from search.request import Request
from search.syntax import parse
from tests.engines.test_language import Maker


@dataclass(frozen=True)
class Damage:
    """Replaces the last match of ``what`` by ``by``; ``there``: the fault is shown where it was done."""

    what: str
    by: str
    there: bool = True


DAMAGES = {
    "a closing parenthesis forgotten": Damage(r"\)\Z", "", there=False),
    "a closing quotation mark forgotten": Damage(r'"\Z', "", there=False),
    "an opening parenthesis too many": Damage(r"\A", "("),
    "a closing parenthesis too many": Damage(r"\Z", ")"),
    "an empty group": Damage(r"\Z", " ()"),
    "an empty phrase": Damage(r"\Z", ' ""'),
    "AND twice": Damage(" AND ", " AND AND "),
    "OR twice": Damage(" OR ", " OR OR "),
    "AND at the end": Damage(r"\Z", " AND"),
    "NOT at the end": Damage(r"\Z", " NOT"),
    "OR at the start": Damage(r"\A", "OR "),
    "AND of C": Damage(" AND ", " && "),
    "OR of C": Damage(" OR ", " || "),
    "OR of OpenSearch": Damage(" OR ", " | "),
    "NOT of Whoosh": Damage(" NOT ", " ANDNOT "),
    "NOT of C": Damage(r'(?<= )-(?=["\w(])', "!"),
    "a plus sign": Damage(r"(?<=[ (])(?=[A-Z]{4} )", "+"),
    "a field in capitals": Damage("title:", "TITLE:"),
    "a field misspelt": Damage("body:", "boddy:"),
    "a field of another archive": Damage("outlet:(?!=)", "source:"),
    "a blank behind a colon": Damage("(?<=title:)", " ", there=False),
    "a blank behind what is exact": Damage("(?<=speaker:=)", " ", there=False),
    "a speaker in small letters": Damage("BY:", "by:"),
    "has: in capitals": Damage("has:title", "has:TITLE"),
    "a small to": Damage(" TO ", " to "),
    "a hyphen for TO": Damage(r" TO (?!\*)", " - "),
    "a comma for TO": Damage(r" TO (?!\*)", ","),
    "braces": Damage(r"\[(.{10}) TO (.{10})\]", r"{\1 TO \2}"),
    "a day with slashes": Damage(r"date:(\d+)-(\d+)-(\d+)(?![/\d])", r"date:\1/\2/\3"),
    "a day with dots": Damage(r"date:(\d+)-(\d+)-(\d+)(?![/\d])", r"date:\3.\2.\1"),
    "a day with a time": Damage(r"(date:\d+-\d+-\d+)(?![/\d])", r"\1T12:00:00Z"),
    "a range with signs": Damage(r"date:\[([\d-]+) TO \*\]", r"date:>=\1"),
}


def damaged(damage, q):
    """Return the query with the damage, and where it was done; None where there is no place for it."""
    matches = list(re.finditer(damage.what, q))
    if not matches:
        return None
    last = matches[-1]
    new = last.expand(damage.by)
    return q[: last.start()] + new + q[last.end() :], (last.start(), last.start() + len(new))


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_the_query_that_was_damaged_is_proposed(damage):
    rng = random.Random(1)
    maker, seen = Maker(rng, "c1"), 0
    for _ in range(400):
        q = Maker.together([maker.clause(1) for _ in range(rng.randint(1, 3))]).q
        done = damaged(damage, q)
        if done is None:
            continue
        broken, (start, end) = done
        with pytest.raises(RequestError) as caught:
            parse(broken)
        (fault,) = caught.value.faults
        assert parse(fault.suggestion) == parse(q), broken
        if damage.there:
            assert fault.offset <= end, broken
            assert fault.offset + fault.length >= start, broken
        seen += 1
    assert seen > 5


SIGNS = [*"()[]{}\"“”'~^*?:=+-!|&\\/.,<>@# "]
OTHERS = ["AND", "OR", "NOT", " TO ", "BY:", "said:", "date:", "\u200c", "😀", ""]


@settings(max_examples=400)
@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from(SIGNS + OTHERS)), min_size=1, max_size=4),
)
def test_whatever_is_damaged_is_pointed_at_and_mended(seed, changes):
    q = Maker.together([Maker(random.Random(seed), "c1").clause(2)]).q
    for place, sign in changes:
        at = place % (len(q) + 1)
        q = q[:at] + sign + q[at + (not sign) :]
    tree = parse(q, strict=False)
    assert parse(render(tree)) == tree
    try:
        parse(q)
    except RequestError as error:
        (fault,) = error.faults
        assert 0 <= fault.offset < fault.offset + fault.length <= len(q)
        if fault.suggestion is not None:
            parse(fault.suggestion)


WORDS = 1_100


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    path = tmp_path_factory.mktemp("limits")
    writer = open_writer(path, language="en")
    writer.put(Article("a", " ".join(f"ab{n}" for n in range(WORDS)), language=Found("en")), "build")
    writer.put(Article("b", "ab and others", language=Found("en")), "build")
    writer.commit()
    return EmbeddedSearcher(path)


@pytest.mark.parametrize(
    ("q", "limit", "value", "place"),
    [
        ("x" * 20_000, "16384", "20000 characters", (16_384, 3_616)),
        ("ab " * 300, "256", "257 clauses", (768, 2)),
        ('"' + "ab " * 300 + '"', "256", "300 clauses", (0, 902)),
        ("(" * 30 + "ab" + ")" * 30, "20", "nested 21 deep", (20, 1)),
        ("NOT " * 30 + "ab", "20", "nested 21 deep", (80, 3)),
        ("talks " + "x" * 65, "64", "65 characters", (6, 65)),
        ("talks ab*", "1,024", "1,101 words", (6, 3)),
        ("ab?* OR talks", "1,024", "1,100 words", (0, 4)),
    ],
    ids=["length", "clauses", "words of a phrase", "groups", "exclusions", "word", "prefix", "wildcard"],
)
def test_a_limit_is_named_with_its_value(q, limit, value, place, searcher):
    with pytest.raises(QueryTooComplex) as caught:
        searcher.search(Request(q=q))
    (fault,) = caught.value.faults
    assert f"limit is {limit}" in caught.value.detail
    assert value in caught.value.detail
    assert (fault.offset, fault.length) == place
    searcher.search(Request(q=q, syntax="simple"))


def test_a_search_box_looks_for_the_word_where_a_wildcard_stands_for_too_many(searcher):
    results = searcher.search(Request(q="ab*", syntax="simple"))
    assert [hit.entry.id for hit in results.hits] == ["b"]
    assert "over 1,024 words" in results.warnings[0]
