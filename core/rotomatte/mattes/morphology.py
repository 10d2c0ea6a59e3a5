"""Moving a matte's edge, and taking away what is narrow. Pure code."""

from __future__ import annotations

import math
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.mattes.near_edges import changed_near_edges

FloatArray = NDArray[np.float32]

_DISC_PX = 5.0
"""A disc of this radius on whole pixels is nearly round: 3, 4 and 5 make a right-angled triangle."""

_DIRECTIONS = 8


def grown(alpha_hw: FloatArray, by_px: float) -> FloatArray:
    """The matte with its edge moved outward, or inward where ``by_px`` is negative, by any fraction of a pixel.

    Each pixel takes the highest (or lowest) value within that distance, which is grey-scale dilation (or erosion) by a
    disc: a ramp moves as a whole and keeps its width. The edge is where it should be within 0.1 px.
    """
    if by_px == 0:
        return alpha_hw
    move = _highest_within if by_px > 0 else _lowest_within
    return changed_near_edges(alpha_hw, math.ceil(abs(by_px)) + 1, partial(move, radius_px=abs(by_px)))


def closed(alpha_hw: FloatArray, radius_px: float) -> FloatArray:
    """The matte without gaps narrower than twice the radius: dilated, then eroded; in proportion between whole radii.

    Straight and outward edges stay in place.
    """
    if radius_px == 0:
        return alpha_hw
    return changed_near_edges(alpha_hw, 2 * math.ceil(radius_px), partial(_closed, radius_px=radius_px))


def opened(alpha_hw: FloatArray, radius_px: float) -> FloatArray:
    """The matte without what is narrower than twice the radius: ``closed`` for its surroundings."""
    if radius_px == 0:
        return alpha_hw
    return changed_near_edges(
        alpha_hw, 2 * math.ceil(radius_px), lambda window_hw: 1 - _closed(1 - window_hw, radius_px)
    )


def _closed(alpha_hw: FloatArray, radius_px: float) -> FloatArray:
    whole_px = math.floor(radius_px)
    share = np.float32(radius_px - whole_px)
    lower_hw = _closed_by_whole(alpha_hw, whole_px)
    return lower_hw if share == 0 else (1 - share) * lower_hw + share * _closed_by_whole(alpha_hw, whole_px + 1)


def _closed_by_whole(alpha_hw: FloatArray, radius_px: int) -> FloatArray:
    return 1 - _highest_pixel_within(1 - _highest_pixel_within(alpha_hw, radius_px), radius_px)


def _lowest_within(alpha_hw: FloatArray, radius_px: float) -> FloatArray:
    return 1 - _highest_within(1 - alpha_hw, radius_px)


def _highest_within(alpha_hw: FloatArray, radius_px: float) -> FloatArray:
    """The highest value of the matte, taken as a bilinear surface, within a radius; for a border's width undefined.

    Pixels inside the disc find whatever is small. What moves an edge by fractions are samples on the circle: so many
    that the circle through their corners is missed by less than 0.08 px between two of them.
    """
    reach_px = math.ceil(radius_px) + 1
    highest_hw = _highest_pixel_within(alpha_hw, radius_px).copy()
    inner_hw = highest_hw[reach_px:-reach_px, reach_px:-reach_px]
    height, width = inner_hw.shape
    count = _DIRECTIONS * math.ceil(math.sqrt(radius_px))
    for step in range(count):
        angle = 2 * math.pi * step / count
        (down, y), (right, x) = (divmod(radius_px * part, 1) for part in (math.sin(angle), math.cos(angle)))
        top, left = reach_px + int(down), reach_px + int(right)
        from_hw = alpha_hw[top : top + height + 1, left : left + width + 1]
        sampled_hw = cv2.sepFilter2D(from_hw, cv2.CV_32F, np.array([1 - x, x]), np.array([1 - y, y]), anchor=(0, 0))
        np.maximum(inner_hw, sampled_hw[:height, :width], out=inner_hw)
    return highest_hw


def _highest_pixel_within(alpha_hw: FloatArray, radius_px: float) -> FloatArray:
    """The highest pixel whose centre lies within a radius; a large disc is put together from small ones."""
    highest_hw, left_px = alpha_hw, radius_px
    while left_px >= 1:
        step_px = min(left_px, _DISC_PX)
        highest_hw = np.asarray(cv2.dilate(highest_hw, _disc(step_px)), np.float32)
        left_px -= step_px
    return highest_hw


def _disc(radius_px: float) -> NDArray[np.uint8]:
    reach = math.floor(radius_px)
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return np.asarray(np.hypot(rows, columns) <= radius_px, np.uint8)
