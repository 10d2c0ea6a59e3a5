"""Work on a band tile by tile, so that its time and memory grow with the edge and not with the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from rotomatte.mattes.edges.band import BoolArray
from rotomatte.plate.base import FloatArray


@dataclass(frozen=True)
class Tile:
    """A rectangle of a frame in pixels, right and bottom excluded."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def place(self) -> tuple[slice, slice]:
        """The rows and columns of the frame that it covers."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def tiles(unknown_hw: BoolArray, side_px: int, overlap_px: int) -> Iterator[Tile]:
    """Tiles that together hold every unknown pixel, from top to bottom and left to right.

    Of a grid of squares of ``side_px`` with its corner at the frame's, those with anything unknown in them, each
    grown by ``overlap_px`` on all sides. The grid stays where it is when the object moves.
    """
    height, width = unknown_hw.shape
    for top in range(0, height, side_px):
        for left in range(0, width, side_px):
            if unknown_hw[top : top + side_px, left : left + side_px].any():
                yield Tile(
                    max(0, left - overlap_px),
                    max(0, top - overlap_px),
                    min(width, left + side_px + overlap_px),
                    min(height, top + side_px + overlap_px),
                )


def in_tiles(
    unknown_hw: BoolArray, channels: int, side_px: int, overlap_px: int, solve: Callable[[Tile], FloatArray]
) -> FloatArray:
    """What ``solve`` finds for each tile, as ``found_hwc`` over the frame, faded into each other where tiles overlap.

    ``solve`` gives ``(height, width, channels)`` of its tile. Where there is no tile, 0.
    """
    height, width = unknown_hw.shape
    sum_hwc = np.zeros((height, width, channels), np.float32)
    weight_hw = np.zeros((height, width), np.float32)
    for tile in tiles(unknown_hw, side_px, overlap_px):
        tile_weight_hw = np.outer(
            _fade(tile.top, tile.bottom, height, 2 * overlap_px), _fade(tile.left, tile.right, width, 2 * overlap_px)
        )
        sum_hwc[tile.place] += tile_weight_hw[..., None] * solve(tile)
        weight_hw[tile.place] += tile_weight_hw
    return np.asarray(sum_hwc / np.maximum(weight_hw, np.float32(1e-12))[..., None], np.float32)


def _fade(first: int, end: int, frame_end: int, length_px: int) -> FloatArray:
    """Weights along one side of a tile: 1, falling towards its borders, though not towards the frame's."""
    centre = np.arange(first, end, dtype=np.float32) + np.float32(0.5)
    weight = np.ones_like(centre)
    if first > 0:
        weight = np.minimum(weight, (centre - first) / length_px)
    if end < frame_end:
        weight = np.minimum(weight, (end - centre) / length_px)
    return np.asarray(weight, np.float32)
