"""What the service writes down: one JSON object a line, requests to stdout and events to stderr."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import orjson

ACCESS = logging.getLogger("pressmark.access")
EVENTS = logging.getLogger("pressmark.events")


def request(**fields: Any) -> None:
    """Write a line of the access log, with these members: as ``ACCESS.info`` does, but for who called it."""
    if ACCESS.isEnabledFor(logging.INFO):
        record = logging.LogRecord(ACCESS.name, logging.INFO, "", 0, "request", None, None)
        record.fields = fields
        ACCESS.handle(record)


class JsonLines(logging.Formatter):
    """Formats a record as a JSON object; what stands in its ``fields`` becomes members."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def configuration(level: str) -> dict[str, Any]:
    """Return the ``logging.config`` dictionary of the service; gunicorn's own messages join it.

    ``level`` is the least level of gunicorn's messages that is written.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {
            name: {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "stream": f"ext://sys.{name}",
            }
            for name in ("stdout", "stderr")
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": level, "handlers": ["stderr"], "propagate": False},
            ACCESS.name: {"level": "INFO", "handlers": ["stdout"], "propagate": False},
            EVENTS.name: {"level": "INFO", "handlers": ["stderr"], "propagate": False},
        },
    }
