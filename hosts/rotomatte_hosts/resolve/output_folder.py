"""Where mattes go, and plates that Resolve renders."""

from __future__ import annotations

import getpass
import re
import tempfile
from pathlib import Path
from typing import Optional

from rotomatte_hosts.resolve.facts import ClipFacts

_NO_NAME = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


def matte_folder(
    facts: ClipFacts, clip_name: str, first_frame: int, folder: str, *, below: Optional[str] = None
) -> str:
    """The folder of a clip's mattes, a full path.

    Args:
        facts: of the clip.
        clip_name: what the clip is called.
        first_frame: its first one, in the plate's numbering: one clip may be cut into a timeline many times.
        folder: as the clip's macro says, empty where it says nothing: ``~/Rotomatte/<project>/<timeline>/<clip>``.
        below: a folder that holds those of several clips, which counts in place of the macro's.
    """
    name = f"{plain_name(clip_name)}_{first_frame}"
    if below is not None:
        return str(Path(below).absolute() / name)
    if folder:
        return str(Path(folder).expanduser())
    return str(Path.home() / "Rotomatte" / plain_name(facts.project.name) / plain_name(facts.timeline.name) / name)


def plain_name(name: str) -> str:
    """A name that every file system takes."""
    return _NO_NAME.sub("_", name).strip(" .") or "unnamed"


def plates_folder() -> Path:
    """The user's folder for plates that Resolve renders."""
    return Path(tempfile.gettempdir()) / f"rotomatte-plates-{getpass.getuser()}" / "resolve"
