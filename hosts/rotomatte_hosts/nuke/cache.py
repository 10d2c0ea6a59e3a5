"""Where plates lie that Nuke renders for the engine."""

from __future__ import annotations

import getpass
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

_PREFIX = "plate."


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The user's folder for rendered plates: below ``NUKE_TEMP_DIR``, else the machine's temporary folder."""
    return Path(environ.get("NUKE_TEMP_DIR") or tempfile.gettempdir()) / f"rotomatte-plates-{getpass.getuser()}"


def plate_pattern(host_id: str, state: str) -> str:
    """The files of a node's plate, one folder for each state that the script upstream of it has been in."""
    return (cache_folder() / host_id / state / f"{_PREFIX}%04d.exr").as_posix()


def make_room(pattern: str) -> None:
    """Make the folder of a plate, for this user alone, and remove those of the same node's earlier states.

    Raises:
        OSError: it cannot be made.
    """
    folder = Path(pattern).parent
    cache_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in folder.parent.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def remove(pattern: str) -> None:
    """Remove a plate's files."""
    shutil.rmtree(Path(pattern).parent, ignore_errors=True)
