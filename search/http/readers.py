"""Readers: from what was sent for one parameter to its value, or to what is wrong with it."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Literal

from index import edtf
from search.errors import Fault
from search.http.parameters import HALF_LIFE, MAX_NAMED, MAX_VALUES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from search.http.parameters import Parameter, Type, Value


class Wrong(Exception):
    """A value that its parameter cannot have."""

    def __init__(
        self,
        parameter: Parameter,
        says: str,
        *,
        code: str = "invalid-parameter",
        expected: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        self.code = code
        wanted = f"; expected: {expected}" if expected else ""
        self.fault = Fault(
            parameter.name, f"{parameter.name} {says}{wanted}.", expected=expected, suggestion=suggestion
        )


def value(parameter: Parameter, raws: list[Any], *, body: bool) -> Value:
    """Return the value of a parameter that was sent one or more times."""
    if not parameter.repeatable:
        if parameter.type == "list" and not body:  # a client may send each of the names by itself
            raws = [",".join(raws)]
        if len(raws) > 1:
            raise Wrong(parameter, f"is given {len(raws)} times", expected="once")
        return _READERS[parameter.type](parameter, raws[0], body)
    if body:
        raws = [one for raw in raws for one in (raw if isinstance(raw, list | tuple) else [raw])]
    if len(raws) > MAX_VALUES:
        raise Wrong(parameter, f"has {len(raws)} values, and may have {MAX_VALUES}")
    values = {str(_READERS[parameter.type](parameter, raw, body)) for raw in raws}
    order: Callable[[str], Any] = parameter.choices.index if parameter.choices else str
    return tuple(sorted(values, key=order))


def _text(parameter: Parameter, raw: Any, body: bool) -> str:  # noqa: FBT001 - a reader's signature
    """Return a text within the length that its place allows."""
    if not isinstance(raw, str):
        raise Wrong(parameter, f"is {shown(raw)}", expected="a text")
    if "\0" in raw:
        raise Wrong(parameter, "has a NUL character", expected="a text without it")
    most = parameter.length_in_body if body else parameter.length
    if len(raw) > most:
        place = "a body" if body else "a URL"
        raise Wrong(
            parameter,
            f"has {len(raw):,} characters, and {most:,} is the limit in {place}",
            code=parameter.long,
        )
    if len(raw) < parameter.least:
        raise Wrong(parameter, "is ''", expected="a value")
    if parameter.repeatable and not raw.removeprefix("-").strip():
        raise Wrong(parameter, f"is {shown(raw)}", expected="a value, or - and a value")
    return raw


def _choice(parameter: Parameter, raw: Any, body: bool) -> str:  # noqa: FBT001
    """Return one of the parameter's choices."""
    text = _text(parameter, raw, body)
    if text not in parameter.choices:
        together = [part for part in text.split(",") if part in parameter.choices]
        several = parameter.repeatable and len(together) > 1
        raise Wrong(
            parameter,
            f"is {shown(text)}",
            code=parameter.wrong,
            expected=", ".join(parameter.choices),
            suggestion="&".join(f"{parameter.name}={part}" for part in together)
            if several
            else near(text, parameter.choices),
        )
    return text


def _integer(parameter: Parameter, raw: Any, body: bool) -> int:  # noqa: FBT001
    """Return a whole number within the limits, written in the digits 0 to 9."""
    expected = f"a whole number from {parameter.least} to {parameter.most}"
    if body:
        # JSON has one kind of number: 10.0 is as whole as 10.
        whole = type(raw) is int or (isinstance(raw, float) and raw.is_integer())
        number = int(raw) if whole else None
    else:
        number = int(raw) if re.fullmatch(r"-?[0-9]{1,9}", raw) else None
    if number is None or not parameter.least <= number <= parameter.most:
        raise Wrong(parameter, f"is {shown(raw)}", expected=expected)
    return number


def _boolean(parameter: Parameter, raw: Any, body: bool) -> bool:  # noqa: FBT001
    """Return true or false."""
    value = (raw if isinstance(raw, bool) else None) if body else {"true": True, "false": False}.get(raw)
    if value is None:
        raise Wrong(parameter, f"is {shown(raw)}", expected="true, false")
    return value


def _day(parameter: Parameter, raw: Any, body: bool) -> str:  # noqa: FBT001
    """Return an EDTF date or interval as it is written, or ``none``."""
    text = _text(parameter, raw, body).strip()
    try:
        date(text)
    except ValueError as error:
        raise Wrong(
            parameter,
            f"cannot be read: {str(error)[:200]}",
            expected="such as 2021-05, 2021-05-21/2021-06-01, ../2020 or none",
        ) from None
    return text


def _half_life(parameter: Parameter, raw: Any, body: bool) -> str:  # noqa: FBT001
    """Return a time as it is written: a number of days, weeks, months or years."""
    text = _text(parameter, raw, body)
    if not re.fullmatch(HALF_LIFE, text):
        raise Wrong(parameter, f"is {shown(text)}", expected="such as 30d, 6w, 3m or 1y")
    return text


def _list(parameter: Parameter, raw: Any, body: bool) -> tuple[str, ...]:  # noqa: FBT001
    """Return some of the parameter's choices, joined by commas or (in a body) in an array."""
    parts = list(raw) if body and isinstance(raw, list | tuple) else _text(parameter, raw, body).split(",")
    if len(parts) > MAX_NAMED:
        raise Wrong(parameter, f"has {len(parts)} values, and may have {MAX_NAMED}")
    named = {_choice(parameter, part, body) for part in parts}
    return tuple(sorted(named, key=parameter.choices.index))


_READERS: dict[Type, Callable[[Parameter, Any, bool], Value]] = {
    "text": _text,
    "choice": _choice,
    "integer": _integer,
    "boolean": _boolean,
    "date": _day,
    "half-life": _half_life,
    "list": _list,
    "cursor": _text,
}


def date(text: str | None) -> edtf.Interval | Literal["none"] | None:
    """Return the dates that a text means; raise ValueError where it is no date."""
    if text is None:
        return None
    return "none" if text == "none" else edtf.parse(text)


def near(text: str, names: Iterable[str]) -> str | None:
    """Return the name that a text was probably meant to be.

    >>> near("facets", ["facet", "fields"])
    'facet'
    """
    return next(iter(difflib.get_close_matches(text.lower()[:32], list(names), n=1)), None)


def shown(raw: Any) -> str:
    """Return a value as a message quotes it: at most some 60 characters of it."""
    text = repr(raw) if isinstance(raw, str | int | float | bool | None) else f"of type {type(raw).__name__}"
    return text if len(text) <= 60 else text[:56] + " …'"  # noqa: PLR2004
