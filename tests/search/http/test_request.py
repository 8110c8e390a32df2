"""Parameters become a checked request, or all of their faults at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import edtf
from index.schema import FACETS, KEYS
from search.http.parameters import PARAMETERS, known
from search.http.problems import BY_CODE, Refused
from search.http.request import MAX_FAULTS, asked, check, differences
from search.request import Request

SEARCH = "/v1/search"


def refused(*pairs, body=False):
    with pytest.raises(Refused) as error:
        check(SEARCH, pairs, body=body)
    return error.value.failure


def test_nothing_asked_is_all_articles_newest_first():
    whole = asked(check(SEARCH, []))
    assert whole.request == Request(sort="-date")
    assert whole.values == {}


def test_everything_asked_reaches_the_request():
    pairs = [
        ("q", "ceasefire"),
        ("match", "any"),
        ("syntax", "simple"),
        ("outlet", "Press TV"),
        ("outlet", "-Mehr, News"),
        ("speaker", "Qalibaf"),
        ("language", "en"),
        ("date", "2021-05/2021-06"),
        ("date_match", "certain"),
        ("facet", "date"),
        ("facet", "outlet"),
        ("facet_size", "1000"),
        ("facet_mode", "strict"),
        ("facet_count", "stories"),
        ("interval", "week"),
        ("group", "cluster"),
        ("sort", "date"),
        ("rank", "deep"),
        ("recency", "6w"),
        ("limit", "100"),
        ("min_confidence", "low"),
        ("fields", "body,title"),
        ("highlight", "false"),
        ("include", "provenance,quotes"),
        ("timeout_ms", "500"),
        ("partial", "deny"),
    ]
    assert {name for name, _ in pairs} | {"cursor"} == known(SEARCH).keys()
    whole = asked(check(SEARCH, pairs))
    assert whole.request == Request(
        q="ceasefire",
        match="any",
        syntax="simple",
        filters={"outlet": ("-Mehr, News", "Press TV"), "speaker": ("Qalibaf",), "language": ("en",)},
        date=edtf.parse("2021-05/2021-06"),
        date_match="certain",
        facets=("date", "outlet"),
        facet_size=1000,
        facet_mode="strict",
        facet_count="stories",
        interval="week",
        group="cluster",
        rank="deep",
        recency=42,
        sort="date",
        limit=100,
        min_confidence="low",
        highlight=False,
    )
    assert whole.fields == {"title", "body"}
    assert whole.include == {"quotes", "provenance"}
    assert set(whole.values) == {name for name, _ in pairs}


def test_a_body_says_the_same_as_a_url():
    url = [
        ("q", "x"),
        ("facet", "date"),
        ("facet", "outlet"),
        ("limit", "5"),
        ("fields", "url,id"),
        ("highlight", "false"),
    ]
    body = [
        ("q", "x"),
        ("facet", ["outlet", "date"]),
        ("limit", 5),
        ("fields", ["id", "url"]),
        ("highlight", False),
    ]
    assert check(SEARCH, url) == check(SEARCH, body, body=True)
    assert check(SEARCH, [("facet", "date"), ("fields", "url,id")], body=True) == check(
        SEARCH, [("facet", "date"), ("fields", "url,id")]
    )


def test_equal_requests_have_equal_values_however_written():
    one = asked(
        check(
            SEARCH, [("speaker", "b"), ("speaker", "a"), ("limit", "010"), ("q", "x"), ("sort", "relevance")]
        )
    )
    other = asked(
        check(SEARCH, [("q", "x"), ("speaker", "a"), ("speaker", "b"), ("speaker", "a"), ("match", "all")])
    )
    assert one == other
    assert one.values == {"q": "x", "speaker": ("a", "b")}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "-1"),
        ("limit", ""),
        ("limit", "ten"),
        ("limit", "1e1"),
        ("limit", "1_0"),
        ("limit", " 5"),
        ("limit", "٣"),
        ("limit", "５"),
        ("limit", "9" * 5000),
        ("facet_size", "1001"),
        ("match", "ALL"),
        ("match", ""),
        ("highlight", "1"),
        ("highlight", "True"),
        ("date", "yesterday"),
        ("date", "2021-13"),
        ("date", "../.."),
        ("date", "2022/2021"),
        ("date", "٢٠٢١"),
        ("date", ""),
        ("outlet", ""),
        ("outlet", "-"),
        ("outlet", "- "),
        ("outlet", "x" * 513),
        ("speaker", "a\0b"),
        ("facet", "body"),
        ("facet", "outlet,speaker"),
        ("include", "explanation"),
        ("include", ""),
        ("min_confidence", "highest"),
    ],
)
def test_a_value_that_has_no_meaning_is_refused_with_what_is_expected(name, value):
    failure = refused((name, value))
    assert failure.code == "invalid-parameter"
    [(code, fault)] = failure.faults
    assert (code, fault.parameter) == ("invalid-parameter", name)
    assert len(fault.detail) < 300


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", "5"), ("limit", 5.5), ("limit", True), ("limit", None), ("highlight", 1), ("q", 7),
     ("q", ["a"]), ("outlet", [1]), ("outlet", {}), ("facet", [["outlet"]]), ("fields", [None]),
     ("date", 2021), ("q", "a\0")],
)  # fmt: skip
def test_a_json_value_of_another_type_is_refused(name, value):
    assert refused((name, value), body=True).code == "invalid-parameter"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("facets", "facet"), ("speakers", "speaker"), ("Limit", "limit"), ("query", "q"), ("offset", "cursor"),
     ("langauge", "language"), ("zzz", None), ("", None), ("x" * 3000, None)],
)  # fmt: skip
def test_an_unknown_parameter_is_refused_with_the_nearest_name(name, meant):
    failure = refused((name, "1"))
    assert failure.code == "unknown-parameter"
    assert failure.faults[0][1].suggestion == meant


def test_an_endpoint_without_parameters_knows_none():
    with pytest.raises(Refused) as error:
        check("/v1/stats", [("limit", "5")])
    assert error.value.failure.code == "unknown-parameter"
    assert error.value.failure.faults[0][1].suggestion is None


def test_a_query_that_may_be_anything_is_no_fault_beside_others():
    with pytest.raises(Refused) as error:
        check("/v1/suggest", [("q", '"peace ('), ("limit", "0")])
    assert [fault.parameter for _, fault in error.value.failure.faults] == ["limit"]


def test_all_faults_are_in_one_answer():
    failure = refused(
        ("limit", "0"),
        ("facets", "outlet"),
        ("q", "a"),
        ("q", "b"),
        ("fields", "id,titel"),
        ("date", "x"),
        ("sort", "date"),
    )
    assert [(code, fault.parameter) for code, fault in failure.faults] == [
        ("unknown-parameter", "facets"),
        ("invalid-parameter", "q"),
        ("invalid-parameter", "date"),
        ("invalid-parameter", "limit"),
        ("unknown-field", "fields"),
    ]
    assert failure.faults[-1][1].suggestion == "title"
    assert failure.faults[-1][1].expected == ", ".join(KEYS)


def test_faults_of_the_query_stand_beside_those_of_the_parameters():
    failure = refused(("q", "(rockets"), ("limit", "0"))
    assert [(code, fault.parameter) for code, fault in failure.faults] == [
        ("query-syntax", "q"),
        ("invalid-parameter", "limit"),
    ]
    assert failure.faults[0][1].offset == 0
    assert [code for code, _ in refused(("q", "(a"), ("syntax", "simple"), ("limit", "0")).faults] == [
        "invalid-parameter"
    ]


def test_a_scalar_given_twice_is_refused_even_with_one_value():
    assert refused(("limit", "5"), ("limit", "5")).faults[0][1].expected == "once"


def test_facets_joined_by_a_comma_are_shown_apart():
    fault = refused(("facet", "outlet,speaker")).faults[0][1]
    assert fault.suggestion == "facet=outlet&facet=speaker"
    assert fault.expected == ", ".join(FACETS)


def test_a_query_that_is_too_long_names_the_limit_and_its_length():
    failure = refused(("q", "ی" * 2_049))
    assert failure.code == "query-too-complex"
    assert "2,049" in failure.detail
    assert "2,048" in failure.detail
    assert check(SEARCH, [("q", "x" * 16_384)], body=True)
    assert refused(("q", "x" * 16_385), body=True).code == "query-too-complex"


def test_values_and_faults_have_a_limit():
    assert refused(*[("outlet", str(n)) for n in range(101)]).code == "invalid-parameter"
    assert refused(("outlet", [str(n) for n in range(101)]), body=True).code == "invalid-parameter"
    assert refused(("fields", ["id"] * 101), body=True).code == "invalid-parameter"
    assert len(refused(*[(f"p{n}", "1") for n in range(1000)]).faults) == MAX_FAULTS


def test_what_is_given_beside_a_cursor_must_be_what_it_was_made_for():
    made_for = asked(
        check(SEARCH, [("q", "x"), ("limit", "5"), ("facet", "date"), ("outlet", "a"), ("outlet", "b")])
    )
    same = [
        [],
        [("q", "x")],
        [("sort", "relevance")],
        [("limit", "05")],
        [("match", "all"), ("outlet", "b"), ("outlet", "a")],
    ]
    for pairs in same:
        assert differences(check(SEARCH, pairs), made_for) == []
    other = [
        ("q", "y"),
        ("sort", "date"),
        ("limit", "10"),
        ("outlet", "a"),
        ("date", "2021"),
        ("facet", "date"),
    ]
    faults = differences(check(SEARCH, other), made_for)
    assert [fault.parameter for fault in faults] == ["q", "outlet", "date", "sort", "limit"]
    assert [fault.expected for fault in faults] == ["x", "a,b", "absent", "absent", "5"]


names = st.sampled_from([parameter.name for parameter in PARAMETERS]) | st.text(max_size=8)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


@given(
    st.lists(st.tuples(names, st.text(max_size=20)), max_size=6) | st.none(),
    st.lists(st.tuples(names, json), max_size=6),
)
def test_anything_is_a_request_or_named_faults(in_url, in_body):
    body = in_url is None
    failure, values = None, {}
    try:
        values = check(SEARCH, in_body if body else in_url, body=body)
    except Refused as error:
        failure = error.failure
    if failure:
        assert failure.faults
        assert {code for code, _ in failure.faults} <= BY_CODE.keys()
    else:
        normal = asked(values).values
        assert asked(check(SEARCH, normal.items(), body=True)).values == normal
