"""Whether a panel still has something open, a clip or an autosave.

A lock of the system's on a file tells it: it goes with the process, however that ends.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Optional


class PanelLock:
    """A lock on a file below a folder that is there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: Optional[int] = None

    def take(self) -> bool:
        """Hold it until ``release``, or the end of the process; False where somebody else does."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Hold it no longer; nothing where it is not held."""
        if self._handle is not None:
            # Closing the file gives the lock back.
            os.close(self._handle)
            self._handle = None

    def is_held(self) -> bool:
        """Whether somebody else holds it; taken for that moment where not."""
        if not self._path.exists():
            return False
        is_free = self.take()
        self.release()
        return not is_free


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        # Not lockf: its locks are those of a process, so that none would ever see its own.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
