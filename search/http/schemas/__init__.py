"""JSON Schemas of the answers: what a generated client turns into types.

Answers only ever gain keys, so no object here forbids others.
"""

from search.http.schemas.articles import ARTICLES
from search.http.schemas.counts import COUNTS
from search.http.schemas.quotes import QUOTES
from search.http.schemas.service import SERVICE
from search.http.schemas.shapes import Schema, named
from search.http.schemas.writes import WRITES

__all__ = ["SCHEMAS", "Schema", "named"]

SCHEMAS: dict[str, Schema] = {**ARTICLES, **QUOTES, **COUNTS, **WRITES, **SERVICE}
