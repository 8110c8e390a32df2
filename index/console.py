"""How results look to a person at a terminal: lines of text, free of control characters."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from index import representation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from index.article import Article, Source
    from index.pipeline import Report
    from index.settings import Settings

# An article or a file name must not move the cursor, ring the bell or rename the window.
_CONTROLS = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if code not in {9, 10}}
_WIDTH = 100
_BODY, _QUOTES = 3, 12
"""Lines of a body, and quotes, that ``inspect`` shows."""


def plain(text: str) -> str:
    r"""Return the text with each control character but tab and newline as U+FFFD.

    >>> plain("a\x1b[31m")
    'a\ufffd[31m'
    """
    return text.translate(_CONTROLS)


def article(source: Source, found: Article) -> Iterator[str]:
    """Yield the lines of an article: each value, how sure it is, and the words it was read from."""
    shown = representation.article(found)
    known = shown["provenance"]
    yield f"{_line(found.id)}  ({_line(str(source.place))})"
    date = shown["date"]["edtf"] if shown["date"] else None
    rows = {"title": shown["title"], "date": date, "outlet": shown["outlet"], "language": shown["language"]}
    for name, value in rows.items():
        yield _row(name, value, known.get(name))
        if name == "title" and value is None:
            yield f"            shown as {_short(shown['display_title'])}"
    for n, speaker in enumerate(known["speakers"]):
        yield _row("" if n else "speakers", speaker["value"], speaker)
    yield from _rows("quotes", [_quote(each) for each in shown["quotes"]], _QUOTES)
    refused = [
        f"{each['field']} {_short(each['text'])}: {_line(each['reason'])}" for each in known["refused"]
    ]
    yield from _rows("refused", refused, len(refused))
    lines = textwrap.wrap(
        _line(found.body[: _WIDTH * (_BODY + 1)]), _WIDTH, max_lines=_BODY, placeholder=" …"
    )
    yield from _rows("body", [f"{len(found.body):,} characters", *lines], len(lines) + 1)


def report(done: Report, settings: Settings) -> Iterator[str]:
    """Yield the lines that say what a run did."""
    now = f"generation {done.generation}" if done.generation is not None else "nothing had to be written"
    yield f"{_line(str(settings.index))}: {now}, {done.seconds:.1f} s"
    for name in (
        "read",
        "added",
        "replaced",
        "unchanged",
        "deleted",
        "repeated",
        "quarantined",
        "passed_over",
    ):
        count = getattr(done, name)
        if count or name == "read":
            yield f"  {name.replace('_', ' '):<12}{count:>11,}"


def ignored(keys: Mapping[str, int]) -> Iterator[str]:
    """Yield the line that names keys without a meaning, where there were any."""
    if keys:
        listed = ", ".join(f"{_line(key)} ({count:,})" for key, count in keys.items())
        yield f"keys that mean nothing here were ignored: {listed}"


def numbers(values: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """Yield the lines of numbers under their names, those of a mapping below its name."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield f"{indent}{name}"
            yield from numbers(value, indent + "  ")
        else:
            yield f"{indent}{name:<12}{value:>{15 - len(indent)},}"


def _rows(name: str, values: list[str], limit: int) -> Iterator[str]:
    more = [f"… and {len(values) - limit:,} more"] if len(values) > limit else []
    for n, value in enumerate([*values[:limit], *more]):
        yield f"  {'' if n else name:<10}{value}"


def _row(name: str, value: str | None, known: Mapping[str, Any] | None) -> str:
    if value is None or known is None:
        return f"  {name:<10}–"
    evidence = known["evidence"]
    start, text = evidence["start"], evidence["text"]
    where = f" {start}–{evidence['end']}" if start is not None else ""
    words = f" {_short(text)}" if text and text != value else ""
    source = f"{evidence['from']}{where}{words}"
    return f"  {name:<10}{_line(value)}  [{known['confidence']}, {known['method']}, {source}]"


def _quote(each: Mapping[str, Any]) -> str:
    who = _line(each["speaker"]) if each["speaker"] else "nobody named"
    cue = f", {_line(each['cue'])}" if each["cue"] else ""
    where = f"{each['start']}–{each['end']}"
    return f"{_short(each['text'])} – {who}  [{each['confidence']}, {each['kind']}{cue}, {where}]"


def _line(text: str) -> str:
    return plain(" ".join(text.split()))


def _short(text: str) -> str:
    return f"“{textwrap.shorten(_line(text[: 4 * _WIDTH]), _WIDTH - 30, placeholder=' …')}”"
