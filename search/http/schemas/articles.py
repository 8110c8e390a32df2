"""Articles, their stories, and searches for them."""

from __future__ import annotations

from typing import get_args

from index.article import Origin
from search.http import linked
from search.http.schemas.shapes import COUNT, LEVEL, RESULTS, TEXT, Schema, array, named, nullable, record

_EVIDENCE = record(
    {
        "method": TEXT,
        "confidence": LEVEL,
        "evidence": record(
            {
                "from": {"type": "string", "enum": list(get_args(Origin))},
                "start": nullable(COUNT),
                "end": nullable(COUNT),
                "text": TEXT,
            }
        ),
    }
)

METADATA: dict[str, Schema] = {
    "id": TEXT,
    "title": nullable(TEXT),
    "display_title": {**TEXT, "description": "head of the lead; there where title is null"},
    "outlet": nullable(TEXT),
    "date": nullable(named("Date")),
    "language": TEXT,
    "speakers": array(TEXT),
    "cluster": nullable(named("Cluster")),
}

_DETAILS: dict[str, Schema] = {
    "url": nullable(TEXT),
    "body": TEXT,
    "quotes": array(named("Quote")),
    "provenance": named("Provenance"),
}

BRIEF: dict[str, Schema] = {
    "id": TEXT,
    "title": nullable(TEXT),
    "outlet": nullable(TEXT),
    "date": nullable(named("Date")),
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

ARTICLES: dict[str, Schema] = {
    "Results": record(RESULTS),
    "Hit": record(
        {
            **METADATA,
            **_DETAILS,
            "score": nullable({"type": "number"}),
            "snippets": array(named("Snippet")),
            "explain": {**nullable(named("Why")), "description": "null when sorted by date"},
            "copies": named("Copies"),
            "links": named("Links"),
        },
        optional=("explain", "copies", *(name for name in (*METADATA, *_DETAILS) if name != "id")),
        description="id, score, snippets and links, and the fields asked for",
    ),
    "Article": record(
        {
            **METADATA,
            **_DETAILS,
            "version": {**TEXT, "description": "changes with the article alone; for If-Match"},
            "links": named("Links"),
        },
        optional=("display_title",),
    ),
    "NewsArticle": record(
        {
            "@context": {"type": "string", "enum": [linked.CONTEXT]},
            "@type": {"type": "string", "enum": ["NewsArticle"]},
            "@id": {"type": "string", "format": "uri-reference"},
            "identifier": TEXT,
            "url": TEXT,
            "headline": TEXT,
            "datePublished": {**TEXT, "description": "a year, a month or a day"},
            "publisher": named("Named"),
            "inLanguage": TEXT,
            "articleBody": TEXT,
            "mentions": array(named("Named")),
            "hasPart": array(
                record(
                    {
                        "@type": {"type": "string", "enum": ["Quotation"]},
                        "text": TEXT,
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
    "Named": record(
        {"@type": TEXT, "name": TEXT},
        optional=("@type",),
        description="who said or published something, in JSON-LD",
    ),
    "Date": record(
        {
            "edtf": TEXT,
            "from": nullable({"type": "string", "format": "date"}),
            "to": nullable({"type": "string", "format": "date"}),
        }
    ),
    "Cluster": record({"id": TEXT, "size": COUNT}),
    "Why": record(
        {
            "value": {"type": "number"},
            "kind": {
                "type": "string",
                "enum": [
                    *("term", "phrase", "sum", "best", "match", "filter", "recency"),
                    *("lead", "near", "neighbours", "neighbour"),
                ],
            },
            "what": TEXT,
            **{name: {"type": "number"} for name in _NUMBERS},
            "details": array(named("Why")),
        },
        optional=_NUMBERS,
        description="a part of a score: the sum, the best or the formula of what is below it",
    ),
    "Copies": record(
        {"count": COUNT, "articles": array(named("Brief"))},
        description="the other articles found of the story that the hit stands for, and the first of them",
    ),
    "Brief": record(BRIEF),
    "Story": record(
        {
            "id": TEXT,
            "size": COUNT,
            "canonical": {**TEXT, "description": "the id of the earliest member, of those the longest"},
            "first_seen": nullable(named("Date")),
            "outlets": array(record({"value": TEXT, "count": COUNT})),
            "members": array(
                record({**BRIEF, "language": TEXT, "level": {"type": "string", "enum": ["copy", "version"]}})
            ),
            "diff": record({"one": TEXT, "other": TEXT, "changes": array(named("Change"))}),
            "generation": COUNT,
            "links": named("Links"),
        },
        optional=("diff",),
    ),
    "Change": record(
        {"one": array(COUNT), "other": array(COUNT), "before": TEXT, "after": TEXT},
        description="one and other are the code points in each text from and to which before and after stand",
    ),
    "Snippet": record(
        {
            "field": TEXT,
            "text": {**TEXT, "description": "HTML: escaped, matches in <mark>"},
            "start": COUNT,
            "end": COUNT,
        }
    ),
    "Provenance": record(
        {
            **dict.fromkeys(("title", "outlet", "date", "language"), _EVIDENCE),
            "speakers": array({"allOf": [record({"value": TEXT}), _EVIDENCE]}),
            "refused": array(record({"field": TEXT, "text": TEXT, "reason": TEXT})),
        },
        optional=("title", "outlet", "date"),
    ),
}
