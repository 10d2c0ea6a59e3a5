"""Copies of what is open, for the day on which the panel, or the machine, ends before it was saved."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from rotomatte_hosts.panel.session_file import SUFFIX, SavedSession, load, save
from rotomatte_plugin.errors import RotomatteError

_Alive = Callable[[int], bool]


def is_alive(pid: int) -> bool:
    """Whether a process of that number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        # Somebody else's: it runs.
        return True
    return True


class Autosave:
    """One file in ``folder`` for one window; its name has the process in it, so that another can tell who left it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / f"{os.getpid()}-{uuid.uuid4().hex}{SUFFIX}"

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
        save(session, self._path)

    def drop(self) -> None:
        """Nothing needs to be kept: it is saved, or not wanted."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def left_behind(folder: Path, alive: _Alive = is_alive) -> tuple[Path, ...]:
    """Autosaves of panels that do not run any more and can be opened, the latest first."""
    found: list[tuple[float, Path]] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        pid = path.name.partition("-")[0]
        if pid.isdigit() and alive(int(pid)):
            continue
        with suppress(OSError, RotomatteError):
            load(path)
            found.append((path.stat().st_mtime, path))
    return tuple(path for _, path in sorted(found, reverse=True))
