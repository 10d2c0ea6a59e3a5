"""The media pool's bin for mattes, ``Rotomatte/<timeline>``, and bringing a matte's files into it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rotomatte_hosts.resolve.marks import Mark, mark_of
from rotomatte_plugin.errors import HostError

TOP = "Rotomatte"

_NUMBER = re.compile(r"%0(\d+)d(?=[^/\\]*$)")


@dataclass(frozen=True)
class MatteFiles:
    """An object's matte as files ``pattern`` (with ``%04d``) of the numbers ``first`` to ``last``."""

    object: str
    pattern: str
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many files there are."""
        return self.last - self.first + 1

    @property
    def first_file(self) -> str:
        """The path of the first of them."""
        return str(file_at(self.pattern, self.first))


def file_at(pattern: str, number: int) -> Path:
    """The file of a number, by a pattern with ``%04d`` in its name; other ``%`` in the path are part of it."""
    return Path(_NUMBER.sub(lambda found: f"{number:0{int(found[1])}d}", pattern))


def open_bin(pool: Any, timeline_name: str) -> Any:
    """Make a timeline's bin the pool's current folder, in which media arrives; it is made where it is not there yet.

    Raises:
        HostError: the media pool does not take it.
    """
    folder = pool.GetRootFolder()
    for name in (TOP, timeline_name):
        listed = folder.GetSubFolderList() or []
        found = next((one for one in listed if one.GetName() == name), None) or pool.AddSubFolder(folder, name)
        if found is None:
            raise HostError(f"Resolve makes no bin {name!r}.", remedy="See whether the project is locked or read-only.")
        folder = found
    pool.SetCurrentFolder(folder)
    if pool.GetCurrentFolder().GetUniqueId() != folder.GetUniqueId():
        raise HostError(
            "Resolve does not open its bin for mattes.", remedy="Close any dialog in Resolve, then try again."
        )
    return folder


def import_files(pool: Any, files: MatteFiles) -> Any:
    """Bring a sequence into the pool's current folder; gives its media.

    Raises:
        HostError: Resolve does not take all of its files.
    """
    path = str(Path(files.pattern))
    made = pool.ImportMedia([{"FilePath": path, "StartIndex": files.first, "EndIndex": files.last}]) or []
    media = made[0] if made else None
    if media is None:
        raise HostError(f"Resolve did not import {path}.", remedy="Check that Resolve can read the folder.", path=path)
    said = tuple(str(media.GetClipProperty(key) or "") for key in ("Start", "End"))
    if said != (str(files.first), str(files.last)):
        pool.DeleteClips([media])
        raise HostError(
            f"Resolve imported frames {said[0]}-{said[1]} of {path}, and not {files.first}-{files.last}.",
            remedy="Check that all files are there.",
            path=path,
        )
    return media


def earlier_media(folder: Any, mark: Mark, now: Any) -> list[Any]:
    """Media in a bin that bears the mark, other than ``now``."""
    kept = now.GetUniqueId()
    return [one for one in folder.GetClipList() or [] if one.GetUniqueId() != kept and mark_of(one) == mark]


def remove_unused(pool: Any, media: list[Any]) -> None:
    """Take media out of the pool, but for what the artist uses elsewhere."""
    unused = [one for one in media if str(one.GetClipProperty("Usage") or "0") == "0"]
    if unused:
        pool.DeleteClips(unused)
