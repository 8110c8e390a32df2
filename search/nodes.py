"""Query nodes that ``whoosh.query`` lacks, as they leave the parser: words are still as typed.

The parser speaks of fields by the names of ``index.schema.FIELDS``, and of ``text`` where the
query names none.  Every node carries ``startchar`` and ``endchar``: code points of the query.
"""

from __future__ import annotations

from whoosh import query

TEXT = "text"
"""The field of a bare word: title and body at once."""


class Adjacent(query.And):  # type: ignore[misc]
    """Clauses written side by side, without an operator: ``match`` decides how many must match."""


class Exact(query.Term):  # type: ignore[misc]
    """``speaker:="Khaled al-Qadoumi"``: this spelling alone."""


class Has(query.Term):  # type: ignore[misc]
    """``has:date``: articles in which the field named by ``text`` has a value."""

    def __init__(self, field: str, boost: float = 1.0) -> None:
        super().__init__("has", field, boost=boost)


class DateRange(query.TermRange):  # type: ignore[misc]
    """``date:[2021 TO 2022-03]``: ``start`` and ``end`` are EDTF as written, or None where open."""
