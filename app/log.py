"""Log lines: one JSON object each, on standard error, without a word that a client sent."""

import logging
import traceback
from datetime import UTC, datetime
from typing import Any

import orjson

from app.model.version import instant

CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "app.log.JsonLine"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"level": "INFO", "handlers": ["stderr"]},
}
"""What every process of the hub gives to logging.config.dictConfig."""


class JsonLine(logging.Formatter):
    """Writes a record as one JSON object; `extra={"fields": {...}}` adds members to it.

    An exception is told by its type and the lines it passed, never by its text, which may quote
    what a client sent.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of one record, without a line feed."""
        line = {
            "at": instant(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": record.process,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"] = type(error).__name__
            passed = traceback.extract_tb(error.__traceback__)
            line["passed"] = [f"{each.filename}:{each.lineno} {each.name}" for each in passed]
        return orjson.dumps(line, default=str).decode()
