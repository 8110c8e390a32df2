"""The text of an HTML page in blocks: what each says, how much of it is links, and where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

_INLINE = """
a abbr acronym b bdi bdo big cite code dfn em font i ins kbd mark q s samp small span strong sub sup time tt u
var wbr
"""
INLINE = frozenset(_INLINE.split())
"""Elements that go on within a line; any other begins a new one."""
HIDDEN = frozenset(
    ["script", "style", "noscript", "template", "svg", "iframe", "object", "select", "button", "title"]
)
"""Elements whose text is not read."""
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

# What the classes and ids of elements say of the text in them, in English and German.
_NAMED = {
    "comment": r"comment|kommentar|disqus|respond|reply|discussion|forum",
    "aside": r"side|aside|widget|rail|teaser|promo|banner|advert|\bads?\b|sponsor|related|recommend|more|"
    r"mehr|similar|popular|trending|read-?also|also|next|prev|pagination|pager",
    "share": r"share|social|sharing|follow|facebook|twitter|newsletter|subscri|signup|cookie|consent|modal|"
    r"popup|login|paywall|form|search",
    "menu": r"nav|menu|breadcrumb|crumb|header|footer|foot\b|masthead|toolbar|topbar|logo|skip|"
    r"copyright|imprint",
    "about": r"meta|byline|author|autor|date|time|tags?\b|categor|rubric|kicker|dateline|info|bio",
    "picture": r"caption|figure|credit|image|img|photo|foto|gallery|slide|video|media|copyright",
    "article": r"article|body|content|entry|post|story|text|main|beitrag|artikel|inhalt",
}
_NAMES = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _NAMED.values())
_ELEMENTS = "article main aside nav footer header form figure table ul blockquote section"
_AROUND = tuple(_ELEMENTS.split())
PLACES = (*(f"named {name}" for name in _NAMED), *(f"in {tag}" for tag in _AROUND))
"""What can be said of where a block stands: an element around it has such a name, or is of this kind."""
_BIT = {tag: 1 << n for n, tag in enumerate(_AROUND, len(_NAMES))}
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text between two elements that begin a line, white space normalised.

    ``linked`` counts its letters in links, ``tag`` is its element, ``places`` has a bit for each of
    PLACES; ``own``, ``parent`` and ``grandparent`` number the elements around it, ``depth`` counts them.
    """

    text: str
    linked: int
    tag: str
    places: int
    own: int
    parent: int
    grandparent: int
    depth: int


def blocks(tree: etree._Element) -> Iterator[Block]:
    """Yield the blocks of a page in their order; what no reader sees is left out.

    >>> import lxml.html
    >>> [(b.text, b.linked) for b in blocks(lxml.html.fromstring("<div>A <b>b</b><p><a>C</a> d</p>e</div>"))]
    [('A b', 0), ('C d', 1), ('e', 0)]
    """
    reader = _Reader()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            if isinstance(element.tag, str):
                yield from reader.open(element)
        else:
            if isinstance(element.tag, str):
                yield from reader.close(element)
            reader.read(element.tail)
    yield from reader.block()


class _Reader:
    """The elements that are open, and the text that was read of the block."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.linked = 0
        self.links = 0
        self.hidden = 0
        self.count = 0
        self.open_ = [("", 0, 0)]  # of each element its tag, number and places
        self.begun = [0]  # where in them those stand that begin a line

    def open(self, element: etree._Element) -> Iterator[Block]:
        tag = element.tag
        if _is_hidden(element):
            self.hidden += 1
        elif tag not in INLINE:
            yield from self.block()
            self.begun.append(len(self.open_))
        self.links += tag == "a"
        self.count += 1
        name = f"{element.get('class', '')} {element.get('id', '')}"[:_LONGEST_NAME]
        own = _BIT.get(tag, 0) | (_named(name) if len(name) > 1 and tag not in {"body", "html"} else 0)
        self.open_.append((tag, self.count, self.open_[-1][2] | own))
        self.read(element.text)

    def close(self, element: etree._Element) -> Iterator[Block]:
        tag = element.tag
        if _is_hidden(element):
            self.hidden -= 1
        elif tag not in INLINE:
            yield from self.block()
            self.begun.pop()
        self.links -= tag == "a"
        self.open_.pop()

    def read(self, text: str | None) -> None:
        if text and not self.hidden:
            self.parts.append(text.replace("\n", " "))
            if self.links:
                self.linked += len("".join(text.split()))

    def block(self) -> Iterator[Block]:
        text = " ".join("".join(self.parts).split()) if self.parts else ""
        if text:
            at = self.begun[-1]
            tag, own, places = self.open_[at]
            parent, grandparent = (self.open_[max(0, at - n)][1] for n in (1, 2))
            yield Block(text, self.linked, tag, places, own, parent, grandparent, at)
        self.parts.clear()
        self.linked = 0


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    unseen = style is not None and _UNSEEN.search(style) is not None
    return element.tag in HIDDEN or unseen or element.get("hidden") is not None


@lru_cache(maxsize=1 << 14)
def _named(name: str) -> int:
    """Return the bits of PLACES that a class and id have."""
    return sum(1 << n for n, pattern in enumerate(_NAMES) if pattern.search(name))
