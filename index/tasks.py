"""The work on one article: its digest, its recovery within limits, whether the outcome can be written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING

import orjson

from index import analysis, markup, recovery, representation
from index.bounded import Outcome, Workers
from index.errors import BadSource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from index.article import Article, Source
    from index.settings import Settings

_SUPPLIED = ("form", "content", "url", "title", "date", "outlet", "language", "speakers", "fetched")
"""The fields of a source that decide what its article is."""


@dataclass(frozen=True, slots=True)
class Task:
    """A source and its corrections, field → value."""

    source: Source
    corrections: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Days:
    """The day of the run, which bounds dates, and what "on Monday" counts from where no day is known."""

    today: date
    anchor: date | None = None


def digest(task: Task, days: Days, language: str) -> str:
    """Return what names an article's content and the versions that make it: equal digests, equal articles."""
    supplied = [getattr(task.source, name) for name in _SUPPLIED]
    versions = [recovery.VERSION, analysis.VERSION, language]
    canonical = orjson.dumps([supplied, sorted(task.corrections.items()), days.anchor, versions])
    return blake2b(canonical, digest_size=16).hexdigest()


def workers(settings: Settings, days: Days) -> Workers[Task, Article]:
    """Return processes that recover articles within the limits of the settings."""
    return limited(days, jobs=settings.jobs, seconds=settings.article_seconds, memory=settings.article_memory)


def limited(days: Days, *, jobs: int, seconds: float, memory: int) -> Workers[Task, Article]:
    """Return processes that recover articles, each in at most so many seconds and bytes."""
    attempts = [partial(recovered, days=days), partial(recovered_plainly, days=days)]
    return Workers(attempts, jobs=jobs, seconds=seconds, memory=memory)


def recovered(task: Task, *, days: Days) -> Article:
    """Return the article of a task; raise BadSource where there is none in it."""
    return recovery.recover(task.source, today=days.today, anchor=days.anchor, corrections=task.corrections)


def recovered_plainly(task: Task, *, days: Days) -> Article:
    """Return the article of a source that was too much work: a page's visible text, a raw text as it is."""
    source = task.source
    if source.form == "body":
        raise BadSource(str(source.place), "is too much for recovery")
    plain = (
        replace(source, form="text", content=markup.visible(source.content))
        if source.form == "html"
        else replace(source, form="body")
    )
    return recovered(replace(task, source=plain), days=days)


def problem(outcome: Outcome[Article]) -> str:
    """Return what speaks against writing an article, or nothing.

    What cannot be shown must not be written: a writer that raises half-way may leave words of
    one article under the next.
    """
    if outcome.value is None:
        return outcome.reason
    try:
        orjson.dumps(representation.article(outcome.value))
    except (TypeError, ValueError) as error:
        return f"holds what no JSON can hold: {error}"
    return ""
