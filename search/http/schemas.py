"""JSON Schemas of the answers: what a generated client turns into types.

Answers only ever gain keys, so no object here forbids others.
"""

from __future__ import annotations

from typing import Any, get_args

from index.article import LEVELS, Kind, Origin
from index.jobs import DONE
from index.schema import FACETS
from index.sources.reading import ID_LENGTH
from search.http import linked
from search.http.problems import PROBLEMS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FLAG: Schema = {"type": "boolean"}
_LEVEL: Schema = {"type": "string", "enum": list(LEVELS)}


def _nullable(schema: Schema) -> Schema:
    if "type" in schema and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: dict[str, Schema], *, optional: tuple[str, ...] = (), **more: Any) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, **more}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def named(name: str) -> Schema:
    """Return the reference to one of ``SCHEMAS``."""
    return {"$ref": f"#/components/schemas/{name}"}


_EVIDENCE = _object(
    {
        "method": _TEXT,
        "confidence": _LEVEL,
        "evidence": _object(
            {
                "from": {"type": "string", "enum": list(get_args(Origin))},
                "start": _nullable(_COUNT),
                "end": _nullable(_COUNT),
                "text": _TEXT,
            }
        ),
    }
)

_METADATA: dict[str, Schema] = {
    "id": _TEXT,
    "title": _nullable(_TEXT),
    "display_title": {**_TEXT, "description": "head of the lead; there where title is null"},
    "outlet": _nullable(_TEXT),
    "date": _nullable(named("Date")),
    "language": _TEXT,
    "speakers": _list(_TEXT),
    "cluster": _nullable(named("Cluster")),
}
_DETAILS: dict[str, Schema] = {
    "url": _nullable(_TEXT),
    "body": _TEXT,
    "quotes": _list(named("Quote")),
    "provenance": named("Provenance"),
}

_ASKED: dict[str, Schema] = {
    "query": _object({"q": _TEXT, "parsed": _TEXT, "warnings": _list(_TEXT)}),
    "total": _object({"value": _COUNT, "relation": {"type": "string", "enum": ["eq", "gte"]}}),
    "took_ms": {"type": "number", "minimum": 0},
    "partial": _FLAG,
    "generation": _COUNT,
}
_NEXT: Schema = {**_nullable(_TEXT), "description": "the cursor of the next page, or null on the last"}
_DAY: Schema = {"type": "string", "format": "date"}
_PERIOD: dict[str, Schema] = {"value": _TEXT, "from": _DAY, "to": _DAY, "count": _COUNT}
_SHARE: Schema = {
    **_nullable({"type": "number", "minimum": 0, "maximum": 1}),
    "description": "of all articles of the period that pass the filters; null where there are none",
}
_BRIEF: dict[str, Schema] = {
    "id": _TEXT,
    "title": _nullable(_TEXT),
    "outlet": _nullable(_TEXT),
    "date": _nullable(named("Date")),
    "links": named("Links"),
}

_QUOTE: dict[str, Schema] = {
    "speaker": _nullable(_TEXT),
    "as_written": _nullable(_TEXT),
    "mention": _nullable({"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2}),
    "text": _TEXT,
    "start": _COUNT,
    "end": _COUNT,
    "cue": _nullable(_TEXT),
    "kind": {"type": "string", "enum": list(get_args(Kind))},
    "confidence": _LEVEL,
}
_PERSON: dict[str, Schema] = {
    "id": _TEXT,
    "name": {**_TEXT, "description": "the spelling that the archive uses most"},
    "spellings": {**_list(_TEXT), "description": "the most used first"},
    "articles": {**_COUNT, "description": "articles that quote them"},
    "stories": {**_COUNT, "description": "stories that these articles tell, near-copies once"},
    "quotes": _COUNT,
    "links": named("Links"),
}
_OF_QUOTED = ("id", "title", "display_title", "outlet", "date", "language")


_RESULTS: dict[str, Schema] = {
    **_ASKED,
    "hits": _list(named("Hit")),
    "facets": _object(
        {name: named("DateFacet" if name == "date" else "Facet") for name in FACETS}, optional=FACETS
    ),
    "next": _NEXT,
    "links": named("Links"),
}

_NUMBERS = (
    "boost",
    "idf",
    "documents",
    "frequency",
    "occurrences",
    "tf",
    "norm",
    "length",
    "average_length",
    "lead",
    "near",
    "telling",
    "ordered",
    "share",
    "similarity",
    "score",
    "age",
    "half_life",
    "weight",
)

_NEW: dict[str, Schema] = {
    "id": {"type": ["string", "integer", "null"], "maxLength": ID_LENGTH},
    "title": _nullable(_TEXT),
    "body": {
        **_nullable(_TEXT),
        "description": "taken as it is; or text or html, which are raw and get cleaned",
    },
    "text": {**_nullable(_TEXT), "format": "news-text"},
    "html": {**_nullable(_TEXT), "format": "news-html"},
    "url": _nullable(_TEXT),
    "date": {"description": "what cannot be read is not taken, and the article says so"},
    "outlet": _nullable(_TEXT),
    "language": _nullable(_TEXT),
    "speakers": {"anyOf": [_list(_nullable(_TEXT)), _nullable(_TEXT)]},
    "fetched": {
        **_nullable(_TEXT),
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
        f"{name}By{words.capitalize()}": _object(
            {**keys, words: {**keys[words], "type": "string", "pattern": _NOT_BLANK}},
            optional=tuple(key for key in keys if key != words),
            description=f"an article to index, of which {words} is there; other keys are ignored and counted",
        )
        for words in _WORDS
    }
    return {name: {"anyOf": [named(form) for form in forms]}, **forms}


SCHEMAS: dict[str, Schema] = {
    "Results": _object(_RESULTS),
    "Hit": _object(
        {
            **_METADATA,
            **_DETAILS,
            "score": _nullable({"type": "number"}),
            "snippets": _list(named("Snippet")),
            "explain": {**_nullable(named("Why")), "description": "null when sorted by date"},
            "copies": named("Copies"),
            "links": named("Links"),
        },
        optional=("explain", "copies", *(name for name in (*_METADATA, *_DETAILS) if name != "id")),
        description="id, score, snippets and links, and the fields asked for",
    ),
    "Article": _object(
        {
            **_METADATA,
            **_DETAILS,
            "version": {**_TEXT, "description": "changes with the article alone; for If-Match"},
            "links": named("Links"),
        },
        optional=("display_title",),
    ),
    "NewsArticle": _object(
        {
            "@context": {"type": "string", "enum": [linked.CONTEXT]},
            "@type": {"type": "string", "enum": ["NewsArticle"]},
            "@id": {"type": "string", "format": "uri-reference"},
            "identifier": _TEXT,
            "url": _TEXT,
            "headline": _TEXT,
            "datePublished": {**_TEXT, "description": "a year, a month or a day"},
            "publisher": named("Named"),
            "inLanguage": _TEXT,
            "articleBody": _TEXT,
            "mentions": _list(named("Named")),
            "hasPart": _list(
                _object(
                    {
                        "@type": {"type": "string", "enum": ["Quotation"]},
                        "text": _TEXT,
                        "spokenByCharacter": named("Named"),
                    },
                    optional=("spokenByCharacter",),
                )
            ),
        },
        optional=(
            *("url", "headline", "datePublished", "publisher", "inLanguage"),
            *("articleBody", "mentions", "hasPart"),
        ),
        description="an article in JSON-LD, in the words of schema.org",
    ),
    "Named": _object(
        {"@type": _TEXT, "name": _TEXT},
        optional=("@type",),
        description="who said or published something, in JSON-LD",
    ),
    "Date": _object(
        {
            "edtf": _TEXT,
            "from": _nullable({"type": "string", "format": "date"}),
            "to": _nullable({"type": "string", "format": "date"}),
        }
    ),
    "Cluster": _object({"id": _TEXT, "size": _COUNT}),
    "Why": _object(
        {
            "value": {"type": "number"},
            "kind": {
                "type": "string",
                "enum": [
                    *("term", "phrase", "sum", "best", "match", "filter", "recency"),
                    *("lead", "near", "neighbours", "neighbour"),
                ],
            },
            "what": _TEXT,
            **{name: {"type": "number"} for name in _NUMBERS},
            "details": _list(named("Why")),
        },
        optional=_NUMBERS,
        description="a part of a score: the sum, the best or the formula of what is below it",
    ),
    "Copies": _object(
        {"count": _COUNT, "articles": _list(named("Brief"))},
        description="the other articles found of the story that the hit stands for, and the first of them",
    ),
    "Brief": _object(_BRIEF),
    "Story": _object(
        {
            "id": _TEXT,
            "size": _COUNT,
            "canonical": {**_TEXT, "description": "the id of the earliest member, of those the longest"},
            "first_seen": _nullable(named("Date")),
            "outlets": _list(_object({"value": _TEXT, "count": _COUNT})),
            "members": _list(
                _object(
                    {**_BRIEF, "language": _TEXT, "level": {"type": "string", "enum": ["copy", "version"]}}
                )
            ),
            "diff": _object({"one": _TEXT, "other": _TEXT, "changes": _list(named("Change"))}),
            "generation": _COUNT,
            "links": named("Links"),
        },
        optional=("diff",),
    ),
    "Change": _object(
        {"one": _list(_COUNT), "other": _list(_COUNT), "before": _TEXT, "after": _TEXT},
        description="one and other are the code points in each text from and to which before and after stand",
    ),
    "Snippet": _object(
        {
            "field": _TEXT,
            "text": {**_TEXT, "description": "HTML: escaped, matches in <mark>"},
            "start": _COUNT,
            "end": _COUNT,
        }
    ),
    "Quote": _object(_QUOTE, description="start and end count code points of body"),
    "QuoteResults": _object(_RESULTS | {"hits": _list(named("QuoteHit"))}),
    "QuoteHit": _object(
        {
            **_QUOTE,
            "speaker": {**_nullable(_TEXT), "description": "the person's name in the archive"},
            "spelling": {**_nullable(_TEXT), "description": "the person's name in the article"},
            "score": _nullable({"type": "number"}),
            "snippets": _list(named("Snippet")),
            "article": _object({name: _METADATA[name] for name in _OF_QUOTED}, optional=("display_title",)),
            "ran_in": named("RanIn"),
            "links": named("Links"),
        }
    ),
    "RanIn": _object(
        {
            "articles": _COUNT,
            "outlets": _list(_TEXT),
            "others": {
                **_list(named("Carrier")),
                "description": "the earliest of these articles, but the hit's own",
            },
            "variants": _list(
                _object(
                    {
                        "text": _TEXT,
                        "articles": _COUNT,
                        "outlets": _list(_TEXT),
                        "first": named("Carrier"),
                        "changes": _list(named("Change")),
                    },
                    description="the same words with changes, or a part of them, in other articles",
                )
            ),
        },
        description="articles with a quote of the same words; their outlets, most frequent first",
    ),
    "Carrier": _object(
        {**_BRIEF, "speaker": _nullable(_TEXT), "spelling": _nullable(_TEXT)},
        description="an article that carries words; speaker is the person, spelling the name there",
    ),
    "People": _object(
        {
            "total": _ASKED["total"],
            "took_ms": {"type": "number", "minimum": 0},
            "generation": _COUNT,
            "speakers": _list(_object(_PERSON)),
            "next": _NEXT,
            "links": named("Links"),
        }
    ),
    "Person": _object(
        {
            **_PERSON,
            "spellings": _list(_object({"value": _TEXT, "articles": _COUNT})),
            "roles": {
                **_list(_object({"value": _TEXT, "articles": _COUNT, "outlets": _list(_TEXT)})),
                "description": "what articles call the person, in the outlets' own words",
            },
            "outlets": named("Facet"),
            "over_time": named("DateFacet"),
            "latest": {**_list(named("QuoteHit")), "description": "the newest quotes"},
            "others": {
                **_list(_object({"id": _TEXT, "name": _TEXT, "links": named("Links")})),
                "description": "who else the name can mean",
            },
            "generation": _COUNT,
            "took_ms": {"type": "number", "minimum": 0},
        }
    ),
    "Provenance": _object(
        {
            **dict.fromkeys(("title", "outlet", "date", "language"), _EVIDENCE),
            "speakers": _list({"allOf": [_object({"value": _TEXT}), _EVIDENCE]}),
            "refused": _list(_object({"field": _TEXT, "text": _TEXT, "reason": _TEXT})),
        },
        optional=("title", "outlet", "date"),
    ),
    "Facet": _object(
        {
            "values": _list(_object({"value": _TEXT, "count": _COUNT, "selected": _FLAG})),
            "other": {**_COUNT, "description": "entries of values that are not listed"},
            "missing": {**_COUNT, "description": "articles without a value"},
        }
    ),
    "Interval": {"type": "string", "enum": ["year", "month", "week", "day"]},
    "DateFacet": _object(
        {
            "interval": named("Interval"),
            "values": _list(_object(_PERIOD)),
            "imprecise": {**_COUNT, "description": "articles whose date fills no single value"},
            "missing": {**_COUNT, "description": "articles without a date"},
        }
    ),
    "FacetValues": _object(
        {
            **_ASKED,
            "field": {"type": "string", "enum": list(FACETS)},
            "interval": named("Interval"),
            "values": _list(_object({**_PERIOD, "selected": _FLAG}, optional=("from", "to", "selected"))),
            "distinct": {**_COUNT, "description": "values on all pages"},
            "imprecise": {**_COUNT, "description": "articles whose date fills no single value"},
            "missing": {**_COUNT, "description": "articles without a value"},
            "next": _NEXT,
            "links": named("Links"),
        },
        optional=("interval", "imprecise"),
        description="interval, imprecise, from and to are those of dates, selected of other fields",
    ),
    "Trends": _object(
        {
            **_ASKED,
            "interval": named("Interval"),
            "measure": {"type": "string", "enum": ["count", "share"]},
            "values": _list(_object({**_PERIOD, "share": _SHARE}, optional=("share",))),
            "split": _nullable({"type": "string", "enum": [name for name in FACETS if name != "date"]}),
            "series": _list(
                _object(
                    {"value": _TEXT, "counts": _list(_COUNT), "shares": _list(_SHARE)}, optional=("shares",)
                )
            ),
            "imprecise": {**_COUNT, "description": "articles whose date fills no single period"},
            "missing": {**_COUNT, "description": "articles without a date"},
            "links": named("Links"),
        },
        description="a series has a number for each of values",
    ),
    "Suggestions": _object(
        {
            "q": _TEXT,
            **{name: _ASKED[name] for name in ("took_ms", "partial", "generation")},
            "completions": _list(
                _object(
                    {
                        "text": _TEXT,
                        "kind": {"type": "string", "enum": ["word", "outlet", "speaker"]},
                        "count": {**_COUNT, "description": "articles with the last word, or the name"},
                    }
                )
            ),
            "corrections": _list(
                _object({"text": _TEXT, "total": {**_COUNT, "description": "articles that it finds"}})
            ),
            "links": named("Links"),
        }
    ),
    **_written("NewArticle"),
    **_written("ArticleContent", without="id"),
    "Job": _object(
        {
            "id": _TEXT,
            "status": {"type": "string", "enum": ["waiting", "done"]},
            "received": {"type": "string", "format": "date-time"},
            "finished": _nullable({"type": "string", "format": "date-time"}),
            "generation": {**_nullable(_COUNT), "description": "a generation that holds what is done"},
            "lines": _COUNT,
            "counts": _object(dict.fromkeys(("waiting", *DONE, "failed"), _COUNT)),
            "items": _list(
                _object(
                    {
                        "line": _COUNT,
                        "id": _TEXT,
                        "result": {"type": "string", "enum": ["waiting", *DONE]},
                        "version": {**_nullable(_TEXT), "description": "for If-Match, in quotation marks"},
                        "links": named("Links"),
                    }
                )
            ),
            "errors": _list(
                _object({"line": _COUNT, "id": _nullable(_TEXT), "code": _TEXT, "detail": _TEXT})
            ),
            "ignored": {**_map(_COUNT), "description": "unknown keys, and how many lines had them"},
            "links": named("Links"),
        },
        description="a write, line by line: items are what did not fail, errors what did",
    ),
    "Stats": _object(
        {
            "generation": _COUNT,
            "documents": _COUNT,
            "deleted": _COUNT,
            "segments": _COUNT,
            "bytes": _COUNT,
            "languages": _map(_COUNT),
            "recovered": _map(_map(_COUNT)),
            "links": named("Links"),
        }
    ),
    "Alive": _object({"status": {"type": "string", "enum": ["ok"]}}),
    "Ready": _object({"status": {"type": "string", "enum": ["ready"]}, "generation": _COUNT}),
    "Problem": _object(
        {
            "type": {"type": "string", "format": "uri-reference"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "code": {"type": "string", "enum": [problem.code for problem in PROBLEMS]},
            "request_id": _TEXT,
            "errors": _list(
                _object(
                    {
                        "code": _TEXT,
                        "parameter": _TEXT,
                        "detail": _TEXT,
                        "offset": {**_COUNT, "description": "code points of the decoded parameter"},
                        "length": _COUNT,
                        "expected": _TEXT,
                        "suggestion": _TEXT,
                    },
                    optional=("offset", "length", "expected", "suggestion"),
                )
            ),
            "links": named("Links"),
        },
        optional=("links",),
    ),
    "Explanation": _object(
        {
            "code": _TEXT,
            "status": {"type": "integer"},
            "title": _TEXT,
            "meaning": _TEXT,
            "remedy": _TEXT,
            "links": named("Links"),
        }
    ),
    "Explanations": _object({"problems": _list(named("Explanation"))}),
    "OpenAPI": {"type": "object"},
    "Links": _map({"type": "string", "format": "uri-reference"}),
}
