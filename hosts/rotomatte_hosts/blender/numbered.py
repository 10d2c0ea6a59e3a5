"""Names of numbered files, as Blender's lists of files have them and as the engine reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from rotomatte_plugin.model import FrameRange

STILL_SUFFIXES = (".exr", ".dpx", ".cin", ".tif", ".tiff", ".png", ".jpg", ".jpeg")
MOVIE_SUFFIXES = (
    ".mov", ".mp4", ".m4v", ".mxf", ".mkv", ".avi", ".webm", ".ts", ".m2ts", ".mts", ".mpg", ".mpeg", ".wmv",
)  # fmt: skip
"""What the engine reads as a plate; a test compares it with the engine's own lists."""

LONE_FRAME = 1
"""The frame of a file without a number, and the first one of a movie."""

# Behind a minus sign the engine would take a number for a negative one, and Blender would not.
_NUMBERED = re.compile(r"(?P<head>(?:.*[^-0-9])?)(?P<digits>\d+)(?P<tail>\.[^.\d][^.]*)")
_UNNUMBERED = re.compile(r".*\D\.[^.]*")
_PATTERN_SIGNS = "#@%"


@dataclass(frozen=True)
class NumberedName:
    """A file name taken apart at its frame number, such as ``plate.``, 4 digits, ``.exr`` and 1001."""

    head: str
    digits: int
    tail: str
    frame: int

    def at(self, frame: int) -> str:
        """The name of another frame's file."""
        return f"{self.head}{frame:0{self.digits}d}{self.tail}"

    @property
    def pattern(self) -> str:
        """All frames' names at once, as the engine reads it; this one's where the name has signs of a pattern in it."""
        if any(sign in self.head + self.tail for sign in _PATTERN_SIGNS):
            return self.at(self.frame)
        return f"{self.head}%0{self.digits}d{self.tail}"


def numbered_name(name: str) -> Optional[NumberedName]:
    """The parts of a file name; None where no frame number stands before its suffix."""
    found = _NUMBERED.fullmatch(name)
    if found is None:
        return None
    return NumberedName(found["head"], len(found["digits"]), found["tail"], int(found["digits"]))


def looks_unnumbered(name: str) -> bool:
    """Whether no digit stands before a file's suffix, so that neither Blender nor the engine sees a number there."""
    return _UNNUMBERED.fullmatch(name) is not None


def as_sequence(names: Sequence[str]) -> Optional[NumberedName]:
    """The first of names that count up by one from each to the next; None where they do not, or there are none."""
    first = numbered_name(names[0]) if names else None
    if first is None or any(name != first.at(first.frame + index) for index, name in enumerate(names)):
        return None
    return first


def run_on_disk(file: Path) -> Optional[FrameRange]:
    """The frames of a file's sequence that lie on the disk without a gap around that file; None where it is not one."""
    name = numbered_name(file.name)
    if name is None or not file.is_file():
        return None
    there = _frames(name, (item.name for item in file.parent.iterdir()))
    first = last = name.frame
    while first - 1 in there:
        first -= 1
    while last + 1 in there:
        last += 1
    return FrameRange(first, last)


def _frames(name: NumberedName, others: Iterable[str]) -> set[int]:
    found = {numbered_name(other) for other in others}
    return {other.frame for other in found if other is not None and other.at(other.frame) == name.at(other.frame)}
