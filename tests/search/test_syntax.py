"""The query language: what each query parses to, and what is wrong with those that do not."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from whoosh import query

from index.schema import BY_NAME
from search.errors import BadQuery, QueryTooComplex, RequestError, UnknownField
from search.nodes import TEXT, Adjacent, DateRange, Exact, Has
from search.render import render
from search.said import Said
from search.syntax import parse
from search.values import HAS

CASES = json.loads((Path(__file__).parents[1] / "cases" / "syntax.json").read_text(encoding="utf-8"))
PAGE = (Path(__file__).parents[2] / "search" / "SYNTAX.md").read_text(encoding="utf-8")


def answer(q, **options):
    """Return the canonical text, or the fault in the shape of the cases."""
    try:
        return {"parsed": render(parse(q, **options))}
    except RequestError as error:
        (fault,) = error.faults
        shape = {"offset": fault.offset, "length": fault.length, "expected": fault.expected}
        return {"error": {"code": error.code, **shape, "suggestion": fault.suggestion}}


def nodes(tree):
    yield tree
    for child in tree.children():
        yield from nodes(child)


def clauses(q, **options):
    """Return the text of each node, outermost first."""
    return [q[node.startchar : node.endchar] for node in nodes(parse(q, **options))]


@pytest.mark.parametrize("case", CASES, ids=[case["comment"] for case in CASES])
def test_a_query_means_what_its_case_says(case):
    expected = {key: case[key] for key in ("parsed", "error") if key in case}
    assert answer(case["query"]) == expected
    simple = case["simple"] if "simple" in case else case["parsed"]
    assert answer(case["query"], strict=False) == {"parsed": simple}


EXAMPLES = re.findall(r"^(.+?) +(⇒|✗|⇝) +(.*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("q", "sign", "expected"), EXAMPLES, ids=[q for q, _, _ in EXAMPLES])
def test_the_page_of_the_language_tells_the_truth(q, sign, expected):
    if sign != "✗":
        assert render(parse(q, strict=sign == "⇒")) == expected
        return
    with pytest.raises(RequestError) as caught:
        parse(q)
    detail, _, suggestion = expected.partition(" Try: ")
    assert caught.value.detail == detail
    assert (caught.value.faults[0].suggestion or "") == suggestion


def test_the_page_has_an_example_of_every_field_and_operator():
    typed = " ".join(q for q, _, _ in EXAMPLES)
    for name in (
        *(f"{name}:" for name, field in BY_NAME.items() if field.searchable),
        "has:",
        "said:",
        "BY:",
        ":=",
        "~",
        "^",
        "*",
        "?",
        " TO ",
    ):
        assert name in typed


def test_each_clause_becomes_its_node():
    trees = {
        "a": query.Term(TEXT, "a"),
        "a b": Adjacent([query.Term(TEXT, "a"), query.Term(TEXT, "b")]),
        "a AND b": query.And([query.Term(TEXT, "a"), query.Term(TEXT, "b")]),
        "a OR b": query.Or([query.Term(TEXT, "a"), query.Term(TEXT, "b")]),
        "-a": query.Not(query.Term(TEXT, "a")),
        'title:"a b"': query.Phrase("title", ["a", "b"]),
        '"a b"~5': query.Phrase(TEXT, ["a", "b"], slop=6),
        "speaker:Qal*": query.Prefix("speaker", "Qal"),
        "wom?n*": query.Wildcard(TEXT, "wom?n*"),
        "said:a": Said(query.Term(TEXT, "a")),
        "said:(a OR b)^2": Said(query.Or([query.Term(TEXT, "a"), query.Term(TEXT, "b")]), boost=2.0),
        'said:a BY:"A B"': Said(query.Term(TEXT, "a"), query.Phrase("speaker", ["A", "B"])),
        "said:a BY:(A OR B)": Said(
            query.Term(TEXT, "a"), query.Or([query.Term("speaker", "A"), query.Term("speaker", "B")])
        ),
        "said:(a speaker:B)": Said(Adjacent([query.Term(TEXT, "a"), query.Term("speaker", "B")])),
        "a~": query.FuzzyTerm(TEXT, "a", maxdist=1),
        "a~2": query.FuzzyTerm(TEXT, "a", maxdist=2),
        "": query.Every(),
        'outlet:="Press TV"': Exact("outlet", "Press TV"),
        "has:date": Has("date"),
        "date:2021-05": DateRange("date", "2021-05", "2021-05"),
        "date:[2021 TO *]": DateRange("date", "2021", None),
        "date:[\u20662021\u2069 \u200fTO \ufeff2022\u2069]": DateRange("date", "2021", "2022"),
        "date:../2020": DateRange("date", None, "2020"),
        "title:a^2.5": query.Term("title", "a", boost=2.5),
        "(a b)^3": Adjacent([query.Term(TEXT, "a"), query.Term(TEXT, "b")], boost=3),
    }
    assert {q: parse(q) for q in trees} == trees


def test_nodes_know_their_place_in_the_query():
    assert clauses('x outlet:(Mehr OR "Press TV"^2) -title:y~1') == [
        'x outlet:(Mehr OR "Press TV"^2) -title:y~1',
        "x",
        'outlet:(Mehr OR "Press TV"^2)',
        "Mehr",
        '"Press TV"^2',
        "-title:y~1",
        "title:y~1",
    ]


def test_places_are_those_of_the_typed_query_when_it_was_mended():
    assert clauses("Re:30 AND (ceasefire ?! rockets? OR", strict=False) == [
        "Re:30 AND (ceasefire ?! rockets? OR",
        "Re",
        "30 AND (ceasefire ?! rockets? OR",
        "30",
        "(ceasefire ?! rockets? OR",
        "ceasefire",
        "rockets",
        "OR",
    ]


@pytest.mark.parametrize(
    ("q", "place", "suggestion"),
    [
        ("said:(a said:b)", (8, 5), "said:(a b)"),
        ("said:(a title:b)", (8, 6), "said:(a b)"),
        ("said:(a -date:2021)", (9, 5), "said:(a)"),
        ("said:(outlet:Mehr) b", (6, 7), None),
        ("said:(a has:date)", (8, 4), "said:(a)"),
        ('said:(a outlet:="Press TV")', (8, 8), "said:(a)"),
        ("title:a BY:B", (8, 3), "title:a speaker:B"),
        ("said:a BY:", (7, 3), "said:a"),
        ("said:a BY: B", (7, 3), "said:a BY:B"),
        ('said:a BY:="A B"', (7, 4), 'said:a BY:"A B"'),
        ("said:a BY:-B", (10, 1), None),
        ("said:a BY:(B", (10, 1), "said:a BY:(B)"),
        ("said:a BY:title:B", (10, 6), None),
        ("said:", (0, 5), None),
        ("said:()", (5, 2), None),
        ("said:[2021 TO 2022]", (5, 14), "said:(2021 2022)"),
    ],
)
def test_what_a_quote_cannot_have_is_refused_at_its_place(q, place, suggestion):
    fault = answer(q)["error"]
    assert (fault["offset"], fault["length"]) == place
    assert suggestion is None or fault["suggestion"] == suggestion


@pytest.mark.parametrize("q", ["siege", 'speaker:Haniyeh "heavy price"', "*", ""])
def test_a_query_of_quotes_has_words_and_speakers(q):
    assert render(parse(q, quotes=True)) == render(parse(q))
    for other in ("title:a", "outlet:a", "date:2021", "has:date", "said:a"):
        with pytest.raises(BadQuery):
            parse(f"{q} {other}", quotes=True)


def test_fields_that_may_be_missing_are_fields():
    assert set(HAS) <= set(BY_NAME)


@pytest.mark.parametrize(
    ("q", "kind"),
    [("(a", BadQuery), ("foo:a", UnknownField), ("a " * 257, QueryTooComplex), ("a" * 65, QueryTooComplex)],
)
def test_an_error_says_whose_fault_it_is(q, kind):
    with pytest.raises(kind):
        parse(q)


def test_a_query_over_the_callers_length_is_refused_or_cut_at_a_word():
    with pytest.raises(QueryTooComplex, match="16 characters; the limit is 12"):
        parse("rockets ceasefir", max_length=12)
    assert render(parse("rockets ceasefir", max_length=12, strict=False)) == "rockets"
    assert render(parse("rocketsceasefire", max_length=12, strict=False)) == "rocketscease"


def test_what_is_over_a_limit_is_cut_in_simple_mode():
    words = " ".join(f"w{n}" for n in range(300))
    assert render(parse(words, strict=False)) == " ".join(f"w{n}" for n in range(256))
    assert render(parse(f'"{words}"', strict=False)) == " ".join(f"w{n}" for n in range(256))
    assert render(parse("x" * 100, strict=False)) == "x" * 64
    assert render(parse("(" * 30 + "a OR b" + ")" * 30, strict=False)) == "a or b"


HOSTILE = {
    "ANDNOT": "a ANDNOT " * 20_000 + "a",
    "a word of a megabyte": "a" * 1_000_000,
    "parentheses": "(" * 10_000 + "a" + ")" * 10_000,
    "opened": "(" * 10_000,
    "closed": ")" * 10_000,
    "NOT": "NOT " * 5_000 + "x",
    "hyphens": "-(" * 5_000 + "x",
    "words": "word " * 100_000,
    "OR": " OR ".join(["word"] * 10_000),
    "operators": "AND OR " * 5_000,
    "wildcards": "*n* " * 50,
    "one wildcard": "ab" + "*a" * 5_000,
    "fuzzy": "word~9 " * 20,
    "text range": "[a TO zzz]",
    "a phrase": '"' + "word " * 1_000 + '"',
    "quotation marks": '"' * 10_001,
    "curly marks": "“" * 10_001,
    "escaped marks": '"' + '\\"' * 10_000,
    "backslashes": "\\" * 10_001,
    "brackets": "[" * 10_000,
    "ranges": "date:[foo TO bar]",
    "boosts": "israel^1e308 OR iran^-1e308 OR a^nan OR b^inf OR c^" + "9" * 5_000,
    "colons": "title:" * 5_000,
    "unknown fields": "a:" * 5_000,
    "dates": "date:" + "9" * 10_000,
    "NUL, surrogates, marks": "a\x00\ud800\u202e(\u200f" * 1_000,
    "Hebrew abbreviations": 'א"' * 10_000,
    "blanks": " \u200f" * 100_000,
}


@pytest.mark.parametrize("q", HOSTILE.values(), ids=HOSTILE)
def test_hostile_queries_are_answered_or_refused_by_name(q):
    for length in (2_048, 16_384, 2_000_000):
        result = answer(q, max_length=length)
        assert len(json.dumps(result)) < 6 * length + 1_000
        assert "parsed" in answer(q, strict=False, max_length=length)
    if "error" in result:
        with pytest.raises(RequestError) as caught:
            parse(q, max_length=2_000_000)
        assert len(caught.value.detail) < 200


def test_threads_share_the_parser():
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda case: answer(case["query"]), CASES * 4))
    assert results == [answer(case["query"]) for case in CASES] * 4


PIECES = [
    *("a", "ceasefire", "don't", "2021", "none", "12:30", "http://x.y/?a*b", 'צה"ל', "İ", "x" * 70),
    *(
        " ",
        "  ",
        "\n",
        "\u3000",
        "\u200f",
        "\x00",
        "\ud800",
        '"',
        "“",
        "”",
        "«",
        "»",
        "'",
        "\\",
        "\\ ",
        '\\"',
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        " TO ",
        "AND",
        "OR",
        "NOT",
        "ANDNOT",
        "REQUIRE",
        "&&",
        "||",
        "-",
        "+",
        "!",
    ),
    *(
        "~",
        "~2",
        "~9",
        "^",
        "^2",
        "^0",
        "*",
        "?",
        "wo*",
        ":",
        ":=",
        "=",
        "title:",
        "date:",
        "has:",
        "speaker:=",
    ),
    *("said:", "said:(", " BY:", "BY:(", "outlet:Mehr"),
    *("foo:", "titel:", "[2021 TO 2022]", "date:[", "date:foo", "has:dat", ">=2021"),
]
TYPED = st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.text(max_size=30))


@settings(max_examples=1_500, deadline=None)
@given(TYPED)
@example("\\")
@example('"\\')
def test_whatever_is_typed_is_parsed_or_mended(q):
    result = answer(q)
    if "error" in result:
        fault = result["error"]
        assert 0 <= fault["offset"] < fault["offset"] + fault["length"] <= len(q)
        assert fault["suggestion"] is None or "parsed" in answer(fault["suggestion"])
    else:
        tree = parse(q)
        assert parse(result["parsed"]) == tree
        assert all(0 <= node.startchar <= node.endchar <= len(q) for node in nodes(tree))


@settings(max_examples=1_500, deadline=None)
@given(TYPED)
def test_a_search_box_never_fails(q):
    tree = parse(q, strict=False)
    assert parse(q, strict=False) == tree
    assert parse(render(tree)) == tree
    assert all(0 <= node.startchar <= node.endchar <= len(q) for node in nodes(tree))
    strict = answer(q)
    if "parsed" in strict and "?" not in q:
        assert parse(q) == tree


@settings(max_examples=200, deadline=None)
@given(TYPED)
def test_only_a_query_that_finds_nothing_in_itself_has_no_suggestion(q):
    result = answer(q)
    if (
        "error" in result
        and result["error"]["code"] != "query-too-complex"
        and result["error"]["suggestion"] is None
    ):
        assert isinstance(parse(q, strict=False), query.Every)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
STEMS = st.text(st.characters(categories=["L", "Nd"]), min_size=2, max_size=8)
TEXTS = st.sampled_from([TEXT, "title", "body", "outlet", "speaker", "language"])
DAYS = st.sampled_from(["2021", "2021-05", "2021-05-24", "202X", "2021~"])
BOOSTS = st.sampled_from([1.0, 1.0, 1.0, 2.0, 0.5, 1e-7, 1000.0, 1 / 3])
LEAVES = st.one_of(
    st.builds(query.Term, TEXTS, WORDS, BOOSTS),
    st.builds(query.Prefix, TEXTS, STEMS, BOOSTS),
    st.builds(lambda field, a, b: query.Wildcard(field, f"{a}?{b}*"), TEXTS, STEMS, STEMS),
    st.builds(query.FuzzyTerm, TEXTS, WORDS, BOOSTS, st.sampled_from([1, 2])),
    st.builds(query.Phrase, TEXTS, st.lists(WORDS, min_size=1, max_size=4), st.integers(1, 101), BOOSTS),
    st.builds(
        Exact, st.sampled_from(["outlet", "speaker", "language"]), WORDS.map(str.strip).filter(bool), BOOSTS
    ),
    st.builds(Has, st.sampled_from(HAS), BOOSTS),
    st.builds(DateRange, st.just("date"), DAYS, DAYS.filter(lambda day: day != "202X")).filter(
        lambda dates: dates.start in {dates.end, "2021"}
    ),
    st.builds(DateRange, st.just("date"), st.none(), DAYS),
    st.builds(query.Every, boost=BOOSTS),
)
OF_QUOTES = LEAVES.filter(
    lambda leaf: getattr(leaf, "fieldname", TEXT) in {None, TEXT, "speaker"} and not isinstance(leaf, Has)
)
OF_SPEAKERS = LEAVES.filter(
    lambda leaf: getattr(leaf, "fieldname", None) == "speaker" and isinstance(leaf, query.Term | query.Phrase)
)


def larger(parts):
    several = st.lists(parts, min_size=2, max_size=4)
    compounds = [st.builds(kind, several, BOOSTS) for kind in (query.And, query.Or, Adjacent)]
    return st.one_of(st.builds(query.Not, parts), *compounds)


SAID = st.builds(
    Said,
    st.recursive(OF_QUOTES, larger, max_leaves=4),
    st.none() | st.recursive(OF_SPEAKERS, larger, max_leaves=3),
    BOOSTS,
)


@settings(max_examples=600, deadline=None)
@given(st.recursive(LEAVES | SAID, larger, max_leaves=10))
def test_what_is_rendered_parses_to_the_same_tree(tree):
    assert parse(render(tree), max_length=100_000) == tree
