"""Parameters as OpenAPI describes them, made from their table: in a URL, and as the keys of a JSON body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from search.http.parameters import HALF_LIFE, MAX_NAMED, MAX_VALUES, known

if TYPE_CHECKING:
    from search.http.parameters import Parameter
    from search.http.schemas import Schema


def in_url(endpoint: str) -> list[dict[str, Any]]:
    """Return the parameters of an endpoint as they stand in a URL."""
    parameters = known(endpoint)
    return [_in_query(one, by_itself="cursor" in parameters) for one in parameters.values()]


def _in_query(parameter: Parameter, *, by_itself: bool) -> dict[str, Any]:
    """Return a parameter as it stands in a URL."""
    joined = {"style": "form", "explode": False} if parameter.type == "list" else {}
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": _described(parameter),
        **joined,
        "schema": _schema(parameter, parameter.length, by_itself=by_itself),
    }


def in_body(path: str) -> Schema:
    """Return the schema of a body: the parameters by name, one value standing for an array of one."""
    properties = {}
    for parameter in known(path).values():
        schema = _schema(parameter, parameter.length_in_body, by_itself=True)
        if parameter.repeatable:
            schema = {"anyOf": [schema, schema["items"]]}
        elif parameter.type == "list":
            one = f"({'|'.join(parameter.choices)})"
            schema = {"anyOf": [schema, {"type": "string", "pattern": f"^{one}(,{one})*$"}]}
        properties[parameter.name] = {"description": _described(parameter), **schema}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _described(parameter: Parameter) -> str:
    """Return what a parameter means, and its default."""
    default = parameter.default
    shown = str(default).lower() if isinstance(default, bool) else default
    return parameter.description + (f" (default: {shown})" if default not in (None, "") else "")


def _schema(parameter: Parameter, length: int, *, by_itself: bool) -> Schema:
    """Return the schema of a parameter's value.

    ``by_itself``: a cursor may come, alone.  Generated clients send defaults that a schema names as if they
    had been asked for, which contradicts it; they are in the description then.
    """
    default = {} if parameter.default is None or by_itself else {"default": parameter.default}
    if parameter.type == "integer":
        return {"type": "integer", "minimum": parameter.least, "maximum": parameter.most, **default}
    if parameter.type == "boolean":
        return {"type": "boolean", **default}
    one: Schema = {"type": "string", "maxLength": length}
    if parameter.least:
        one["minLength"] = parameter.least
    if parameter.format:
        one["format"] = parameter.format
    if parameter.type == "half-life":
        one["pattern"] = f"^{HALF_LIFE}$"
    if parameter.choices:
        one = {"type": "string", "enum": list(parameter.choices)}
    elif parameter.repeatable:
        one["pattern"] = r"^(?!-?[\s\u001c-\u001f\u0085]*$)[^\u0000]+$"
    if parameter.type == "list":
        joined = {"default": str(parameter.default).split(",")} if default else {}
        return {"type": "array", "items": one, "minItems": 1, "maxItems": MAX_NAMED, **joined}
    if parameter.repeatable:
        return {"type": "array", "items": one, "maxItems": MAX_VALUES}
    return {**one, **default}
