"""The engine's place on this machine: one engine a user, and the connection file that leads to it.

Whether an engine lives is told by a lock that the system frees with the process, never by a process id, which another
process may have by now. So a connection file without a locked lock is stale, whatever it says.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import filelock
import msgspec

from rotomatte_plugin.connection import Connection, require_private_folder
from rotomatte_plugin.errors import EngineError
from rotomatte_plugin.locate import CONNECTION_NAME

_LOCK_NAME = "engine.lock"
_TOKEN_BYTES = 32


def make_token() -> str:
    """A secret that nobody guesses: 256 random bits."""
    return secrets.token_hex(_TOKEN_BYTES)


class Place:
    """The only engine's place in a folder, from ``take`` to the end of the ``with`` block."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / CONNECTION_NAME
        self._lock_path = folder / _LOCK_NAME
        self._lock = filelock.FileLock(self._lock_path, timeout=0, mode=0o600)
        self._lock_is = (0, 0)
        self._connection: Connection | None = None

    def __enter__(self) -> Place:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock.is_locked:
            if self._connection is not None and not self.is_lost():
                self._file.unlink(missing_ok=True)
            self._lock.release()

    def take(self) -> bool:
        """Become this folder's engine, and remove what a dead one left; False where another one lives.

        Raises:
            EngineError: the folder cannot be made, or another user could change what lies in it.
        """
        folder = self._file.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            require_private_folder(folder)
            self._lock.acquire()
            self._lock_is = _identity(self._lock_path)
            self._file.unlink(missing_ok=True)
        except filelock.Timeout:
            return False
        except OSError as error:
            raise EngineError(
                f"{folder} cannot be used for the engine's connection file: {error.strerror}.",
                remedy="Check the folder's owner and permissions.",
                path=str(folder),
            ) from error
        return True

    def announce(self, connection: Connection) -> None:
        """Write the connection file, whole or not at all, for the user's own eyes."""
        self._connection = connection
        part = self._file.with_suffix(".part")
        part.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with open(os.open(part, flags, 0o600), "wb") as file:  # noqa: PTH123 - a handle
            file.write(msgspec.json.encode(connection))
        part.replace(self._file)

    def is_lost(self) -> bool:
        """Whether the folder was cleared away, so that another engine may have taken its place by now."""
        return _identity(self._lock_path) != self._lock_is

    def keep(self) -> None:
        """Write the connection file again where something, such as a cleaner of temporary files, removed it."""
        if self._connection is not None and not self._file.exists():
            with suppress(OSError):
                self.announce(self._connection)


def is_engine_alive(folder: Path) -> bool:
    """Whether an engine holds the place in that folder."""
    if not (folder / _LOCK_NAME).exists():
        return False
    lock = filelock.FileLock(folder / _LOCK_NAME, timeout=0, mode=0o600)
    try:
        with lock:
            return False
    except filelock.Timeout:
        return True


def _identity(path: Path) -> tuple[int, int]:
    try:
        facts = path.stat()
    except OSError:
        return (0, 0)
    return facts.st_dev, facts.st_ino
