"""What schemas are made of: plain types, what is built of them, and the keys that several answers have."""

from __future__ import annotations

from typing import Any

from index.article import LEVELS
from index.schema import FACETS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
LEVEL: Schema = {"type": "string", "enum": list(LEVELS)}


def nullable(schema: Schema) -> Schema:
    """Return the schema of what may be null as well."""
    if "type" in schema and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def array(items: Schema) -> Schema:
    """Return the schema of an array."""
    return {"type": "array", "items": items}


def record(properties: dict[str, Schema], *, optional: tuple[str, ...] = (), **more: Any) -> Schema:
    """Return the schema of an object with these keys, which are there unless they are ``optional``."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, **more}


def mapping(values: Schema) -> Schema:
    """Return the schema of an object with any keys."""
    return {"type": "object", "additionalProperties": values}


def named(name: str) -> Schema:
    """Return the reference to one of the schemas, by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


ASKED: dict[str, Schema] = {
    "query": record({"q": TEXT, "parsed": TEXT, "warnings": array(TEXT)}),
    "total": record({"value": COUNT, "relation": {"type": "string", "enum": ["eq", "gte"]}}),
    "took_ms": {"type": "number", "minimum": 0},
    "partial": FLAG,
    "generation": COUNT,
}
NEXT: Schema = {**nullable(TEXT), "description": "the cursor of the next page, or null on the last"}
RESULTS: dict[str, Schema] = {
    **ASKED,
    "hits": array(named("Hit")),
    "facets": record(
        {name: named("DateFacet" if name == "date" else "Facet") for name in FACETS}, optional=FACETS
    ),
    "next": NEXT,
    "links": named("Links"),
}
