"""Hits as the rows of a table: CSV that no spreadsheet takes for a program."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet compute a cell, as OWASP lists it under "CSV Injection"."""

_TELLING = ("edtf", "id", "count")
"""What stands for a date, a story, and the articles behind a hit."""


def row(cells: Iterable[Any]) -> bytes:
    r"""Return a line of CSV (RFC 4180) in UTF-8.

    >>> row(["a", 'b "c", d', "=1+1", None, 7.5, ["x", "y"]])
    b'a,"b ""c"", d",\'=1+1,,7.5,x; y\r\n'
    """
    line = io.StringIO()
    csv.writer(line).writerow([cell(value) for value in cells])
    return line.getvalue().encode("utf-8", "replace")


def cell(value: Any) -> str:
    """Return a value of an answer as the text of a cell; one that would be run has an apostrophe before it.

    >>> cell({"edtf": "2021-05", "from": "2021-05-01"}), cell("@SUM(A1)"), cell(-0.5)
    ('2021-05', "'@SUM(A1)", '-0.5')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_RUN) else value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return cell("; ".join(value))
    telling = next((key for key in _TELLING if key in value), None) if isinstance(value, dict) else None
    if telling:
        return cell(value[telling])
    return json.dumps(value, ensure_ascii=False)


def cells(shown: Mapping[str, Any], columns: Sequence[str]) -> list[Any]:
    """Return the values of a hit in the order of columns."""
    return [shown.get(column) for column in columns]
