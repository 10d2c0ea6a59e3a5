"""What the header of an EXR file says: its windows and channels, read without a library.

Layout: "OpenEXR File Layout", https://openexr.com/en/latest/OpenEXRFileLayout.html.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rotomatte_plugin.errors import FrameUnreadableError

_MAGIC = b"\x76\x2f\x31\x01"
_LARGEST_ATTRIBUTE_BYTES = 1 << 24
_LONGEST_NAME_BYTES = 256


@dataclass(frozen=True)
class Box:
    """A window in the file's own pixels: its top-left corner, y downwards, and its size."""

    left_px: int
    top_px: int
    width_px: int
    height_px: int


@dataclass(frozen=True)
class ExrHeader:
    """The windows and channel names of a file's first part."""

    display: Box
    data: Box
    channels: tuple[str, ...]


def read_exr_header(path: Path) -> ExrHeader:
    """The header of an EXR file.

    Raises:
        FrameUnreadableError: it is not there, is no EXR file or is damaged.
    """
    try:
        with path.open("rb") as stream:
            attributes = _attributes(stream)
        return ExrHeader(
            _box(attributes["displayWindow"]), _box(attributes["dataWindow"]), _channels(attributes["channels"])
        )
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise FrameUnreadableError(
            f"{path} cannot be read as an EXR file: {error}.",
            remedy="Write the file again, or restore it.",
            path=str(path),
        ) from error


def _attributes(stream: BinaryIO) -> Mapping[str, bytes]:
    if stream.read(8)[:4] != _MAGIC:
        raise ValueError("it does not begin as one")
    attributes: dict[str, bytes] = {}
    while True:
        name = _name(stream)
        if not name:
            return attributes
        _name(stream)
        (size,) = struct.unpack("<i", stream.read(4))
        if not 0 <= size <= _LARGEST_ATTRIBUTE_BYTES:
            raise ValueError(f"its attribute {name} is {size} bytes long")
        attributes[name] = stream.read(size)


def _name(stream: BinaryIO) -> str:
    letters = bytearray()
    while len(letters) <= _LONGEST_NAME_BYTES:
        letter = stream.read(1)
        if not letter:
            raise ValueError("it ends within its header")
        if letter == b"\0":
            return letters.decode("utf-8")
        letters += letter
    raise ValueError("a name in its header has no end")


def _box(data: bytes) -> Box:
    left, top, right, bottom = struct.unpack("<4i", data)
    return Box(left, top, right - left + 1, bottom - top + 1)


def _channels(data: bytes) -> tuple[str, ...]:
    names = []
    rest = data
    while rest[:1] not in (b"\0", b""):
        name, _, rest = rest.partition(b"\0")
        names.append(name.decode("utf-8"))
        # Pixel type, linearity and sampling follow each name.
        rest = rest[16:]
    return tuple(names)
