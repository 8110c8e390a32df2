"""Which string of an article no UTF-8 can hold: neither a wire nor a store could carry it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.article import Article


def unencodable(article: Article) -> str:
    r"""Return what speaks against an article, with the name of the field, or nothing.

    >>> from index.article import Article, Found
    >>> unencodable(Article("a", "It rained.", title=Found("Rain \ud800")))
    'title.value has a lone surrogate, at character 5'
    """
    for name, text in _strings(article, ""):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            return f"{name} has a lone surrogate, at character {error.start}"
    return ""


def _strings(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield all strings inside a value, with their names."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple | list):
        for number, each in enumerate(value):
            yield from _strings(each, f"{name}[{number}]")
    elif is_dataclass(value):
        for each in fields(value):
            yield from _strings(getattr(value, each.name), f"{name}.{each.name}".removeprefix("."))
