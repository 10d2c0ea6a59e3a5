"""Keeping what a library prints on its own from the user's terminal."""

from __future__ import annotations

import atexit
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from threading import Lock, get_ident
from typing import Any, Optional, TextIO, cast

_ERRORS = 2
"""The process's standard error as the system numbers it: what a library of C prints there goes past Python."""

_one_at_a_time = Lock()


@contextmanager
def hushed(remarks: re.Pattern[bytes]) -> Iterator[None]:
    """Drop what this thread writes to ``sys.stdout``, and the lines on standard error that ``remarks`` match.

    Lines are matched from their start. Standard error is the whole process's: all of it is held back until the end,
    and what does not match comes then. A line that another thread was just writing at the end may come with the next
    block, or when Python exits. One block is under way at a time; it should be short, and start no program, which would
    take over the stream as it is.

    Raises:
        OSError: there is no place for temporary files.
    """
    with _one_at_a_time, _errors_held_back(remarks), redirect_stdout(cast(TextIO, _OtherThreads(sys.stdout))):
        yield


class _OtherThreads:
    """A stream as it is for all threads but the one that makes this; what that one writes is dropped.

    A program without a terminal has no stream.
    """

    def __init__(self, stream: Optional[TextIO]) -> None:
        self._stream = stream
        self._hushed = get_ident()

    def write(self, text: str) -> int:
        if self._stream is None or get_ident() == self._hushed:
            return len(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _HeldErrors:
    """The file in which standard error is held back, the same one each time.

    A thread may have begun to write before the stream was given back and end after that; in a file for one block that
    would be lost.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rotomatte-", ignore_cleanup_errors=True)
        path = Path(self._folder.name) / "errors"
        self._end = path.open("ab", buffering=0)
        # A place in the file of its own: one that writers share would let them write over what was just printed.
        self._next = path.open("rb", buffering=0)
        # Windows keeps what is open until it is closed.
        self._folder.cleanup()
        self._mark = os.urandom(16)
        self._behind_mark = b""

    def fileno(self) -> int:
        return self._end.fileno()

    def print_all_but(self, remarks: re.Pattern[bytes]) -> None:
        # The system appends one after the other, so that no half line stands before the mark. On a disk without space
        # there is none, and all of it comes later.
        with suppress(OSError):
            self._end.write(self._mark)
        text, _, self._behind_mark = (self._behind_mark + self._next.read()).rpartition(self._mark)
        lines = text.replace(self._mark, b"").splitlines(keepends=True)
        _print_errors(b"".join(line for line in lines if not remarks.match(line)))

    def close(self) -> None:
        # What comes late is of other threads, and no remark.
        self.print_all_but(re.compile(rb"(?!)"))
        self._end.close()
        self._next.close()
        self._folder.cleanup()


@cache
def _held_errors() -> _HeldErrors:
    made = _HeldErrors()
    atexit.register(made.close)
    return made


@contextmanager
def _errors_held_back(remarks: re.Pattern[bytes]) -> Iterator[None]:
    try:
        shown = os.dup(_ERRORS)
    except OSError:
        # Closed: nobody would see them anyway, and a file that is opened now would take the place of the stream.
        yield
        return
    try:
        held = _held_errors()
        os.dup2(held.fileno(), _ERRORS)
        try:
            yield
        finally:
            os.dup2(shown, _ERRORS)
            held.print_all_but(remarks)
    finally:
        os.close(shown)


def _print_errors(text: bytes) -> None:
    with suppress(OSError):
        while text:
            text = text[os.write(_ERRORS, text) :]
