"""What Resolve reads of files on disk when it imports them, and how it writes the name of a sequence."""

from __future__ import annotations

import re
import struct
from pathlib import Path, PurePath

_BRACKETS = re.compile(r"^(.*)\[(\d+)-(\d+)\](.*)$", re.DOTALL)
_PATTERN = re.compile(r"^(.*)%0(\d+)d(.*)$", re.DOTALL)


def parse_brackets(path: str) -> tuple[str, int, int] | None:
    """``name.[1001-1100].exr`` as a pattern with its first and last number; None for a single file."""
    match = _BRACKETS.match(path)
    if match is None:
        return None
    head, first, last, tail = match.groups()
    return f"{head}%0{len(first)}d{tail}", int(first), int(last)


def frame_path(pattern: str, number: int) -> str:
    """The file of a frame of a ``%04d`` pattern."""
    match = _PATTERN.match(pattern)
    if match is None:
        return pattern
    head, padding, tail = match.groups()
    return f"{head}{number:0{int(padding)}d}{tail}"


def in_brackets(pattern: str, first: int, last: int) -> str | None:
    """A pattern as Resolve writes it; None where it is no pattern."""
    match = _PATTERN.match(pattern)
    if match is None:
        return None
    head, padding, tail = match.groups()
    return f"{head}[{first:0{int(padding)}d}-{last:0{int(padding)}d}]{tail}"


def file_name(path: str) -> str:
    """The last part of a path of any system."""
    return PurePath(path.replace("\\", "/")).name


def image_size(path: str) -> tuple[int, int] | None:
    """Width and height of an EXR's display window or of a PNG; None for what is neither."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(65536)
    except OSError:
        return None
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:4] != b"\x76\x2f\x31\x01":
        return None
    found = data.find(b"displayWindow\0box2i\0")
    if found < 0:
        return None
    left, top, right, bottom = struct.unpack_from("<4i", data, found + len(b"displayWindow\0box2i\0") + 4)
    return right - left + 1, bottom - top + 1
