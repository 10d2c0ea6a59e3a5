"""Copies of what is open, for the day on which the panel, or the machine, ends before it was saved."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rotomatte_hosts.panel.session_file import SUFFIX, SavedSession, load, save
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.panel_lock import PanelLock


class Autosave:
    """One file in ``folder`` for one window, which holds a lock beside it, so that others can tell who left theirs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / f"{uuid.uuid4().hex}{SUFFIX}"
        self._lock = PanelLock(_lock_path(self._path))
        self._is_locked = False

    @property
    def masks(self) -> Path:
        """A folder of the user's for mattes that become prompts: sessions name them, so they stay."""
        return self._folder.parent / "masks"

    def keep(self, session: SavedSession) -> None:
        """Keep this in place of what was kept before.

        Raises:
            OutputError: it cannot be written.
        """
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._is_locked = self._is_locked or self._lock.take()
        save(session, self._path)

    def drop(self) -> None:
        """Nothing needs to be kept: it is saved, or not wanted."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        self.leave()

    def leave(self) -> None:
        """The window closes: what is kept is for the next one."""
        self._lock.release()
        self._is_locked = False
        with suppress(OSError):
            _lock_path(self._path).unlink(missing_ok=True)


@dataclass(frozen=True)
class LeftBehind:
    """An autosave, what is in it, and when it was kept, in seconds since 1970."""

    path: Path
    saved: SavedSession
    at_s: float


def left_behind(folder: Path) -> tuple[LeftBehind, ...]:
    """Autosaves that no window holds and that can be opened, the latest first."""
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with suppress(OSError, RotomatteError):
            if not PanelLock(_lock_path(path)).is_held():
                found.append(LeftBehind(path, load(path), path.stat().st_mtime))
    return tuple(sorted(found, key=lambda one: one.at_s, reverse=True))


def forget(path: Path) -> None:
    """Remove what was left behind: another window has it."""
    for one in (path, _lock_path(path)):
        with suppress(OSError):
            one.unlink(missing_ok=True)


def _lock_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")
