"""The service itself: its state, its problems, its links."""

from __future__ import annotations

from search.http.problems import PROBLEMS
from search.http.schemas.shapes import COUNT, TEXT, Schema, array, mapping, named, record

SERVICE: dict[str, Schema] = {
    "Stats": record(
        {
            "generation": COUNT,
            "documents": COUNT,
            "deleted": COUNT,
            "segments": COUNT,
            "bytes": COUNT,
            "languages": mapping(COUNT),
            "recovered": mapping(mapping(COUNT)),
            "links": named("Links"),
        }
    ),
    "Alive": record({"status": {"type": "string", "enum": ["ok"]}}),
    "Ready": record({"status": {"type": "string", "enum": ["ready"]}, "generation": COUNT}),
    "Problem": record(
        {
            "type": {"type": "string", "format": "uri-reference"},
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "code": {"type": "string", "enum": [problem.code for problem in PROBLEMS]},
            "request_id": TEXT,
            "errors": array(
                record(
                    {
                        "code": TEXT,
                        "parameter": TEXT,
                        "detail": TEXT,
                        "offset": {**COUNT, "description": "code points of the decoded parameter"},
                        "length": COUNT,
                        "expected": TEXT,
                        "suggestion": TEXT,
                    },
                    optional=("offset", "length", "expected", "suggestion"),
                )
            ),
            "links": named("Links"),
        },
        optional=("links",),
    ),
    "Explanation": record(
        {
            "code": TEXT,
            "status": {"type": "integer"},
            "title": TEXT,
            "meaning": TEXT,
            "remedy": TEXT,
            "links": named("Links"),
        }
    ),
    "Explanations": record({"problems": array(named("Explanation"))}),
    "OpenAPI": {"type": "object"},
    "Links": mapping({"type": "string", "format": "uri-reference"}),
}
