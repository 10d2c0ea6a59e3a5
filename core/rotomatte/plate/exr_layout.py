"""Whether an EXR file is of the ordinary kind and holds all that it promises, by its structure alone.

Ordinary are one part of scan lines, packed by ZIP, ZIPS or not at all, with the channels R, G and B, or A besides, all
of them half or all float. The pixels themselves are not unpacked here: a damaged stream inside a sound block stays
unseen.

Source: "OpenEXR File Layout", https://openexr.com/en/latest/OpenEXRFileLayout.html.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import BinaryIO

_START = struct.Struct("<4sBBBB")
_MAGIC = b"\x76\x2f\x31\x01"
_VERSION = 2
_LONG_NAMES = 0x04
"""The one flag, of the second byte of the version field, under which a file is still one of plain scan lines."""

_REQUIRED = {
    "channels": b"chlist",
    "compression": b"compression",
    "dataWindow": b"box2i",
    "displayWindow": b"box2i",
    "lineOrder": b"lineOrder",
    "pixelAspectRatio": b"float",
    "screenWindowCenter": b"v2f",
    "screenWindowWidth": b"float",
    "type": b"string",
}
"""Attributes and their types: those without which a file is no EXR file, and its kind, which one part may leave out."""

_CHANNELS = ({b"R", b"G", b"B"}, {b"R", b"G", b"B", b"A"})
_BYTES_PER_SAMPLE = {1: 2, 2: 4}
"""By the number of the pixel type: half, float."""

_ROWS_PER_BLOCK = {b"\x00": 1, b"\x02": 1, b"\x03": 16}
"""By the number of the compression: none, ZIPS, ZIP."""

_LINE_ORDERS = {b"\x00", b"\x01"}
"""Of the blocks in the file, from top to bottom or the other way; the table of their offsets is the same."""

_WINDOW, _OFFSET, _LEADER = struct.Struct("<4i"), struct.Struct("<Q"), struct.Struct("<ii")

_HEAD_BYTES = 1 << 16
"""A header that goes beyond, with a preview or a manifest in it, is not ordinary."""


def is_ordinary(file: BinaryIO, size_px: tuple[int, int]) -> bool:
    """Whether a file, open at its start, is ordinary and whole, with a data window of that width and height."""
    head = file.read(_HEAD_BYTES)
    try:
        attributes, table_at = _attributes(head)
        left_x, top_y, right_x, bottom_y = _WINDOW.unpack(attributes["dataWindow"])
        width, height = right_x - left_x + 1, bottom_y - top_y + 1
        row_bytes = _row_bytes(attributes["channels"], width)
        rows_per_block = _ROWS_PER_BLOCK[attributes["compression"]]
    except (_UnusualError, LookupError, ValueError, struct.error):
        return False
    if (width, height) != size_px or attributes["lineOrder"] not in _LINE_ORDERS:
        return False
    rows = {top: min(rows_per_block, height - top) for top in range(0, height, rows_per_block)}
    blocks = {top_y + top: count * row_bytes for top, count in rows.items()}
    return _holds(file, table_at, blocks, is_packed=attributes["compression"] != b"\x00")


class _UnusualError(Exception):
    """The file is of another kind, or damaged."""


def _attributes(head: bytes) -> tuple[Mapping[str, bytes], int]:
    """The header's attributes by name, and where they end."""
    magic, version, *flags = _START.unpack_from(head)
    if magic != _MAGIC or version != _VERSION or flags[0] & ~_LONG_NAMES or any(flags[1:]):
        raise _UnusualError
    found: dict[str, bytes] = {}
    types = {"type": _REQUIRED["type"]}
    at = _START.size
    while head[at]:
        name_end = head.index(0, at)
        type_end = head.index(0, name_end + 1)
        (size,) = struct.unpack_from("<I", head, type_end + 1)
        name, value_at = head[at:name_end].decode("latin-1"), type_end + 5
        if name in found:
            raise _UnusualError
        found[name], types[name] = head[value_at : value_at + size], head[name_end + 1 : type_end]
        at = value_at + size
    if not _REQUIRED.items() <= types.items():
        raise _UnusualError
    return found, at + 1


def _row_bytes(listed: bytes, width: int) -> int:
    """The bytes of a row of all channels of the header's list."""
    types: dict[bytes, int] = {}
    at = 0
    while listed[at]:
        name_end = listed.index(0, at)
        pixel_type, _, x_sampling, y_sampling = struct.unpack_from("<4i", listed, name_end + 1)
        if (x_sampling, y_sampling) != (1, 1):
            raise _UnusualError
        types[listed[at:name_end]] = pixel_type
        at = name_end + 17
    if set(types) not in _CHANNELS or len(set(types.values())) != 1:
        raise _UnusualError
    return len(types) * width * _BYTES_PER_SAMPLE[types[b"R"]]


def _holds(file: BinaryIO, table_at: int, blocks: Mapping[int, int], *, is_packed: bool) -> bool:
    """Whether every block, given by its first row and plain length, lies in the file where the table says."""
    file.seek(table_at)
    table = file.read(_OFFSET.size * len(blocks))
    file_bytes = file.seek(0, 2)
    if len(table) < _OFFSET.size * len(blocks):
        return False
    for (y, plain_bytes), (offset,) in zip(blocks.items(), _OFFSET.iter_unpack(table), strict=True):
        if offset > file_bytes - _LEADER.size:
            return False
        file.seek(offset)
        found_y, packed_bytes = _LEADER.unpack(file.read(_LEADER.size))
        fewest_bytes = 1 if is_packed else plain_bytes
        if found_y != y or not fewest_bytes <= packed_bytes <= plain_bytes:
            return False
        if offset + _LEADER.size + packed_bytes > file_bytes:
            return False
    return True
