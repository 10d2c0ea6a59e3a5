"""An OpenEXR file of one scan-line part, as bytes."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from itertools import accumulate
from typing import Any, Final

import numpy as np
import OpenEXR
from numpy.typing import NDArray

from rotomatte.mattes.exr_blocks import packed_blocks
from rotomatte_plugin.model import Compression

Box = tuple[NDArray[np.int32], NDArray[np.int32]]
"""First and last pixel of a window, x before y, both included, in the file's own coordinates."""

_COMPRESSIONS: Final[Mapping[Compression, Any]] = {
    "zips": OpenEXR.ZIPS_COMPRESSION,
    "zip": OpenEXR.ZIP_COMPRESSION,
    "piz": OpenEXR.PIZ_COMPRESSION,
    "dwaa": OpenEXR.DWAA_COMPRESSION,
}
_ROWS_PER_BLOCK: Final[Mapping[Compression, int]] = {"zips": 1, "zip": 16}
"""Of the compressions that are packed here; OpenEXR does the others."""

_ATTRIBUTES_AT = 8


def exr_bytes(
    attributes: Mapping[str, Any],
    channels: Mapping[str, NDArray[Any]],
    data_window: Box,
    compression: Compression,
) -> bytes:
    """A whole file: ``attributes`` as the OpenEXR module takes them, ``channels`` from full names to ``_hw`` arrays.

    The arrays are half or float32, contiguous, and fill ``data_window``.
    """
    header = {**attributes, "type": OpenEXR.scanlineimage, "compression": _COMPRESSIONS[compression]}
    rows_per_block = _ROWS_PER_BLOCK.get(compression)
    if rows_per_block is None:
        return _written(header, channels, data_window)
    ordered = [channels[name] for name in sorted(channels)]
    blocks = packed_blocks(ordered, rows_per_block)
    top_y = int(data_window[0][1])
    chunks = [
        struct.pack("<ii", top_y + number * rows_per_block, len(block)) + block for number, block in enumerate(blocks)
    ]
    start = _header_bytes(header, channels, data_window)
    first_at = len(start) + 8 * len(chunks)
    offsets = list(accumulate(map(len, chunks[:-1]), initial=first_at))
    return b"".join((start, struct.pack(f"<{len(offsets)}Q", *offsets), *chunks))


def _written(header: Mapping[str, Any], channels: Mapping[str, NDArray[Any]], data_window: Box) -> bytes:
    buffer = io.BytesIO()
    pixels = {name: OpenEXR.Channel(name, values_hw, 1, 1) for name, values_hw in channels.items()}
    OpenEXR.File({**header, "dataWindow": data_window}, pixels).write(buffer)
    return buffer.getvalue()


def _header_bytes(header: Mapping[str, Any], channels: Mapping[str, NDArray[Any]], data_window: Box) -> bytes:
    """Everything before the table of offsets: as OpenEXR writes it for one pixel, then with the true data window."""
    one_pixel = {name: np.zeros((1, 1), values_hw.dtype) for name, values_hw in channels.items()}
    file = bytearray(_written(header, one_pixel, (data_window[0], data_window[0])))
    at = _ATTRIBUTES_AT
    while file[at]:
        type_at = file.index(0, at) + 1
        size_at = file.index(0, type_at) + 1
        value_at = size_at + 4
        if file[at : type_at - 1] == b"dataWindow":
            struct.pack_into("<4i", file, value_at, *(int(side) for corner in data_window for side in corner))
        at = value_at + int(struct.unpack_from("<i", file, size_at)[0])
    return bytes(file[: at + 1])
