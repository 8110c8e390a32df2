"""The OpenAPI document says what the tables say, and hangs together."""

import re

from search.http.endpoints import ENDPOINTS
from search.http.openapi import document
from search.http.operations import NEEDING_A_KEY, OPERATIONS
from search.http.parameters import QUOTES, SEARCH, known
from search.http.problems import PROBLEMS
from search.http.relations import RELATIONS

WHOLE = document()
METHODS = {"get", "post", "put", "delete"}


def inside(value):
    yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inside(one)


def operations():
    return [one for item in WHOLE["paths"].values() for name, one in item.items() if name in METHODS]


def test_every_reference_leads_somewhere_and_everything_named_is_referred_to():
    links = {one["$ref"] for one in inside(WHOLE) if isinstance(one, dict) and "$ref" in one}
    named = {f"#/components/{kind}/{name}" for kind, group in WHOLE["components"].items() for name in group}
    schemes = {f"#/components/securitySchemes/{name}" for name in WHOLE["components"]["securitySchemes"]}
    assert links == named - schemes


def test_operations_have_unique_names_and_every_variable_of_a_path_is_declared():
    names = [operation["operationId"] for operation in operations()]
    assert len(set(names)) == len(names)
    for path, item in WHOLE["paths"].items():
        assert re.findall(r"{(\w+)}", path) == [one["name"] for one in item.get("parameters", [])]


def test_parameters_stand_in_the_url_and_in_the_body():
    search = WHOLE["paths"]["/v1/search"]
    names = list(known(SEARCH))
    assert [one["name"] for one in search["get"]["parameters"]] == names
    assert list(WHOLE["components"]["schemas"]["Parameters"]["properties"]) == names
    assert list(WHOLE["components"]["schemas"]["QuoteParameters"]["properties"]) == list(known(QUOTES))
    assert "QUERY" in search["post"]["description"]


def test_defaults_and_limits_are_those_of_the_table():
    schemas = {one["name"]: one["schema"] for one in WHOLE["paths"]["/v1/export"]["get"]["parameters"]}
    assert schemas["match"] == {"type": "string", "enum": ["all", "most", "any"], "default": "all"}
    assert schemas["q"] == {"type": "string", "maxLength": 2048, "format": "query", "default": ""}
    assert schemas["fields"]["default"] == [
        *("id", "title", "date", "outlet", "language", "speakers", "cluster")
    ]
    schemas = {one["name"]: one["schema"] for one in WHOLE["paths"]["/v1/search"]["get"]["parameters"]}
    assert schemas["limit"] == {"type": "integer", "minimum": 1, "maximum": 100}
    assert schemas["facet"]["items"]["enum"] == ["date", "outlet", "language", "speaker"]


def test_headers_have_no_choices_since_generated_clients_make_no_types_of_them():
    headers = [
        one["schema"] for _, known_ in NAMED.values() for one in known_.values() if one["in"] == "header"
    ]
    assert headers
    assert not any(schema.keys() & {"enum", "const"} for schema in headers)


def test_where_a_cursor_may_come_alone_no_client_is_told_to_send_defaults_with_it():
    bodies = [
        WHOLE["components"]["schemas"][name]["properties"] for name in ("Parameters", "QuoteParameters")
    ]
    in_urls = [{one["name"]: one for one in operation.get("parameters", ())} for operation in operations()]
    paged = [known_ for known_ in (*bodies, *in_urls) if "cursor" in known_]
    assert len(paged) == 7
    for parameters in paged:
        assert not any(isinstance(one, dict) and "default" in one for one in inside(parameters))
        assert "limit" not in parameters or "(default: 10)" in parameters["limit"]["description"]


def at(schema, pointer):
    """The schema of what a JSON pointer into a value of a schema leads to."""
    for number, key in enumerate(pointer):
        while "$ref" in schema:
            schema = WHOLE["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if "anyOf" in schema:  # something or null
            return at(next(one for one in schema["anyOf"] if one.get("type") != "null"), pointer[number:])
        schema = schema["items"] if key.isdecimal() else schema["properties"][key]
    return schema


NAMED = {
    one["operationId"]: (one, {each["name"]: each for each in (*one.get("parameters", ()), *of_path)})
    for item in WHOLE["paths"].values()
    for of_path in [item.get("parameters", [])]
    for method, one in item.items()
    if method in METHODS
}


def test_every_link_leads_from_something_in_an_answer_to_a_parameter_of_an_operation():
    seen = set()
    for name, (operation, _) in NAMED.items():
        for answer in operation["responses"].values():
            for link, leads in answer.get("links", {}).items():
                seen.add((name, link))
                for parameter, expression in leads["parameters"].items():
                    place, _, what = parameter.rpartition(".")
                    assert NAMED[leads["operationId"]][1][what]["in"] in {place or "path", place or "query"}
                    source, _, pointer = expression.partition("#/")
                    if source == "$response.body":
                        assert at(answer["content"]["application/json"]["schema"], pointer.split("/"))
                    else:
                        assert expression in {
                            "$request.path.id",
                            "$request.path.field",
                            "$response.header.ETag",
                        }
    assert seen == {(each.operation, each.name) for each in RELATIONS}


def test_no_two_types_of_a_generated_client_have_one_name():
    """Generators name a list of choices after what holds it: an operation's parameter, a schema's key."""
    places = [
        *((name, known_) for name, (_, known_) in NAMED.items()),
        *((name, schema.get("properties", {})) for name, schema in WHOLE["components"]["schemas"].items()),
    ]
    types = {}
    for name, parts in places:
        for key, part in parts.items():
            choices = part.get("schema", part).get("enum")
            if choices:
                types.setdefault(f"{name}{key}".replace("_", "").lower(), set()).add(frozenset(choices))
    assert {name: choices for name, choices in types.items() if len(choices) > 1} == {}


def test_every_problem_is_documented_at_an_operation():
    said = " ".join(answer["description"] for one in operations() for answer in one["responses"].values())
    assert [problem.code for problem in PROBLEMS if f"{problem.code}: " not in said] == []


def test_every_endpoint_is_a_path():
    written = dict.fromkeys(operation.path for operation in OPERATIONS)
    read = [endpoint.path for endpoint in ENDPOINTS]
    assert list(WHOLE["paths"]) == [*read, *(path for path in written if path not in read)]


def test_what_writes_needs_a_key_and_knows_its_parameters_and_headers():
    for operation in OPERATIONS:
        shown = WHOLE["paths"][operation.path][operation.method]
        names = [one["name"] for one in shown["parameters"] if one["in"] == "query"]
        assert names == list(known(operation.endpoint))
        assert ("requestBody" in shown) == (operation.method != "delete")
        assert {"202", "401", "403", "409", "429"} <= shown["responses"].keys()
    needing = [
        path if name == "get" else f"{name.upper()} {path}"
        for path, item in WHOLE["paths"].items()
        for name in item.keys() & METHODS
        if item[name].get("security") == [{"key": []}]
    ]
    assert sorted(needing) == sorted(NEEDING_A_KEY)
