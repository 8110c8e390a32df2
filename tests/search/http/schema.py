"""A judge of JSON Schemas, as far as the OpenAPI document uses them."""

import re

TYPES = {
    "string": str,
    "object": dict,
    "array": list,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}
KNOWN = {
    *("type", "properties", "required", "items", "enum", "anyOf", "allOf", "$ref", "additionalProperties"),
    *("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "format"),
    *("description", "default"),
}


def faults(value, schema, document, place="$"):
    """Return where and how the value breaks the schema."""
    unknown = schema.keys() - KNOWN
    assert not unknown, f"{place}: a keyword that nobody checks: {unknown}"
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        return faults(value, document["components"]["schemas"][name], document, place)
    found = []
    if "anyOf" in schema and all(faults(value, one, document, place) for one in schema["anyOf"]):
        found.append(f"{place}: none of the alternatives")
    for one in schema.get("allOf", ()):
        found += faults(value, one, document, place)
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{place}: {value!r} is not one of {schema['enum']}")
    named = schema.get("type", list(TYPES))
    wanted = [named] if isinstance(named, str) else named
    if not any(
        isinstance(value, TYPES[one])
        and (one == "boolean" or value not in (True, False) or not isinstance(value, bool))
        for one in wanted
    ):
        return [*found, f"{place}: {value!r} is not of type {wanted}"]
    return [*found, *INSIDE.get(type(value), lambda *_: [])(value, schema, document, place)]


def _number(value, schema, document, place):
    del document
    low, high = schema.get("minimum", value), schema.get("maximum", value)
    return [] if low <= value <= high else [f"{place}: {value} is not within {low} and {high}"]


def _text(value, schema, document, place):
    del document
    low, high = schema.get("minLength", 0), schema.get("maxLength", len(value))
    right = low <= len(value) <= high and re.search(schema.get("pattern", ""), value)
    return [] if right else [f"{place}: {value!r} is too long, too short or no match"]


def _list(value, schema, document, place):
    inside = [
        fault
        for number, one in enumerate(value)
        for fault in faults(one, schema.get("items", {}), document, f"{place}[{number}]")
    ]
    right = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
    return inside if right else [*inside, f"{place}: {len(value)} items"]


def _object(value, schema, document, place):
    found = [f"{place}: {name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, one in value.items():
        inner = schema.get("properties", {}).get(name, schema.get("additionalProperties", {}))
        found += (
            [f"{place}: {name} is not known"]
            if inner is False
            else faults(one, inner, document, f"{place}.{name}")
        )
    return found


INSIDE = {int: _number, float: _number, str: _text, list: _list, dict: _object}
