"""The log's file: bounded, and silent where it cannot be written."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

LARGEST = 1024 * 1024
OLDER = 3


class LogFile(RotatingFileHandler):
    """A log that rotates. On a full disk it has holes, and nothing else is to suffer from that."""

    def __init__(self, path: Path, form: logging.Formatter) -> None:
        super().__init__(path, maxBytes=LARGEST, backupCount=OLDER, encoding="utf-8")
        self.setFormatter(form)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Say nothing: logging itself would print a traceback for every line."""
