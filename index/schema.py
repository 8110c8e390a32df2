"""The one table of fields; schema, mapping, facets, parameters and OpenAPI derive from it.

A new field is one row here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["id", "text", "value", "date", "story", "stored"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an article.

    ``type``: ``id`` is the unique key; ``text`` is analysed into stems with positions and
    folded surface forms; ``value`` is a name matched whole or by any known spelling, kept as
    a column of (ordinal, level); ``date`` is an interval; ``story`` is found by its id; ``stored``
    is only shown.
    ``key`` is its name in answers; ``short`` fields are in a hit unless ``fields`` asks for
    others; a ``facet`` can be counted and is a parameter that filters; ``searchable`` ones
    may stand before a colon in a query.
    """

    name: str
    type: Type
    key: str
    description: str
    short: bool = True
    facet: bool = False
    searchable: bool = False


FIELDS: tuple[Field, ...] = (
    Field("id", "id", "id", "the article's id, unique in the archive"),
    Field(
        "title",
        "text",
        "title",
        "the headline, or null where the article has none of its own",
        searchable=True,
    ),
    Field("body", "text", "body", "the cleaned text", short=False, searchable=True),
    Field(
        "date", "date", "date", "the day of publication, as an interval in EDTF", facet=True, searchable=True
    ),
    Field("outlet", "value", "outlet", "who published it", facet=True, searchable=True),
    Field(
        "language", "value", "language", "ISO 639-1 code, und where uncertain", facet=True, searchable=True
    ),
    Field("speaker", "value", "speakers", "the people quoted", facet=True, searchable=True),
    Field(
        "cluster",
        "story",
        "cluster",
        "the story that it runs with others, or null where it stands alone",
        searchable=True,
    ),
    Field("url", "stored", "url", "where it was published", short=False),
    Field("quotes", "stored", "quotes", "who said what in it", short=False),
)

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
FACETS: tuple[str, ...] = tuple(field.name for field in FIELDS if field.facet)
SEARCHABLE: tuple[str, ...] = tuple(field.name for field in FIELDS if field.searchable)
KEYS: tuple[str, ...] = tuple(field.key for field in FIELDS)
