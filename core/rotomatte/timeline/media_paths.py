"""Paths of media as edits have them, of whatever system, and where that is here. Pure."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Optional

from rotomatte.plate.locate import MOVIE_SUFFIXES

_DRIVE = re.compile(r"[A-Za-z]:([/\\]|$)")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_BRACKETS = re.compile(r"\[(\d+)-(\d+)\](?=[^/\\\[\]]*$)")
_EITHER = re.compile(r"[/\\]")


def file_name(path: str) -> str:
    """What stands behind the last separator."""
    return _parts(path)[-1]


def folders_above(path: str) -> tuple[str, ...]:
    """The names of the folders that a file is in, the nearest first."""
    return tuple(name for name in reversed(_parts(path)[:-1]) if name)


def local_paths(path: str, maps: Sequence[tuple[str, str]], near: Path) -> Iterator[Path]:
    """Where a media may be, in the order in which to look: as the maps say, then where the edit says.

    A path of another system, or on a server, is nowhere here unless a map says so.

    Args:
        path: the edit's path: of Linux, macOS or Windows, relative, or a URL.
        maps: how paths begin in the edit, and how they begin here. Whole names of folders have to be the same; of
            Windows, capitals and the kind of separator do not count.
        near: the folder from which relative paths count.
    """
    if not path:
        return
    parts = _parts(path)
    for before, after in maps:
        rest = _below(parts, before, is_of_windows=_is_of_windows(path))
        if rest:
            yield Path(after).absolute().joinpath(*rest)
    if _URL.match(path):
        return
    if os.name != "nt" and (_DRIVE.match(path) or path.startswith("\\")):
        return
    yield near.absolute().joinpath(*parts) if parts[0] else Path(path)


def without_brackets(path: str) -> tuple[str, Optional[range]]:
    """``name.[1005-1056].exr``, as Resolve writes sequences, as a pattern ``name.%04d.exr`` and its numbers.

    Any other path as it is, and None. Brackets of a movie's name are part of it.
    """
    found = _BRACKETS.search(path)
    if found is None or path.lower().endswith(MOVIE_SUFFIXES) or int(found[2]) < int(found[1]):
        return path, None
    pattern = f"{path[: found.start()]}%0{len(found[1])}d{path[found.end() :]}"
    return pattern, range(int(found[1]), int(found[2]) + 1)


def _parts(path: str) -> list[str]:
    """The names between separators; the first is empty where the path begins at a root."""
    return _EITHER.split(path) if _is_of_windows(path) else path.split("/")


def _is_of_windows(path: str) -> bool:
    """Whether backslashes separate: elsewhere they may be part of a name."""
    return bool(_DRIVE.match(path)) or path.startswith("\\") or ("\\" in path and "/" not in path)


def _below(parts: Sequence[str], folder: str, *, is_of_windows: bool) -> list[str]:
    """What of a path comes below a folder, nothing where it is not below it."""
    above = _EITHER.split(folder) if is_of_windows else folder.split("/")
    while len(above) > 1 and not above[-1]:
        above.pop()
    fold = str.casefold if is_of_windows else str
    begins = [fold(part) for part in parts[: len(above)]] == [fold(part) for part in above]
    return list(parts[len(above) :]) if begins else []
