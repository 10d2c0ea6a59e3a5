"""The pixels of an OpenEXR file, packed by its ZIP and ZIPS methods.

OpenEXR's own writer spends most of a matte's time on what mattes are full of: the same values in several channels,
and empty rows. Here an array that stands for several channels is prepared once, and a block that repeats the one
before it is not packed again.

Source: "OpenEXR File Layout", https://openexr.com/en/latest/OpenEXRFileLayout.html, and for the order of the bytes
OpenEXR's ``internal_zip.c``: those at even places come first, those at odd places follow, and each is stored as its
difference to the one before it, plus 128; then zlib.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_Bytes = NDArray[np.uint8]

_LEVEL = 3
_LEVEL_OF_REPEATED = 9
"""zlib's levels. From 4 on it takes twice the time for a tenth of the size; what is packed once and repeated may."""


def packed_blocks(channels: Sequence[NDArray[Any]], rows_per_block: int) -> list[bytes]:
    """The blocks from top to bottom, each as it stands in the file.

    ``channels`` are ``_hw`` arrays of half or float32, little-endian, in the file's order of channels. ZIPS has one
    row a block, ZIP 16. A block that packing would not make smaller is left plain, as readers expect.
    """
    height = channels[0].shape[0]
    # The same array given twice is one array.
    distinct = {id(values_hw): values_hw for values_hw in channels}
    halves = {key: _halves(values_hw) for key, values_hw in distinct.items()}
    of_each = [halves[id(values_hw)] for values_hw in channels]
    heads = _heads(of_each, rows_per_block)
    repeats = _repeats(list(distinct.values()), rows_per_block)
    starts = range(0, height, rows_per_block)
    blocks: list[bytes] = []
    for number, start in enumerate(starts):
        if repeats[number]:
            blocks.append(blocks[-1])
            continue
        rows = range(start, min(start + rows_per_block, height))
        filtered = _filtered(of_each, heads, rows)
        is_repeated = number + 1 < len(starts) and repeats[number + 1]
        packed = zlib.compress(filtered, _LEVEL_OF_REPEATED if is_repeated else _LEVEL)
        plain = len(packed) >= len(filtered)
        blocks.append(b"".join(values_hw[row].tobytes() for row in rows for values_hw in channels) if plain else packed)
    return blocks


@dataclass(frozen=True)
class _Half:
    """Of every row of a channel, the bytes at even or at odd places: first, last, and the steps between them."""

    first: _Bytes
    last: _Bytes
    steps_hw: _Bytes


def _halves(values_hw: NDArray[Any]) -> tuple[_Half, _Half]:
    pairs_hwc = np.ascontiguousarray(values_hw).view(np.uint8).reshape(values_hw.shape[0], -1, 2)
    even_hw, odd_hw = (np.asarray(plane_hw, np.uint8) for plane_hw in cv2.split(pairs_hwc))
    return _half(even_hw), _half(odd_hw)


def _half(bytes_hw: _Bytes) -> _Half:
    return _Half(bytes_hw[:, 0], bytes_hw[:, -1], bytes_hw[:, 1:] - bytes_hw[:, :-1] + np.uint8(128))


def _heads(channels: Sequence[tuple[_Half, _Half]], rows_per_block: int) -> tuple[bytes, bytes]:
    """Of each half, the byte that goes before the steps of a row of a channel: row by row, within it by channel."""
    first, last = (
        [np.stack([getattr(channel[half], name) for channel in channels], axis=1) for half in (0, 1)]
        for name in ("first", "last")
    )
    count = len(channels)
    even, odd = (_after(first[half].ravel(), np.roll(last[half].ravel(), 1)) for half in (0, 1))
    starts = np.arange(0, len(even), rows_per_block * count)
    ends = np.append(starts[1:], len(even)) - 1
    # A block begins with a plain byte, and its second half follows the end of its first.
    even[starts] = first[0].ravel()[starts]
    odd[starts] = _after(first[1].ravel()[starts], last[0].ravel()[ends])
    return even.tobytes(), odd.tobytes()


def _after(values: _Bytes, before: _Bytes) -> _Bytes:
    return values - before + np.uint8(128)


def _filtered(channels: Sequence[tuple[_Half, _Half]], heads: tuple[bytes, bytes], rows: range) -> bytes:
    count = len(channels)
    return b"".join(
        piece
        for half in (0, 1)
        for row in rows
        for place, channel in enumerate(channels)
        for piece in (heads[half][row * count + place : row * count + place + 1], channel[half].steps_hw[row])
    )


def _repeats(arrays: Sequence[NDArray[Any]], rows_per_block: int) -> NDArray[np.bool_]:
    """Of each block, whether it is the same as the one before it."""
    height = arrays[0].shape[0]
    same_rows = np.ones(max(0, height - rows_per_block), np.bool_)
    for values_hw in arrays:
        bits_hw = values_hw.view(f"u{values_hw.dtype.itemsize}")
        same_rows &= (bits_hw[rows_per_block:] == bits_hw[:-rows_per_block]).all(axis=1)
    repeats = np.zeros(-(-height // rows_per_block), np.bool_)
    # A last block of fewer rows repeats none.
    whole = len(same_rows) // rows_per_block
    repeats[1 : whole + 1] = same_rows[: whole * rows_per_block].reshape(whole, rows_per_block).all(axis=1)
    return repeats
