"""What an HTML page says: its text in blocks, what trafilatura takes of it, the metadata in its markup."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import htmldate
import lxml.html
import trafilatura
from lxml import etree

from index.blocks import HIDDEN, INLINE, blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from index.blocks import Block

# As trafilatura parses, so that it finds the same in the tree as in the string.
_OPTIONS: dict[str, Any] = {
    "encoding": "utf-8",
    "collect_ids": False,
    "default_doctype": False,
    "remove_comments": True,
    "remove_pis": True,
}
_PARSER = lxml.html.HTMLParser(**_OPTIONS)

LIMIT = 5_000_000
"""Characters of a page that are read; what stands behind them is not news."""

# Both libraries log what they cannot read, page after page; what they cannot read is None here.
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_LINKED_LIMIT = 1000
"""Objects of JSON-LD that are looked at."""
_DEFINITIONS = re.compile(
    r"<!(?:DOCTYPE[^>\[]{0,500}\[.{0,100000}?\]\s*>|ENTITY[^>]{0,100000}>)", re.DOTALL | re.IGNORECASE
)
_FORBIDDEN = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Markup:
    """The parts of a page: ``text`` is the body that trafilatura found, or None, ``blocks`` all its text.

    ``metas`` are (name, content) in their order, ``headings`` the texts of h1, ``linked`` the
    objects of JSON-LD, ``date`` what htmldate reads as the day of publication (ISO), or None.
    """

    text: str | None
    title: str = ""
    headings: tuple[str, ...] = ()
    metas: tuple[tuple[str, str], ...] = ()
    linked: tuple[dict[str, Any], ...] = ()
    date: str | None = None
    blocks: tuple[Block, ...] = ()

    def meta(self, *names: str) -> Iterator[tuple[str, str]]:
        """Yield (name, content) of the metas of these names, in the order of the names.

        >>> list(Markup(None, metas=(("og:title", "A"), ("dc.title", "B"))).meta("dc.title", "og:title"))
        [('dc.title', 'B'), ('og:title', 'A')]
        """
        for wanted in names:
            yield from ((name, content) for name, content in self.metas if name == wanted)

    def linked_texts(self, *path: str) -> Iterator[str]:
        """Yield the strings under a path of keys in the JSON-LD objects, as ``publisher``, ``name``."""
        for item in self.linked:
            value: Any = item
            for key in path:
                value = value[0] if isinstance(value, list) and value else value
                value = value.get(key) if isinstance(value, dict) else None
            if isinstance(value, str) and value.strip():
                yield value.strip()


def read(html: str, url: str | None, latest: date) -> Markup:
    """Return the parts of a page; of a page that is broken or empty, what there is.

    ``latest`` is the last day that can be its day of publication.
    """
    html = _readable(html)
    if not html.strip():
        return Markup(None)
    try:
        tree = lxml.html.document_fromstring(html.encode(), parser=_PARSER)
    except etree.ParserError:  # nothing but comments and broken tags
        return Markup(None)
    scripts = [s.text or "" for s in tree.iter("script") if "ld+json" in s.get("type", "").lower()]
    title = next((_text(t) for t in tree.iter("title")), "")
    metas = tuple(_metas(tree))
    headings = tuple(text for text in map(_text, tree.iter("h1")) if text)
    linked = tuple(_linked(scripts))
    found = tuple(blocks(tree))
    day = _attempt(htmldate.find_date, tree, url=url, original_date=True, max_date=latest.isoformat())
    text = _attempt(trafilatura.extract, tree, include_comments=False)
    return Markup(text or None, title, headings, metas, linked, day, found)


def visible(html: str) -> str:
    r"""Return all text of a page that a reader sees, block by block, at any depth of nesting.

    >>> visible("<title>A</title><script>x</script><div>" * 400 + "<h1>B</h1><p>C <b>D</b>")
    'B\nC D'
    """
    reader = _Visible()
    reader.feed(_readable(html))
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _readable(html: str) -> str:
    """Return the page as parsers can read it: not too long, no definitions of entities, NUL or surrogates."""
    return _FORBIDDEN.sub("", _DEFINITIONS.sub("", html[:LIMIT]))


def _attempt(read_: Any, *args: Any, **options: Any) -> str | None:
    """Return what a library reads, or None where the page breaks it: a broken page is not our error."""
    try:
        found = read_(*args, **options)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, etree.LxmlError):
        return None
    return found if isinstance(found, str) and found else None


def _metas(tree: etree._Element) -> Iterator[tuple[str, str]]:
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            yield name.strip().lower(), content


def _text(element: etree._Element) -> str:
    """Return the text of an element, with spaces where an element within begins a line."""
    parts = []
    for node in element.iter():
        tag = str(node.tag)
        text, inline = ("" if tag in HIDDEN - {"title"} else node.text or ""), tag in INLINE
        parts.append(text if inline else f" {text}")
        if node is not element and node.tail:
            parts.append(node.tail if inline else f" {node.tail}")
    return " ".join("".join(parts).split())


class _Visible(HTMLParser):
    """Collects visible text in one pass that no depth of nesting stops."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as called
        if tag in HIDDEN:
            self._hidden.append(tag)
        elif tag not in INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass
        elif tag not in INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data.replace("\n", " "))


def _linked(scripts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON-LD scripts, those of a graph or list one by one."""
    left = _LINKED_LIMIT
    for script in scripts:
        try:
            waiting = [json.loads(script.strip(), strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting and left:
            left -= 1
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting.extend(item)
            elif isinstance(item, dict):
                yield item
                graph = item.get("@graph")
                waiting.extend(graph if isinstance(graph, list) else [])
