"""The engine's log: where tracebacks go, since clients never see one."""

from __future__ import annotations

import logging
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

_NAME = "engine.log"
_MOST_BYTES = 1 << 20
_OLD_ONES = 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_path() -> Path:
    """Where the log lies; it need not exist yet."""
    return platformdirs.user_log_path("rotomatte", appauthor=False) / _NAME


def open_log(path: Path) -> RotatingFileHandler:
    """Let everything that Rotomatte logs go into a file, and into older ones once it is full; returns what to close."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=_MOST_BYTES, backupCount=_OLD_ONES, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger = logging.getLogger("rotomatte")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    return handler


def last_lines(path: Path, count: int) -> str:
    """The end of the log, empty where there is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return "".join(deque(file, maxlen=count))
    except FileNotFoundError:
        return ""
