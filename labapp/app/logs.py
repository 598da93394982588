"""The log: five files of one megabyte, JSON lines, without names of people."""

from __future__ import annotations

import json
import logging
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


class _LateFile(logging.Handler):
    """Opens its file for the first record: the standard library's file brings sockets along."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            self._file = _rotating(self._path)
        self._file.emit(record)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


def _rotating(path: Path) -> logging.Handler:
    from logging.handlers import RotatingFileHandler

    file = RotatingFileHandler(
        path, maxBytes=1_000_000, backupCount=4, encoding="utf-8", delay=True
    )
    file.setFormatter(_JsonLines())
    return file


def start_log(path: Path) -> logging.Handler | None:
    """Send log records to ``path``; where it cannot be written, to nowhere but stderr."""
    root = logging.getLogger("labapp")
    root.setLevel(logging.INFO)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        root.warning("no log file: %s", cause)
        return None
    handler = _LateFile(path)
    root.addHandler(handler)
    return handler
