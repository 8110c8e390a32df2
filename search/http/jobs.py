"""How a job is shown: what became of each line, and which lines wait."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from index import representation
from index.jobs import DONE

if TYPE_CHECKING:
    from index.jobs import Job, Outcome


def shown(job: Job) -> dict[str, Any]:
    """Return a job as JSON values; ``items`` are the lines that did not fail, waiting ones among them."""
    results = Counter(one.result for one in job.outcomes if not one.failed)
    done = [_item(one) for one in job.outcomes if not one.failed]
    waiting = [
        {"line": line, "id": id_, "result": "waiting", "version": None, "links": representation.links(id_)}
        for line, id_ in job.waiting
    ]
    return {
        "id": job.id,
        "status": "waiting" if job.finished is None else "done",
        "received": _time(job.received),
        "finished": None if job.finished is None else _time(job.finished),
        "generation": job.generation,
        "lines": len(job.outcomes) + len(job.waiting),
        "counts": {
            "waiting": len(waiting),
            **{result: results[result] for result in DONE},
            "failed": len(job.outcomes) - len(done),
        },
        "items": sorted(done + waiting, key=lambda item: item["line"]),
        "errors": [
            {"line": one.line, "id": one.id, "code": one.result, "detail": one.detail}
            for one in job.outcomes
            if one.failed
        ],
        "ignored": dict(job.ignored),
        "links": {"self": link(job.id)},
    }


def link(id: str) -> str:  # noqa: A002 - the contract's own name
    """Return where a job is found."""
    return f"/v1/jobs/{id}"


def _item(outcome: Outcome) -> dict[str, Any]:
    assert outcome.id is not None, "what was done was done to an article"
    return {
        "line": outcome.line,
        "id": outcome.id,
        "result": outcome.result,
        "version": outcome.version,
        "links": representation.links(outcome.id),
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
