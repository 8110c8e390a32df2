"""Facets, trends and suggestions."""

from __future__ import annotations

from index.schema import FACETS
from search.http.schemas.shapes import ASKED, COUNT, FLAG, NEXT, TEXT, Schema, array, named, nullable, record

_DAY: Schema = {"type": "string", "format": "date"}

_PERIOD: dict[str, Schema] = {"value": TEXT, "from": _DAY, "to": _DAY, "count": COUNT}

_SHARE: Schema = {
    **nullable({"type": "number", "minimum": 0, "maximum": 1}),
    "description": "of all articles of the period that pass the filters; null where there are none",
}

COUNTS: dict[str, Schema] = {
    "Facet": record(
        {
            "values": array(record({"value": TEXT, "count": COUNT, "selected": FLAG})),
            "other": {**COUNT, "description": "entries of values that are not listed"},
            "missing": {**COUNT, "description": "articles without a value"},
        }
    ),
    "Interval": {"type": "string", "enum": ["year", "month", "week", "day"]},
    "DateFacet": record(
        {
            "interval": named("Interval"),
            "values": array(record(_PERIOD)),
            "imprecise": {**COUNT, "description": "articles whose date fills no single value"},
            "missing": {**COUNT, "description": "articles without a date"},
        }
    ),
    "FacetValues": record(
        {
            **ASKED,
            "field": {"type": "string", "enum": list(FACETS)},
            "interval": named("Interval"),
            "values": array(record({**_PERIOD, "selected": FLAG}, optional=("from", "to", "selected"))),
            "distinct": {**COUNT, "description": "values on all pages"},
            "imprecise": {**COUNT, "description": "articles whose date fills no single value"},
            "missing": {**COUNT, "description": "articles without a value"},
            "next": NEXT,
            "links": named("Links"),
        },
        optional=("interval", "imprecise"),
        description="interval, imprecise, from and to are those of dates, selected of other fields",
    ),
    "Trends": record(
        {
            **ASKED,
            "interval": named("Interval"),
            "measure": {"type": "string", "enum": ["count", "share"]},
            "values": array(record({**_PERIOD, "share": _SHARE}, optional=("share",))),
            "split": nullable({"type": "string", "enum": [name for name in FACETS if name != "date"]}),
            "series": array(
                record({"value": TEXT, "counts": array(COUNT), "shares": array(_SHARE)}, optional=("shares",))
            ),
            "earlier": {
                **COUNT,
                "description": "articles of periods before the first, of which there are too many",
            },
            "imprecise": {**COUNT, "description": "articles whose date fills no single period"},
            "missing": {**COUNT, "description": "articles without a date"},
            "links": named("Links"),
        },
        description="a series has a number for each of values",
    ),
    "Suggestions": record(
        {
            "q": TEXT,
            **{name: ASKED[name] for name in ("took_ms", "partial", "generation")},
            "completions": array(
                record(
                    {
                        "text": TEXT,
                        "kind": {"type": "string", "enum": ["word", "outlet", "speaker"]},
                        "count": {**COUNT, "description": "articles with the last word, or the name"},
                    }
                )
            ),
            "corrections": array(
                record({"text": TEXT, "total": {**COUNT, "description": "articles that it finds"}})
            ),
            "links": named("Links"),
        }
    ),
}
