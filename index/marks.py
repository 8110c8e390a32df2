"""Which words stand between quotation marks: of all kinds, nested, mixed, unbalanced, over paragraphs.

No text is given up: a mark that nothing closes is closed at the end of its paragraph, and when
the next paragraph opens with a mark again, the quote goes on there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOUBLE = re.compile('[“”„‟"«»]')
_SINGLE = re.compile(r"(?<![\w'])[‘'](?=\w)|(?<=[\w.,!?…])[’'](?![\w'])")
_OPENS_BEFORE = frozenset(" \t\n([{—–-:/ ")
_WORD = re.compile(r"\w+")
_LEAST_SINGLE = 3
"""Words between single marks that are a quote; fewer are an apostrophe's or a scare quote's."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Words between marks: ``text[start:end]``; ``outer`` also takes the marks in.

    ``continued``: no mark closed it, and the next paragraph goes on.
    """

    start: int
    end: int
    outer: tuple[int, int]
    continued: bool = False


def marked(text: str) -> list[Marked]:
    """Return the outermost quotes of a text in their order.

    >>> text = 'He left “70 percent” here. "It is so," he said.'
    >>> [text[m.start : m.end] for m in marked(text)]
    ['70 percent', 'It is so,']
    """
    pattern = _DOUBLE if _DOUBLE.search(text) else _SINGLE
    least = 1 if pattern is _DOUBLE else _LEAST_SINGLE
    reversed_ = _is_reversed(text)
    found: list[Marked] = []
    position = 0
    for paragraph in text.split("\n"):
        end = position + len(paragraph)
        between = _paragraph(text, position, end, pattern, german="„" in text, turned=reversed_)
        found.extend(one for one in between if len(_WORD.findall(text, one.start, one.end)) >= least)
        position += len(paragraph) + 1
    return found


def _is_reversed(text: str) -> bool:
    """Whether guillemets point inwards, as in German books."""
    first = re.search(r"(?:^|\s)([«»])\S", text)
    return bool(first and first[1] == "»")


def _paragraph(
    text: str, start: int, end: int, pattern: re.Pattern[str], *, german: bool, turned: bool
) -> Iterator[Marked]:
    depth = 0
    opened = (0, 0)
    for mark in pattern.finditer(text, start, end):
        if _opens(text, mark, depth, german=german, turned=turned):
            if depth == 0:
                opened = mark.span()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield Marked(opened[1], mark.start(), (opened[0], mark.end()))
    if depth and pattern is _DOUBLE:  # an apostrophe that nothing closes is none
        after = text[end + 1 : end + 3].lstrip()
        continued = bool(after) and pattern.match(after) is not None
        yield Marked(opened[1], end, (opened[0], end), continued)


def _opens(text: str, mark: re.Match[str], depth: int, *, german: bool, turned: bool) -> bool:
    """Whether a mark opens: by its shape where that says it, else by what stands around it."""
    shape = mark[0]
    before = text[mark.start() - 1] if mark.start() else "\n"
    after = text[mark.end()] if mark.end() < len(text) else "\n"
    if shape in {"„", "‟", "‘"}:
        return True
    if shape == "“":
        closes = depth and not before.isspace() and before not in _OPENS_BEFORE and not after.isalnum()
        return not (depth and german) and not closes
    if shape in {"«", "»"}:
        return (shape == "»") == turned
    if shape in {"”", "’"}:
        # a closing shape that a typist put where only an opening can stand
        return depth == 0 and before in _OPENS_BEFORE and not after.isspace()
    if depth:
        return before in _OPENS_BEFORE and after.isalnum() and not _closes_later(text, mark.end())
    return not after.isspace() and (before in _OPENS_BEFORE or after.isalnum())


def _closes_later(text: str, position: int) -> bool:
    """Whether the paragraph has no two further straight marks, so that this one cannot be nested."""
    end = text.find("\n", position)
    return text.count('"', position, end if end >= 0 else len(text)) < 2  # noqa: PLR2004 - one for each
