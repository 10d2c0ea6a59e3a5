"""Paths of media as Resolve writes them: a sequence has its first and last number in brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

STILLS = frozenset({"exr", "dpx", "cin", "tif", "tiff", "png", "jpg", "jpeg"})
"""The endings of images that the engine reads; of others the frames are rendered."""

MOVIES = frozenset({"mov", "mp4", "m4v", "mxf", "mkv", "avi", "webm", "ts", "m2ts", "mts", "mpg", "mpeg", "wmv"})
"""The endings of movies that it reads."""

_BRACKETS = re.compile(r"\[(\d+)-(\d+)\](?=[^/\\\[\]]*$)")


@dataclass(frozen=True)
class Sequence:
    """A sequence of files: ``pattern`` has ``%04d`` where the numbers stand, from ``first`` to ``last``."""

    pattern: str
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return self.last - self.first + 1


def read_brackets(path: str) -> Optional[Sequence]:
    """``name.[1005-1056].exr`` as a sequence; None for a path that is a file's own.

    The numbers have as many digits as the first one is written with. Brackets in folders, and others in the name, are
    part of them.
    """
    found = _BRACKETS.search(path)
    if found is None or ending(path) in MOVIES or int(found[2]) < int(found[1]):
        return None
    digits = len(found[1])
    return Sequence(f"{path[: found.start()]}%0{digits}d{path[found.end() :]}", int(found[1]), int(found[2]))


def ending(path: str) -> str:
    """A file's ending, in lower case and without its dot; empty where there is none."""
    return file_name(path).rpartition(".")[2].lower() if "." in file_name(path) else ""


def file_name(path: str) -> str:
    """What stands behind the last separator, forward or backward."""
    return re.split(r"[/\\]", path)[-1]


def short_name(name: str) -> str:
    """A clip's name without a sequence's numbers and a file's ending, such as ``plate`` of ``plate.[1001-1048].exr``."""
    found = _BRACKETS.search(name)
    if found is not None and ending(name) not in MOVIES:
        return name[: found.start()].rstrip("._- ") or found[0].strip("[]")
    known = ending(name) in STILLS | MOVIES
    return (name.rpartition(".")[0] if known else name) or name
