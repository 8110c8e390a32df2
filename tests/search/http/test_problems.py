"""Every named error has its row, and no answer tells what only the log may say."""

import falcon
import pytest

from index import errors as of_index
from search import errors as of_search
from search.errors import Fault
from search.http.problems import BY_CODE, PROBLEMS, document, failure


def subclasses(kind):
    return {kind} | {below for each in kind.__subclasses__() for below in subclasses(each)}


def test_codes_are_unique_and_every_row_says_what_it_means_and_how_to_mend_it():
    assert len(BY_CODE) == len(PROBLEMS)
    assert all(problem.title and problem.meaning and problem.remedy for problem in PROBLEMS)


@pytest.mark.parametrize("kind", sorted(subclasses(of_search.RequestError), key=str))
def test_every_error_of_a_request_is_a_problem_of_the_caller(kind):
    found = failure(kind("Unclosed quotation mark.", Fault("q", "Unclosed.", 8, 1, '"', 'speaker:"Haniyeh"')))
    assert found.code == kind.code
    assert 400 <= found.problem.status < 500
    assert document(found, "r1") == {
        "type": f"/problems/{kind.code}",
        "title": BY_CODE[kind.code].title,
        "status": BY_CODE[kind.code].status,
        "detail": "Unclosed quotation mark.",
        "code": kind.code,
        "request_id": "r1",
        "errors": [
            {
                "code": kind.code,
                "parameter": "q",
                "detail": "Unclosed.",
                "offset": 8,
                "length": 1,
                "expected": '"',
                "suggestion": 'speaker:"Haniyeh"',
            }
        ],
    }


@pytest.mark.parametrize("kind", [of_search.EngineUnavailable, of_index.CorruptIndex, of_index.NoIndex])
def test_an_index_that_cannot_be_read_is_unavailable_and_its_place_stays_in_the_log(kind):
    found = failure(kind("/srv/news/var/index/commit-3.json is damaged"))
    assert found.code == "index-unavailable"
    assert int(found.headers["Retry-After"]) > 0
    assert "/srv" not in str(document(found, "r"))


def test_an_error_that_nobody_meant_is_internal_and_says_nothing():
    found = failure(ZeroDivisionError("secret"))
    assert found.problem.status == 500
    assert "secret" not in str(document(found, "r"))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (falcon.HTTPRouteNotFound(), "not-found"),
        (falcon.HTTPMethodNotAllowed(["GET"]), "method-not-allowed"),
        (falcon.HTTPNotAcceptable(), "not-acceptable"),
        (falcon.HTTPUnsupportedMediaType(), "unsupported-media-type"),
        (falcon.HTTPContentTooLarge(), "body-too-large"),
        (falcon.HTTPInvalidHeader("no number", "Content-Length"), "invalid-parameter"),
        (falcon.HTTPInternalServerError(), "internal"),
    ],
)
def test_what_falcon_raises_has_a_code(error, code):
    found = failure(error)
    assert found.code == code
    assert found.problem.status == error.status_code
    assert found.detail


def test_the_methods_of_falcon_s_405_are_kept():
    assert failure(falcon.HTTPMethodNotAllowed(["GET", "HEAD"])).headers == {"Allow": "GET, HEAD"}
