"""The log: five files of one megabyte, JSON lines, without names of people."""

from __future__ import annotations

import json
import logging
import logging.handlers
from pathlib import Path


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "t": self.formatTime(record),
            "level": record.levelname,
            "from": record.name,
            "thread": record.threadName,
            "say": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def start_log(path: Path) -> logging.Handler | None:
    """Send log records to ``path``; where it cannot be written, to nowhere but stderr."""
    root = logging.getLogger("labapp")
    root.setLevel(logging.INFO)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=1_000_000, backupCount=4, encoding="utf-8", delay=True
        )
    except OSError as cause:
        root.warning("no log file: %s", cause)
        return None
    handler.setFormatter(_JsonLines())
    root.addHandler(handler)
    return handler
