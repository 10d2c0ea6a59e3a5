"""The connection file: where the engine listens and the token that opens its door.

It is a secret of its user, so it is read only where nobody else could have read or written it. Windows knows no mode
0600; there the folder below the user's profile keeps others out by its own rights.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from rotomatte_plugin.errors import EngineError, ProtocolError
from rotomatte_plugin.messages.protocol import ProtocolVersion
from rotomatte_plugin.plain import from_plain

LOOPBACK = "127.0.0.1"
_MAX_BYTES = 4096


@dataclass(frozen=True)
class Connection:
    """Where an engine listens; ``started`` is ISO 8601 in UTC."""

    host: str
    port: int
    token: str
    pid: int
    protocol: ProtocolVersion
    started: str


@dataclass(frozen=True)
class FileFacts:
    """What the file system says of a file: ``mode`` as in ``os.stat``, ``uid`` of its owner."""

    mode: int
    uid: int


def why_not_trusted(facts: FileFacts, uid: Optional[int], *, is_folder: bool = False) -> str:
    """What makes a file or folder unfit for a secret of ``uid``, empty where nothing does.

    ``uid`` None stands for Windows, where neither owner nor mode are told this way.
    """
    if not (stat.S_ISDIR if is_folder else stat.S_ISREG)(facts.mode):
        return "is no folder" if is_folder else "is no plain file"
    if uid is None:
        return ""
    if facts.uid != uid:
        return "belongs to another user"
    # A folder's others may look, as long as they cannot put a file of theirs in the secret's place.
    if facts.mode & (0o022 if is_folder else 0o077):
        return "can be changed by other users" if is_folder else "can be read or changed by other users"
    return ""


def current_uid(system: str = sys.platform) -> Optional[int]:
    """The user's number, None on Windows."""
    return None if system == "win32" else os.getuid()


def require_private_folder(folder: Path) -> None:
    """Let only a folder pass in which no other user can change a file.

    Raises:
        EngineError: it is no such folder; the remedy names it.
        FileNotFoundError: it is not there.
    """
    facts = folder.lstat()
    _require(why_not_trusted(FileFacts(facts.st_mode, facts.st_uid), current_uid(), is_folder=True), folder)


def read_connection(path: Path) -> Optional[Connection]:
    """What the connection file says, None where there is none.

    Raises:
        EngineError: it, or its folder, could be another user's doing, or it is not a connection file.
    """
    try:
        require_private_folder(path.parent)
        # Without following a link, and without waiting for the other end of a pipe.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path, f"cannot be opened ({error.strerror})") from error
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle, which pathlib does not open
        facts = os.fstat(handle)
        _require(why_not_trusted(FileFacts(facts.st_mode, facts.st_uid), current_uid()), path)
        data = file.read(_MAX_BYTES)
    try:
        connection = from_plain(Connection, json.loads(data))
    except (ValueError, ProtocolError) as error:
        raise _unusable(path, "is not a connection file") from error
    if connection.host != LOOPBACK:
        raise _unusable(path, f"leads to {connection.host}, which is not this machine")
    return connection


def _require(problem: str, path: Path) -> None:
    if problem:
        raise _unusable(path, problem)


def _unusable(path: Path, problem: str) -> EngineError:
    return EngineError(
        f"{path} {problem}, so the engine is not reached through it.",
        remedy="Delete it and try again; if it comes back, ask who else uses this machine.",
        path=str(path),
    )
