"""Articles as they are written, and the jobs that index them."""

from __future__ import annotations

from index.jobs import DONE
from index.sources.reading import ID_LENGTH
from search.http.schemas.shapes import COUNT, TEXT, Schema, array, mapping, named, nullable, record

_NEW: dict[str, Schema] = {
    "id": {"type": ["string", "integer", "null"], "maxLength": ID_LENGTH},
    "title": nullable(TEXT),
    "body": {
        **nullable(TEXT),
        "description": "taken as it is; or text or html, which are raw and get cleaned",
    },
    "text": {**nullable(TEXT), "format": "news-text"},
    "html": {**nullable(TEXT), "format": "news-html"},
    "url": nullable(TEXT),
    "date": {"description": "what cannot be read is not taken, and the article says so"},
    "outlet": nullable(TEXT),
    "language": nullable(TEXT),
    "speakers": {"anyOf": [array(nullable(TEXT)), nullable(TEXT)]},
    "fetched": {
        **nullable(TEXT),
        "format": "news-day",
        "description": "the day it was fetched, such as 2021-05-24",
    },
}
"""The keys of an article that is written: those of a line of JSON in a source."""

_NOT_BLANK = r"[^\s\u001c-\u001f\u0085]|\ufeff"
"""A character that is no blank for Python, in the words of ECMAScript, which JSON Schema speaks."""

_WORDS = ("title", "body", "text", "html")
"""Keys of an article that is written, of which one has its words."""


def _written(name: str, without: str = "") -> dict[str, Schema]:
    """Return the schema of an article that is written, by name: one for each key that may have its words.

    Each is an object of its own with all keys: client generators make no type of what only adds to another.
    """
    keys = {key: schema for key, schema in _NEW.items() if key != without}
    forms = {
        f"{name}By{words.capitalize()}": record(
            {**keys, words: {**keys[words], "type": "string", "pattern": _NOT_BLANK}},
            optional=tuple(key for key in keys if key != words),
            description=f"an article to index, of which {words} is there; other keys are ignored and counted",
        )
        for words in _WORDS
    }
    return {name: {"anyOf": [named(form) for form in forms]}, **forms}


WRITES: dict[str, Schema] = {
    **_written("NewArticle"),
    **_written("ArticleContent", without="id"),
    "Job": record(
        {
            "id": TEXT,
            "status": {"type": "string", "enum": ["waiting", "done"]},
            "received": {"type": "string", "format": "date-time"},
            "finished": nullable({"type": "string", "format": "date-time"}),
            "generation": {**nullable(COUNT), "description": "a generation that holds what is done"},
            "lines": COUNT,
            "counts": record(dict.fromkeys(("waiting", *DONE, "failed"), COUNT)),
            "items": array(
                record(
                    {
                        "line": COUNT,
                        "id": TEXT,
                        "result": {"type": "string", "enum": ["waiting", *DONE]},
                        "version": {**nullable(TEXT), "description": "for If-Match, in quotation marks"},
                        "links": named("Links"),
                    }
                )
            ),
            "errors": array(record({"line": COUNT, "id": nullable(TEXT), "code": TEXT, "detail": TEXT})),
            "ignored": {**mapping(COUNT), "description": "unknown keys, and how many lines had them"},
            "links": named("Links"),
        },
        description="a write, line by line: items are what did not fail, errors what did",
    ),
}
