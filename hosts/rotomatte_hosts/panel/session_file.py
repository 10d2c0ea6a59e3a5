"""A panel's session on the disk: the document and the playhead, as JSON that is never half written."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Optional

from rotomatte_hosts.panel.document import PanelDocument
from rotomatte_plugin.errors import JobError, OutputError, ProtocolError
from rotomatte_plugin.plain import from_plain

SUFFIX = ".rotomatte"
"""Of a session's file name."""

_KIND = "rotomatte panel session"
_SCHEMA = 1


@dataclass(frozen=True)
class SavedSession:
    """What is saved: ``frame`` is where the playhead was, ``path`` the file that an autosave stands in for."""

    document: PanelDocument
    frame: int
    path: Optional[str] = None


def save(session: SavedSession, path: Path) -> None:
    """Write a session; whatever happens meanwhile, the file is the old one or the new one, whole.

    Raises:
        OutputError: it cannot be written.
    """
    text = json.dumps({"kind": _KIND, "schema": _SCHEMA, "session": asdict(session)}, indent=1)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError(
            f"The session cannot be saved as {path}: {error.strerror}.",
            remedy="Save it elsewhere; nothing is lost as long as the panel is open.",
            path=str(path),
        ) from error


def load(path: Path) -> SavedSession:
    """Read a session.

    Raises:
        JobError: it cannot be read, is none, or is of a later Rotomatte.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise JobError(
            f"The session {path} cannot be read: {error.strerror}.",
            remedy="Check its name and permissions.",
            path=str(path),
        ) from error
    except ValueError as error:
        raise _no_session(path) from error
    if not isinstance(raw, dict) or raw.get("kind") != _KIND:
        raise _no_session(path)
    if raw.get("schema") != _SCHEMA:
        raise JobError(
            f"The session {path} has schema {raw.get('schema')}, and this Rotomatte reads schema {_SCHEMA}.",
            remedy="Open it with the Rotomatte that saved it, or update this one.",
            path=str(path),
        )
    try:
        return from_plain(SavedSession, raw.get("session"))
    except ProtocolError as error:
        raise JobError(
            f"The session {path} is damaged.", remedy="Open an autosave, or a copy of the file.", path=str(path)
        ) from error


def is_session(path: Path) -> bool:
    """Whether a JSON file says that it is a session."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(raw, dict) and raw.get("kind") == _KIND


def _no_session(path: Path) -> JobError:
    return JobError(
        f"{path} is no session of the panel.",
        remedy=f"Open a plate, a job, or a file that ends in {SUFFIX}.",
        path=str(path),
    )
