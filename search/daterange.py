"""Dates as they are asked for: ``date:2021-05`` and ``date:[2021 TO 2022-03]``, in EDTF.

What is no date is a fault at its place; where it is a date as people write it, that is proposed.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

from index import edtf
from index.metadata import written
from search.mend import BLANK, Edit, Scope, Wrong, instead, raw_value, shown, span
from search.nodes import DateRange, Has

if TYPE_CHECKING:
    from lark import Token
    from whoosh import query

_POINT = "a date such as 2021, 2021-05 or 2021-05-24"

_RANGE = re.compile(rf"\[[{BLANK}]*(\S+?)[{BLANK}]+TO[{BLANK}]+(\S+?)[{BLANK}]*\]")

_LONGEST = 40
"""What is longer is no date: Wednesday, 24. September 2021 has 29 characters."""

_ANY = frozenset({"*", "../.."})
"""Whatever the date is: there is one."""

# How people write dates and ranges of them, and how they are written here; else ``written`` knows.
_HABITS = (
    (re.compile(r"(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})"), "{y}-{m:0>2}-{d:0>2}"),
    (re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"), "{y}-{m}-{d}"),
    (re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"), "{y}-{m:0>2}-{d:0>2}"),
    (re.compile(r"(?P<a>\d{4}-\d\d-\d\d)[Tt ]\d\d[^/]*"), "{a}"),
    (re.compile(r"(?P<y>\d{4})[-./](?P<m>\d{1,2})"), "{y}-{m:0>2}"),
    (re.compile(r"(?P<a>\d{4}(?:-\d\d){0,2})-?\*"), "{a}"),
    (re.compile(r"(?P<a>\d{3})[*?]"), "{a}X"),
    (re.compile(r"(?P<a>\d\d)(?:\*|\?\?)"), "{a}XX"),
    (re.compile(r">=(?P<a>[\dX-]+)|(?P<b>[\dX-]+)\.\.+"), "[{a}{b} TO *]"),
    (re.compile(r"<=(?P<a>[\dX-]+)|\.\.+(?P<b>[\dX-]+)"), "[* TO {a}{b}]"),
    (re.compile(r"(?P<a>[\dX-]+)\.\.+(?P<b>[\dX-]+)|(?P<c>\d{4})-(?P<d>\d{4})"), "[{a}{c} TO {b}{d}]"),
)

_COMPARED = re.compile(r"(?P<sign>[<>])(?P<day>[\dX-]+)")

_TO = re.compile(
    r"(?P<start>.*?)(?:(?:\A|\s+)(?:to|TO|-|–|—|AND|and)(?:\s+|\Z)|\s*(?:[,;]|\.\.+)\s*)(?P<end>.*)"
)
"""How ranges in brackets are written elsewhere."""

_SLASH = re.compile(r"(?P<start>[^/]+)/(?P<end>[^/]+)")


def bounds(token: Token) -> tuple[str, str]:
    """Return what stands on both sides of TO."""
    found = _RANGE.fullmatch(token)
    assert found is not None
    return found[1], found[2]


def asked(children: list[Token], scope: Scope) -> query.Query:
    """Return the range of dates that the value of ``date:`` names."""
    raw = raw_value(children)
    if raw in _ANY:
        return Has("date")
    if children[0].type == "RANGE":
        return _range(children[0])
    place = span(children[0], children[-1])
    try:
        edtf.parse(raw)
    except ValueError as error:
        raise _no_date(raw, error, place, _meant(raw, children, scope)) from None
    start, slash, end = raw.partition("/")
    return DateRange("date", _bound(start), _bound(end) if slash else start)


def _range(token: Token) -> query.Query:
    first, last = bounds(token)
    start, end = span(token)
    begin = _checked(first, start + token.index(first))
    until = _checked(last, start + token.rindex(last))
    if begin is until is None:
        return Has("date")
    if begin and until and until.end < begin.start:
        turned = Edit(start, end, f"[{last} TO {first}]")
        raise Wrong(f"{token} ends before it begins.", (start, end), turned, expected="[start TO end]")
    return DateRange("date", _bound(first), _bound(last))


def _checked(text: str, start: int) -> edtf.Interval | None:
    """Return the interval of one bound, None where it is open."""
    if text == "*":
        return None
    place = (start, start + len(text))
    try:
        if "/" in text:
            raise ValueError(f"{text!r} is not {_POINT}")
        return edtf.parse(text)
    except ValueError as error:
        better = _habit(text) or "*"
        raise _no_date(text, error, place, Edit(*place, "*" if "[" in better else better)) from None


def _no_date(raw: str, error: ValueError, place: tuple[int, int], edit: Edit) -> Wrong:
    detail = f"{error}." if shown(raw) == raw else f"{shown(raw)} is no date."
    return Wrong(detail, place, edit, expected=_POINT)


def _bound(text: str) -> str | None:
    return None if text in {"", "..", "*"} else text


def _meant(raw: str, children: list[Token], scope: Scope) -> Edit:
    """Return the edit that makes something of what is no date."""
    place = span(children[0], children[-1])
    if raw == "none":
        return instead("-has:date", place, scope)
    better = _habit(raw)
    return Edit(*place, better) if better else instead(children[0], place, scope)


def no_range(token: Token) -> Wrong:
    """Return the fault of brackets behind ``date:`` that hold no range, or are of another shape."""
    content = token.strip("[]{} ")
    found = _TO.fullmatch(content)
    start, end = (_written(found[side]) for side in ("start", "end")) if found else ("", "")
    edit = Edit(*span(token), f"[{start} TO {end}]" if found else content)
    return Wrong(
        "A range of dates is written [2021 TO 2022-03].", span(token), edit, expected="[start TO end]"
    )


def _written(bound: str) -> str:
    """Return a bound in one piece: as it is, as it is written here, or open."""
    return bound if bound and not re.search(r"\s", bound) else _habit(bound) or "*"


def _habit(raw: str) -> str | None:
    """Return the date or range that ``raw`` means as people write dates, or None.

    >>> _habit("24.5.2021"), _habit(">=2021"), _habit("<2021-05"), _habit("2021-13-99")
    ('2021-05-24', '[2021 TO *]', '[* TO 2021-04-30]', None)
    """
    signs = _signs(raw)
    if signs != raw:
        return _point(signs) or _habit(signs)
    for pattern, form in _HABITS:
        found = pattern.fullmatch(raw)
        if found:
            better = form.format(**{name: text or "" for name, text in found.groupdict().items()})
            return better if better != raw else None
    return _beyond(raw) or _between(raw) or _day(raw)


def _signs(raw: str) -> str:
    """Return a date with the digits and hyphens of ASCII.

    >>> _signs("٢٠٢١–۰۵"), _signs("’2021’")
    ('2021-05', '2021')
    """
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in raw)
    return re.sub("[‐-―−]", "-", digits).strip("'‘’")


def _between(raw: str) -> str | None:
    """Return the range of the two dates that ``raw`` names, the earlier one first.

    >>> _between("2021/2020"), _between("2021 TO 24.5.2022"), _between("2021/x")
    ('[2020 TO 2021]', '[2021 TO 2022-05-24]', None)
    """
    found = _TO.fullmatch(raw) or _SLASH.fullmatch(raw)
    ends = [_point(found[side]) for side in ("start", "end")] if found and len(raw) <= 2 * _LONGEST else []
    days = sorted((edtf.parse(end).start, end) for end in ends if end)
    return f"[{days[0][1]} TO {days[1][1]}]" if len(days) > 1 else None


def _point(text: str) -> str | None:
    """Return the one date that ``text`` is, or means, or None."""
    with contextlib.suppress(ValueError):
        return text if edtf.parse(text) and "/" not in text else None
    better = _habit(text)
    return better if better and "[" not in better else None


def _beyond(raw: str) -> str | None:
    """Return the days before or after those that are compared with."""
    found = _COMPARED.fullmatch(raw)
    with contextlib.suppress(ValueError, OverflowError):
        if found and found["sign"] == "<":
            return f"[* TO {edtf.parse(found['day']).start - timedelta(days=1)}]"
        if found:
            return f"[{edtf.parse(found['day']).end + timedelta(days=1)} TO *]"
    return None


def _day(raw: str) -> str | None:
    """Return the month or the one day that ``raw`` writes out.

    >>> _day("May 2021"), _day("24 May 2021"), _day("3/4/2021")
    ('2021-05', '2021-05-24', None)
    """
    if len(raw) > _LONGEST:
        return None
    month, days = written.month(raw), list(written.days(raw))
    if month:
        return month.edtf
    return str(days[0].day) if len(days) == 1 and not days[0].other else None
