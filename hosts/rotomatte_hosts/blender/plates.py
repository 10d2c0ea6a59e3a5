"""Where rendered plates are kept: a folder a clip, below it one for what it was when it was rendered."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path

NAME = "plate.%04d.exr"
"""A frame's file, by its number in the timeline."""

_UNNAMED = "unnamed"
_KEPT_S = 30 * 24 * 3600


def plates_folder(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """The user's folder for what can be made again; it need not exist yet."""
    if system == "win32":
        cache = Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    elif system == "darwin":
        cache = Path.home() / "Library/Caches"
    else:
        cache = Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "rotomatte" / "blender plates"


def plate_pattern(host_id: str, fingerprint: str) -> Path:
    """The files of a clip's rendered plate."""
    return plates_folder() / (host_id or _UNNAMED) / fingerprint / NAME


def part_folder(plate: Path) -> Path:
    """Where the files of the pattern ``plate`` are until all are there."""
    return plate.parent.with_name(f"{plate.parent.name} unfinished")


def make_room(plate: Path) -> Path:
    """An empty folder for the files of ``plate``: its path.

    What the clip was rendered to before goes, and what any clip was rendered to more than 30 days ago.
    """
    shutil.rmtree(plate.parent.parent, ignore_errors=True)
    for clip in plates_folder().glob("*"):
        if clip.stat().st_mtime < time.time() - _KEPT_S:
            shutil.rmtree(clip, ignore_errors=True)
    folder = part_folder(plate)
    folder.mkdir(parents=True)
    return folder
