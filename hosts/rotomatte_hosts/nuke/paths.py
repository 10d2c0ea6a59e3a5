"""File names as Nuke writes them, made into those that the engine reads.

Numbers stand as ``%04d``, ``%d`` or ``####``, a view's name as ``%V`` and its first letter as ``%v``; a path without a
root begins at the project directory. Source: Foundry's user guide, "Loading image sequences" and "Stereoscopic
projects".
"""

from __future__ import annotations

import re

from rotomatte_plugin.errors import PlateError

STILLS = frozenset({"exr", "dpx", "cin", "tif", "tiff", "png", "jpg", "jpeg"})
"""The endings of images that the engine reads; of others, such as a camera's own, the frames are rendered."""

MOVIES = frozenset({"mov", "mp4", "m4v", "mxf", "mkv", "avi", "webm", "ts", "m2ts", "mts", "mpg", "mpeg", "wmv"})
"""The endings of movies that it reads."""

_NUMBER = re.compile(r"#+|%0?\d*d")
_ROOTED = re.compile(r"/|[A-Za-z]:/")


def plate_path(evaluated: str, project_directory: str, view: str) -> str:
    """The path of a plate.

    Args:
        evaluated: the Read's path with TCL evaluated and the signs of frames and views still in it.
        project_directory: the root's, evaluated; empty where there is none.
        view: the view that is meant.

    Raises:
        PlateError: there is no path, or it begins nowhere.
    """
    path = with_view(evaluated.replace("\\", "/"), view)
    if not path:
        raise PlateError("The Read has no file.", remedy="Choose one in the Read.")
    if _ROOTED.match(path):
        return path
    folder = project_directory.replace("\\", "/").rstrip("/")
    if not folder:
        raise PlateError(
            f"The plate's path {path!r} is relative, and the script has no project directory.",
            remedy="Set the project directory in the project settings, or give the whole path in the Read.",
            path=path,
        )
    return f"{folder}/{path}"


def with_view(path: str, view: str) -> str:
    """A path for one view: ``%V`` is its name and ``%v`` its first letter."""
    return path.replace("%V", view).replace("%v", view[:1])


def with_number(path: str, frame: int) -> str:
    """The path of one frame's file."""

    def digits(sign: re.Match[str]) -> str:
        width = len(sign[0]) if sign[0][0] == "#" else int(sign[0][1:-1] or 0)
        return f"{frame:0{width}d}"

    return _NUMBER.sub(digits, path)


def ending(path: str) -> str:
    """A file's ending, in lower case and without its dot."""
    return path.rpartition(".")[2].lower()


def is_numbered(path: str) -> bool:
    """Whether the file's name has the sign of a number."""
    return _NUMBER.search(path.rpartition("/")[2]) is not None


def knob_text(path: str) -> str:
    """A path as the text of a file knob, in which TCL in brackets would be evaluated."""
    return re.sub(r"[\[\]]", r"\\\g<0>", path)
