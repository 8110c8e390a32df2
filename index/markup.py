"""What an HTML page says: the text of its article, and the metadata in its markup.

trafilatura finds the body; where it finds none (or the page is nested too deep for it), all
visible text is kept and judged line by line like raw text, so that nothing is lost.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import trafilatura

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LIMIT = 5_000_000
"""Characters of a page that are read; what stands behind them is not news."""

_HIDDEN = frozenset(
    {"script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select", "button"}
)
_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "dfn", "em", "font", "i", "ins",
        "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u",
        "var", "wbr",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Markup:
    """The parts of a page: ``text`` is its body (None where none was found), ``visible`` all of its text.

    ``metas`` are (name, content) in their order, ``linked`` the objects of JSON-LD.
    """

    text: str | None
    visible: str
    title: str
    headings: tuple[str, ...]
    metas: tuple[tuple[str, str], ...]
    linked: tuple[dict[str, Any], ...]
    lang: str

    def meta(self, *names: str) -> Iterator[tuple[str, str]]:
        """Yield (name, content) of the metas of these names, in the order of the names."""
        for name in names:
            yield from ((n, c) for n, c in self.metas if n == name)


def read(html: str) -> Markup:
    r"""Return the parts of a page; a page that is broken or empty has empty parts.

    >>> read("<title>A</title><h1>B</h1><p>C").visible
    'B\nC'
    """
    html = html[:LIMIT]
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Markup(
        text=_body(html),
        visible=reader.text(),
        title=reader.part("title"),
        headings=tuple(reader.headings),
        metas=tuple(reader.metas),
        linked=tuple(_linked(reader.scripts)),
        lang=reader.lang,
    )


def visible(html: str) -> str:
    r"""Return all text of a page that a reader sees, where the search for its body is too much.

    >>> visible("<title>A</title><h1>B</h1><p>C")
    'B\nC'
    """
    reader = _Reader()
    reader.feed(html[:LIMIT])
    reader.close()
    return reader.text()


def _body(html: str) -> str | None:
    text = trafilatura.extract(html, include_comments=False, include_tables=True)
    return text or None


class _Reader(HTMLParser):
    """Collects text, headings, metas and scripts in one pass that no depth of nesting stops."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.metas: list[tuple[str, str]] = []
        self.headings: list[str] = []
        self.scripts: list[str] = []
        self.lang = ""
        self._hidden: list[str] = []
        self._text: list[str] = []
        self._open: dict[str, list[str]] = {}
        self._done: dict[str, str] = {}
        self._script: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        if tag == "meta":
            name = given.get("property") or given.get("name") or given.get("itemprop")
            if name and given.get("content", "").strip():
                self.metas.append((name.strip().lower(), given["content"].strip()))
        elif tag == "html":
            self.lang = given.get("lang") or given.get("xml:lang", "")
        elif tag == "script" and given.get("type", "").lower() == "application/ld+json":
            self._script = []
        if tag in _HIDDEN:
            if tag != "head":
                self._hidden.append(tag)
        elif tag not in _INLINE:
            self._text.append("\n")
        if tag in {"title", "h1"} and not (self._hidden):
            self._open[tag] = []

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass
        elif tag not in _INLINE:
            self._text.append("\n")
        if tag == "script" and self._script is not None:
            self.scripts.append("".join(self._script))
            self._script = None
        if tag in self._open:
            text = " ".join("".join(self._open.pop(tag)).split())
            if tag == "title":
                self._done.setdefault(tag, text)
            elif text:
                self.headings.append(text)

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)
        if self._hidden:
            return
        for parts in self._open.values():
            parts.append(data)
        if "title" not in self._open:
            self._text.append(data)

    def part(self, tag: str) -> str:
        return self._done.get(tag, "")

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._text).split("\n"))
        return "\n".join(line for line in lines if line)


def _linked(scripts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON-LD scripts, those of a graph or list one by one."""
    for script in scripts:
        try:
            loaded = json.loads(script.strip(), strict=False)
        except (ValueError, RecursionError):
            continue
        waiting = [loaded]
        while waiting:
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting.extend(item)
            elif isinstance(item, dict):
                yield item
                waiting.extend(item.get("@graph") or [] if isinstance(item.get("@graph"), list) else [])
