"""Small holes in a matte and small specks beside it. Pure code."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

_INSIDE_FROM = 0.5
_SLOPE = np.float32(1e-3)
"""A rim rises by more than this from pixel to pixel, out of a hole; what is flatter is a matte that was meant soft."""


def holes_filled(alpha_hw: FloatArray, area_px: float) -> FloatArray:
    """The matte with its holes of at most ``area_px`` at 1, each with its soft rim; every other pixel as it was.

    A hole is what lies below 0.5 and is enclosed: what touches the frame's border is open, and stays. The rim is what
    rises from there to the matte around it.
    """
    hole_hw = _small(alpha_hw < _INSIDE_FROM, area_px, connectivity=4, open_at_border=True)
    return _replaced(alpha_hw, hole_hw, np.float32(1), alpha_hw)


def specks_removed(alpha_hw: FloatArray, area_px: float) -> FloatArray:
    """The matte with its parts of at most ``area_px`` at 0, each with its soft rim; every other pixel as it was.

    Parts are what reaches 0.5, joined by sides or corners.
    """
    speck_hw = _small(alpha_hw >= _INSIDE_FROM, area_px, connectivity=8, open_at_border=False)
    return _replaced(alpha_hw, speck_hw, np.float32(0), 1 - alpha_hw)


def _small(region_hw: BoolArray, area_px: float, connectivity: int, *, open_at_border: bool) -> BoolArray:
    """Where a region has parts of at most that area."""
    _, labels_hw, stats, _ = cv2.connectedComponentsWithStats(region_hw.astype(np.uint8), connectivity=connectivity)
    is_small = stats[:, cv2.CC_STAT_AREA] <= area_px
    is_small[0] = False
    if open_at_border:
        border = (labels_hw[0], labels_hw[-1], labels_hw[:, 0], labels_hw[:, -1])
        is_small[np.concatenate(border)] = False
    return is_small[labels_hw] if is_small.any() else np.zeros_like(region_hw)


def _replaced(alpha_hw: FloatArray, part_hw: BoolArray, value: np.float32, depth_hw: FloatArray) -> FloatArray:
    if not part_hw.any():
        return alpha_hw
    return np.where(_with_rim(part_hw, depth_hw), value, alpha_hw)


def _with_rim(part_hw: BoolArray, height_hw: FloatArray) -> BoolArray:
    """Parts and what rises from them, step by step, to a crest, a plateau or 1."""
    width = part_hw.shape[1] + 2
    heights = np.pad(height_hw, 1, constant_values=-1).ravel()
    taken = np.pad(part_hw, 1).ravel()
    neighbours = np.array([dy * width + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dx or dy])
    newest = np.flatnonzero(taken)
    while newest.size:
        beside = newest[:, None] + neighbours
        rises = (heights[beside] > heights[newest, None] + _SLOPE) & (heights[beside] < 1) & ~taken[beside]
        newest = np.unique(beside[rises])
        taken[newest] = True
    return taken.reshape(part_hw.shape[0] + 2, width)[1:-1, 1:-1]
