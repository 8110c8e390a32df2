"""Quotes, and the people whose they are."""

from __future__ import annotations

from typing import get_args

from index.article import Kind
from search.http.schemas.articles import BRIEF, METADATA
from search.http.schemas.shapes import (
    ASKED,
    COUNT,
    LEVEL,
    NEXT,
    RESULTS,
    TEXT,
    Schema,
    array,
    named,
    nullable,
    record,
)

_QUOTE: dict[str, Schema] = {
    "speaker": nullable(TEXT),
    "as_written": nullable(TEXT),
    "mention": nullable({"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2}),
    "text": TEXT,
    "start": COUNT,
    "end": COUNT,
    "cue": nullable(TEXT),
    "kind": {"type": "string", "enum": list(get_args(Kind))},
    "confidence": LEVEL,
}

_PERSON: dict[str, Schema] = {
    "id": TEXT,
    "name": {**TEXT, "description": "the spelling that the archive uses most"},
    "spellings": {**array(TEXT), "description": "the most used first"},
    "articles": {**COUNT, "description": "articles that quote them"},
    "stories": {**COUNT, "description": "stories that these articles tell, near-copies once"},
    "quotes": COUNT,
    "links": named("Links"),
}

_OF_QUOTED = ("id", "title", "display_title", "outlet", "date", "language")

QUOTES: dict[str, Schema] = {
    "Quote": record(_QUOTE, description="start and end count code points of body"),
    "QuoteResults": record(RESULTS | {"hits": array(named("QuoteHit"))}),
    "QuoteHit": record(
        {
            **_QUOTE,
            "speaker": {**nullable(TEXT), "description": "the person's name in the archive"},
            "spelling": {**nullable(TEXT), "description": "the person's name in the article"},
            "score": nullable({"type": "number"}),
            "snippets": array(named("Snippet")),
            "article": record({name: METADATA[name] for name in _OF_QUOTED}, optional=("display_title",)),
            "ran_in": named("RanIn"),
            "links": named("Links"),
        }
    ),
    "RanIn": record(
        {
            "articles": COUNT,
            "outlets": array(TEXT),
            "others": {
                **array(named("Carrier")),
                "description": "the earliest of these articles, but the hit's own",
            },
            "variants": array(
                record(
                    {
                        "text": TEXT,
                        "articles": COUNT,
                        "outlets": array(TEXT),
                        "first": named("Carrier"),
                        "changes": array(named("Change")),
                    },
                    description="the same words with changes, or a part of them, in other articles",
                )
            ),
        },
        description="articles with a quote of the same words; their outlets, most frequent first",
    ),
    "Carrier": record(
        {**BRIEF, "speaker": nullable(TEXT), "spelling": nullable(TEXT)},
        description="an article that carries words; speaker is the person, spelling the name there",
    ),
    "People": record(
        {
            "total": ASKED["total"],
            "took_ms": {"type": "number", "minimum": 0},
            "generation": COUNT,
            "speakers": array(record(_PERSON)),
            "next": NEXT,
            "links": named("Links"),
        }
    ),
    "Person": record(
        {
            **_PERSON,
            "spellings": array(record({"value": TEXT, "articles": COUNT})),
            "roles": {
                **array(record({"value": TEXT, "articles": COUNT, "outlets": array(TEXT)})),
                "description": "what articles call the person, in the outlets' own words",
            },
            "outlets": named("Facet"),
            "over_time": named("DateFacet"),
            "latest": {**array(named("QuoteHit")), "description": "the newest quotes"},
            "others": {
                **array(record({"id": TEXT, "name": TEXT, "links": named("Links")})),
                "description": "who else the name can mean",
            },
            "generation": COUNT,
            "took_ms": {"type": "number", "minimum": 0},
        }
    ),
}
