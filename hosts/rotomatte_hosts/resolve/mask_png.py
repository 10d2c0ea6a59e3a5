"""An outline as a PNG, for Fusion to load as a mask; pure, and without any library that a host does not have."""

from __future__ import annotations

import math
import struct
import zlib

from rotomatte_plugin.messages import Outline

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGBA_8 = (8, 6, 0, 0, 0)
_PIXEL_BYTES = 4


def mask_png(
    outline_xy: Outline, width_px: int, height_px: int, *, flips_x: bool = False, flips_y: bool = False
) -> bytes:
    """The inside of closed polygons, holes left out, as white in red, green, blue and alpha, on transparent black.

    Args:
        outline_xy: polygons in plate pixels, y down; what is outside the image is cut off.
        width_px: the image's size.
        height_px: likewise.
        flips_x: mirror it, as Resolve shows the plate.
        flips_y: likewise.
    """
    rows = _crossings(outline_xy, height_px)
    if flips_y:
        rows.reverse()
    data = b"".join(b"\0" + _row(crossings, width_px, flips_x=flips_x) for crossings in rows)
    header = struct.pack(">II5B", width_px, height_px, *_RGBA_8)
    # PNG (W3C), 5.3: length, type, data, and a CRC of the latter two.
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(data, 1)) + _chunk(b"IEND", b"")


def _crossings(outline_xy: Outline, height_px: int) -> list[list[float]]:
    """By row, where its middle crosses the polygons."""
    rows: list[list[float]] = [[] for _ in range(height_px)]
    for polygon in outline_xy:
        for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0])):
            low, high = min(y0, y1), max(y0, y1)
            # A row belongs to the half-open span of an edge, so that a corner counts once.
            for row in range(max(0, math.ceil(low - 0.5)), min(height_px, math.ceil(high - 0.5))):
                rows[row].append(x0 + (row + 0.5 - y0) * (x1 - x0) / (y1 - y0))
    return rows


def _row(crossings: list[float], width_px: int, *, flips_x: bool) -> bytes:
    made = bytearray(width_px * _PIXEL_BYTES)
    edges = sorted(min(max(math.ceil(x - 0.5), 0), width_px) for x in crossings)
    for first, past in zip(edges[::2], edges[1::2]):
        low, high = (width_px - past, width_px - first) if flips_x else (first, past)
        made[low * _PIXEL_BYTES : high * _PIXEL_BYTES] = b"\xff" * ((high - low) * _PIXEL_BYTES)
    return bytes(made)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
