"""A parameter, facet, endpoint or problem without its place in the README does not exist for a reader."""

import re
from pathlib import Path

from index.schema import FACETS
from search.http.endpoints import ENDPOINTS
from search.http.operations import HEADERS, OPERATIONS
from search.http.parameters import PARAMETERS, SEARCH, known
from search.http.problems import PROBLEMS

README = (Path(__file__).parents[3] / "search" / "README.md").read_text(encoding="utf-8")


def rows(heading):
    """The table under a heading, by its first column."""
    sections = [one.split("\n## ")[0] for one in README.split(f"\n## {heading}")[1:]]
    return dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", "\n".join(sections), re.MULTILINE))


def test_every_parameter_has_its_row_with_its_values_and_limits():
    assert list(rows("Parameters of /v1/search")) == list(known(SEARCH))
    written = rows("Parameters")
    assert list(written) == [parameter.name for parameter in PARAMETERS]
    for parameter in PARAMETERS:
        row = written[parameter.name]
        assert parameter.repeatable == ("repeatable" in row)
        choices = parameter.default if parameter.type == "list" and parameter.default else parameter.choices
        wanted = choices.split(",") if isinstance(choices, str) else choices
        assert set(wanted) <= set(re.findall(r"[\w-]+", row))
        if parameter.type == "integer":
            assert f"{parameter.least:,} to {parameter.most:,}" in row
            assert f"{parameter.default:,} |" in row


def test_the_first_value_named_is_the_default():
    for parameter in PARAMETERS:
        if parameter.type in {"choice", "boolean"} and not parameter.repeatable:
            row = rows("Parameters")[parameter.name]
            first = re.findall(r"`([^`]+)`", row)[0]
            default = parameter.choices[0] if parameter.default is None else parameter.default
            assert first == str(default).lower()


def test_every_problem_has_its_row_with_its_status():
    written = rows("Problems")
    assert list(written) == [problem.code for problem in PROBLEMS]
    assert all(written[problem.code].startswith(f"{problem.status} | ") for problem in PROBLEMS)


def test_every_endpoint_and_facet_has_its_paragraph():
    headings = "\n".join(re.findall(r"^### (.+)$", README, re.MULTILINE))
    assert all(f"`GET {endpoint.path}`" in headings for endpoint in ENDPOINTS)
    assert all(f"`{operation.endpoint}`" in headings for operation in OPERATIONS)
    assert all(f"`{header.name}" in README for header in HEADERS)
    facets = README.split("\n### Facets\n", 1)[1].split("\n### ")[0]
    assert all(f"`{facet}`" in facets for facet in FACETS)


def test_every_other_parameter_names_the_addresses_that_take_it():
    for name, row in rows("Parameters of other addresses").items():
        (parameter,) = [one for one in PARAMETERS if one.name == name]
        assert [f"`{endpoint}`" for endpoint in parameter.endpoints] == re.findall(
            r"`(?:[A-Z]+ )?/v1[^`]*`", row
        )
