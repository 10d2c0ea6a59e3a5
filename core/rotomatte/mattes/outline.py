"""The border of a matte as polygons, for hosts to draw."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.plate.base import FloatArray, Window
from rotomatte_plugin.messages import Outline

MOST_POINTS = 16_000
"""A message with so many stays well below a mebibyte."""

_SIMPLER_PX = 0.2
_SIMPLER_SHARE = 1 / 600
_FINE_PIXELS = 1 << 20
"""Mattes are looked at in finer steps as long as these are no more: in few pixels a thin part has no inside."""
_MOST_STEPS = 4

_NEIGHBOURS = ((0, 1), (1, 0), (0, -1), (-1, 0))
"""Steps to the pixels beside one, as column and row."""


def outline(matte_hw: FloatArray, canvas: Window) -> Outline:
    """Closed polygons in plate pixels where a matte over ``canvas``, at any size, crosses one half.

    The crossing is interpolated between pixels, and polygons are simplified by less than half a plate pixel; further
    where they would have more than ``MOST_POINTS`` points together. Holes are polygons too: fill by the even-odd rule.
    Parts one pixel thin in a large matte lose their inside, and single pixels are left out.
    """
    simple = _simplified(part_borders(matte_hw, canvas))
    return tuple(tuple((round(x, 2), round(y, 2)) for x, y in polygon.tolist()) for polygon in simple)


def part_borders(matte_hw: FloatArray, canvas: Window) -> list[FloatArray]:
    """The same polygons, ``_xy`` in plate pixels, with every point that was found."""
    left, top, width, height = cv2.boundingRect(_inside(matte_hw))
    if not width:
        return []
    part_hw = _with_border(matte_hw, left, top, left + width, top + height)
    steps = max(1, min(_MOST_STEPS, int((_FINE_PIXELS / part_hw.size) ** 0.5)))
    if steps > 1:
        fine = cv2.resize(part_hw, None, fx=steps, fy=steps, interpolation=cv2.INTER_LINEAR)
        part_hw = np.asarray(fine, np.float32)
    polygons = _crossings(part_hw)
    scale_xy = np.array([canvas.width / matte_hw.shape[1], canvas.height / matte_hw.shape[0]], np.float32)
    corner_xy = np.array([left - 1, top - 1], np.float32)
    origin_xy = np.array([canvas.left, canvas.top], np.float32)
    placed = [((polygon + 0.5) / steps + corner_xy) * scale_xy + origin_xy for polygon in polygons]
    return [np.asarray(polygon, np.float32) for polygon in placed]


def _with_border(matte_hw: FloatArray, left: int, top: int, right: int, bottom: int) -> FloatArray:
    """A part of a matte and the pixels around it, where the crossing lies; beyond the canvas nothing is inside."""
    height, width = matte_hw.shape
    part_hw = matte_hw[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1]
    missing = (int(top == 0), int(bottom == height), int(left == 0), int(right == width))
    return np.asarray(cv2.copyMakeBorder(part_hw, *missing, cv2.BORDER_CONSTANT, value=0), np.float32)


def _crossings(matte_hw: FloatArray) -> list[FloatArray]:
    """Polygons about the centres of pixels, as column and row, where a matte that is empty at its border crosses 0.5."""
    inside_hw = _inside(matte_hw)
    chains, _ = cv2.findContours(inside_hw, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if not chains:
        return []
    # All at once: a noisy matte has thousands of them.
    moved_xy = _moved_out(np.concatenate(chains)[:, 0].astype(np.int32, copy=False), matte_hw)
    return np.split(moved_xy, np.cumsum([len(chain) for chain in chains[:-1]]))


def _moved_out(chain_xy: NDArray[np.int32], matte_hw: FloatArray) -> FloatArray:
    """The pixels along the inside of borders, moved to where these are crossed on the way to those outside."""
    columns, rows = chain_xy.T
    own = matte_hw[rows, columns]
    moved = np.zeros((len(chain_xy), 2), np.float32)
    crossings = np.zeros(len(chain_xy), np.float32)
    for dx, dy in _NEIGHBOURS:
        beside = matte_hw[rows + dy, columns + dx]
        is_outside = beside < 0.5
        way = np.where(is_outside, (own - 0.5) / np.where(is_outside, own - beside, 1), 0)
        moved += way[:, None] * np.array([dx, dy], np.float32)
        crossings += is_outside
    return np.asarray(chain_xy + moved / np.maximum(crossings, 1)[:, None], np.float32)


def _inside(matte_hw: FloatArray) -> NDArray[np.uint8]:
    return np.asarray(matte_hw >= 0.5).view(np.uint8)


def _simplified(polygons: list[FloatArray]) -> list[FloatArray]:
    """Polygons with fewer points; ever fewer where they are too many."""
    # Every chord cuts something off a round shape: a small one would lose too much of itself.
    tolerances_px = [min(_SIMPLER_PX, cv2.arcLength(polygon, closed=True) * _SIMPLER_SHARE) for polygon in polygons]
    simple = _approximated(polygons, tolerances_px)
    tolerance_px = _SIMPLER_PX
    while sum(map(len, simple)) > MOST_POINTS:
        tolerance_px *= 2
        simple = _approximated(simple, [tolerance_px] * len(simple))
    return simple


def _approximated(polygons: list[FloatArray], tolerances_px: list[float]) -> list[FloatArray]:
    simple = [
        cv2.approxPolyDP(polygon, tolerance_px, closed=True)[:, 0]
        for polygon, tolerance_px in zip(polygons, tolerances_px, strict=True)
    ]
    return [np.asarray(polygon, np.float32) for polygon in simple if len(polygon) > 2]
