"""Mattes that can be seen while they are still being written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Optional

import nuke

from rotomatte_hosts.nuke.knobs import Shown, name_of, object_knobs
from rotomatte_hosts.nuke.place_read import place_read

_NUMBERED = re.compile(r"\.(-?\d+)\.exr$")


def show_arriving(node: nuke.Node, folder: str, shown: Shown) -> None:
    """Place each object's matte as soon as its first file is there, and have those that are placed look again.

    Args:
        node: the Rotomatte node.
        folder: of the mattes, of the profile ``universal``.
        shown: how the node's plate is shown.
    """
    for knobs in object_knobs(node):
        name = name_of(node, knobs)
        pattern = first_pattern(Path(folder) / name, name) if node[knobs.named("enabled")].value() else None
        if pattern is not None:
            place_read(node, name, pattern, shown.frames.frames, shown.frames)


def first_pattern(folder: Path, name: str) -> Optional[str]:
    """The pattern of an object's files in a folder, such as ``car.%04d.exr``; None where there are none yet."""
    for path in sorted(folder.glob(f"{name}.*.exr")):
        found = _NUMBERED.search(path.name)
        if found and path.name == f"{name}.{found[1]}.exr":
            return (folder / f"{name}.%0{len(found[1])}d.exr").as_posix()
    return None
