"""Who said what: the quotes of a text, each with its speaker where one can be told."""

from __future__ import annotations

import re

from index.article import Quote

_MARKED = re.compile(r"[“\"«](?P<words>[^“”\"«»\n]{2,2000})[”\"»]")


def quotes(body: str) -> tuple[Quote, ...]:
    """Return the quotes of the text in their order."""
    return tuple(
        Quote(m["words"], *m.span("words"), None, None, None, None, "direct", "low")
        for m in _MARKED.finditer(body)
    )
